// What the law asked of the record itself: roles given and taken, columns set, deadlines, sends.
#include <algorithm>
#include <cctype>

#include "forms/validate.h"
#include "storage/documents.h"
#include "workflows/access.h"
#include "workflows/desk_outbox.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using engine::CustomEffect;

std::string Address(const std::string& typed) {
  std::string address;
  for (const char c : typed) {
    if (c != ' ' && c != '\t') {
      address += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return address;
}

// The e-mails that an effect names: an array of texts, one text, or nothing.
std::vector<std::string> Addresses(const CustomEffect& effect) {
  std::vector<std::string> addresses;
  const auto found = effect.values.find("people");
  if (found == effect.values.end()) return addresses;
  const auto add = [&](const nlohmann::json& one) {
    if (!one.is_string()) return;
    const std::string address = Address(one.get<std::string>());
    const bool known = std::find(addresses.begin(), addresses.end(), address) != addresses.end();
    if (!address.empty() && !known) addresses.push_back(address);
  };
  if (found->second.is_array()) {
    for (const auto& one : found->second) add(one);
  } else {
    add(found->second);
  }
  return addresses;
}

storage::Person PersonAt(Work& work, const std::string& address) {
  const std::string error = forms::FormatError("email", address);
  if (!error.empty()) throw Refused{{"form", "« " + address + " » : " + error, {}}};
  if (auto known = storage::FindPersonByEmail(work.session, address)) return *known;
  storage::Person person;
  person.email = address;
  person.created_at = work.now;
  person.id = storage::InsertPerson(work.session, person);
  return person;
}

void RefuseReviewerOfTheSameHouse(const Work& work, const storage::Person& person) {
  if (person.id != work.project.holder && !SameSiren(person.siret, work.project.siret)) return;
  const std::string name = person.name.empty() ? person.email : person.name;
  throw Refused{{"conflict_of_interest",
                 name + " ne peut pas relire ce projet, qui vient de la même administration.",
                 {}}};
}

// Whoever stepped back (aap:recuse) is not asked again.
void RefuseWhoSteppedBack(const Work& work, const storage::Person& person) {
  for (const auto& transition : work.definition.chart.transitions) {
    const std::string& variable = engine::Attribute(transition, "recuse");
    if (variable.empty()) continue;
    const auto list = work.step.snapshot.Data(variable);
    const auto id = std::to_string(person.id);
    if (!list.is_array() || std::find(list.begin(), list.end(), id) == list.end()) continue;
    const std::string name = person.name.empty() ? person.email : person.name;
    throw Refused{{"conflict_of_interest",
                   name + " s’est déporté de ce projet : désignez quelqu’un d’autre.",
                   {}}};
  }
}

void Grant(Work& work, const CustomEffect& effect) {
  const std::string role = EffectText(effect, "role");
  if (!IsRole(role)) throw InvariantBroken("Expected a role to grant, but found « " + role + " »");
  auto& granted = work.granted[role];
  for (const std::string& address : Addresses(effect)) {
    CountRow(work);
    const storage::Person person = PersonAt(work, address);
    if (RoleLike(role) == "reviewer") {
      RefuseReviewerOfTheSameHouse(work, person);
      RefuseWhoSteppedBack(work, person);
    }
    granted.push_back(person);
    const std::string scope = ProjectScope(work.project.number);
    const auto held = storage::GrantsOf(work.session, person.id);
    const bool has = std::any_of(held.begin(), held.end(), [&](const storage::Grant& grant) {
      return grant.role == role && grant.scope == scope;
    });
    if (has) continue;
    work.undo.new_grants.push_back(
        storage::InsertGrant(work.session, {0, person.id, role, scope, work.now, 0}));
  }
}

// Takes the role on this project from the people named (address, or id as in _event.origin), or
// from everybody.
void Revoke(Work& work, const CustomEffect& effect) {
  const std::string role = EffectText(effect, "role");
  const bool everybody = !effect.values.contains("people");
  const auto addresses = Addresses(effect);
  for (const storage::Grant& grant : storage::GrantsFor(work.session, role)) {
    if (grant.scope != ProjectScope(work.project.number)) continue;
    const auto person = storage::FindPerson(work.session, grant.person);
    const auto is_named = [&](const std::string& name) {
      return std::find(addresses.begin(), addresses.end(), name) != addresses.end();
    };
    const bool named = person && (is_named(person->email) || is_named(std::to_string(person->id)));
    if (!everybody && !named) continue;
    CountRow(work);
    storage::EndGrant(work.session, grant.id, work.now);
    work.undo.ended_grants.push_back({{"person", grant.person}, {"role", role}});
  }
}

void Set(Work& work, const CustomEffect& effect) {
  const std::string field = EffectText(effect, "field"), value = EffectText(effect, "value");
  if (field == "collection") {
    if (!value.empty() && !storage::FindCollection(work.session, value)) {
      throw Refused{{"form", "Aucune collection ne s’appelle « " + value + " ».", {}}};
    }
    work.project.collection = value;
  } else if (field == "title") {
    if (!value.empty()) work.project.title = value;
  } else if (field == "publication_on") {
    work.project.publication_on = value;
  } else if (field == "course_url") {
    work.project.course_url = value;
  } else {
    work.notes.push_back(field + " : " + value);  // kept with the act, no column of its own
  }
}

void Custom(Work& work, const CustomEffect& effect) {
  if (effect.name == "deadline") StartDeadline(work, effect);
  if (effect.name == "grant") Grant(work, effect);
  if (effect.name == "revoke") Revoke(work, effect);
  if (effect.name == "set") Set(work, effect);
}

}  // namespace

void ApplyEffects(Work& work) {
  StopTimers(work);
  for (const engine::Effect& effect : work.step.effects) {
    if (const auto* custom = std::get_if<CustomEffect>(&effect)) {
      Custom(work, *custom);
    } else if (const auto* send = std::get_if<engine::SendEffect>(&effect)) {
      if (send->delay_ms > 0) {
        StartSend(work, *send);
      } else {
        work.notes.push_back("Envoi sans destinataire connu : " + send->event);
      }
    } else if (const auto* cancel = std::get_if<engine::CancelEffect>(&effect)) {
      CancelSend(work, cancel->send_id);
    }
  }
}

}  // namespace aiguillage::workflows
