// Entry points, budgets, calls and names.
#include "engine/evaluator/machine.h"

#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/evaluator/text.h"

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
  for (const Node* function : script.root->functions) {
    AssignName(function->symbol, EvalFunction(*function));
  }
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
  const bool halves = text.find('\xED') != std::string::npos;
  const Cell made = heap_.MakeString(halves ? FromUtf16(ToUtf16(text)) : std::move(text));
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
  error->error = FindGlobal(kind);
  error->readonly = true;
  error->Set("message", heap_.MakeString(message));
  throw Thrown(Cell::Of(error), std::string(kind) + ": " + message);
}

Binding* Machine::FindLocal(int symbol) {
  for (Scope* scope = scope_; scope; scope = scope->parent) {
    if (scope->names.size() >= 64) Charge(scope->names.size() / 64);
    for (Binding& binding : scope->names) {
      if (binding.symbol == symbol) return &binding;
    }
  }
  return nullptr;
}

bool Machine::ReadLibrary(int symbol, Cell& value) {
  const std::string& name = program_->symbols[static_cast<std::size_t>(symbol)];
  if (FindGlobal(name, globals_.HasIn(), value)) return true;
  if (LeftOutGlobal(name)) Refuse(name);
  return false;
}

Cell Machine::EvalName(const Node& node) {
  Cell value;
  if (const Binding* local = scope_ ? FindLocal(node.symbol) : nullptr) {
    if (!local->value.IsUnset()) return local->value;
  } else if (globals_.Read(*this, *program_, node.symbol, value) ||
             ReadLibrary(node.symbol, value)) {
    return value;
  }
  Throw("ReferenceError",
        program_->symbols[static_cast<std::size_t>(node.symbol)] + " is not defined");
}

void Machine::AssignName(int symbol, const Cell& value) {
  Binding* const local = scope_ ? FindLocal(symbol) : nullptr;
  if (!local && globals_.Write(*program_, symbol, value) == Globals::Written::kDone) return;
  const std::string& name = program_->symbols[static_cast<std::size_t>(symbol)];
  if (local) {
    if (local->value.IsUnset()) Throw("ReferenceError", name + " is not defined");
    if (local->constant) Throw("TypeError", name + " cannot be assigned to");
    local->value = value;
    return;
  }
  Cell known;
  const bool fixed = globals_.Write(*program_, symbol, value) == Globals::Written::kReadOnly;
  if (!fixed && !ReadLibrary(symbol, known)) Throw("ReferenceError", name + " is not defined");
  if (fixed || known.IsNumber()) Throw("TypeError", name + " cannot be assigned to");
  Refuse("changing " + name);
}

Scope* Machine::MakeScope(const std::vector<int>& locals, const Cell& value) {
  Scope* made = heap_.MakeScope(scope_);
  made->names.reserve(locals.size());
  for (int symbol : locals) made->names.push_back({symbol, false, value});
  heap_.Grow(locals.size() * sizeof(Binding));
  CheckMemory();
  return made;
}

Cell Machine::Call(const Cell& function, const Cell& self, Arguments arguments) {
  const Frame frame(*this);
  Charge(1);
  if (!IsCallable(function)) Throw("TypeError", "it is not a function");
  if (!function.IsObject()) return function.native->call(*this, self, arguments);
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
  result_ = Cell::Undefined();
  if (Execute(*function.function->b) != Flow::kReturn) return Cell::Undefined();
  return std::exchange(result_, Cell::Undefined());
}

// A function with default values has two scopes: they do not see what its body declares.
Scope* Machine::ScopeOf(Object& function, const Cell& self, Arguments arguments) {
  const Node& node = *function.function;
  Scope* made = scope_ = heap_.MakeScope(function.scope);
  const std::size_t size = node.bound + node.symbols.size() + (node.c != nullptr);
  made->names.reserve(size + node.locals.size());
  heap_.Grow((size + node.locals.size()) * sizeof(Binding));
  Charge(made->names.capacity() / 16);
  made->has_self = !node.flag;
  made->self = self;
  if (node.bound) made->names.push_back({node.symbol, true, Cell::Of(&function)});
  BindParameters(node, arguments);
  if (node.list.empty()) {
    for (int local : node.locals) made->names.push_back({local, false, Cell::Undefined()});
    return made;
  }
  Scope* body = heap_.MakeScope(made);
  for (int local : node.locals) {
    Charge(made->names.size() / 64);
    const auto same = std::find_if(made->names.begin(), made->names.end(),
                                   [&](const Binding& name) { return name.symbol == local; });
    body->names.push_back({local, false, same == made->names.end() ? Cell() : same->value});
  }
  return body;
}

void Machine::BindParameters(const Node& node, Arguments arguments) {
  Scope& made = *scope_;
  const std::size_t first = made.names.size(), count = node.symbols.size();
  const bool defaults = !node.list.empty();
  for (std::size_t i = 0; i < count; ++i) {
    made.names.push_back({node.symbols[i], false, defaults ? Cell::Unset() : At(arguments, i)});
  }
  if (node.c) made.names.push_back({node.c->symbol, false, Cell::Unset()});
  for (std::size_t i = 0; defaults && i < count; ++i) {
    const bool given = !At(arguments, i).IsUndefined() || !node.list[i];
    made.names[first + i].value = given ? At(arguments, i) : Eval(*node.list[i]);
  }
  if (!node.c) return;
  const Arguments rest = arguments.subspan(std::min(count, arguments.size()));
  made.names[first + count].value = MakeArray({rest.begin(), rest.end()});
}

Cell Machine::Construct(const Cell& function, Arguments arguments) {
  const Frame frame(*this);
  Charge(1);
  if (function.kind == Cell::Kind::kNative && function.native->construct) {
    return function.native->construct(*this, Cell::Undefined(), arguments);
  }
  if (!IsCallable(function) || !function.IsObject() || function.object->function->flag ||
      function.object->function->brackets > 0) {
    Throw("TypeError", "it is not a constructor");
  }
  Object* made = heap_.MakeObject(ObjectKind::kPlain);
  made->maker = function.object;
  const Cell result = CallFunction(*function.object, Cell::Of(made), arguments);
  return result.IsPrimitive() ? Cell::Of(made) : result;
}

}  // namespace aiguillage::engine::evaluator
