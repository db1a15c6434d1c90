#include "workflows/delegation.h"

#include <algorithm>

#include "workflows/access.h"
#include "workflows/calendar.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {

using engine::Refusal;

namespace {

constexpr std::int64_t kOneSecondMs = 1000;  // an absence ends with the first second after it

// The absence of whoever should stand in, on a day and for a place of this one.
std::optional<storage::Delegation> OwnAbsence(storage::Session& session,
                                              const storage::Delegation& asked, std::int64_t now) {
  for (auto& own : storage::AbsencesOf(session, asked.delegate, now)) {
    const bool there = own.scope.empty() || own.scope == asked.scope;
    if (there && own.from_at < asked.until_at && asked.from_at < own.until_at) {
      return std::move(own);
    }
  }
  return std::nullopt;
}

std::vector<storage::Delegation> RunningOf(storage::Session& session, std::int64_t person,
                                           std::int64_t now) {
  auto running = storage::RunningDelegations(session, now);
  std::erase_if(running, [&](const auto& one) { return one.person != person; });
  return running;
}

std::vector<storage::Delegation> RunningOf(storage::Session& session, std::int64_t person,
                                           const storage::Project& project, std::int64_t now) {
  auto running = RunningOf(session, person, now);
  if (running.empty()) return running;
  const auto scopes = ScopesOf(session, project);
  std::erase_if(running, [&](const auto& one) {
    return std::find(scopes.begin(), scopes.end(), one.scope) == scopes.end();
  });
  return running;
}

std::vector<storage::Person> DelegatesOf(storage::Session& session,
                                         const std::vector<storage::Delegation>& running) {
  std::vector<storage::Person> people;
  for (const auto& delegation : running) {
    auto stand_in = storage::FindPerson(session, delegation.delegate);
    if (stand_in && stand_in->active) people.push_back(std::move(*stand_in));
  }
  return people;
}

}  // namespace

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
  if (const auto own = OwnAbsence(session, delegation, now)) {
    return Refusal{"delegate_away",
                   NameOf(session, delegation.delegate) + " est en absence du " +
                       FrenchDate(own->from_at) + " au " +
                       FrenchDate(own->until_at - kOneSecondMs) +
                       " : choisissez quelqu’un d’autre, ou d’autres dates.",
                   {}};
  }
  return storage::InsertDelegation(session, delegation);
}

std::vector<storage::Person> StandInsOf(storage::Session& session, std::int64_t person,
                                        const storage::Project& project, std::int64_t now) {
  return DelegatesOf(session, RunningOf(session, person, project, now));
}

std::vector<storage::Person> StandInsWithin(storage::Session& session, std::int64_t person,
                                            const std::set<std::string>& scopes, std::int64_t now) {
  auto running = RunningOf(session, person, now);
  std::erase_if(running, [&](const auto& one) { return !scopes.contains(one.scope); });
  return DelegatesOf(session, running);
}

bool IsAway(storage::Session& session, std::int64_t person, const storage::Project& project,
            std::int64_t now) {
  return !RunningOf(session, person, project, now).empty();
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
