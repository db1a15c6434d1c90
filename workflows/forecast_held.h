// What came of the forecasts of a past day: each project that was under way then is forecast again
// from nothing but what had happened by its end, and its 85 % date is held against what came.
//
//   ForecastsHeld(*definition, call, lives, DayOf("2026-01-01"), today)
//     -> {standing 40, due 22, held 19}     of 22 dates that have passed, 19 were kept
//
// A date that is still to come says nothing yet. A project that ended otherwise is left out: the
// date is that of those which arrive. One that is still under way after its date missed it.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/calls.h"
#include "storage/flow.h"
#include "workflows/catalog.h"

namespace aiguillage::workflows {

struct HeldCount {
  std::int64_t standing = 0, due = 0, held = 0;
};
// `lives`: of all calls on these rails; those of `call` are counted.
HeldCount ForecastsHeld(const engine::Chart& chart, const storage::Call& call,
                        const std::vector<storage::Life>& lives, std::int64_t day,
                        std::int64_t today);

}  // namespace aiguillage::workflows
