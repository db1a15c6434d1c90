// What is asked of the figures, by an address or on the command line, read once and checked.
//
//   QuestionOf(session, {"mentor-2026", "numerique", "2026-09-01", ""}, shown, now)
//   QuestionOf(session, {"", "", "2026-12-01", "2026-01-01"}, shown, now)
//     -> refused, "bad_period": « La période finit avant de commencer… »
#pragma once

#include <cstdint>
#include <string>

#include "engine/outcome.h"
#include "web/access.h"
#include "web/figures/figure.h"

namespace aiguillage::web {

struct FigureWords {
  std::string call;  // "" = all there are; for who sees some only, the first of them
  std::string collection, from, to;
  std::string on = {};  // a past day, or today
};

// Refusals: no_call, unknown_call, foreign_call, unknown_collection, bad_from, bad_to, bad_period,
// bad_on.
engine::Outcome<FigureQuestion> QuestionOf(storage::Session& session, const FigureWords& words,
                                           const CallsShown& shown, std::int64_t now);

}  // namespace aiguillage::web
