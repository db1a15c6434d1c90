// Who may do this act: role here, delegation, each-person states, conflict of interest.
#include <algorithm>

#include "workflows/access.h"
#include "workflows/delegation.h"
#include "workflows/desk_rows.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using engine::Action;
using engine::Refusal;

// Whether the person has done theirs in a state that asks each of them once.
bool HasDone(const engine::StateNode& state, const engine::Snapshot& snapshot,
             std::int64_t person) {
  const std::string& variable = engine::Attribute(state, "done");
  if (variable.empty()) return false;
  const nlohmann::json done = snapshot.Data(variable);
  const std::string id = std::to_string(person);
  return done.is_array() && std::any_of(done.begin(), done.end(), [&](const auto& item) {
           return item.is_string() && item.template get_ref<const std::string&>() == id;
         });
}

enum class Standing { kMay, kHasDone, kMayNot };

// A role that a state asks of each person counts only where it was given for this very project.
Standing StandingOf(const engine::StateNode& state, const engine::Snapshot& snapshot,
                    const storage::Project& project, const HeldRole& held, std::int64_t person) {
  if (engine::Attribute(state, "each") != held.role) return Standing::kMay;
  if (held.scope != ProjectScope(project.number)) return Standing::kMayNot;
  return HasDone(state, snapshot, person) ? Standing::kHasDone : Standing::kMay;
}

// « Roles with nobody »: what nobody here holds belongs to the pilot. Not what the holder's side
// may leave empty, nor what is asked of each person by name.
bool PilotStandsIn(storage::Session& session, const storage::Project& project,
                   const engine::StateNode& state, const Action& action) {
  return std::any_of(action.roles.begin(), action.roles.end(), [&](const std::string& role) {
    if (role == "project_holder" || role == "co_holder") return false;
    if (role == engine::Attribute(state, "each")) return false;
    return PeopleWith(session, role, project).empty();
  });
}

struct Finder {
  storage::Session& session;
  const Definition& definition;
  const engine::Snapshot& snapshot;
  const storage::Project& project;
  const Actor& actor;
  std::vector<HeldRole> held;
  bool has_done = false;

  bool Asked(const std::string& role) const { return actor.role.empty() || actor.role == role; }
  // Asked of several people, each once: who gives theirs gives nobody else's.
  bool IsOneOfThem(const engine::StateNode& state, const std::string& role) const {
    return engine::Attribute(state, "each") == role &&
           std::any_of(held.begin(), held.end(), [&](const HeldRole& one) {
             return one.role == role && one.on_behalf_of == 0 &&
                    one.scope == ProjectScope(project.number);
           });
  }

  // The role in which the actor may do it: own ones before lent ones, in the order of aap:by.
  std::optional<Permit> In(const Action& action) {
    const engine::StateNode* state = engine::FindState(definition.chart, action.state);
    for (const bool lent : {false, true}) {
      for (const std::string& role : action.roles) {
        if (lent && IsOneOfThem(*state, role)) continue;
        for (const HeldRole& one : held) {
          if (one.role != role || (one.on_behalf_of != 0) != lent || !Asked(role)) continue;
          const std::int64_t person = lent ? one.on_behalf_of : actor.person;
          const auto standing = StandingOf(*state, snapshot, project, one, person);
          if (standing == Standing::kMay) return Permit{action, role, one.on_behalf_of};
          has_done = has_done || standing == Standing::kHasDone;
        }
      }
    }
    for (const HeldRole& one : held) {
      if (one.role != "program_admin" || !Asked(one.role)) continue;
      if (PilotStandsIn(session, project, *state, action))
        return Permit{action, one.role, one.on_behalf_of};
    }
    return std::nullopt;
  }
};

std::vector<std::string> WhoCan(storage::Session& session, const std::vector<std::string>& roles,
                                const storage::Project& project) {
  std::vector<std::string> who;
  for (const std::string& role : roles) {
    const std::string names = NamesOf(session, role, project);
    who.push_back(names == RoleLabel(role) ? names : names + " (" + RoleLabel(role) + ")");
  }
  return who;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " ou " : ", ";
    text += words[i];
  }
  return text;
}

// Why it can no longer be done by somebody who has: what its transitions say when they are locked.
std::string HasDoneWords(const Definition& definition, const Action& action) {
  const std::string words = LockedWords(definition.chart, action);
  return words.empty() ? "Vous l’avez déjà fait." : words;
}

Refusal NotYours(storage::Session& session, const Action& action, const storage::Project& project) {
  auto who = WhoCan(session, action.roles, project);
  const std::string sentence = "« " + action.label + " » revient à " + Joined(who) + ".";
  return {"not_yours", sentence, std::move(who)};
}

Refusal Locked(storage::Session& session, const Action& action, const storage::Project& project) {
  const std::string reason = action.reason.empty()
                                 ? "« " + action.label + " » n’est pas possible pour le moment."
                                 : action.reason;
  return {"locked", reason, WhoCan(session, action.unlocked_by, project)};
}

