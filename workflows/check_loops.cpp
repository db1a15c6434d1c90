// Transitions that follow one another without anybody acting: eventless ones, and those that
// answer an event the rails raise for themselves. Only those that nothing can hold back are
// followed, so that a loop told is a loop.
//
//   <state id="a"><transition event="x"><raise event="x"/></transition></state>
#include <algorithm>
#include <set>

#include "workflows/check_internal.h"

namespace aiguillage::workflows {
namespace {

// What a transition leaves behind: states surely active, events surely waiting.
struct Wake {
  std::set<int> active;
  std::set<std::string> events;
};

class LoopCheck {
 public:
  explicit LoopCheck(RailsCheck& check)
      : check_(check), visited_(check.chart.transitions.size(), 0) {}

  void Run() {
    for (const auto& state : check_.chart.states) {
      for (const int index : state.transitions) {
        if (visited_[static_cast<std::size_t>(index)] == 0) Follow(index);
      }
    }
  }

 private:
  // Only what stands outside of <if> and <foreach> surely happens.
  static void Raise(const engine::Block& block, Wake& wake) {
    for (const auto& instruction : block) {
      const bool waits = !engine::Attribute(instruction, "delay").empty();
      const std::string event = RaisedBy(instruction);
      if (!event.empty() && !waits && instruction.computed.empty()) wake.events.insert(event);
    }
  }

  void Enter(int index, Wake& wake) const {
    const auto& state = check_.State(index);
    if (engine::IsHistory(state) || !wake.active.insert(index).second) return;
    for (const auto& block : state.on_entry) Raise(block, wake);
    const bool parallel = state.kind == engine::StateKind::kParallel;
    if (!parallel && state.initial >= 0) {
      for (const int target : check_.Arrow(state.initial).targets) Enter(target, wake);
      return;
    }
    for (const int child : state.children) {
      if (engine::IsHistory(check_.State(child))) continue;
      Enter(child, wake);
      if (!parallel) return;
    }
  }

  Wake After(const engine::Transition& transition) const {
    Wake wake;
    Raise(transition.content, wake);
    for (const int target : transition.targets) Enter(target, wake);
    std::vector<int> inner(wake.active.begin(), wake.active.end());
    if (transition.targets.empty()) inner.push_back(transition.source);
    for (int at : inner) {
      for (; at >= 0; at = check_.State(at).parent) wake.active.insert(at);
    }
    return wake;
  }

  // The first transition of the state that could answer, when nothing can hold it back.
  int Next(const engine::StateNode& state, const Wake& wake) const {
    for (const int index : state.transitions) {
      const auto& transition = check_.Arrow(index);
      const bool answers =
          transition.events.empty() ||
          std::any_of(transition.events.begin(), transition.events.end(), [&](const auto& wider) {
            return std::any_of(wake.events.begin(), wake.events.end(),
                               [&](const auto& event) { return Matches(wider, event); });
          });
      if (!answers || GuardValue(transition) == 0) continue;
      return GuardValue(transition) == 1 ? index : -1;
    }
    return -1;
  }

  void Follow(int index) {
    auto& mark = visited_[static_cast<std::size_t>(index)];
    mark = 1;
    const Wake wake = After(check_.Arrow(index));
    for (const int state : wake.active) {
      const int next = Next(check_.State(state), wake);
      if (next < 0) continue;
      const int seen = visited_[static_cast<std::size_t>(next)];
      if (seen == 0) Follow(next);
      if (seen == 1) Tell(check_.Arrow(next));
    }
    mark = 2;
  }

  void Tell(const engine::Transition& transition) {
    check_.Add(transition.at, "endless",
               "boucle sans fin : cette transition s’enchaîne toute seule jusqu’à elle-même. Lui "
               "donner une condition, ou un événement que quelqu’un envoie.");
  }

  RailsCheck& check_;
  std::vector<int> visited_;  // 0 not yet, 1 on the way, 2 done
};

}  // namespace

void CheckLoops(RailsCheck& check) { LoopCheck(check).Run(); }

}  // namespace aiguillage::workflows
