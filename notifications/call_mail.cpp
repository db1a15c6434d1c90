#include "notifications/call_mail.h"

#include <map>

#include "workflows/mail_pace.h"
#include "workflows/roles.h"

namespace aiguillage::notifications {

std::vector<storage::Person> PeopleOfCall(storage::Session& session, const std::string& role,
                                          const std::string& call,
                                          const std::set<std::string>& collections) {
  std::set<std::string> scopes = {"", workflows::CallScope(call)};
  for (const auto& slug : collections) scopes.insert(workflows::CollectionScope(slug));
  std::map<std::int64_t, storage::Person> people;
  for (const auto& known : workflows::Roles()) {
    if (known.like != role) continue;
    for (const auto& grant : storage::GrantsFor(session, known.id)) {
      if (!scopes.contains(grant.scope)) continue;
      const auto person = storage::FindPerson(session, grant.person);
      if (person && person->active) people.emplace(person->id, *person);
    }
  }
  std::vector<storage::Person> list;
  for (auto& [id, person] : people) list.push_back(std::move(person));
  return list;
}

std::vector<storage::Person> StandInsOfCall(storage::Session& session, std::int64_t person,
                                            const std::string& call, std::int64_t now) {
  std::vector<storage::Person> people;
  for (const auto& loan : storage::RunningDelegations(session, now)) {
    const bool whole = loan.scope.empty() || loan.scope == workflows::CallScope(call);
    if (loan.person != person || !whole) continue;
    auto stand_in = storage::FindPerson(session, loan.delegate);
    if (stand_in && stand_in->active) people.push_back(std::move(*stand_in));
  }
  return people;
}

void QueueCallMail(storage::Session& session, storage::OutboxRow row, const storage::Person& person,
                   bool copy, std::int64_t now) {
  const std::string kind = copy ? workflows::kNews : workflows::kDuties;
  const std::string pace = workflows::PaceFor(session, person.id, kind);
  if (pace == workflows::kNeverSent) return;
  row.kind = "mail";
  row.key += "-" + std::to_string(person.id);
  row.person = person.id;
  row.address = person.email;
  row.copy = copy;
  row.payload["recipient"] = person.name.empty() ? person.email : person.name;
  row.status = "pending";
  row.created_at = now;
  row.not_before = workflows::LeavesAt(pace, now);
  if (pace != workflows::kNow) row.pace = pace;
  storage::InsertOutbox(session, row);
}

}  // namespace aiguillage::notifications
