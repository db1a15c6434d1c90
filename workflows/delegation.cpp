#include "workflows/delegation.h"

#include "workflows/access.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {

using engine::Refusal;

engine::Outcome<std::int64_t> DeclareAbsence(storage::Session& session,
                                             const storage::Delegation& delegation,
                                             std::int64_t now) {
  if (!IsScope(delegation.scope)) {
    return Refusal{
        "bad_scope", "Portée attendue : vide, « collection:… », « call:… » ou « project:… ».", {}};
  }
  if (delegation.person == delegation.delegate) {
    return Refusal{"same_person", "On ne peut pas se remplacer soi-même.", {}};
  }
  if (delegation.from_at >= delegation.until_at) {
    return Refusal{"bad_dates", "La fin de l’absence doit venir après son début.", {}};
  }
  if (delegation.until_at <= now) {
    return Refusal{"bad_dates", "Cette absence est déjà passée.", {}};
  }
  const auto absent = storage::FindPerson(session, delegation.person);
  const auto delegate = storage::FindPerson(session, delegation.delegate);
  if (!absent || !delegate || !delegate->active) {
    return Refusal{"unknown_person", "Ce remplaçant n’a pas de compte actif.", {}};
  }
  return storage::InsertDelegation(session, delegation);
}

std::vector<storage::Person> StandInsOf(storage::Session& session, std::int64_t person,
                                        const storage::Project& project, std::int64_t now) {
  const auto scopes = ScopesOf(session, project);
  return StandInsWithin(session, person, {scopes.begin(), scopes.end()}, now);
}

std::vector<storage::Person> StandInsWithin(storage::Session& session, std::int64_t person,
                                            const std::set<std::string>& scopes, std::int64_t now) {
  std::vector<storage::Person> people;
  for (const auto& delegation : storage::RunningDelegations(session, now)) {
    if (delegation.person != person || !scopes.contains(delegation.scope)) continue;
    auto stand_in = storage::FindPerson(session, delegation.delegate);
    if (stand_in && stand_in->active) people.push_back(std::move(*stand_in));
  }
  return people;
}

std::string NameOf(storage::Session& session, std::int64_t person) {
  const auto found = person == 0 ? std::nullopt : storage::FindPerson(session, person);
  if (!found) return "";
  return found->name.empty() ? found->email : found->name;
}

std::string ActedBy(storage::Session& session, std::int64_t person, std::int64_t on_behalf_of) {
  const std::string name = NameOf(session, person);
  return on_behalf_of == 0 ? name : name + " pour " + NameOf(session, on_behalf_of);
}

}  // namespace aiguillage::workflows
