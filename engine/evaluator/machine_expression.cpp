// Expressions.
#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

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
    case NodeKind::kHole:
      return Cell::Undefined();
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
  if (key.IsNumber() && object.IsObject() && object.object->kind == ObjectKind::kArray) {
    const double at = key.number;
    if (at >= 0 && at < static_cast<double>(object.object->items.size()) &&
        at == static_cast<double>(static_cast<std::size_t>(at))) {
      return object.object->items[static_cast<std::size_t>(at)];
    }
  }
  return Get(object, ToKey(key));
}

std::vector<Cell> Machine::EvalList(const std::vector<const Node*>& list) {
  std::vector<Cell> values;
  values.reserve(list.size());
  for (const Node* part : list) {
    if (part->kind == NodeKind::kSpread) {
      Spread(Eval(*part->a), values);
    } else {
      values.push_back(Eval(*part));
    }
  }
  return values;
}

void Machine::Spread(const Cell& value, std::vector<Cell>& into) {
  if (value.IsObject() && value.object->kind == ObjectKind::kArray) {
    Charge(value.object->items.size());
    heap_.Grow(value.object->items.size() * sizeof(Cell));
    CheckMemory();
    into.insert(into.end(), value.object->items.begin(), value.object->items.end());
  } else if (value.IsString()) {
    const std::u16string units = ToUtf16(value.text->text);
    Charge(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
      const bool pair = units[i] >= 0xD800 && units[i] < 0xDC00 && i + 1 < units.size();
      into.push_back(MakeString(FromUtf16(std::u16string_view(units).substr(i, pair ? 2 : 1))));
      i += pair;
    }
  } else {
    Throw("TypeError", ToString(value) + " is not iterable");
  }
}

Cell Machine::EvalCall(const Node& node) {
  const Node& callee = *node.a;
  if (callee.kind == NodeKind::kMember || callee.kind == NodeKind::kIndex) {
    const Cell self = Eval(*callee.a);
    if (chain_broken_) return {};
    if (callee.flag && self.IsNothing()) return chain_broken_ = true, Cell::Undefined();
    if (callee.kind == NodeKind::kMember) return EvalMethodCall(node, self, callee.text.text);
    return EvalMethodCall(node, self, ToKey(Eval(*callee.b)));
  }
  const Cell function = Eval(callee);
  if (chain_broken_) return {};
  if (node.flag && function.IsNothing()) return chain_broken_ = true, Cell::Undefined();
  const std::vector<Cell> arguments = EvalList(node.list);
  return Call(function, Cell::Undefined(), arguments);
}

Cell Machine::EvalMethodCall(const Node& node, const Cell& self, std::string_view key) {
  const Cell function = Get(self, key);
  if (node.flag && function.IsNothing()) return chain_broken_ = true, Cell::Undefined();
  const bool outer = std::exchange(chain_broken_, false);
  const std::vector<Cell> arguments = EvalList(node.list);
  chain_broken_ = outer;
  const bool callable = function.kind == Cell::Kind::kNative ||
                        (function.IsObject() && function.object->kind == ObjectKind::kFunction);
  if (!callable) Throw("TypeError", std::string(key) + " is not a function");
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
      if (!from.IsObject()) continue;
      for (const std::string& key : from.object->Keys()) {
        Charge(1);
        object->Set(key, Get(from, key));
      }
      continue;
    }
    const std::string key = property->a ? ToKey(Eval(*property->a)) : property->text.text;
    heap_.Grow(key.size() + sizeof(std::pair<std::string, Cell>));
    object->Set(key, Eval(*property->b));
  }
  CheckMemory();
  return Cell::Of(object);
}

Cell Machine::EvalTemplate(const Node& node) {
  std::string text;
  for (const Node* part : node.list) {
    text = Concat(text, ToString(Eval(*part)));
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
    // typeof of an undeclared name is no error
    const std::string& name = program_->symbols[static_cast<std::size_t>(operand.symbol)];
    if (!globals_.Read(*this, *program_, operand.symbol, value)) {
      FindGlobal(name, globals_.HasIn(), value);
    }
  } else {
    value = Eval(operand);
  }
  return heap_.MakeString(TypeOf(value));
}

Cell Machine::EvalDelete(const Node& node) {
  const Node& target = *node.a;
  if (target.kind != NodeKind::kMember && target.kind != NodeKind::kIndex) {
    Throw("SyntaxError", "only a member can be deleted");
  }
  const Cell object = Eval(*target.a);
  const std::string key =
      target.kind == NodeKind::kMember ? target.text.text : ToKey(Eval(*target.b));
  if (object.IsNothing()) Throw("TypeError", "cannot delete '" + key + "' of " + ToString(object));
  if (!object.IsObject()) return Cell::Boolean(true);
  if (object.object->readonly) Throw("TypeError", "it cannot be changed");
  ++heap_.mutations;
  const long at = IndexOf(key);
  if (at >= 0 && static_cast<std::size_t>(at) < object.object->items.size()) {
    object.object->items[static_cast<std::size_t>(at)] = Cell::Undefined();
  } else {
    object.object->Erase(key);
  }
  return Cell::Boolean(true);
}

}  // namespace aiguillage::engine::evaluator
