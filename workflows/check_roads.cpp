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
        if (GuardValue(check_.Arrow(index)) == 0) continue;
        for (const int target : check_.Arrow(index).targets) Enter(target);
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
    for (const int target : check_.Arrow(transition).targets) Enter(target);
  }

  const RailsCheck& check_;
  std::vector<bool> reached_;
  std::vector<bool> opened_;  // entered itself, not only around one of its descendants
  std::vector<int> work_;
};

bool HasWayOut(const RailsCheck& check, const StateNode& state) {
  for (int at = state.index; at >= 0; at = check.State(at).parent) {
    for (const int index : check.State(at).transitions) {
      const auto& targets = check.Arrow(index).targets;
      if (std::any_of(targets.begin(), targets.end(),
                      [&](int target) { return target != state.index; })) {
        return true;
      }
    }
  }
  return false;
}

bool Covers(const Transition& earlier, const Transition& later) {
  if (later.events.empty()) return earlier.events.empty();
  return std::all_of(later.events.begin(), later.events.end(), [&](const std::string& event) {
    return std::any_of(earlier.events.begin(), earlier.events.end(),
                       [&](const std::string& wider) { return Matches(wider, event); });
  });
}

// The earlier transition fires whenever the later one could: it needs nothing, or the same. One
// that needs no event and leaves its state leaves nothing to those that wait for one.
bool Shadows(const Transition& earlier, const Transition& later) {
  const bool always = GuardValue(earlier) == 1;
  if (always && earlier.events.empty() && !earlier.targets.empty()) return true;
  const bool as_often = always || (earlier.condition && later.condition &&
                                   earlier.condition.text() == later.condition.text());
  return as_often && Covers(earlier, later);
}

void CheckShadows(RailsCheck& check, const StateNode& state) {
  for (std::size_t i = 0; i < state.transitions.size(); ++i) {
    const Transition& later = check.Arrow(state.transitions[i]);
    if (GuardValue(later) == 0) {
      check.Add(later.at, "never_taken",
                "cette transition n’est jamais prise : sa condition « " + later.condition.text() +
                    " » est toujours fausse. Corriger la condition, ou supprimer la transition.");
      continue;
    }
    if (later.condition && GuardValue(later) == 1) {
      check.Add(later.at, "constant_guard",
                "la condition « " + later.condition.text() +
                    " » est toujours vraie : la supprimer, ou y mettre ce qui doit décider.");
    }
    for (std::size_t j = 0; j < state.transitions.size(); ++j) {
      const Transition& other = check.Arrow(state.transitions[j]);
      const bool before = j < i || (other.events.empty() && !later.events.empty());
      if (i == j || !before || !Shadows(other, later)) continue;
      check.Add(later.at, "never_taken",
                "cette transition n’est jamais prise : celle de la ligne " +
                    std::to_string(other.at.line) +
                    " passe toujours avant elle. Donner une condition à celle-là, ou supprimer "
                    "celle-ci.");
      break;
    }
  }
}

// What a history brings back runs its <onentry> again: mails start again for sure, clocks as each
// deadline says, or the state that was waited in (aap:clock).
void CheckHistory(RailsCheck& check, const Transition& resuming, const StateNode& around) {
  const bool clock_said = check.State(resuming.source).attributes.contains("clock");
  const bool mails_said = engine::Attribute(resuming, "mails") == "again";
  for (int index = around.index + 1; index < around.index + around.size; ++index) {
    for (const auto& block : check.State(index).on_entry) {
      ForEachInstruction(block, [&](const engine::Instruction& instruction) {
        const std::string id = "« " + check.State(index).id + " »";
        if (instruction.name == "mail" && !mails_said) {
          check.Add(instruction.at, "silent_history",
                    "la reprise de la ligne " + std::to_string(resuming.at.line) + " ramène à " +
                        id +
                        " et renverrait ce courriel : le mettre sur la transition qui mène ici, "
                        "ou écrire aap:mails=\"again\" sur la reprise.");
        }
        if (instruction.name == "deadline" && !clock_said &&
            engine::Attribute(instruction, "resume").empty()) {
          check.Add(instruction.at, "silent_history",
                    "la reprise de la ligne " + std::to_string(resuming.at.line) + " ramène à " +
                        id +
                        " sans dire si ce délai repart : ajouter resume=\"remaining\", "
                        "\"restart\" ou \"keep\".");
        }
      });
    }
  }
}

void CheckHistories(RailsCheck& check) {
  std::set<int> told;  // a history resumed from several states is told once
  for (const auto& transition : check.chart.transitions) {
    for (const int target : transition.targets) {
      const StateNode& history = check.State(target);
      if (!engine::IsHistory(history) || !told.insert(target).second) continue;
      CheckHistory(check, transition, check.State(history.parent));
    }
  }
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
  }
  CheckHistories(check);
}

}  // namespace aiguillage::workflows
