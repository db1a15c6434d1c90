// Timers: deadlines and delayed sends that wait for their instant. The rule is kept beside the
// instant, so that a changed calendar can move what is not yet due.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Timer {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::string kind;     // deadline | send
  std::string event;    // raised when due
  std::string owner;    // state id: leaving it stops the timer
  std::string send_id;  // of a delayed <send>
  std::string rule;     // "15 jours ouvrés"
  std::string resume;   // remaining | restart | keep
  std::int64_t started_at = 0;
  std::int64_t due_at = 0;
  std::string status;  // waiting | stopped | fired | cancelled
  std::int64_t stopped_at = 0;
  std::int64_t remaining_days = -1;  // working or civil days left when stopped, by the rule's unit
  std::string data;                  // JSON of a delayed send
};
std::int64_t InsertTimer(Session&, const Timer&);
void UpdateTimer(Session&, const Timer&);
std::optional<Timer> FindTimer(Session&, std::int64_t id);
std::vector<Timer> TimersOf(Session&, std::int64_t project);
std::vector<Timer> DueTimers(Session&, std::int64_t now, int limit);  // waiting, in due order

}  // namespace aiguillage::storage
