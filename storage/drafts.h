// Drafts: what somebody has typed into the form of an action and not sent yet. One per project,
// action and person; nobody else ever reads it.
//
//   SaveDraft(session, {.project = 3, .action = "framing_note.submit", .person = 17,
//                       .form = "framing_note", .at = now, .answers = {{"summary", "…"}}})
//   FindDraft(session, 3, "framing_note.submit", 17)->answers
//
// It need not be valid. It goes when the act is done, when its person throws it away, when their
// account is closed, and with the project.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace aiguillage::storage {

class Session;

inline constexpr std::size_t kDraftBytesMax = 2 * 1024 * 1024;  // of its answers as JSON

struct Draft {
  std::int64_t project = 0;
  std::string action;
  std::int64_t person = 0;
  std::string form;  // the answers are of this one; an action may change its form
  std::int64_t at = 0;
  nlohmann::json answers;
};
bool SaveDraft(Session&, const Draft&);  // false: over kDraftBytesMax, the one before is kept
std::optional<Draft> FindDraft(Session&, std::int64_t project, const std::string& action,
                               std::int64_t person);
void DeleteDraft(Session&, std::int64_t project, const std::string& action, std::int64_t person);

}  // namespace aiguillage::storage
