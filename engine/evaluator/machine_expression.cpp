// Expressions.
#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"

namespace aiguillage::engine::evaluator {

Cell Machine::Eval(const Node& node) {
  if (++steps_ > limits_.steps) Charge(0);
  switch (node.kind) {
    case NodeKind::kNumber:
      return Cell::Number(node.number);
    case NodeKind::kString:
      return Cell::String(&node.text);
    case NodeKind::kTrue:
      return Cell::Boolean(true);
    case NodeKind::kFalse:
      return Cell::Boolean(false);
    case NodeKind::kNull:
      return Cell::Null();
    case NodeKind::kUndefined:
      return Cell::Undefined();
    case NodeKind::kHole:
      return Cell::Hole();
    case NodeKind::kName:
      return EvalName(node);
    default:
      return EvalCompound(node);
  }
}

Cell Machine::EvalCompound(const Node& node) {
  const Frame frame(*this);
  switch (node.kind) {
    case NodeKind::kBinary: {
      const Cell left = Eval(*node.a);
      return Binary(node.op, left, Eval(*node.b));
    }
    case NodeKind::kThis:
      for (const Scope* scope = scope_; scope; scope = scope->parent) {
        if (scope->has_self) return scope->self;
      }
      return Cell::Undefined();
    case NodeKind::kTemplate:
      return EvalTemplate(node);
    case NodeKind::kArray:
      return EvalArray(node);
    case NodeKind::kObject:
      return EvalObject(node);
    case NodeKind::kFunction:
      return EvalFunction(node);
    case NodeKind::kMember:
      return EvalMember(node);
    case NodeKind::kIndex:
      return EvalIndex(node);
    case NodeKind::kCall:
      return EvalCall(node);
    case NodeKind::kNew:
      return EvalNew(node);
    case NodeKind::kUnary:
      return EvalUnary(node);
    case NodeKind::kTypeof:
      return EvalTypeof(node);
    case NodeKind::kDelete:
      return EvalDelete(node);
    case NodeKind::kAnd:
    case NodeKind::kOr:
    case NodeKind::kNullish:
      return EvalLogical(node);
    case NodeKind::kConditional:
      return Eval(Truthy(Eval(*node.a)) ? *node.b : *node.c);
    case NodeKind::kAssign:
      return EvalAssign(node);
    case NodeKind::kUpdate:
      return EvalUpdate(node);
    case NodeKind::kSequence:
      return EvalChain(node);
    default:
      Throw("SyntaxError", "this is not an expression");
  }
}

Cell Machine::EvalChain(const Node& node) {
  if (node.flag) {  // the end of a chain with ?.
    const bool outer = std::exchange(chain_broken_, false);
    const Cell value = Eval(*node.list[0]);
    chain_broken_ = outer;
    return value;
  }
  Cell value;
  for (const Node* part : node.list) value = Eval(*part);
  return value;
}

Cell Machine::EvalLogical(const Node& node) {
  const Cell left = Eval(*node.a);
  const bool keep = node.kind == NodeKind::kAnd  ? !Truthy(left)
                    : node.kind == NodeKind::kOr ? Truthy(left)
                                                 : !left.IsNothing();
  return keep ? left : Eval(*node.b);
}

Cell Machine::EvalMember(const Node& node) {
  const Cell object = Eval(*node.a);
  if (chain_broken_) return {};
  if (node.flag && object.IsNothing()) return chain_broken_ = true, Cell::Undefined();
  return Get(object, node.text.text);
}

Cell Machine::EvalIndex(const Node& node) {
  const Cell object = Eval(*node.a);
  if (chain_broken_) return {};
  if (node.flag && object.IsNothing()) return chain_broken_ = true, Cell::Undefined();
  const bool outer = std::exchange(chain_broken_, false);
  const Cell key = Eval(*node.b);
  chain_broken_ = outer;
  return GetAt(object, key);
}

std::vector<Cell> Machine::EvalList(const std::vector<const Node*>& list) {
  std::vector<Cell> values;
  values.reserve(list.size());
  for (const Node* part : list) {
    if (part->kind == NodeKind::kSpread) {
      const std::vector<Cell> spread = Iterate(Eval(*part->a));
      values.insert(values.end(), spread.begin(), spread.end());
    } else {
      values.push_back(Eval(*part));
    }
  }
  return values;
}

Cell Machine::EvalCall(const Node& node) {
  const Node& callee = *node.a;
  if (callee.kind == NodeKind::kMember || callee.kind == NodeKind::kIndex) {
    const Cell self = Eval(*callee.a);
    if (chain_broken_) return {};
    if (callee.flag && self.IsNothing()) return chain_broken_ = true, Cell::Undefined();
    return EvalMethodCall(node, self, KeyOf(callee));
  }
  const Cell function = Eval(callee);
  if (chain_broken_) return {};
  if (node.flag && function.IsNothing()) return chain_broken_ = true, Cell::Undefined();
  const std::vector<Cell> arguments = EvalList(node.list);
  return Call(function, Cell::Undefined(), arguments);
}

Cell Machine::EvalMethodCall(const Node& node, const Cell& self, const Cell& key) {
  const Cell function = GetAt(self, key);
  if (node.flag && function.IsNothing()) return chain_broken_ = true, Cell::Undefined();
  const bool outer = std::exchange(chain_broken_, false);
  const std::vector<Cell> arguments = EvalList(node.list);
  chain_broken_ = outer;
  if (!IsCallable(function)) Throw("TypeError", Describe(key) + " is not a function");
  return Call(function, self, arguments);
}

Cell Machine::EvalNew(const Node& node) {
  const Cell maker = Eval(*node.a);
  const std::vector<Cell> arguments = EvalList(node.list);
  return Construct(maker, arguments);
}

Cell Machine::EvalArray(const Node& node) { return MakeArray(EvalList(node.list)); }

Cell Machine::EvalObject(const Node& node) {
  Object* object = heap_.MakeObject(ObjectKind::kPlain);
  for (const Node* property : node.list) {
    if (property->kind == NodeKind::kSpread) {
      const Cell from = Eval(*property->a);
      if (from.IsNothing()) continue;
      for (const std::string& key : OwnKeys(from)) Put(*object, key, Get(from, key));
    } else if (property->a) {
      const std::string key = ToKey(Eval(*property->a));
      Put(*object, key, Eval(*property->b));
    } else {
      Put(*object, property->text.text, Eval(*property->b));
    }
  }
  return Cell::Of(object);
}

Cell Machine::EvalTemplate(const Node& node) {
  std::string text;
  for (const Node* part : node.list) {
    text += ToString(Eval(*part));
    if (text.size() > limits_.string_bytes) break;
  }
  return MakeString(std::move(text));
}

Cell Machine::EvalFunction(const Node& node) {
  Object* function = heap_.MakeObject(ObjectKind::kFunction);
  function->function = &node;
  function->program = program_;
  function->scope = scope_;
  CheckMemory();
  return Cell::Of(function);
}

Cell Machine::EvalUnary(const Node& node) {
  const Cell value = Eval(*node.a);
  switch (node.op) {
    case Op::kNegate:
      return Cell::Number(-ToNumber(value));
    case Op::kPlus:
      return Cell::Number(ToNumber(value));
    case Op::kNot:
      return Cell::Boolean(!Truthy(value));
    case Op::kBitNot:
      return Cell::Number(~ToInt32(value));
    default:
      return Cell::Undefined();
  }
}

Cell Machine::EvalTypeof(const Node& node) {
  Cell value;
  const Node& operand = *node.a;
  if (operand.kind == NodeKind::kName && !FindLocal(operand.symbol)) {
    if (!globals_.Read(*this, *program_, operand.symbol, value)) {
      ReadLibrary(operand.symbol, value);  // typeof of an undeclared name is no error
    }
  } else {
    value = Eval(operand);
  }
  return heap_.MakeString(TypeOf(value));
}

Cell Machine::EvalDelete(const Node& node) {
  const Node& target = *node.a;
  if (target.kind != NodeKind::kMember && target.kind != NodeKind::kIndex) {
    Eval(target);
    return Cell::Boolean(true);
  }
  const Cell object = Eval(*target.a), name = KeyOf(target);
  if (object.IsNothing()) Throw("TypeError", "a property of nothing cannot be deleted");
  const std::string key = ToKey(name);
  const auto fixed = [&] { Throw("TypeError", "'" + key + "' cannot be deleted"); };
  if (object.IsPrimitive()) {
    if (object.IsString() && HasOwn(*this, object, key)) fixed();
    return Cell::Boolean(true);
  }
  if (!object.IsObject() || object.object->kind == ObjectKind::kFunction || object.object->error) {
    Refuse("deleting from the library, a function or an error");
  }
  Object& held = *object.object;
  if (held.readonly || (held.kind == ObjectKind::kArray && key == "length")) fixed();
  ++heap_.mutations;
  Charge(held.properties.size() / 16);
  const long at = IndexOf(key);
  if (held.kind == ObjectKind::kArray) {
    if (at >= 0 && held.HasItem(static_cast<std::size_t>(at))) {
      held.items[static_cast<std::size_t>(at)] = Cell::Hole();
    }
  } else {
    held.Erase(key);
  }
  return Cell::Boolean(true);
}

}  // namespace aiguillage::engine::evaluator
