// Appendix D: interpret, mainEventLoop, microstep, exitInterpreter.
#include <algorithm>

#include "engine/session.h"
#include "engine/session_guard.h"

namespace aiguillage::engine {

void Session::Begin(const Value::Entries& given) {
  variables_.resize(chart_.names->variables.size());
  for (std::size_t i = chart_.names->declared; i < variables_.size(); ++i) {
    variables_[i].declared = false;
  }
  for (const StateNode& state : chart_.states) {
    if (state.index == 0 || !chart_.late_binding) InitializeData(state, given);
  }
  for (const Block& script : chart_.scripts) Execute(script, 0);
  Transition implied;
  const StateNode& root = State(0);
  const Transition* initial = root.initial >= 0 ? &At(root.initial) : &implied;
  if (root.initial < 0) {
    const auto first = std::find_if(root.children.begin(), root.children.end(),
                                    [&](int child) { return !IsHistory(State(child)); });
    if (first != root.children.end()) implied.targets = {*first};
    implied.domain = 0;
  }
  EnterInitial(*initial);
  RunToCompletion();
}

void Session::InitializeData(const StateNode& state, const Value::Entries& given) {
  for (const DataItem& item : state.data) {
    const auto found = std::find_if(given.begin(), given.end(),
                                    [&](const auto& pair) { return pair.first == item.id; });
    if (state.index == 0 && found != given.end()) {
      Variable& variable = variables_[static_cast<std::size_t>(item.variable)];
      variable.frozen = found->second;
      variable.thawed = variable.written = false;
    } else {
      InitializeItem(item);
    }
  }
}

void Session::InitializeItem(const DataItem& item) {
  at_ = item.at;
  tag_ = "data";
  Variable& variable = variables_[static_cast<std::size_t>(item.variable)];
  if (item.has_literal) {
    variable.frozen = item.literal;
    variable.thawed = variable.written = false;
  } else if (!item.src.empty()) {
    RaiseCommunication("nobody provided " + item.src, "");
  } else if (item.expression) {
    Guarded([&] {
      const evaluator::Cell value = Eval(item.expression);
      variable.cell = value;
      variable.thawed = variable.written = true;
    });
  }
}

bool Session::CountMicrostep() {
  if (run_.over) return false;
  if (++run_.microsteps <= run_.input.limits.microsteps) return true;
  run_.over = true;
  run_.Incident(chart_.source + " : more than " + std::to_string(run_.input.limits.microsteps) +
                " microsteps in one step; it was stopped");
  return false;
}

void Session::RunToCompletion() {
  while (running_ && !run_.over) {
    std::vector<int> enabled = SelectEventless();
    if (enabled.empty()) {
      if (internal_.empty()) {
        if (to_invoke_.empty()) break;
        RunInvokes();
        continue;
      }
      if (!CountMicrostep()) break;
      event_ = internal_.Take();
      has_event_ = true;
      event_cell_ = {};
      enabled = SelectFor(event_.name);
    }
    if (!enabled.empty()) Microstep(enabled);
  }
  if (run_.over) internal_.Clear();
  if (!running_) ExitInterpreter();
}

void Session::RunInvokes() {
  std::vector<int> states = std::move(to_invoke_);
  to_invoke_.clear();
  std::sort(states.begin(), states.end());
  for (int state : states) {
    for (std::size_t i = 0; i < State(state).invokes.size(); ++i) {
      StartInvoke(State(state), static_cast<int>(i));
    }
  }
}

bool Session::ProcessNext() {
  for (Invoked& invoked : invoked_) {
    if (invoked.session && invoked.session->ProcessNext()) {
      Reap();
      return true;
    }
  }
  if (queue_.empty() || !running_) return false;
  TakeExternal(queue_.Take());
  return true;
}

void Session::TakeExternal(QueuedEvent&& queued) {
  if (!CountMicrostep()) return;
  if (run_.input.trace) run_.input.trace->EventTaken(session_id_, queued.name);
  const bool forward = !invoked_.empty() || !queued.invoke_id.empty();
  const QueuedEvent forwarded = forward ? queued : QueuedEvent();
  static_cast<QueuedEvent&>(event_) = std::move(queued);
  event_.type = LiveEvent::Type::kExternal;
  has_event_ = true;
  event_cell_ = {};
  if (forward) ForwardToChildren(forwarded);
  const std::vector<int> enabled = SelectFor(event_.name);
  if (!enabled.empty()) {
    if (this == run_.root && !result_event_taken_) run_.result.taken = true;
    Microstep(enabled);
  }
  result_event_taken_ = true;
  RunToCompletion();
}

void Session::ForwardToChildren(const QueuedEvent& event) {
  for (std::size_t i = 0; i < active_.size(); ++i) {
    const StateNode& state = State(active_[i]);
    for (std::size_t k = 0; k < state.invokes.size(); ++k) {
      const Invoke& invoke = state.invokes[k];
      const auto child = std::find_if(invoked_.begin(), invoked_.end(), [&](const Invoked& c) {
        return c.state == state.index && c.index == static_cast<int>(k);
      });
      const bool from_it = child != invoked_.end() && child->id == event.invoke_id;
      if (from_it && invoke.has_finalize) Execute(invoke.finalize, state.index);
      if (invoke.autoforward && child != invoked_.end() && child->session)
        child->session->Enqueue(event);
    }
  }
}

void Session::Microstep(const std::vector<int>& enabled) {
  if (!CountMicrostep()) return;
  ExitStates(enabled);
  for (int index : enabled) {
    const Transition& transition = At(index);
    if (run_.input.trace) run_.input.trace->Selected(transition);
    if (this == run_.root) run_.result.transition_lines.push_back(transition.at.line);
    Execute(transition.content, transition.source);
  }
  EnterStates(enabled);
}

// The snapshot is taken before the interpreter exits: the final state stays active.
void Session::ExitInterpreter() {
  if (finished_) return;
  finished_ = true;
  Leave();
  if (!parent_ || cancelled_) return;
  parent_->Enqueue({.name = "done.invoke." + invoke_id_,
                    .data = done_data_,
                    .origin = {},
                    .send_id = {},
                    .invoke_id = invoke_id_,
                    .origin_type = {},
                    .raw = {}});
}

void Session::Leave() {
  const std::vector<std::uint16_t> leaving = active_;
  for (std::size_t i = leaving.size(); i-- > 0;) {
    const StateNode& state = State(leaving[i]);
    for (const Block& block : state.on_exit) Execute(block, state.index);
    CancelInvokes(state.index);
  }
  internal_.Clear();
  queue_.Clear();
  to_invoke_.clear();
}

}  // namespace aiguillage::engine
