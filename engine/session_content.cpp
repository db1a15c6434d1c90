// Executable content, chapter 4 of the Recommendation, and foreign elements.
#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/session.h"
#include "engine/session_guard.h"

namespace aiguillage::engine {

using evaluator::Cell;

// 4.9: an error ends its block, and only its block.
void Session::Execute(const Block& block, int owner) {
  if (block.empty()) return;
  const int outer = std::exchange(owner_, owner);
  try {
    Guarded([&] {
      for (const Instruction& instruction : block) ExecuteOne(instruction);
    });
  } catch (const BlockStopped&) {
    // said already
  }
  owner_ = outer;
}

void Session::ExecuteOne(const Instruction& instruction) {
  if (run_.over) return;
  at_ = instruction.at;
  tag_ = instruction.name.c_str();
  switch (instruction.kind) {
    case InstructionKind::kRaise:
      return Raise(Attribute(instruction, "event"), LiveEvent::Type::kInternal);
    case InstructionKind::kIf:
      return ExecuteIf(instruction);
    case InstructionKind::kBranch:
      return;
    case InstructionKind::kForeach:
      return ExecuteForeach(instruction);
    case InstructionKind::kLog: {
      Value value;
      if (instruction.expression) {
        value = evaluator::Freeze(machine_, Eval(instruction.expression));
      }
      return Emit(LogEffect{Attribute(instruction, "label"), value.ToJson()});
    }
    case InstructionKind::kAssign: {
      const Cell value = instruction.expression ? Eval(instruction.expression)
                                                : evaluator::Thaw(machine_, instruction.literal);
      if (!instruction.location) machine_.Throw("SyntaxError", "<assign> needs a location");
      return machine_.Assign(instruction.location.program(), value);
    }
    case InstructionKind::kScript:
      if (instruction.expression) machine_.Run(instruction.expression.program());
      return;
    case InstructionKind::kSend:
      return ExecuteSend(instruction);
    case InstructionKind::kCancel:
      return ExecuteCancel(instruction);
    case InstructionKind::kForeign:
      return ExecuteForeign(instruction);
  }
}

// 5.9.1: a condition that cannot be evaluated is false, and error.execution.
void Session::ExecuteIf(const Instruction& instruction) {
  for (const Instruction& branch : instruction.children) {
    bool taken = !branch.expression;
    at_ = branch.at;
    if (branch.expression) {
      Guarded([&] { taken = evaluator::Truthy(Eval(branch.expression)); });
    }
    if (!taken) continue;
    for (const Instruction& inner : branch.children) ExecuteOne(inner);
    return;
  }
}

// 4.6: over a shallow copy, so that the array may change meanwhile.
void Session::ExecuteForeach(const Instruction& instruction) {
  if (!instruction.expression) machine_.Throw("SyntaxError", "<foreach> needs an array");
  const Cell array = Eval(instruction.expression);
  if (!array.IsObject() || array.object->kind != evaluator::ObjectKind::kArray) {
    machine_.Throw("TypeError", instruction.expression.text() + " is not an array");
  }
  const std::vector<Cell> items = array.object->items;
  for (const Expression& place : {instruction.location, instruction.index}) {
    if (!place || place.IsBroken()) continue;
    const evaluator::Program& program = place.program();
    if (program.root->kind == evaluator::NodeKind::kName) Declare(program, program.root->symbol);
  }
  for (std::size_t i = 0; i < items.size() && !run_.over; ++i) {
    at_ = instruction.at;
    if (!instruction.location) machine_.Throw("SyntaxError", "<foreach> needs an item");
    machine_.Assign(instruction.location.program(),
                    items[i].IsUndefined() ? Cell::Undefined() : items[i]);
    if (instruction.index) {
      machine_.Assign(instruction.index.program(), Cell::Number(static_cast<double>(i)));
    }
    for (const Instruction& inner : instruction.children) ExecuteOne(inner);
    if (!CountMicrostep()) return;
  }
  if (items.empty() && (!instruction.location || instruction.location.IsBroken())) {
    machine_.Throw("SyntaxError", "<foreach> needs an item");
  }
}

void Session::ExecuteForeign(const Instruction& instruction) {
  CustomEffect effect;
  effect.name = instruction.name;
  effect.attributes = instruction.attributes;
  for (const Param& computed : instruction.computed) {
    effect.values[computed.name] = evaluator::Freeze(machine_, Eval(computed.value)).Plain();
  }
  effect.owner = State(owner_).id;
  effect.line = instruction.at.line;
  Emit(std::move(effect));
}

void Session::Emit(Effect effect) {
  if (run_.over) return;
  if (static_cast<int>(run_.result.effects.size()) >= run_.input.limits.effects) {
    run_.over = true;
    run_.Incident(Where() + " : more than " + std::to_string(run_.input.limits.effects) +
                  " effects in one step; it was stopped");
    return;
  }
  run_.result.effects.push_back(std::move(effect));
}

std::string Session::Computed(const Instruction& instruction, const std::string& name) {
  for (const Param& computed : instruction.computed) {
    if (computed.name == name) return EvalText(computed.value);
  }
  return Attribute(instruction, name);
}

// `strict`: an error in the namelist is thrown; in a <param> it only loses that one (5.7).
bool Session::BuildPayload(const Payload& payload, Value& data, std::string& raw, bool strict) {
  if (payload.has_content) {
    if (!payload.content_expr) return data = payload.content, true;
    return Guarded([&] { data = evaluator::Freeze(machine_, Eval(payload.content_expr)); });
  }
  Value::Entries entries;
  const auto add = [&](const Param& param) {
    Value value = evaluator::Freeze(machine_, Eval(param.value));
    raw += (raw.empty() ? "" : "&") + param.name + "=" + value.ToJson().dump();
    const auto known = std::find_if(entries.begin(), entries.end(),
                                    [&](const auto& pair) { return pair.first == param.name; });
    if (known != entries.end()) {
      known->second = std::move(value);
    } else {
      entries.emplace_back(param.name, std::move(value));
    }
  };
  for (const Param& name : payload.namelist) {
    if (strict) {
      add(name);
    } else {
      Guarded([&] { add(name); });
    }
  }
  for (const Param& param : payload.params) {
    if (param.value) Guarded([&] { add(param); });
  }
  if (!entries.empty()) data = Value::Object(std::move(entries));
  return true;
}

}  // namespace aiguillage::engine
