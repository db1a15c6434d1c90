// Entry points, budgets, calls and names.
#include "engine/evaluator/machine.h"

#include <algorithm>

#include "engine/evaluator/library.h"

namespace aiguillage::engine::evaluator {

namespace {

// Puts a member back when the block is left, also by an exception.
template <typename T>
struct Restore {
  explicit Restore(T& place) : place_(place), old_(place) {}
  ~Restore() { place_ = old_; }
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;
  T& place_;
  T old_;
};

}  // namespace

void Machine::Begin(const Program& program) {
  program_ = &program;
  scope_ = nullptr;
  steps_ = frames_ = calls_ = 0;
  chain_broken_ = false;
  heap_at_start_ = heap_.bytes();
  if (!program.broken.empty()) Throw("SyntaxError", program.broken);
}

Cell Machine::Evaluate(const Program& program) {
  Begin(program);
  return Eval(*program.root);
}

void Machine::Run(const Program& script) {
  Begin(script);
  for (const std::string& name : script.declared) {
    globals_.Declare(script, script.symbol_of.at(name));
  }
  HoistFunctions(script.root->functions);
  for (const Node* statement : script.root->list) {
    if (Execute(*statement) != Flow::kNormal) break;
  }
}

void Machine::Assign(const Program& location, const Cell& value) {
  Begin(location);
  const NodeKind kind = location.root->kind;
  if (kind != NodeKind::kName && kind != NodeKind::kMember && kind != NodeKind::kIndex) {
    Throw("ReferenceError", location.source + " cannot be assigned to");
  }
  AssignTo(*location.root, value);
}

void Machine::Charge(std::size_t steps) {
  steps_ += static_cast<int>(std::min<std::size_t>(steps, 1'000'000));
  if (steps_ > limits_.steps) {
    throw OverBudget("it takes more than " + std::to_string(limits_.steps) + " steps");
  }
}

void Machine::CheckMemory() {
  if (heap_.bytes() - heap_at_start_ > limits_.memory_bytes) {
    throw OverBudget("it needs more than " + std::to_string(limits_.memory_bytes / 1024) +
                     " KiB of memory");
  }
}

Cell Machine::MakeString(std::string text) {
  if (text.size() > limits_.string_bytes) {
    throw OverBudget("it makes a string of more than " +
                     std::to_string(limits_.string_bytes / 1024) + " KiB");
  }
  const Cell made = heap_.MakeString(std::move(text));
  CheckMemory();
  return made;
}

Cell Machine::MakeArray(std::vector<Cell> items) {
  Object* array = heap_.MakeObject(ObjectKind::kArray);
  heap_.Grow(items.size() * sizeof(Cell));
  array->items = std::move(items);
  CheckMemory();
  return Cell::Of(array);
}

void Machine::Throw(const char* kind, const std::string& message) {
  Object* error = heap_.MakeObject(ObjectKind::kPlain);
  error->native_maker = FindGlobal(kind);
  error->Set("name", heap_.MakeString(kind));
  error->Set("message", heap_.MakeString(message));
  throw Thrown(Cell::Of(error), std::string(kind) + ": " + message);
}

std::string Machine::Describe(const Cell& cell) {
  if (!cell.IsObject()) return ToString(cell);
  const Cell* name = cell.object->Find("name");
  const Cell* message = cell.object->Find("message");
  if (!message) return ToString(cell);
  return (name ? ToString(*name) : "Error") + ": " + ToString(*message);
}

Cell* Machine::FindLocal(int symbol) {
  for (Scope* scope = scope_; scope; scope = scope->parent) {
    for (auto& [name, value] : scope->names) {
      if (name == symbol) return &value;
    }
  }
  return nullptr;
}

Cell Machine::EvalName(const Node& node) {
  if (const Cell* local = FindLocal(node.symbol)) return *local;
  Cell value;
  if (globals_.Read(*this, *program_, node.symbol, value)) return value;
  const std::string& name = program_->symbols[static_cast<std::size_t>(node.symbol)];
  if (FindGlobal(name, globals_.HasIn(), value)) return value;
  Throw("ReferenceError", name + " is not defined");
}

void Machine::AssignName(int symbol, const Cell& value) {
  if (Cell* local = FindLocal(symbol)) {
    *local = value;
    return;
  }
  const std::string& name = program_->symbols[static_cast<std::size_t>(symbol)];
  switch (globals_.Write(*program_, symbol, value)) {
    case Globals::Written::kDone:
      return;
    case Globals::Written::kReadOnly:
      Throw("TypeError", name + " cannot be assigned to");
    case Globals::Written::kUndeclared:
      Throw("ReferenceError", name + " is not defined");
  }
}

void Machine::Declare(Scope& scope, int symbol, const Cell& value) {
  for (auto& [name, held] : scope.names) {
    if (name == symbol) {
      held = value;
      return;
    }
  }
  heap_.Grow(sizeof(std::pair<int, Cell>));
  scope.names.emplace_back(symbol, value);
}

Cell Machine::Call(const Cell& function, const Cell& self, Arguments arguments) {
  const Frame frame(*this);
  Charge(1);
  if (function.kind == Cell::Kind::kNative && function.native->call) {
    return function.native->call(*this, self, arguments);
  }
  if (!function.IsObject() || function.object->kind != ObjectKind::kFunction) {
    Throw("TypeError", "it is not a function");
  }
  return CallFunction(*function.object, self, arguments);
}

Cell Machine::CallFunction(Object& function, const Cell& self, Arguments arguments) {
  const Restore<int> calls(calls_);
  if (++calls_ > limits_.depth) throw OverBudget("its calls are nested too deep");
  const Restore<Scope*> scope(scope_);
  const Restore<const Program*> program(program_);
  program_ = function.program;
  scope_ = function.scope;
  scope_ = ScopeOf(function, self, arguments);
  CheckMemory();
  HoistFunctions(function.function->functions);
  result_ = Cell::Undefined();
  if (Execute(*function.function->b) != Flow::kReturn) return Cell::Undefined();
  return std::exchange(result_, Cell::Undefined());
}

Scope* Machine::ScopeOf(const Object& function, const Cell& self, Arguments arguments) {
  const Node& node = *function.function;
  Scope* made = heap_.MakeScope(function.scope);
  scope_ = made;
  if (!node.flag) {
    made->self = self;
    made->has_self = true;
    const auto found = program_->symbol_of.find("arguments");
    std::vector<Cell> all(arguments.begin(), arguments.end());
    if (found != program_->symbol_of.end())
      Declare(*made, found->second, MakeArray(std::move(all)));
    if (node.symbol >= 0) Declare(*made, node.symbol, Cell::Of(const_cast<Object*>(&function)));
  }
  for (std::size_t i = 0; i < node.symbols.size(); ++i) {
    Cell value = i < arguments.size() ? arguments[i] : Cell::Undefined();
    if (value.IsUndefined() && i < node.list.size() && node.list[i]) value = Eval(*node.list[i]);
    Declare(*made, node.symbols[i], value);
  }
  if (node.c) {
    const std::size_t from = std::min(node.symbols.size(), arguments.size());
    std::vector<Cell> rest(arguments.begin() + static_cast<std::ptrdiff_t>(from), arguments.end());
    Declare(*made, node.c->symbol, MakeArray(std::move(rest)));
  }
  for (int local : node.locals) {
    const auto known = std::find_if(made->names.begin(), made->names.end(),
                                    [&](const auto& name) { return name.first == local; });
    if (known == made->names.end()) Declare(*made, local, Cell::Undefined());
  }
  return made;
}

Cell Machine::Construct(const Cell& function, Arguments arguments) {
  const Frame frame(*this);
  Charge(1);
  if (function.kind == Cell::Kind::kNative && function.native->construct) {
    return function.native->construct(*this, Cell::Undefined(), arguments);
  }
  if (!function.IsObject() || function.object->kind != ObjectKind::kFunction ||
      function.object->function->flag) {
    Throw("TypeError", "it is not a constructor");
  }
  Object* made = heap_.MakeObject(ObjectKind::kPlain);
  made->maker = function.object;
  const Cell result = CallFunction(*function.object, Cell::Of(made), arguments);
  return result.IsObject() ? result : Cell::Of(made);
}

void Machine::HoistFunctions(const std::vector<const Node*>& functions) {
  for (const Node* function : functions) {
    const Cell made = EvalFunction(*function);
    AssignName(function->symbol, made);
  }
}

}  // namespace aiguillage::engine::evaluator
