// When a mail leaves: at once, or with others of its reader in one mail.
//
//   kind      pace unless chosen    may be
//   duties    now                   now, hourly, daily, weekly      what one is addressed: a task,
//   a
//                                                                   decision; never muted
//   messages  now                   the same                        what people write to each other
//   news      hourly                the same, or never              copies, and what rails call
//   news
//
//   PaceFor(session, 17, "news")                    "hourly"
//   LeavesAt("daily", at)                           the next 8:00 in Paris
//   UnsubscribeToken(session, 17)                   "17-3f…", PersonOfToken gives 17 back
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

namespace aiguillage::workflows {

inline constexpr char kDuties[] = "duties", kMessages[] = "messages", kNews[] = "news";
inline constexpr char kNow[] = "now", kNeverSent[] = "never";
inline constexpr char kNewsUnwanted[] = "Ne souhaite pas de courriel pour information.";

struct MailKind {
  std::string id, label, usual;  // label: French
  bool mutable_ = false;         // « never » may be chosen
};
const std::vector<MailKind>& MailKinds();
struct MailPace {
  std::string id, label;
};
const std::vector<MailPace>& MailPaces();
bool IsPaceOf(const std::string& kind, const std::string& pace);

// True when it was one of that kind. News that are ended do not leave any more, those that already
// wait for their hour included.
bool ChoosePace(storage::Session& session, std::int64_t person, const std::string& kind,
                const std::string& pace, std::int64_t now);
std::string PaceFor(storage::Session& session, std::int64_t person, const std::string& kind);
// The first hour, day (8:00 in Paris) or Monday at or after `at`; `at` itself for "now".
std::int64_t LeavesAt(const std::string& pace, std::int64_t at);

// What the address of « se désabonner » ends with: signed by a secret of the record, so that only a
// mail to that person holds it. "" until there is a secret; made once, by whoever serves.
void MakeUnsubscribeSecret(storage::Session& session);
std::string UnsubscribeToken(storage::Session& session, std::int64_t person);
std::optional<std::int64_t> PersonOfToken(storage::Session& session, const std::string& token);
// The same for who has no account and asked to be told of a call (storage/call_subscribers.h).
std::string SubscriberToken(storage::Session& session, std::int64_t subscriber);
std::optional<std::int64_t> SubscriberOfToken(storage::Session& session, const std::string& token);

}  // namespace aiguillage::workflows
