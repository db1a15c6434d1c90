// Laws that stay on in release: a record that breaks one is never written.
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

using engine::Chart;
using engine::StateKind;
using engine::StateNode;

// Numbers of the active states, root included.
std::set<int> ActiveOf(const engine::Snapshot& snapshot) {
  std::set<int> active = {0};
  for (const auto state : snapshot.configuration) active.insert(static_cast<int>(state));
  return active;
}

// "" or what is wrong with one active state among the others.
std::string Wrong(const Chart& chart, const std::set<int>& active, const StateNode& state) {
  if (engine::IsHistory(state)) return "history " + state.id + " is active";
  if (state.parent >= 0 && !active.contains(state.parent)) {
    return state.id + " is active without its parent";
  }
  int children = 0, active_children = 0;
  for (const int child : state.children) {
    if (engine::IsHistory(engine::StateAt(chart, child))) continue;
    ++children;
    if (active.contains(child)) ++active_children;
  }
  if (children == 0) return "";
  if (state.kind == StateKind::kParallel && active_children != children) {
    return "parallel " + state.id + " has inactive regions";
  }
  if (state.kind != StateKind::kParallel && active_children != 1) {
    return state.id + " has " + std::to_string(active_children) + " active children, not one";
  }
  return "";
}

}  // namespace

std::string IllegalConfiguration(const Chart& chart, const engine::Snapshot& snapshot) {
  const std::set<int> active = ActiveOf(snapshot);
  for (const int index : active) {
    if (index >= static_cast<int>(chart.states.size())) return "a state number is out of range";
    const std::string wrong = Wrong(chart, active, engine::StateAt(chart, index));
    if (!wrong.empty()) return wrong;
  }
  return "";
}

void CheckInvariants(const Work& work) {
  const auto& snapshot = work.step.snapshot;
  const auto broken = [&](const std::string& what) {
    throw InvariantBroken("Expected a legal record of " + work.project.number + " after " +
                          work.event.name + ", but " + what);
  };
  const std::string illegal = IllegalConfiguration(work.definition.chart, snapshot);
  if (!illegal.empty()) broken(illegal);
  if (!snapshot.QueuesEmpty()) broken("events still wait in its queue");
  const auto json = snapshot.ToJson();
  if (!(engine::Snapshot::FromJson(work.definition.chart, json) == snapshot)) {
    broken("its snapshot does not survive being written");
  }
  if (work.step.effects.size() > static_cast<std::size_t>(engine::Limits{}.effects)) {
    broken("it has too many effects");
  }
}

void CountRow(Work& work) {
  if (++work.rows > kRowsMax) {
    throw InvariantBroken("Expected at most " + std::to_string(kRowsMax) + " rows of one act of " +
                          work.project.number);
  }
}

}  // namespace aiguillage::workflows
