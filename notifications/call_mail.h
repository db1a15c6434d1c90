// Mails about a call as a whole, of no project: who its people are, and a row for one of them.
//
//   for (const auto& lead : PeopleOfCall(session, "collection_lead", "mentor-2027", slugs))
//     QueueCallMail(session, row, lead, true, now);
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/outbox.h"
#include "storage/people.h"

namespace aiguillage::notifications {

// Active people who hold the role, or one that is like it: everywhere, for that call, or for one of
// these collections. Each once, in the order of their ids.
std::vector<storage::Person> PeopleOfCall(storage::Session& session, const std::string& role,
                                          const std::string& call,
                                          const std::set<std::string>& collections = {});
// Active colleagues who stand in for that person now in all of the call.
std::vector<storage::Person> StandInsOfCall(storage::Session& session, std::int64_t person,
                                            const std::string& call, std::int64_t now);
// `row` says topic, key (that of the mail: the person's number is added) and payload. A copy is for
// information: at the reader's pace, or not at all.
void QueueCallMail(storage::Session& session, storage::OutboxRow row, const storage::Person& person,
                   bool copy, std::int64_t now);

}  // namespace aiguillage::notifications
