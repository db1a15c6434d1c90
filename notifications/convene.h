// The committee is convened to a sitting: its members and its chair by name, the leads of the
// collections on its agenda in copy, whoever stands in for one of them too, with the day for their
// calendar.
//
//   Convene(session, sitting, call, agenda, now)     5: so many were told
//
// The same agenda is told once, however often it is sent; one that changed is told again, and moves
// the day that calendars hold.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "notifications/icalendar.h"
#include "storage/calls.h"
#include "storage/committee.h"
#include "storage/database.h"
#include "storage/outbox.h"
#include "storage/projects.h"

namespace aiguillage::notifications {

// 0 when nobody is new to it, or nobody sits.
int Convene(storage::Session& session, const storage::CommitteeSession& sitting,
            const storage::Call& call, const std::vector<storage::Project>& agenda,
            std::int64_t now);
// What the mail attaches.
std::optional<CalendarEvent> DayOfSitting(const storage::OutboxRow& row,
                                          const std::string& public_url);
// When the committee was last convened to it, 0 never; whether its agenda changed since.
struct Convened {
  std::int64_t at = 0;
  bool changed = false;
};
Convened LastConvened(storage::Session& session, const storage::CommitteeSession& sitting,
                      const std::vector<storage::Project>& agenda);

}  // namespace aiguillage::notifications
