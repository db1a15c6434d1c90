// Waking up, going to sleep, variables and system variables.
#include "engine/session.h"

#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/session_guard.h"

namespace aiguillage::engine {

using evaluator::Cell;

Session::Session(Run& run, const Chart& chart, std::string session_id, Session* parent)
    : run_(run),
      chart_(chart),
      parent_(parent),
      session_id_(std::move(session_id)),
      machine_(heap_, *this, run.input.limits) {}

Session::~Session() = default;

void Session::Load(Snapshot&& snapshot) {
  active_ = std::move(snapshot.configuration);
  variables_.resize(chart_.names->variables.size());
  for (std::size_t i = 0; i < variables_.size() && i < snapshot.variables.size(); ++i) {
    variables_[i].frozen = std::move(snapshot.variables[i]);
  }
  for (std::uint16_t variable : snapshot.undeclared) variables_[variable].declared = false;
  history_ = std::move(snapshot.history);
  bound_ = std::move(snapshot.bound);
  queue_.Fill(std::move(snapshot.queue));
  next_id_ = snapshot.next_id;
  running_ = snapshot.running;
  finished_ = snapshot.finished;
  for (const Child& child : snapshot.children) {
    Invoked& invoked = invoked_.emplace_back();
    invoked.id = child.invoke_id;
    invoked.state = child.state;
    invoked.index = child.invoke;
    invoked.text = child.text;
    invoked.chart = child.chart;
    if (!child.snapshot) continue;
    invoked.session =
        std::make_unique<Session>(run_, *child.chart, child.snapshot->session_id, this);
    invoked.session->invoke_id_ = child.invoke_id;
    invoked.session->Load(Snapshot(*child.snapshot));
  }
}

void Session::Save(Snapshot& saved) {
  saved.names = chart_.names;
  saved.session_id = std::move(session_id_);
  saved.configuration = std::move(active_);
  saved.variables.reserve(variables_.size());
  const bool mutated = heap_.mutations != 0;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    Variable& variable = variables_[i];
    const bool stale = variable.written || (mutated && variable.thawed && variable.cell.IsObject());
    if (stale) {
      try {
        variable.frozen = evaluator::Freeze(machine_, variable.cell);
      } catch (const std::runtime_error& error) {
        run_.Incident(chart_.names->variables[i] + " : " + error.what());
      }
    }
    saved.variables.push_back(std::move(variable.frozen));
    if (!variable.declared) saved.undeclared.push_back(static_cast<std::uint16_t>(i));
  }
  saved.history = std::move(history_);
  saved.bound = std::move(bound_);
  saved.queue = queue_.Drain();
  saved.next_id = next_id_;
  saved.running = running_;
  saved.finished = finished_;
  for (Invoked& invoked : invoked_) {
    saved.children.push_back({.invoke_id = invoked.id,
                              .state = invoked.state,
                              .invoke = invoked.index,
                              .text = invoked.text,
                              .chart = invoked.chart,
                              .snapshot = nullptr});
    if (invoked.session) {
      auto child = std::make_shared<Snapshot>();
      invoked.session->Save(*child);
      saved.children.back().snapshot = std::move(child);
    }
  }
}

Session* Session::Find(const std::string& session_id) {
  if (session_id == session_id_) return this;
  for (Invoked& invoked : invoked_) {
    if (!invoked.session) continue;
    if (Session* found = invoked.session->Find(session_id)) return found;
  }
  return nullptr;
}

Session* Session::FindChild(const std::string& invoke_id) {
  const auto found = std::find_if(invoked_.begin(), invoked_.end(),
                                  [&](const Invoked& child) { return child.id == invoke_id; });
  return found == invoked_.end() ? nullptr : found->session.get();
}

bool Session::IsActive(int state) const {
  return state == 0 ||
         std::binary_search(active_.begin(), active_.end(), static_cast<std::uint16_t>(state));
}

bool Session::In(const std::string& state) const {
  const auto found = chart_.names->state_of.find(state);
  return found != chart_.names->state_of.end() && found->second != 0 && IsActive(found->second);
}

// Functions thawed from data are bound to no chart: theirs are found by name.
int Session::SlotOf(const evaluator::Program& program, int symbol) const {
  const auto at = static_cast<std::size_t>(symbol);
  if (at < program.slots.size() && program.slots[at] >= 0) return program.slots[at];
  const auto found = chart_.names->variable_of.find(program.symbols[at]);
  return found == chart_.names->variable_of.end() ? -1 : found->second;
}

bool Session::Read(evaluator::Machine& machine, const evaluator::Program& program, int symbol,
                   Cell& value) {
  const auto at = static_cast<std::size_t>(symbol);
  const bool bound = at < program.slots.size() && program.slots[at] >= 0;
  const std::string& name = program.symbols[at];
  if (!bound && name[0] == '_' && ReadSystem(name, value)) return true;
  const int slot = SlotOf(program, symbol);
  if (slot < 0) return false;
  Variable& variable = variables_[static_cast<std::size_t>(slot)];
  if (!variable.declared) return false;
  if (!variable.thawed) {
    variable.cell = evaluator::Thaw(machine, variable.frozen);
    variable.thawed = true;
  }
  value = variable.cell;
  return true;
}

