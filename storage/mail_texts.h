// The words that a call puts in place of a message of its rails, in versions: for the whole call or
// for one of its collections. What may stand in them is notifications/own_text.h.
//
//   InsertMailText(session, {"mentor-2026", "selected", "numerique", 0, false, "Objet : …",
//   "<p>…"}) ClosestMailText(session, "mentor-2026", "selected", "numerique-ia")
//     -> {"numerique", 1}: the collection's own, else its parent's, else the call's, else nothing
//
// A version that is `removed` says nothing: what is wider applies again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct MailTextVersion {
  std::string call;
  std::string message;     // template id: "selected"
  std::string collection;  // slug, "" for the whole call
  int version = 0;         // 1, 2, 3 … per call, message and collection
  bool removed = false;
  std::string text;  // with its first line « Objet : … »
  std::string html;
  std::int64_t person = 0;
  std::int64_t at = 0;
};
MailTextVersion InsertMailText(Session&, MailTextVersion);  // fills version
std::vector<MailTextVersion> MailTextsOf(Session&, const std::string& call,
                                         const std::string& message,
                                         const std::string& collection);  // newest first
std::optional<MailTextVersion> FindMailText(Session&, const std::string& call,
                                            const std::string& message,
                                            const std::string& collection, int version);

// Which version is in force; small, asked for every mail and so remembered (memo.h).
struct MailTextHead {
  std::string message, collection;
  int version = 0;
};
std::vector<MailTextHead> MailTextsInForce(Session&, const std::string& call);
std::optional<MailTextHead> ClosestMailText(Session&, const std::string& call,
                                            const std::string& message,
                                            const std::string& collection);

}  // namespace aiguillage::storage
