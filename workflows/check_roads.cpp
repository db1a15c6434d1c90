#include <algorithm>
#include <set>

#include "workflows/check_internal.h"

namespace aiguillage::workflows {
namespace {

using engine::StateKind;
using engine::StateNode;
using engine::Transition;

bool IsPlace(const StateNode& state) {
  return state.kind == StateKind::kState || state.kind == StateKind::kParallel ||
         state.kind == StateKind::kFinal;
}

const Transition& At(const RailsCheck& check, int index) {
  return check.chart.transitions[static_cast<std::size_t>(index)];
}

// The value of a guard that depends on nothing: 1 true, 0 false, -1 depends.
int Constant(const Transition& transition) {
  if (!transition.condition) return 1;
  if (!transition.condition.IsConstant()) return -1;
  const auto value = engine::Evaluate(transition.condition, {});
  if (!value) return -1;
  const auto& json = value.value();
  if (json.is_boolean()) return json.get<bool>() ? 1 : 0;
  if (json.is_number()) return json.get<double>() != 0 ? 1 : 0;
  if (json.is_null()) return 0;
  return json.is_string() && json.get<std::string>().empty() ? 0 : 1;
}

// Entering a state: its ancestors, and what it opens by default.
class Reach {
 public:
  explicit Reach(const RailsCheck& check) : check_(check) {
    reached_.resize(check.chart.states.size(), false);
    opened_.resize(check.chart.states.size(), false);
    Enter(0);
    while (!work_.empty()) {
      const int state = work_.back();
      work_.pop_back();
      for (const int index : check_.State(state).transitions) {
        if (Constant(At(check_, index)) == 0) continue;
        for (const int target : At(check_, index).targets) Enter(target);
      }
    }
  }
  bool Has(int state) const { return reached_[static_cast<std::size_t>(state)]; }

 private:
  void Enter(int index) {
    const StateNode& state = check_.State(index);
    if (opened_[static_cast<std::size_t>(index)]) return;
    opened_[static_cast<std::size_t>(index)] = true;
    reached_[static_cast<std::size_t>(index)] = true;
    if (engine::IsHistory(state)) {
      if (state.history_default >= 0) EnterTargets(state.history_default);
      return;
    }
    work_.push_back(index);
    if (state.parent >= 0) EnterAround(state.parent);
    if (state.kind == StateKind::kParallel) {
      for (const int child : state.children) {
        if (IsPlace(check_.State(child))) Enter(child);
      }
    } else if (state.initial >= 0) {
      EnterTargets(state.initial);
    } else {
      const auto first = std::find_if(state.children.begin(), state.children.end(),
                                      [&](int child) { return IsPlace(check_.State(child)); });
      if (first != state.children.end()) Enter(*first);
    }
  }

  // An ancestor that is entered by way of one of its descendants opens nothing else, unless it is
  // parallel.
  void EnterAround(int index) {
    const StateNode& state = check_.State(index);
    if (reached_[static_cast<std::size_t>(index)]) return;
    reached_[static_cast<std::size_t>(index)] = true;
    work_.push_back(index);
    if (state.kind == StateKind::kParallel) {
      for (const int child : state.children) {
        if (IsPlace(check_.State(child))) Enter(child);
      }
    }
    if (state.parent >= 0) EnterAround(state.parent);
  }

  void EnterTargets(int transition) {
    for (const int target : At(check_, transition).targets) Enter(target);
  }

  const RailsCheck& check_;
  std::vector<bool> reached_;
  std::vector<bool> opened_;  // entered itself, not only around one of its descendants
  std::vector<int> work_;
};

bool HasWayOut(const RailsCheck& check, const StateNode& state) {
  for (int at = state.index; at >= 0; at = check.State(at).parent) {
    for (const int index : check.State(at).transitions) {
      const auto& targets = At(check, index).targets;
      if (std::any_of(targets.begin(), targets.end(),
                      [&](int target) { return target != state.index; })) {
        return true;
      }
    }
  }
  return false;
}

void CheckShadows(RailsCheck& check, const StateNode& state) {
  for (std::size_t i = 0; i < state.transitions.size(); ++i) {
    const Transition& later = At(check, state.transitions[i]);
    if (Constant(later) == 0) {
      check.Add(later.at, "never_taken",
                "cette transition n’est jamais prise : sa condition « " + later.condition.text() +
                    " » est toujours fausse.");
      continue;
    }
    for (std::size_t j = 0; j < i && !later.events.empty(); ++j) {
      const Transition& earlier = At(check, state.transitions[j]);
      if (Constant(earlier) != 1 || earlier.events.empty()) continue;
      const bool covered =
          std::all_of(later.events.begin(), later.events.end(), [&](const std::string& event) {
            return std::any_of(earlier.events.begin(), earlier.events.end(),
                               [&](const std::string& wider) { return Matches(wider, event); });
          });
      if (covered) {
        check.Add(later.at, "never_taken",
                  "cette transition n’est jamais prise : celle de la ligne " +
                      std::to_string(earlier.at.line) + " répond avant elle au même événement.");
        break;
      }
    }
  }
}

// Eventless transitions without condition that lead back to where they start.
void CheckEndless(RailsCheck& check, const StateNode& start) {
  std::set<int> seen;
  int at = start.index;
  while (seen.insert(at).second) {
    int next = -1;
    for (const int index : check.State(at).transitions) {
      const Transition& transition = At(check, index);
      if (transition.events.empty() && Constant(transition) == 1 && !transition.targets.empty()) {
        next = transition.targets.front();
        break;
      }
    }
    if (next < 0) return;
    if (next == start.index) {
      check.Add(start.at, "endless",
                "boucle sans fin : des transitions sans événement ni condition ramènent à « " +
                    start.id + " ».");
      return;
    }
    at = next;
  }
}

void CheckSelfRaise(RailsCheck& check, const Transition& transition) {
  if (transition.condition && Constant(transition) != 1) return;
  ForEachInstruction(transition.content, [&](const engine::Instruction& instruction) {
    if (instruction.kind != engine::InstructionKind::kRaise) return;
    const auto event = instruction.attributes.find("event");
    if (event == instruction.attributes.end()) return;
    const bool stays =
        transition.targets.empty() ||
        (transition.targets.size() == 1 && transition.targets.front() == transition.source);
    for (const auto& descriptor : transition.events) {
      if (stays && Matches(descriptor, event->second)) {
        check.Add(instruction.at, "endless",
                  "boucle sans fin : cette transition se renvoie l’événement « " + event->second +
                      " » qui la déclenche.");
      }
    }
  });
}

}  // namespace

void CheckRoads(RailsCheck& check) {
  const Reach reach(check);
  for (const auto& state : check.chart.states) {
    if (!IsPlace(state)) continue;
    if (!reach.Has(state.index)) {
      check.Add(state.at, "unreachable",
                "aucun chemin ne mène à « " + state.id +
                    " » : y diriger une transition, ou supprimer l’état.");
    }
    if (engine::IsAtomic(state) && state.kind != StateKind::kFinal && !HasWayOut(check, state)) {
      check.Add(state.at, "dead_end",
                "on ne sort jamais de « " + state.id +
                    " » : lui donner une transition, ou en faire un <final>.");
    }
    CheckShadows(check, state);
    CheckEndless(check, state);
  }
  for (const auto& transition : check.chart.transitions) CheckSelfRaise(check, transition);
}

}  // namespace aiguillage::workflows
