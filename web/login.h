// Log-in by mailed link: 128 bits and more, single use, 15 minutes, only its hash in the record.
//
//   std::string url = IssueLoginLink(services, person, "/taches", now);
//   -> "http://127.0.0.1:8080/connexion/3kQ…"      shown to nobody but its owner
#pragma once

#include <cstdint>
#include <string>

#include "storage/people.h"
#include "web/services.h"
#include "web/visit.h"

namespace aiguillage::web {

inline constexpr std::int64_t kLinkLifeMs = 15LL * 60 * 1000;
inline constexpr std::int64_t kDemoLinkLifeMs = 12LL * 60 * 60 * 1000;
inline constexpr int kLinksAnHour = 5;  // per address
inline constexpr int kRequestsAnHourPerSource = 40;

// Stores the link and gives its address. `reusable` is for the demo on loopback only: 12 hours.
std::string IssueLoginLink(storage::Database& database, const std::string& public_url,
                           std::int64_t person, const std::string& next, std::int64_t now,
                           bool reusable = false);

// Stores a link and the mail that carries it, in one transaction; nothing for an unknown, disabled
// or too insistent address. Whoever asks is told the same in all cases.
void MailLoginLink(Services& services, const std::string& email, const std::string& next,
                   std::int64_t now);

// By where it comes from: forty in an hour, of log-in links and of the news of calls together.
bool AskedTooOften(Visit& visit);
// Enough to spare the post: one @, no blanks.
bool LooksLikeEmail(const std::string& text);

}  // namespace aiguillage::web
