// Statements.
#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"

namespace aiguillage::engine::evaluator {

namespace {

struct ScopeGuard {
  ScopeGuard(Scope*& place, Scope* inner) : place_(place), outer_(place) { place = inner; }
  ~ScopeGuard() { place_ = outer_; }
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;
  Scope*& place_;
  Scope* outer_;
};

}  // namespace

Machine::Flow Machine::Execute(const Node& node) {
  const Frame frame(*this);
  Charge(1);
  switch (node.kind) {
    case NodeKind::kEmpty:
      return Flow::kNormal;
    case NodeKind::kExpression:
      return Eval(*node.a), Flow::kNormal;
    case NodeKind::kDeclare:
      return ExecuteDeclare(node);
    case NodeKind::kBlock:
      return ExecuteBlock(node);
    case NodeKind::kIf:
      if (Truthy(Eval(*node.a))) return Execute(*node.b);
      return node.c ? Execute(*node.c) : Flow::kNormal;
    case NodeKind::kFor:
      return ExecuteFor(node);
    case NodeKind::kForIn:
    case NodeKind::kForOf:
      return ExecuteForEach(node);
    case NodeKind::kWhile:
    case NodeKind::kDo:
      return ExecuteWhile(node);
    case NodeKind::kSwitch:
      return ExecuteSwitch(node);
    case NodeKind::kTry:
      return ExecuteTry(node);
    case NodeKind::kReturn:
      result_ = node.a ? Eval(*node.a) : Cell::Undefined();
      return Flow::kReturn;
    case NodeKind::kBreak:
      return Flow::kBreak;
    case NodeKind::kContinue:
      return Flow::kContinue;
    case NodeKind::kThrow: {
      const Cell thrown = Eval(*node.a);
      throw Thrown(thrown, Describe(thrown));
    }
    default:
      Throw("SyntaxError", "this is not a statement");
  }
}

// What a block declares is there, but not to be touched, until its declaration has run; its
// functions are whole from the start.
Scope* Machine::EnterBlock(const Node& block) {
  return block.flag ? MakeScope(block.locals, Cell::Unset()) : scope_;
}

void Machine::HoistFunctions(const std::vector<const Node*>& functions) {
  heap_.Grow(functions.size() * sizeof(Binding));
  for (const Node* function : functions) {
    scope_->names.push_back({function->symbol, false, EvalFunction(*function)});
  }
}

Machine::Flow Machine::ExecuteBlock(const Node& block) {
  const ScopeGuard guard(scope_, EnterBlock(block));
  HoistFunctions(block.functions);
  for (const Node* statement : block.list) {
    const Flow flow = Execute(*statement);
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteDeclare(const Node& node) {
  for (const Node* one : node.list) {
    if (!one->flag) {  // var
      if (one->a) AssignName(one->symbol, Eval(*one->a));
      continue;
    }
    const Cell value = one->a ? Eval(*one->a) : Cell::Undefined();
    Binding* const declared = FindLocal(one->symbol);
    declared->value = value;
    declared->constant = node.flag;
  }
  return Flow::kNormal;
}

// Functions made in one turn keep the variables of that turn.
void Machine::NextTurn() {
  Scope* next = heap_.MakeScope(scope_->parent);
  next->names = scope_->names;
  heap_.Grow(next->names.size() * sizeof(Binding));
  Charge(next->names.size() / 16);
  scope_ = next;
  CheckMemory();
}

Machine::Flow Machine::ExecuteFor(const Node& node) {
  const ScopeGuard guard(scope_, EnterBlock(node));
  if (node.a) {
    if (node.a->kind == NodeKind::kDeclare) {
      ExecuteDeclare(*node.a);
    } else {
      Eval(*node.a);
    }
  }
  if (node.flag) NextTurn();
  while (!node.b || Truthy(Eval(*node.b))) {
    Charge(1);
    const Flow flow = Execute(*node.list[0]);
    if (flow == Flow::kReturn) return flow;
    if (flow == Flow::kBreak) break;
    if (node.flag) NextTurn();
    if (node.c) Eval(*node.c);
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteTurn(const Node& node, Scope* outer, const Cell& turn) {
  Charge(1);
  scope_ = outer;
  scope_ = EnterBlock(node);
  if (node.a->kind != NodeKind::kDeclare) {
    AssignTo(*node.a, turn);
  } else if (node.flag) {
    scope_->names[0] = {node.a->list[0]->symbol, node.a->flag, turn};
  } else {
    AssignName(node.a->list[0]->symbol, turn);
  }
  return Execute(*node.list[0]);
}

// An array is gone through as it is meanwhile; of an object, the keys of the start that are left.
Machine::Flow Machine::ExecuteForEach(const Node& node) {
  Scope* const outer = scope_;
  const ScopeGuard guard(scope_, EnterBlock(node));
  const Cell over = Eval(*node.b);
  if (node.kind == NodeKind::kForOf && IsArray(over)) {
    for (std::size_t i = 0; i < over.object->items.size(); ++i) {
      const Flow flow = ExecuteTurn(node, outer, over.object->Item(i));
      if (flow == Flow::kReturn) return flow;
      if (flow == Flow::kBreak) break;
    }
    return Flow::kNormal;
  }
  std::vector<Cell> turns;
  const bool keys = node.kind == NodeKind::kForIn;
  if (!keys) {
    turns = Iterate(over);
  } else if (!over.IsNothing()) {
    for (std::string& key : OwnKeys(over)) turns.push_back(MakeString(std::move(key)));
  }
  for (const Cell& turn : turns) {
    if (keys && !HasOwn(*this, over, turn.text->text)) continue;
    const Flow flow = ExecuteTurn(node, outer, turn);
    if (flow == Flow::kReturn) return flow;
    if (flow == Flow::kBreak) break;
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteWhile(const Node& node) {
  bool first = node.kind == NodeKind::kDo;
  while (first || Truthy(Eval(*node.a))) {
    first = false;
    Charge(1);
    const Flow flow = Execute(*node.b);
    if (flow == Flow::kReturn) return flow;
    if (flow == Flow::kBreak) break;
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteSwitch(const Node& node) {
  const Cell value = Eval(*node.a);
  const ScopeGuard guard(scope_, EnterBlock(node));
  HoistFunctions(node.functions);
  auto start = node.list.end();
  for (auto part = node.list.begin(); part != node.list.end() && start == node.list.end(); ++part) {
    if ((*part)->a && StrictlyEqual(value, Eval(*(*part)->a))) start = part;
  }
  if (start == node.list.end()) {
    start = std::find_if(node.list.begin(), node.list.end(),
                         [](const Node* part) { return part->a == nullptr; });
  }
  for (auto part = start; part != node.list.end(); ++part) {
    for (const Node* statement : (*part)->list) {
      const Flow flow = Execute(*statement);
      if (flow == Flow::kBreak) return Flow::kNormal;
      if (flow != Flow::kNormal) return flow;
    }
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteTry(const Node& node) {
  Flow flow = Flow::kNormal;
  const auto finally = [&] {
    if (!node.c) return;
    const Cell returned = result_;
    const Flow last = Execute(*node.c);
    if (last == Flow::kNormal) {
      result_ = returned;
    } else {
      flow = last;
    }
  };
  const auto guarded = [&] {
    const ScopeGuard guard(scope_, scope_);
    const Program* const program = program_;
    const int calls = calls_;
    try {
      return Execute(*node.a);
    } catch (const NotOffered&) {
      throw;
    } catch (const Thrown& thrown) {
      program_ = program;
      calls_ = calls;
      if (!node.b) throw;
      scope_ = guard.outer_;
      if (node.symbol >= 0) scope_ = MakeScope({node.symbol}, thrown.value);
      return Execute(*node.b);
    }
  };
  try {
    flow = guarded();
  } catch (const NotOffered&) {
    throw;
  } catch (const Thrown&) {
    finally();
    if (flow == Flow::kNormal) throw;
    return flow;
  } finally();
  return flow;
}

}  // namespace aiguillage::engine::evaluator
