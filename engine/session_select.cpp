// Appendix D: selectEventlessTransitions, selectTransitions, removeConflictingTransitions,
// computeExitSet, getTransitionDomain, getEffectiveTargetStates.
#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/session.h"
#include "engine/session_guard.h"

namespace aiguillage::engine {

bool Session::IsCompound(const StateNode& state) const {
  return state.kind == StateKind::kState && !state.children.empty();
}

std::vector<int> Session::SelectEventless() {
  if (!chart_.has_eventless) return {};
  std::vector<int> enabled;
  for (std::uint16_t state : active_) {
    if (!IsAtomic(State(state))) continue;
    const int found = SelectFrom(state, nullptr);
    if (found >= 0 && std::find(enabled.begin(), enabled.end(), found) == enabled.end()) {
      enabled.push_back(found);
    }
  }
  return enabled.size() < 2 ? enabled : WithoutConflicts(enabled);
}

std::vector<int> Session::SelectFor(const std::string& event) {
  std::vector<int> enabled;
  for (std::uint16_t state : active_) {
    if (!IsAtomic(State(state))) continue;
    const int found = SelectFrom(state, &event);
    if (found >= 0 && std::find(enabled.begin(), enabled.end(), found) == enabled.end()) {
      enabled.push_back(found);
    }
  }
  return enabled.size() < 2 ? enabled : WithoutConflicts(enabled);
}

// The first enabled transition of an atomic state or of its ancestors, innermost first; -1: none.
int Session::SelectFrom(int atomic, const std::string* event) {
  int taken = -1;
  for (int state = atomic; state >= 0; state = State(state).parent) {
    for (int index : State(state).transitions) {
      const Transition& transition = At(index);
      if (transition.events.empty() != (event == nullptr)) continue;
      if (event && !Matches(transition, *event)) continue;
      if (taken >= 0) {
        run_.input.trace->NotSelected(transition, TraceSink::Reason::kBehind);
      } else if (ConditionHolds(transition)) {
        if (!run_.input.trace) return index;
        taken = index;  // and on, for people: what else the event would have met
      }
    }
  }
  return taken;
}

// For people: which transitions the event would have met after the one that is taken.
void Session::TraceBehind(const Transition& taken, int atomic, const std::string* event) {
  bool behind = false;
  for (int state = atomic; state >= 0; state = State(state).parent) {
    for (int index : State(state).transitions) {
      const Transition& transition = At(index);
      const bool met = transition.events.empty() == (event == nullptr) &&
                       (!event || Matches(transition, *event));
      if (behind && met) run_.input.trace->NotSelected(transition, TraceSink::Reason::kBehind);
      behind = behind || &transition == &taken;
    }
  }
}

// 3.12.1: a descriptor matches an event whose name begins with all its tokens.
bool Session::Matches(const Transition& transition, const std::string& event) const {
  for (const std::string& descriptor : transition.events) {
    if (descriptor.empty()) return true;
    if (event.size() >= descriptor.size() && event.compare(0, descriptor.size(), descriptor) == 0 &&
        (event.size() == descriptor.size() || event[descriptor.size()] == '.')) {
      return true;
    }
  }
  return false;
}

bool Session::ConditionHolds(const Transition& transition) {
  if (!transition.condition) return true;
  bool holds = false;
  at_ = transition.at;
  tag_ = "transition";
  const bool well = Guarded([&] { holds = evaluator::Truthy(Eval(transition.condition)); });
  if (!holds && run_.input.trace) {
    run_.input.trace->NotSelected(
        transition, well ? TraceSink::Reason::kGuardFalse : TraceSink::Reason::kGuardError);
  }
  return holds;
}

bool Session::MayHold(const Transition& transition) {
  return transition.condition.Reads("_event") || ConditionHolds(transition);
}

const std::vector<std::uint16_t>* Session::HistoryOf(int state) const {
  for (const auto& [history, value] : history_) {
    if (history == state) return &value;
  }
  return nullptr;
}

void Session::AddEffective(const std::vector<int>& targets, States& into) const {
  for (int target : targets) {
    if (!IsHistory(State(target))) {
      if (std::find(into.begin(), into.end(), target) == into.end()) into.push_back(target);
    } else if (const auto* value = HistoryOf(target)) {
      AddEffective({value->begin(), value->end()}, into);
    } else if (State(target).history_default >= 0) {
      AddEffective(At(State(target).history_default).targets, into);
    }
  }
}

Session::States Session::EffectiveTargets(const Transition& transition) const {
  States targets;
  AddEffective(transition.targets, targets);
  return targets;
}

int Session::Domain(const Transition& transition) const {
  if (transition.domain >= 0 || transition.targets.empty()) return transition.domain;
  return TransitionDomain(chart_, transition, EffectiveTargets(transition));
}

// Exit sets are the active descendants of domains, and domains are nested or apart.
bool Session::ExitSetsMeet(int a, int b) const {
  if (a < 0 || b < 0) return false;
  const int inner = std::max(a, b), outer = std::min(a, b);
  if (inner != outer && !IsDescendant(chart_, inner, outer)) return false;
  const auto first = std::upper_bound(active_.begin(), active_.end(), inner);
  return first != active_.end() && IsDescendant(chart_, *first, inner);
}

std::vector<int> Session::WithoutConflicts(const std::vector<int>& enabled) {
  std::vector<int> kept;
  for (int candidate : enabled) {
    const int domain = Domain(At(candidate));
    std::vector<int> to_remove;
    bool preempted = false;
    for (int other : kept) {
      if (!ExitSetsMeet(domain, Domain(At(other)))) continue;
      if (IsDescendant(chart_, At(candidate).source, At(other).source)) {
        to_remove.push_back(other);
      } else {
        preempted = true;
        break;
      }
    }
    if (preempted) {
      if (run_.input.trace) {
        run_.input.trace->NotSelected(At(candidate), TraceSink::Reason::kPreempted);
      }
      continue;
    }
    for (int other : to_remove) {
      if (run_.input.trace) {
        run_.input.trace->NotSelected(At(other), TraceSink::Reason::kPreempted);
      }
      kept.erase(std::find(kept.begin(), kept.end(), other));
    }
    kept.push_back(candidate);
  }
  return kept;
}

}  // namespace aiguillage::engine
