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

// The time of a step is its own, or that of what surrounds it and is entered with it.
std::string RuleOfStep(const Chart& chart, const StateNode& state, const StateNode* from,
                       const storage::Call& call) {
  for (int at = state.index; at > 0; at = engine::StateAt(chart, at).parent) {
    if (from != nullptr && engine::IsDescendant(chart, from->index, at)) break;
    const std::string rule = RuleOf(engine::StateAt(chart, at), call);
    if (!rule.empty()) return rule;
  }
  return "";
}

}  // namespace

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
