#include "notifications/call_mail.h"

#include <map>

#include "workflows/delegation.h"
#include "workflows/mail_pace.h"
#include "workflows/roles.h"

namespace aiguillage::notifications {

std::set<std::string> ScopesOfCall(const std::string& call,
                                   const std::set<std::string>& collections) {
  std::set<std::string> scopes = {"", workflows::CallScope(call)};
  for (const auto& slug : collections) scopes.insert(workflows::CollectionScope(slug));
  return scopes;
}

std::vector<storage::Person> PeopleOfCall(storage::Session& session, const std::string& role,
                                          const std::string& call,
                                          const std::set<std::string>& collections) {
  const auto scopes = ScopesOfCall(call, collections);
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

std::vector<CallReader> CallReaders(storage::Session& session,
                                    const std::vector<storage::Person>& people,
                                    const std::set<std::string>& scopes, std::int64_t now) {
  std::vector<CallReader> readers;
  std::set<std::int64_t> told;
  for (const auto& person : people) {
    if (told.insert(person.id).second) readers.push_back({person, ""});
  }
  for (const auto& person : people) {
    for (auto& stand_in : workflows::StandInsWithin(session, person.id, scopes, now)) {
      if (!told.insert(stand_in.id).second) continue;
      readers.push_back({std::move(stand_in), workflows::NameOf(session, person.id)});
    }
  }
  return readers;
}

void QueueCallMail(storage::Session& session, storage::OutboxRow row, const CallReader& reader,
                   bool copy, std::int64_t now) {
  const storage::Person& person = reader.person;
  const std::string kind = copy ? workflows::kNews : workflows::kDuties;
  const std::string pace = workflows::PaceFor(session, person.id, kind);
  if (pace == workflows::kNeverSent) return;
  row.kind = "mail";
  row.key += "-" + std::to_string(person.id);
  row.person = person.id;
  row.address = person.email;
  row.copy = copy;
  row.payload["recipient"] = person.name.empty() ? person.email : person.name;
  if (!reader.standing_for.empty()) row.payload["standing_for"] = reader.standing_for;
  row.status = "pending";
  row.created_at = now;
  row.not_before = workflows::LeavesAt(pace, now);
  if (pace != workflows::kNow) row.pace = pace;
  storage::InsertOutbox(session, row);
}

}  // namespace aiguillage::notifications
