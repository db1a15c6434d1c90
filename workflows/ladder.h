// Who is reminded of a deadline, and when: a ladder, as data of the rails. Steps are parted by
// bars, each « when : who », climbed at 8:00 in Paris, each once, until somebody has acted.
//
//   aap:ladder="3 jours ouvrés avant: turn | le jour même: turn | 2 jours ouvrés après: turn
//               | 5 jours ouvrés après: delegate | 7 jours ouvrés après: program_admin"
//
// On <scxml> it is that of every deadline; ladder="…" on one <aap:deadline> is its own, "none" says
// that nobody is reminded. `turn`: whose task is still open; `delegate`: who stands in for them,
// else the co-holders, else who holds their role more widely; any other word is a role.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "engine/outcome.h"
#include "storage/timers.h"
#include "workflows/calendar.h"

namespace aiguillage::workflows {

inline constexpr const char* kTurn = "turn";
inline constexpr const char* kDelegate = "delegate";

struct Rung {
  int way = 0;      // -1 before the day, 0 on it, 1 after it
  DeadlineRule by;  // how long before or after
  std::vector<std::string> to;
};
using Ladder = std::vector<Rung>;
engine::Outcome<Ladder> ParseLadder(const std::string& text);  // "" and "none": no step

// The <aap:deadline> of that state that raises that event; nullptr without.
const engine::Instruction* FindDeadline(const engine::Chart& chart, const std::string& state,
                                        const std::string& event);
// Of a deadline: its own ladder, else that of the rails. One that cannot be read reminds nobody.
Ladder LadderOf(const engine::Chart& chart, const std::string& state, const std::string& event);

// When a step of a deadline due then is climbed; 0 for one that has no date.
std::int64_t RungAt(const Rung& rung, std::int64_t due_at, const Calendar& calendar);
// Sets timer.rung and rung_at: the first step from `first` on that is not before `from`.
void SetRung(storage::Timer& timer, const Ladder& ladder, int first, std::int64_t from,
             const Calendar& calendar);

// « échéance le 7 décembre 2026, dans 3 jours », « en retard depuis le 7 décembre 2026 ».
std::string DueWordsAt(std::int64_t due_at, std::int64_t now);

}  // namespace aiguillage::workflows
