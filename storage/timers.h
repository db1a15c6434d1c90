// Timers: deadlines and delayed sends that wait for their instant. The rule is kept beside the
// instant, so that a changed calendar can move what is not yet due.
//
//   rule "15 jours ouvrés", counts "7 jours ouvrés" from 10 April (what a stop had left),
//   extension "5 jours ouvrés"            ->  due_at is 7 working days later, and 5 after that
//   rung 2, rung_at 8:00 on the due day   ->  the next step of its ladder (workflows/ladder.h)
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
  std::string counts;                // of a deadline: the rule that due_at was counted by …
  std::int64_t counts_from = 0;      // … and from when
  std::string extension;             // added once to that by somebody, "" none
  std::int64_t extended_at = 0;      // 0 never, also before a stop
  int rung = 0;                      // next step of its ladder
  std::int64_t rung_at = 0;          // 0: none is left, or none may come any more
};
std::int64_t InsertTimer(Session&, const Timer&);
void UpdateTimer(Session&, const Timer&);
std::optional<Timer> FindTimer(Session&, std::int64_t id);
std::vector<Timer> TimersOf(Session&, std::int64_t project);
std::vector<Timer> DueTimers(Session&, std::int64_t now, int limit);  // waiting, in due order
std::vector<Timer> DueRungs(Session&, std::int64_t now, int limit);   // in order of rung_at

// A deadline that waits, with what a line shows of its project.
struct DeadlineLine {
  std::string number, title, call, states, definition;
  Timer timer;
};
// Those that fall due after `from` and until `until`, soonest first; of some calls only, or of all.
std::vector<DeadlineLine> DeadlinesBetween(Session&, std::int64_t from, std::int64_t until,
                                           const std::optional<std::vector<std::string>>& calls,
                                           int limit);

}  // namespace aiguillage::storage