// The event exists in the rails but not here and now, or not at all.
Refusal NotOffered(const Definition& definition, const engine::Snapshot& snapshot,
                   const std::string& action) {
  for (const auto& transition : definition.chart.transitions) {
    const std::string& label = engine::Attribute(transition, "label");
    if (label.empty() || !Contains(transition.events, action)) continue;
    return {"not_now",
            "« " + label + " » n’est pas possible à cette étape : le projet est à l’étape « " +
                StateLabels(definition.chart, snapshot, "label") + " ».",
            {}};
  }
  return {"unknown_action", "Aucune action ne s’appelle « " + action + " ».", {}};
}

}  // namespace

std::string LockedWords(const engine::Chart& chart, const Action& action) {
  if (!action.reason.empty()) return action.reason;
  for (const int index : engine::FindState(chart, action.state)->transitions) {
    const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
    const std::string& words = engine::Attribute(transition, "locked");
    if (!words.empty() && Contains(transition.events, action.id)) return words;
  }
  return "";
}

engine::Outcome<Permit> FindPermit(storage::Session& session, const Definition& definition,
                                   const engine::Snapshot& snapshot,
                                   const storage::Project& project, const Actor& actor,
                                   const std::string& action, std::int64_t now) {
  std::vector<Action> offered;
  for (auto& one : engine::Actions(definition.chart, snapshot)) {
    if (one.id == action) offered.push_back(std::move(one));
  }
  if (offered.empty()) return NotOffered(definition, snapshot, action);
  Finder finder{session, definition, snapshot,
                project, actor,      RolesIn(session, actor.person, project, now)};
  std::optional<Permit> locked;
  for (const Action& one : offered) {
    auto permit = finder.In(one);
    if (permit && !one.locked) return *permit;
    if (permit && !locked) locked = permit;
  }
  if (locked) return Locked(session, locked->action, project);
  if (finder.has_done) {
    return Refusal{"locked", HasDoneWords(definition, offered[0]), {}};
  }
  return NotYours(session, offered[0], project);
}

bool IsRecusal(const engine::Chart& chart, const Action& action) {
  for (const int index : engine::FindState(chart, action.state)->transitions) {
    const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
    if (engine::Attribute(transition, "recuse").empty()) continue;
    if (Contains(transition.events, action.id)) return true;
  }
  return false;
}

void RefuseConflict(storage::Session& session, const Definition& definition,
                    const storage::Project& project, const Permit& permit, std::int64_t person,
                    const nlohmann::json& data) {
  if (IsRecusal(definition.chart, permit.action)) return;
  const std::string role = RoleLike(permit.role);
  const bool judges = role == "reviewer" || role == "committee_member" || role == "committee_chair";
  const auto refuse = [](const std::string& sentence) {
    throw Refused{{"conflict_of_interest", sentence, {RoleLabel("program_admin")}}};
  };
  for (const std::int64_t one : {person, permit.on_behalf_of}) {
    if (one == 0) continue;
    if (role == "collection_lead" && one == project.holder) {
      refuse("Vous portez ce projet : quelqu’un d’autre (" + RoleLabel(permit.role) +
             ") doit se prononcer.");
    }
    if (!judges) continue;
    const auto found = storage::FindPerson(session, one);
    if (one == project.holder || (found && SameSiren(found->siret, project.siret))) {
      refuse("Ce projet vient de la même administration : quelqu’un d’autre doit se prononcer.");
    }
  }
  if (judges && data.is_object() && data.value("interest", "") == "declared") {
    refuse(
        "Vous déclarez un lien d’intérêt avec ce projet : vous ne pouvez pas vous prononcer. "
        "Déportez-vous, pour que l’instructeur désigne quelqu’un d’autre.");
  }
}

std::vector<ActionFor> Desk::ActionsFor(storage::Session& session, const storage::Project& project,
                                        std::int64_t person, std::int64_t now) {
  std::vector<ActionFor> list;
  if (project.ended_at != 0 || project.snapshot.is_null()) return list;
  const auto definition = catalog_.Pinned(session, project.definition);
  const auto snapshot = engine::Snapshot::FromJson(definition->chart, project.snapshot);
  const Actor actor{person, ""};
  Finder finder{session, *definition, snapshot,
                project, actor,       RolesIn(session, person, project, now)};
  for (auto& action : engine::Actions(definition->chart, snapshot)) {
    ActionFor one;
    finder.has_done = false;
    const auto permit = finder.In(action);
    one.mine = permit.has_value();
    if (finder.has_done && !permit) {
      one.reason = HasDoneWords(*definition, action);
    } else if (action.locked) {
      const Refusal refusal = Locked(session, action, project);
      one.reason = refusal.sentence;
      one.who = refusal.who_can;
    } else if (!permit) {
      const Refusal refusal = NotYours(session, action, project);
      one.reason = refusal.sentence;
      one.who = refusal.who_can;
    } else {
      try {
        RefuseConflict(session, *definition, project, *permit, person, nlohmann::json::object());
      } catch (const Refused& refused) {
        one.mine = false;
        one.conflict = true;
        one.reason = refused.refusal.sentence;
        one.who = refused.refusal.who_can;
      }
    }
    one.action = std::move(action);
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace aiguillage::workflows
