// What people write to each other about a project, beside the acts: questions and answers that its
// holder reads, and notes between those who decide.
//
//   InsertMessage(session, {.project = 3, .person = 17, .role = "collection_lead",
//                           .kind = "public", .body = "…", .at = now, .key = "…"})   -> 12
//
// Never changed and never taken back: a mail may have told it already.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Message {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::int64_t person = 0;  // who wrote it …
  std::string role;         // … and as what
  std::string kind;         // public | internal
  std::string body;
  std::int64_t at = 0;
  std::string key;                // of the page it was written on
  std::int64_t on_behalf_of = 0;  // the absent person they stand in for
};
// 0 when a message with this key is there already: it was sent twice.
std::int64_t InsertMessage(Session&, const Message&);
std::vector<Message> MessagesOf(Session&, std::int64_t project);  // oldest first

}  // namespace aiguillage::storage
