// Members and places: reading a property, assigning to a name, a member, an index.
#include <algorithm>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {
constexpr std::size_t kArrayItems = 262'144;  // 4 MiB of cells
}

Cell Machine::Get(const Cell& object, std::string_view key) {
  switch (object.kind) {
    case Cell::Kind::kUndefined:
    case Cell::Kind::kNull:
      Throw("TypeError", "cannot read '" + std::string(key) + "' of " + ToString(object));
    case Cell::Kind::kString: {
      const std::string& text = object.text->text;
      if (object.text->ascii < 0) object.text->ascii = IsAscii(text);
      if (!object.text->ascii) Charge(text.size() / 64);
      const std::size_t length = object.text->ascii ? text.size() : Length(text);
      if (key == "length") return Cell::Number(static_cast<double>(length));
      const long at = IndexOf(key);
      if (at >= 0) {
        if (static_cast<std::size_t>(at) >= length) return {};
        const auto from = static_cast<std::size_t>(at);
        return MakeString(object.text->ascii ? text.substr(from, 1) : Slice(text, from, from + 1));
      }
      return StringMember(key);
    }
    case Cell::Kind::kBoolean:
    case Cell::Kind::kNumber:
      return NumberMember(key);
    case Cell::Kind::kNative:
      return NativeMember(*object.native, key);
    case Cell::Kind::kObject:
      break;
  }
  const Object& held = *object.object;
  if (held.kind == ObjectKind::kArray) {
    if (key == "length") return Cell::Number(static_cast<double>(held.items.size()));
    const long at = IndexOf(key);
    if (at >= 0 && static_cast<std::size_t>(at) < held.items.size()) {
      return held.items[static_cast<std::size_t>(at)];
    }
  }
  if (const Cell* own = held.Find(key)) return *own;
  if (held.kind == ObjectKind::kXml) return XmlMember(*this, held, key);
  return ObjectMember(held, key);
}

void Machine::Set(const Cell& object, std::string_view key, const Cell& value) {
  if (object.IsNothing()) {
    Throw("TypeError", "cannot set '" + std::string(key) + "' of " + ToString(object));
  }
  if (object.kind == Cell::Kind::kNative) Throw("TypeError", "the library cannot be changed");
  if (!object.IsObject()) return;  // properties of primitives vanish
  Object& held = *object.object;
  if (held.readonly || held.kind == ObjectKind::kXml) Throw("TypeError", "it cannot be changed");
  ++heap_.mutations;
  if (held.kind == ObjectKind::kArray) {
    const bool length = key == "length";
    const long at = length ? static_cast<long>(ToInteger(value)) - 1 : IndexOf(key);
    if (at >= 0 || length) {
      const auto size = static_cast<std::size_t>(at + 1);
      if (at < -1 || size > kArrayItems) throw OverBudget("it makes too long an array");
      if (size > held.items.size() || length) {
        if (size > held.items.size()) {
          heap_.Grow((size - held.items.size()) * sizeof(Cell));
          CheckMemory();
        }
        held.items.resize(size);
      }
      if (!length) held.items[static_cast<std::size_t>(at)] = value;
      return;
    }
  }
  heap_.Grow(key.size() + sizeof(std::pair<std::string, Cell>));
  CheckMemory();
  held.Set(key, value);
}

void Machine::AssignTo(const Node& target, const Cell& value) {
  if (target.kind == NodeKind::kName) return AssignName(target.symbol, value);
  const Cell object = Eval(*target.a);
  Set(object, target.kind == NodeKind::kMember ? target.text.text : ToKey(Eval(*target.b)), value);
}

// Assignments evaluate object and key once, then read (for += and so on), then write.
Cell Machine::EvalAssign(const Node& node) {
  const Node& target = *node.a;
  const bool logical = node.op == Op::kAnd || node.op == Op::kOr || node.op == Op::kNullish;
  const auto combined = [&](const Cell& old, bool& keep) {
    if (logical) {
      keep = node.op == Op::kAnd  ? !Truthy(old)
             : node.op == Op::kOr ? Truthy(old)
                                  : !old.IsNothing();
      return keep ? old : Eval(*node.b);
    }
    return Binary(node.op, old, Eval(*node.b));
  };
  bool keep = false;
  if (target.kind == NodeKind::kName) {
    const Cell value = node.op == Op::kNone ? Eval(*node.b) : combined(EvalName(target), keep);
    if (!keep) AssignName(target.symbol, value);
    return value;
  }
  const Cell object = Eval(*target.a);
  const std::string key =
      target.kind == NodeKind::kMember ? target.text.text : ToKey(Eval(*target.b));
  const Cell value = node.op == Op::kNone ? Eval(*node.b) : combined(Get(object, key), keep);
  if (!keep) Set(object, key, value);
  return value;
}

Cell Machine::EvalUpdate(const Node& node) {
  const Node& target = *node.a;
  const double step = node.op == Op::kIncrement ? 1 : -1;
  if (target.kind == NodeKind::kName) {
    const double old = ToNumber(EvalName(target));
    AssignName(target.symbol, Cell::Number(old + step));
    return Cell::Number(node.flag ? old + step : old);
  }
  const Cell object = Eval(*target.a);
  const std::string key =
      target.kind == NodeKind::kMember ? target.text.text : ToKey(Eval(*target.b));
  const double old = ToNumber(Get(object, key));
  Set(object, key, Cell::Number(old + step));
  return Cell::Number(node.flag ? old + step : old);
}

bool Machine::HasProperty(const Cell& object, const std::string& key) {
  if (object.kind == Cell::Kind::kNative) return !NativeMember(*object.native, key).IsUndefined();
  if (!object.IsObject()) Throw("TypeError", "'in' needs an object on its right");
  const Object& held = *object.object;
  const long at = IndexOf(key);
  if (held.kind == ObjectKind::kArray &&
      (key == "length" || (at >= 0 && static_cast<std::size_t>(at) < held.items.size()))) {
    return true;
  }
  return held.Find(key) || !ObjectMember(held, key).IsUndefined();
}

bool Machine::InstanceOf(const Cell& value, const Cell& maker) {
  const bool function = maker.IsObject() && maker.object->kind == ObjectKind::kFunction;
  const bool native = maker.kind == Cell::Kind::kNative && maker.native->construct;
  if (!function && !native) Throw("TypeError", "'instanceof' needs a constructor on its right");
  if (value.kind == Cell::Kind::kNative)
    return native && std::string_view(maker.native->name) != "Array";
  if (!value.IsObject()) return false;
  const Object& held = *value.object;
  if (function) return held.maker == maker.object;
  const std::string_view name = maker.native->name;
  if (name == "Object") return true;
  if (name == "Array") return held.kind == ObjectKind::kArray;
  if (name == "Function") return held.kind == ObjectKind::kFunction;
  if (name == "Error" && held.native_maker) return true;  // the others derive from it
  return held.native_maker == maker.native;
}

}  // namespace aiguillage::engine::evaluator
