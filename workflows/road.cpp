#include "workflows/road.h"

#include <algorithm>

#include "workflows/calendar.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

constexpr std::size_t kRoadMax = 40;

using engine::Attribute;
using engine::Chart;
using engine::StateNode;
using engine::Transition;

// Taken when all goes well: a main action, or what follows by itself.
bool IsMain(const Transition& transition) {
  const std::string& style = Attribute(transition, "style");
  if (transition.targets.empty() || style == "secondary" || style == "danger") return false;
  if (!Attribute(transition, "label").empty()) return Attribute(transition, "task") != "no";
  return transition.events.empty() || transition.events.front().starts_with("done.state");
}

const StateNode* Innermost(const Chart& chart, const StateNode* state) {
  while (state != nullptr && !engine::IsAtomic(*state)) {
    const auto inner = std::find_if(state->children.begin(), state->children.end(), [&](int child) {
      return !engine::IsHistory(engine::StateAt(chart, child));
    });
    if (state->initial >= 0) {
      const auto& initial = chart.transitions[static_cast<std::size_t>(state->initial)];
      state = initial.targets.empty() ? nullptr : &engine::StateAt(chart, initial.targets.front());
    } else {
      state = inner == state->children.end() ? nullptr : &engine::StateAt(chart, *inner);
    }
  }
  return state;
}

// Where the innermost state leads, or one that surrounds it.
const StateNode* Next(const Chart& chart, const StateNode& from) {
  for (int at = from.index; at > 0; at = engine::StateAt(chart, at).parent) {
    for (const int index : engine::StateAt(chart, at).transitions) {
      const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
      if (!IsMain(transition) || transition.targets.front() == from.index) continue;
      const auto& target = engine::StateAt(chart, transition.targets.front());
      // Within regions side by side, what one of them still has to do is no road of its own.
      const auto* inner = Innermost(chart, &target);
      if (inner == nullptr || inner->kind == engine::StateKind::kFinal) continue;
      return inner;
    }
  }
  return nullptr;
}

// The time of a step is its own, or that of what surrounds it, as far as `outermost`, and is
// entered with it.
std::string RuleOfStep(const Chart& chart, const StateNode& state, const StateNode* from,
                       const storage::Call& call, int outermost = 1) {
  for (int at = state.index; at >= outermost; at = engine::StateAt(chart, at).parent) {
    if (from != nullptr && engine::IsDescendant(chart, from->index, at)) break;
    const std::string rule = RuleOf(engine::StateAt(chart, at), call);
    if (!rule.empty()) return rule;
  }
  return "";
}

std::string ColumnOf(const Chart& chart, const StateNode& state) {
  std::vector<std::string> path;
  for (int at = state.index; at > 0; at = engine::StateAt(chart, at).parent) {
    path.insert(path.begin(), engine::StateAt(chart, at).id);
  }
  return ColumnState(chart, path);
}

// Does it hold an element of that name with that attribute?
bool Does(const engine::Block& block, const char* name, const char* attribute, const char* value) {
  return std::any_of(block.begin(), block.end(), [&](const engine::Instruction& instruction) {
    return (instruction.name == name && Attribute(instruction, attribute) == value) ||
           Does(instruction.children, name, attribute, value);
  });
}

bool PutsOnline(const engine::Block& block) { return Does(block, "set", "field", "course_url"); }

// The columns from there along the usual road, until one that `ends` it.
void AddRoad(const Chart& chart, const std::string& column, const std::set<std::string>& ends,
             std::set<std::string>& columns) {
  const StateNode* state = Innermost(chart, engine::FindState(chart, column));
  for (std::size_t step = 0; state != nullptr && step < kRoadMax; ++step) {
    const std::string entered = ColumnOf(chart, *state);
    if (ends.contains(entered)) return;
    columns.insert(entered);
    state = Next(chart, *state);
  }
}

// The end of the pipeline that a main action of this state, or of one around it, leads to.
std::string EndAfter(const Chart& chart, const StateNode& from) {
  for (int at = from.index; at > 0; at = engine::StateAt(chart, at).parent) {
    for (const int index : engine::StateAt(chart, at).transitions) {
      const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
      if (!IsMain(transition)) continue;
      const auto& target = engine::StateAt(chart, transition.targets.front());
      if (target.kind == engine::StateKind::kFinal && target.parent == 0) return target.id;
    }
  }
  return "";
}

bool LeavesAtOnce(const Chart& chart, const StateNode& state) {
  return std::any_of(state.transitions.begin(), state.transitions.end(), [&](int index) {
    const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
    return transition.events.empty() && transition.condition.text().empty();
  });
}

