// Appendix D: exitStates, enterStates, computeEntrySet and its helpers, isInFinalState.
#include <algorithm>
#include <map>

#include "engine/session.h"
#include "engine/session_guard.h"

namespace aiguillage::engine {

struct Session::Entry {
  States states;                                     // statesToEnter
  States by_default;                                 // statesForDefaultEntry
  std::map<int, const Transition*> history_content;  // by the parent of the history

  bool Has(int state) const {
    return std::find(states.begin(), states.end(), state) != states.end();
  }
  void Add(int state) {
    if (!Has(state)) states.push_back(state);
  }
};

void Session::ExitStates(const std::vector<int>& enabled) {
  std::vector<std::uint16_t> leaving;
  for (int index : enabled) {
    const int domain = Domain(At(index));
    if (domain < 0) continue;
    for (std::uint16_t state : active_) {
      if (IsDescendant(chart_, state, domain)) leaving.push_back(state);
    }
  }
  if (enabled.size() > 1) {
    std::sort(leaving.begin(), leaving.end());
    leaving.erase(std::unique(leaving.begin(), leaving.end()), leaving.end());
  }
  std::reverse(leaving.begin(), leaving.end());
  for (std::uint16_t state : leaving) {
    const auto waiting = std::find(to_invoke_.begin(), to_invoke_.end(), state);
    if (waiting != to_invoke_.end()) to_invoke_.erase(waiting);
  }
  for (std::uint16_t state : leaving) RecordHistory(State(state));
  for (std::uint16_t index : leaving) {
    const StateNode& state = State(index);
    for (const Block& block : state.on_exit) Execute(block, index);
    if (!state.invokes.empty()) CancelInvokes(index);
    active_.erase(std::lower_bound(active_.begin(), active_.end(), index));
    if (this == run_.root) run_.result.exited.push_back(state.id);
    if (run_.input.trace) run_.input.trace->Exited(state);
  }
}

void Session::RecordHistory(const StateNode& state) {
  for (int child : state.children) {
    const StateNode& history = State(child);
    if (!IsHistory(history)) continue;
    const bool deep = history.kind == StateKind::kDeepHistory;
    std::vector<std::uint16_t> value;
    for (std::uint16_t active : active_) {
      const bool kept = deep ? IsAtomic(State(active)) && IsDescendant(chart_, active, state.index)
                             : State(active).parent == state.index;
      if (kept) value.push_back(active);
    }
    const auto known = std::find_if(history_.begin(), history_.end(),
                                    [&](const auto& pair) { return pair.first == child; });
    if (known != history_.end()) {
      known->second = std::move(value);
    } else {
      history_.emplace_back(static_cast<std::uint16_t>(child), std::move(value));
    }
  }
}

void Session::AddParallelChildren(const StateNode& state, Entry& entry) const {
  for (int child : state.children) {
    if (IsHistory(State(child))) continue;
    const bool known = std::any_of(entry.states.begin(), entry.states.end(), [&](int entered) {
      return IsDescendant(chart_, entered, child);
    });
    if (!known) AddDescendants(child, entry);
  }
}

void Session::AddDescendants(int index, Entry& entry) const {
  const StateNode& state = State(index);
  const auto add = [&](const auto& targets, int ancestor) {
    for (int target : targets) AddDescendants(target, entry);
    for (int target : targets) AddAncestors(target, ancestor, entry);
  };
  if (IsHistory(state)) {
    if (const auto* value = HistoryOf(index)) {
      add(*value, state.parent);
    } else if (state.history_default >= 0) {
      const Transition& otherwise = At(state.history_default);
      entry.history_content[state.parent] = &otherwise;
      add(otherwise.targets, state.parent);
    }
    return;
  }
  entry.Add(index);
  if (state.kind == StateKind::kParallel) return AddParallelChildren(state, entry);
  if (!IsCompound(state)) return;
  if (std::find(entry.by_default.begin(), entry.by_default.end(), index) ==
      entry.by_default.end()) {
    entry.by_default.push_back(index);
  }
  if (state.initial >= 0) return add(At(state.initial).targets, index);
  for (int child : state.children) {
    if (IsHistory(State(child))) continue;
    return add(std::vector<int>{child}, index);  // 3.6: the first child in document order
  }
}

// Up to, and without, the ancestor.
void Session::AddAncestors(int index, int ancestor, Entry& entry) const {
  for (int at = State(index).parent; at > 0 && at != ancestor; at = State(at).parent) {
    entry.Add(at);
    if (State(at).kind == StateKind::kParallel) AddParallelChildren(State(at), entry);
  }
}

void Session::EnterStates(const std::vector<int>& enabled) {
  Entry entry;
  for (int index : enabled) AddTransition(At(index), entry);
  Enter(entry);
}

void Session::EnterInitial(const Transition& initial) {
  Entry entry;
  AddTransition(initial, entry);
  Enter(entry);
}

void Session::AddTransition(const Transition& transition, Entry& entry) const {
  for (int target : transition.targets) AddDescendants(target, entry);
  if (transition.domain >= 0) {  // no history among its targets
    for (int target : transition.targets) AddAncestors(target, transition.domain, entry);
  } else if (!transition.targets.empty()) {
    const int domain = Domain(transition);
    for (int target : EffectiveTargets(transition)) AddAncestors(target, domain, entry);
  }
}

void Session::Enter(Entry& entry) {
  std::sort(entry.states.begin(), entry.states.end());
  for (int state : entry.states) EnterState(entry, state);
}

void Session::EnterState(const Entry& entry, int index) {
  const StateNode& state = State(index);
  const auto narrow = static_cast<std::uint16_t>(index);
  const auto place = std::lower_bound(active_.begin(), active_.end(), narrow);
  if (place == active_.end() || *place != narrow) active_.insert(place, narrow);
  if (!state.invokes.empty()) to_invoke_.push_back(index);
  if (this == run_.root) run_.result.entered.push_back(state.id);
  if (run_.input.trace) run_.input.trace->Entered(state);
  if (chart_.late_binding && !state.data.empty() &&
      std::find(bound_.begin(), bound_.end(), narrow) == bound_.end()) {
    bound_.push_back(narrow);
    InitializeData(state, {});
  }
  for (const Block& block : state.on_entry) Execute(block, index);
  if (state.initial >= 0 && std::find(entry.by_default.begin(), entry.by_default.end(), index) !=
                                entry.by_default.end()) {
    if (this == run_.root && At(state.initial).at.line != state.at.line) {
      run_.result.transition_lines.push_back(At(state.initial).at.line);
    }
    Execute(At(state.initial).content, index);
  }
  const auto history = entry.history_content.find(index);
  if (history != entry.history_content.end()) {
    if (this == run_.root) run_.result.transition_lines.push_back(history->second->at.line);
    Execute(history->second->content, index);
  }
  if (state.kind == StateKind::kFinal) EnterFinal(state);
}

void Session::EnterFinal(const StateNode& state) {
  Value data;
  std::string raw;
  at_ = state.at;
  tag_ = "final";
  if (state.has_done_data) BuildPayload(state.done_data, data, raw, false);
  if (state.parent == 0) {
    done_data_ = std::move(data);
    running_ = false;
    return;
  }
  const StateNode& parent = State(state.parent);
  Raise("done.state." + parent.id, LiveEvent::Type::kPlatform);
  internal_.back().data = std::move(data);
  if (parent.parent > 0 && State(parent.parent).kind == StateKind::kParallel &&
      InFinalState(parent.parent)) {
    Raise("done.state." + State(parent.parent).id, LiveEvent::Type::kPlatform);
  }
}

bool Session::InFinalState(int index) const {
  const StateNode& state = State(index);
  const auto& children = state.children;
  if (IsCompound(state)) {
    return std::any_of(children.begin(), children.end(), [&](int child) {
      return State(child).kind == StateKind::kFinal && IsActive(child);
    });
  }
  if (state.kind != StateKind::kParallel) return false;
  return std::all_of(children.begin(), children.end(),
                     [&](int child) { return IsHistory(State(child)) || InFinalState(child); });
}

}  // namespace aiguillage::engine
