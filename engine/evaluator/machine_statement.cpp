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

Machine::Flow Machine::ExecuteBlock(const Node& block) {
  Scope* inner = scope_;
  if (block.flag) {
    inner = heap_.MakeScope(scope_);
    for (int symbol : block.locals) Declare(*inner, symbol, Cell::Undefined());
  }
  const ScopeGuard guard(scope_, inner);
  for (const Node* statement : block.list) {
    const Flow flow = Execute(*statement);
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteDeclare(const Node& node) {
  for (const Node* one : node.list) {
    if (one->a) {
      AssignName(one->symbol, Eval(*one->a));
    } else if (one->flag) {
      AssignName(one->symbol, Cell::Undefined());  // let x; in a loop begins anew
    }
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteFor(const Node& node) {
  Scope* inner = scope_;
  if (node.flag) {
    inner = heap_.MakeScope(scope_);
    for (int symbol : node.locals) Declare(*inner, symbol, Cell::Undefined());
  }
  const ScopeGuard guard(scope_, inner);
  if (node.a) {
    if (node.a->kind == NodeKind::kDeclare) {
      ExecuteDeclare(*node.a);
    } else {
      Eval(*node.a);
    }
  }
  while (!node.b || Truthy(Eval(*node.b))) {
    Charge(1);
    const Flow flow = Execute(*node.list[0]);
    if (flow == Flow::kReturn) return flow;
    if (flow == Flow::kBreak) break;
    if (node.flag) {
      // closures made in this turn keep their own copy
      Scope* next = heap_.MakeScope(scope_->parent);
      next->names = scope_->names;
      heap_.Grow(next->names.size() * sizeof(next->names[0]));
      scope_ = next;
      CheckMemory();
    }
    if (node.c) Eval(*node.c);
  }
  return Flow::kNormal;
}

Machine::Flow Machine::ExecuteForEach(const Node& node) {
  const Cell over = Eval(*node.b);
  std::vector<Cell> turns;
  if (node.kind == NodeKind::kForOf) {
    Spread(over, turns);
  } else if (over.IsObject()) {
    for (std::string& key : over.object->Keys()) turns.push_back(MakeString(std::move(key)));
  }
  Scope* const outer = scope_;
  const ScopeGuard guard(scope_, scope_);
  for (const Cell& turn : turns) {
    Charge(1);
    if (node.flag) scope_ = heap_.MakeScope(outer);
    if (node.a->kind != NodeKind::kDeclare) {
      AssignTo(*node.a, turn);
    } else if (node.flag) {
      Declare(*scope_, node.a->list[0]->symbol, turn);
    } else {
      AssignName(node.a->list[0]->symbol, turn);
    }
    const Flow flow = Execute(*node.list[0]);
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
    } catch (const Thrown& thrown) {
      program_ = program;
      calls_ = calls;
      if (!node.b) throw;
      scope_ = heap_.MakeScope(guard.outer_);
      if (node.symbol >= 0) Declare(*scope_, node.symbol, thrown.value);
      return Execute(*node.b);
    }
  };
  try {
    flow = guarded();
  } catch (const Thrown&) {
    finally();
    if (flow == Flow::kNormal) throw;
    return flow;
  } finally();
  return flow;
}

}  // namespace aiguillage::engine::evaluator