PlannedStay PlanOf(const Chart& chart, const StateNode& column, std::int64_t now,
                   const storage::Call& call) {
  PlannedStay plan;
  std::int64_t at = now;
  const StateNode* from = nullptr;
  const StateNode* state = Innermost(chart, &column);
  std::set<std::string> seen;
  while (state != nullptr && ColumnOf(chart, *state) == column.id &&
         seen.insert(state->id).second) {
    const std::string text = RuleOfStep(chart, *state, from, call, column.index);
    const auto rule = ParseDeadlineRule(text);
    const auto due =
        rule ? DueAt(rule.value(), at, CalendarOf(call), DatesOf(call)) : std::int64_t{0};
    plan.timed = plan.timed && (due != 0 || LeavesAtOnce(chart, *state));
    plan.until = plan.until || text.starts_with("call:");
    at = std::max(at, due);
    from = state;
    state = Next(chart, *state);
  }
  plan.days = static_cast<int>(DaysLeft(DeadlineUnit::kDays, now, at, CalendarOf(call)));
  if (state != nullptr && ColumnOf(chart, *state) != column.id) {
    plan.next = ColumnOf(chart, *state);
  } else if (state == nullptr && from != nullptr) {
    plan.next = EndAfter(chart, *from);
  }
  return plan;
}

}  // namespace

Goal GoalOf(const Chart& chart) {
  Goal goal{{}, true};
  for (const auto& state : chart.states) {
    if (std::any_of(state.on_entry.begin(), state.on_entry.end(), PutsOnline)) {
      goal.states.insert(ColumnOf(chart, state));
    }
  }
  for (const auto& transition : chart.transitions) {
    if (!PutsOnline(transition.content) || transition.targets.empty()) continue;
    const std::string column = ColumnOf(chart, engine::StateAt(chart, transition.targets.front()));
    // Within one column nothing shows that it happened.
    if (column != ColumnOf(chart, engine::StateAt(chart, transition.source))) {
      goal.states.insert(column);
    }
  }
  for (const std::string& column : std::set<std::string>(goal.states)) {
    AddRoad(chart, column, {}, goal.states);
  }
  if (!goal.states.empty()) return goal;
  goal.online = false;
  for (const auto& state : chart.states) {
    if (engine::IsHistory(state)) continue;
    const std::string end = EndAfter(chart, state);
    if (!end.empty()) goal.states.insert(end);
  }
  return goal;
}

std::set<std::string> InPreparation(const Chart& chart) {
  std::set<std::string> ends = GoalOf(chart).states, columns;
  for (const auto& transition : chart.transitions) {
    if (Does(transition.content, "set", "field", "publication_on")) {
      ends.insert(ColumnOf(chart, engine::StateAt(chart, transition.source)));
    }
  }
  for (const auto& transition : chart.transitions) {
    if (!Does(transition.content, "ds", "effect", "accept") || transition.targets.empty()) continue;
    AddRoad(chart, ColumnOf(chart, engine::StateAt(chart, transition.targets.front())), ends,
            columns);
  }
  return columns;
}

std::map<std::string, PlannedStay> PlansOf(const Chart& chart, const storage::Call& call,
                                           std::int64_t now) {
  std::map<std::string, PlannedStay> plans;
  for (const auto& state : chart.states) {
    if (state.index == 0 || engine::IsHistory(state)) continue;
    if (state.kind == engine::StateKind::kFinal || ColumnOf(chart, state) != state.id) continue;
    plans.emplace(state.id, PlanOf(chart, state, now, call));
  }
  return plans;
}

std::vector<RoadStep> RoadAhead(const Chart& chart, const std::string& states, std::int64_t due_at,
                                std::int64_t now, const storage::Call& call) {
  std::vector<RoadStep> road;
  const StateNode* state = nullptr;
  for (const auto& id : Words(states)) {
    const auto* node = engine::FindState(chart, id);
    if (state == nullptr && node != nullptr && engine::IsAtomic(*node) &&
        node->kind != engine::StateKind::kFinal) {
      state = node;
    }
  }
  if (state == nullptr) return road;
  road.push_back({state->id, RuleOfStep(chart, *state, nullptr, call), due_at});
  std::int64_t at = std::max(now, due_at);
  bool dated = true;
  while (road.size() < kRoadMax) {
    const StateNode* next = Next(chart, *state);
    if (next == nullptr) break;
    const bool seen = std::any_of(road.begin(), road.end(),
                                  [&](const RoadStep& step) { return step.state == next->id; });
    if (seen) break;
    RoadStep step{next->id, RuleOfStep(chart, *next, state, call), 0};
    const auto rule = ParseDeadlineRule(step.rule);
    const std::int64_t due =
        rule ? DueAt(rule.value(), at, CalendarOf(call), DatesOf(call)) : std::int64_t{0};
    dated = dated && due != 0;
    step.due_at = dated ? due : 0;
    at = std::max(at, due);
    road.push_back(std::move(step));
    state = next;
  }
  return road;
}

std::string RuleOf(const StateNode& state, const storage::Call& call) {
  for (const auto& block : state.on_entry) {
    for (const auto& instruction : block) {
      if (instruction.name != "deadline") continue;
      const auto overrides = call.settings.find("deadlines");
      const std::string& event = Attribute(instruction, "event");
      if (overrides != call.settings.end() && overrides->is_object() &&
          overrides->contains(event) && (*overrides)[event].is_string() &&
          ParseDeadlineRule((*overrides)[event].get<std::string>())) {
        return (*overrides)[event].get<std::string>();
      }
      return Attribute(instruction, "in");
    }
  }
  return "";
}

}  // namespace aiguillage::workflows