evaluator::Globals::Written Session::Write(const evaluator::Program& program, int symbol,
                                           const Cell& value) {
  const std::string& name = program.symbols[static_cast<std::size_t>(symbol)];
  const bool system =
      name[0] == '_' && (name == "_event" || name == "_sessionid" || name == "_name" ||
                         name == "_ioprocessors" || name == "_x");
  if (system || name == "In") return Written::kReadOnly;
  const int slot = SlotOf(program, symbol);
  if (slot < 0) return Written::kUndeclared;
  Variable& variable = variables_[static_cast<std::size_t>(slot)];
  if (!variable.declared) return Written::kUndeclared;
  variable.cell = value;
  variable.thawed = variable.written = true;
  return Written::kDone;
}

void Session::Declare(const evaluator::Program& program, int symbol) {
  const auto found =
      chart_.names->variable_of.find(program.symbols[static_cast<std::size_t>(symbol)]);
  if (found == chart_.names->variable_of.end()) return;
  variables_[static_cast<std::size_t>(found->second)].declared = true;
}

bool Session::ReadSystem(const std::string& name, Cell& value) {
  if (name == "_event") {
    if (!has_event_) return value = Cell::Undefined(), true;
    return value = EventCell(), true;
  }
  if (name == "_sessionid") return value = heap_.MakeString(session_id_), true;
  if (name == "_name") return value = heap_.MakeString(chart_.name), true;
  if (name == "_ioprocessors") return value = ProcessorsCell(), true;
  return false;
}

Cell Session::EventCell() {
  if (event_cell_.IsObject()) return event_cell_;
  const auto text = [&](const std::string& held) {
    return held.empty() ? Cell::Undefined() : heap_.MakeString(held);
  };
  static constexpr const char* kTypes[] = {"platform", "internal", "external"};
  evaluator::Object* object = heap_.MakeObject(evaluator::ObjectKind::kPlain);
  object->Set("name", heap_.MakeString(event_.name));
  object->Set("type", heap_.MakeString(kTypes[static_cast<int>(event_.type)]));
  object->Set("sendid", text(event_.send_id));
  object->Set("origin", text(event_.origin));
  object->Set("origintype", text(event_.origin_type));
  object->Set("invokeid", text(event_.invoke_id));
  object->Set("data", evaluator::Thaw(machine_, event_.data));
  if (!event_.raw.empty()) object->Set("raw", heap_.MakeString(event_.raw));
  object->readonly = true;
  return event_cell_ = Cell::Of(object);
}

Cell Session::ProcessorsCell() {
  if (processors_cell_.IsObject()) return processors_cell_;
  evaluator::Object* processor = heap_.MakeObject(evaluator::ObjectKind::kPlain);
  processor->Set("location", heap_.MakeString(Location()));
  processor->readonly = true;
  evaluator::Object* all = heap_.MakeObject(evaluator::ObjectKind::kPlain);
  all->Set("http://www.w3.org/TR/scxml/#SCXMLEventProcessor", Cell::Of(processor));
  all->Set("scxml", Cell::Of(processor));
  all->readonly = true;
  return processors_cell_ = Cell::Of(all);
}

Cell Session::Eval(const Expression& expression) { return machine_.Evaluate(expression.program()); }

std::string Session::EvalText(const Expression& expression) {
  return machine_.ToString(Eval(expression));
}

std::string Session::Where() const {
  return chart_.source + ":" + std::to_string(at_.line) + ":" + std::to_string(at_.column);
}

void Session::Raise(const std::string& name, LiveEvent::Type type, const std::string& send_id) {
  LiveEvent& event = internal_.Add();
  event.name = name;
  event.type = type;
  event.send_id = send_id;
  if (run_.input.trace) run_.input.trace->Raised(name);
}

void Session::RaiseError(const std::string& what, const std::string& send_id) {
  run_.Incident(Where() + " : " + what);
  if (run_.input.trace) run_.input.trace->Error("error.execution", what, at_);
  Raise("error.execution", LiveEvent::Type::kPlatform, send_id);
  internal_.back().data = Value::Object({{"tagname", Value::String(tag_)},
                                         {"line", Value::Number(at_.line)},
                                         {"column", Value::Number(at_.column)},
                                         {"reason", Value::String(what)}});
}

void Session::RaiseCommunication(const std::string& what, const std::string& send_id) {
  if (run_.input.trace) run_.input.trace->Error("error.communication", what, at_);
  Raise("error.communication", LiveEvent::Type::kPlatform, send_id);
}

}  // namespace aiguillage::engine
