// How long the projects of a state have been standing there, in days of the calendar.
//
//   AgesByState(storage::FlowByDay(session, filter), today)["lead_review"]
//     -> {count 3, waited 40, oldest 30, median 7}      of 3, 7 and 30 days
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "storage/flow.h"
#include "workflows/diagram.h"

namespace aiguillage::web {

struct Ages {
  std::int64_t count = 0, waited = 0, oldest = 0;  // waited: of all of them together
  std::int64_t median = 0;                         // that half of them are not above
};
// Against the time the step should take; without one (0) against thirty days: up to half of it, up
// to it, beyond.
workflows::Heat HeatOf(std::int64_t median, std::int64_t target);
// « 12 projets, attente médiane 19 jours, 3 en retard »; `ages` null: nothing of the wait.
std::string StandingWords(std::int64_t count, const Ages* ages, std::int64_t late);

std::map<std::string, Ages> AgesByState(const std::vector<storage::DayFlow>& flows,
                                        std::int64_t today);

}  // namespace aiguillage::web
