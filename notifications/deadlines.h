// Somebody's deadlines as days of a calendar: one for each task that waits for them by a date,
// those of the absent they stand in for included.
//
//   DeadlinesOf(session, 17, "https://aap…", now)              all, for the feed of that person
//   DeadlinesOn(session, 17, project, "https://aap…", now)     of one project, for a mail about it
//
// The same deadline has the same uid in mails and feed, and keeps it when it moves. One that is no
// more is simply absent: a feed is the whole of what there is, readers drop what it no longer says,
// and a cancelled event would stay in sight struck through, as if something had been called off.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "notifications/icalendar.h"
#include "storage/database.h"
#include "storage/projects.h"

namespace aiguillage::notifications {

std::vector<CalendarEvent> DeadlinesOf(storage::Session& session, std::int64_t person,
                                       const std::string& public_url, std::int64_t now);
// Those to come: a mail that says one is late carries no day that has passed.
std::vector<CalendarEvent> DeadlinesOn(storage::Session& session, std::int64_t person,
                                       const storage::Project& project,
                                       const std::string& public_url, std::int64_t now);

}  // namespace aiguillage::notifications
