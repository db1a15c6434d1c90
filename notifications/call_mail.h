// Mails about a call as a whole, of no project: who its people are, and a row for one of them.
//
//   const auto leads = PeopleOfCall(session, "collection_lead", "mentor-2027", slugs);
//   for (const auto& lead : CallReaders(session, leads, ScopesOfCall("mentor-2027", slugs), now))
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

// Everywhere, that call, these collections.
std::set<std::string> ScopesOfCall(const std::string& call,
                                   const std::set<std::string>& collections = {});
// Active people who hold the role, or one that is like it: everywhere, for that call, or for one of
// these collections. Each once, in the order of their ids.
std::vector<storage::Person> PeopleOfCall(storage::Session& session, const std::string& role,
                                          const std::string& call,
                                          const std::set<std::string>& collections = {});
struct CallReader {
  storage::Person person;
  std::string standing_for;  // name of the absent colleague, "" for oneself
};
// These people, then who stands in now for the absent among them in one of these scopes; each once.
std::vector<CallReader> CallReaders(storage::Session& session,
                                    const std::vector<storage::Person>& people,
                                    const std::set<std::string>& scopes, std::int64_t now);
// `row` says topic, key (that of the mail: the person's number is added) and payload. A copy is for
// information: at the reader's pace, or not at all.
void QueueCallMail(storage::Session& session, storage::OutboxRow row, const CallReader& reader,
                   bool copy, std::int64_t now);

}  // namespace aiguillage::notifications
