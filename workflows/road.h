// The usual road ahead: the steps that the rails lead through when each main action is taken, and
// when each would be over if it took all the time it has.
//
//   RoadAhead(chart, "active lead_review", due, now, call)
//     -> {lead_review "15 jours ouvrés" due}, {expert_review "15 jours ouvrés" …}, …
//
// A reading of the rails, not a forecast: no project of the past is asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "storage/calls.h"

namespace aiguillage::workflows {

struct RoadStep {
  std::string state;        // the innermost
  std::string rule;         // « 15 jours ouvrés », "" where the rails give no time
  std::int64_t due_at = 0;  // 0 from the first step without a time on
};
// `due_at`: of the step under way, 0 without. At most 40 steps, each once.
std::vector<RoadStep> RoadAhead(const engine::Chart& chart, const std::string& states,
                                std::int64_t due_at, std::int64_t now, const storage::Call& call);

// The time that the rails, or the call instead, give to a state by itself; "" when they give none.
std::string RuleOf(const engine::StateNode& state, const storage::Call& call);

}  // namespace aiguillage::workflows
