#include "engine/actions.h"

#include <algorithm>
#include <sstream>

#include "engine/evaluator/library.h"
#include "engine/interpreter.h"
#include "engine/session.h"

namespace aiguillage::engine {

namespace {

std::vector<std::string> Words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

Action ActionOf(const StateNode& state, const Transition& transition, const std::string& event) {
  Action action;
  action.id = event;
  action.label = Attribute(transition, "label");
  action.roles = Words(Attribute(transition, "by"));
  action.form = Attribute(transition, "form");
  action.state = state.id;
  action.style = Attribute(transition, "style");
  if (action.style.empty()) action.style = "primary";
  const std::string& grace = Attribute(transition, "grace");
  if (!grace.empty()) action.grace_minutes = std::atoi(grace.c_str());
  return action;
}

// Who can unlock, and why it is locked, come from the transitions whose guards said no.
void Lock(Action& action, const Transition& transition) {
  action.locked = true;
  action.reason = Attribute(transition, "locked");
  action.unlocked_by = Words(Attribute(transition, "unlock"));
}

}  // namespace

std::vector<Action> Actions(const Chart& chart, const Snapshot& snapshot) {
  const StepInput input{.session_id = snapshot.session_id};
  StepResult nothing;
  Run run{.input = input, .result = nothing};
  Session session(run, chart, snapshot.session_id, nullptr);
  run.root = &session;
  session.Load(Snapshot(snapshot));
  std::vector<Action> actions;
  if (!snapshot.running) return actions;
  const auto offer = [&](const StateNode& state, const Transition& transition,
                         const std::string& event) {
    const bool open = session.MayHold(transition);
    const auto known = std::find_if(actions.begin(), actions.end(),
                                    [&](const Action& action) { return action.id == event; });
    if (known == actions.end()) {
      actions.push_back(ActionOf(state, transition, event));
      if (!open) Lock(actions.back(), transition);
    } else if (known->locked && open) {
      *known = ActionOf(state, transition, event);
    } else if (known->locked && known->reason.empty()) {
      Lock(*known, transition);
    }
  };
  std::vector<int> seen;
  for (std::uint16_t leaf : snapshot.configuration) {
    if (!IsAtomic(chart.states[leaf])) continue;
    for (int at = leaf; at > 0; at = chart.states[static_cast<std::size_t>(at)].parent) {
      if (std::find(seen.begin(), seen.end(), at) != seen.end()) break;
      seen.push_back(at);
      const StateNode& state = chart.states[static_cast<std::size_t>(at)];
      for (int index : state.transitions) {
        const Transition& transition = chart.transitions[static_cast<std::size_t>(index)];
        if (Attribute(transition, "label").empty()) continue;
        for (const std::string& event : transition.events) offer(state, transition, event);
      }
    }
  }
  return actions;
}

}  // namespace aiguillage::engine
