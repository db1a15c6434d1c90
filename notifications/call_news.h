// The news of calls: that one is published, that it closes in fifteen days, in three. Told to those
// who asked on the page of a call, and to the leads of its collections.
//
//   AskForNews(session, "mentor-2027", "ana@exemple.invalid", now)   a mail with a link to confirm
//   ConfirmNews(session, token, now)                                 "mentor-2027", or nothing
//   EndNews(session, token)                                          the same; nothing is kept
//   TellOfCalls(database, catalog, now, false)                       what has become due, once each
//
// Who asked of one call is told of the next ones of its kind too: those whose rails share its
// collections. After days of downtime the last piece of news that is due is told, not those before
// it; a closing date that is moved is told again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "notifications/clockwork.h"
#include "storage/calls.h"
#include "storage/database.h"
#include "workflows/catalog.h"

namespace aiguillage::notifications {

inline constexpr std::int64_t kConfirmWithinMs = 3LL * 86'400'000;

// Nothing for an address that is confirmed or insists (three times a day): whoever asks is told the
// same in all cases.
void AskForNews(storage::Session& session, const storage::Call& call, const std::string& address,
                std::int64_t now);
// The call it is about while the link is good, used or not.
std::optional<std::string> AskedNews(storage::Session& session, const std::string& token,
                                     std::int64_t now);
std::optional<std::string> ConfirmNews(storage::Session& session, const std::string& token,
                                       std::int64_t now);
// By the link that every piece of news carries.
std::optional<std::string> NewsOfToken(storage::Session& session, const std::string& token);
std::optional<std::string> EndNews(storage::Session& session, const std::string& token);

// As the clockwork tells what it fires: no project, the event, the mail, who is told. A dry run
// writes nothing.
std::vector<Firing> TellOfCalls(storage::Database& database, const workflows::Catalog& catalog,
                                std::int64_t now, bool dry_run);

}  // namespace aiguillage::notifications
