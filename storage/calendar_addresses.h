// The secret address at which somebody's calendar of deadlines can be read: one a person at most,
// known by the digest of its secret only.
//
//   SaveCalendarAddress(session, 17, Sha256(secret), now)    a new one ends the one before
//   PersonOfCalendar(session, Sha256(secret))                17
//   EndCalendarAddress(session, 17)                          the address is nobody's from now on
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aiguillage::storage {

class Session;

void SaveCalendarAddress(Session&, std::int64_t person, const std::string& token_hash,
                         std::int64_t now);
void EndCalendarAddress(Session&, std::int64_t person);
std::optional<std::int64_t> CalendarAddressSince(Session&, std::int64_t person);  // when made
std::optional<std::int64_t> PersonOfCalendar(Session&, const std::string& token_hash);

}  // namespace aiguillage::storage
