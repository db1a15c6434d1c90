// The usual road ahead: the steps that the rails lead through when each main action is taken, and
// when each would be over if it took all the time it has.
//
//   RoadAhead(chart, "active lead_review", due, now, call)
//     -> {lead_review "15 jours ouvrés" due}, {expert_review "15 jours ouvrés" …}, …
//
// A reading of the rails, not a forecast: no project of the past is asked. workflows/forecast.h
// takes from here where the road should end, and what is planned where nothing is known.
//
//   GoalOf(mentor)                     {"evaluation", "in_catalogue"}, online: course_url is set
//   GoalOf(fep)                        {"closed"}: the end that a main action leads to
//   PlansOf(mentor, …).at("framing")   70 days (40 + 10 working days), then "scenario"
#pragma once

#include <cstdint>
#include <map>
#include <set>
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

// Where a project is meant to arrive: the columns of the pipeline entered by the act that puts the
// training online, and those that the usual road leads to from there; in rails without such an act,
// the ends that a main action leads to. May be empty.
struct Goal {
  std::set<std::string> states;
  bool online = false;
};
Goal GoalOf(const engine::Chart& chart);
// The columns of a selected project that has no slot yet: from where DS is told that it is accepted
// to the one that gives the slot.
std::set<std::string> InPreparation(const engine::Chart& chart);

// What the rails plan for a column just entered, when the usual road is taken through it.
struct PlannedStay {
  std::string next;    // the column it leads to, "" where the road does not say
  int days = 0;        // of the calendar, the time of its steps one after the other
  bool until = false;  // `days` counts from now, whenever it is entered: a date of the call
  bool timed = true;   // false: some step of it has no time
};
// By column; `now` because working days lie otherwise in another season.
std::map<std::string, PlannedStay> PlansOf(const engine::Chart& chart, const storage::Call& call,
                                           std::int64_t now);

}  // namespace aiguillage::workflows
