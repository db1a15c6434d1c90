// Members and places: reading a property, assigning to a name, a member, an index. As in strict
// mode, what cannot be done throws.
#include <algorithm>
#include <cmath>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {
constexpr std::size_t kArrayItems = 262'144;  // 4 MiB of cells
}

Cell Machine::Get(const Cell& object, std::string_view key) {
  if (object.IsNothing()) {
    Throw("TypeError", "cannot read '" + std::string(key) + "' of " + ToString(object));
  }
  if (object.IsString()) {
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
  }
  if (!object.IsObject()) return Inherited(object, key);
  const Object& held = *object.object;
  if (held.kind == ObjectKind::kArray) {
    if (key == "length") return Cell::Number(static_cast<double>(held.items.size()));
    const long at = IndexOf(key);
    if (at >= 0) return held.Item(static_cast<std::size_t>(at));
  }
  if (const Cell* own = held.Find(key)) return *own;
  if (held.kind == ObjectKind::kXml) return XmlMember(*this, held, key);
  return Inherited(object, key);
}

// What its kind gives it; of the names that ECMAScript knows and we do not, the refusal.
Cell Machine::Inherited(const Cell& cell, std::string_view key) {
  const Cell found = MemberOf(cell, key);
  if (found.IsUndefined() && LeftOut(cell, key)) Refuse("'" + std::string(key) + "'");
  return found;
}

bool Machine::HasProperty(const Cell& object, const std::string& key) {
  return HasOwn(*this, object, key) || !Inherited(object, key).IsUndefined();
}

void Machine::Set(const Cell& object, std::string_view key, const Cell& value) {
  if (key == "__proto__") Refuse("__proto__");
  if (object.IsPrimitive()) {
    Throw("TypeError", "cannot set '" + std::string(key) + "' of " + TypeOf(object));
  }
  if (!object.IsObject() || object.object->kind == ObjectKind::kFunction || object.object->error) {
    Refuse("changing the library, a function or an error");
  }
  Object& held = *object.object;
  if (held.readonly || held.kind == ObjectKind::kXml) Throw("TypeError", "it cannot be changed");
  ++heap_.mutations;
  if (held.kind == ObjectKind::kArray) {
    SetItem(held, key, value);
  } else {
    Put(held, key, value);
  }
}

void Machine::Put(Object& object, std::string_view key, const Cell& value) {
  if (key == "__proto__") Refuse("__proto__");
  Charge(1 + key.size() / 1024);
  heap_.Grow(key.size() + sizeof(std::pair<std::string, Cell>));
  CheckMemory();
  object.Set(key, value);
}

void Machine::SetItem(Object& array, std::string_view key, const Cell& value) {
  if (key == "length") {
    ToNumber(value);  // ECMA-262 §10.4.2.4 asks twice
    const double size = ToNumber(value);
    if (!(size >= 0 && size <= 4294967295.0 && size == std::trunc(size))) {
      Throw("RangeError", "invalid array length");
    }
    return ChangeLength(array, static_cast<std::size_t>(size));
  }
  const long at = IndexOf(key);
  if (at < 0) Refuse("a property of an array that is not an item");
  const auto place = static_cast<std::size_t>(at);
  if (place >= array.items.size()) ChangeLength(array, place + 1);
  array.items[place] = value;
}

void Machine::ChangeLength(Object& array, std::size_t size) {
  if (size > kArrayItems) throw OverBudget("it makes too long an array");
  if (size > array.items.size()) {
    heap_.Grow((size - array.items.size()) * sizeof(Cell));
    CheckMemory();
  }
  array.items.resize(size, Cell::Hole());
}

// The key of a member or an index, not yet a text.
Cell Machine::KeyOf(const Node& target) {
  return target.kind == NodeKind::kMember ? Cell::String(&target.text) : Eval(*target.b);
}

Cell Machine::GetAt(const Cell& object, const Cell& key) {
  if (key.IsNumber() && IsArray(object)) {
    const double at = key.number;
    if (at >= 0 && at < static_cast<double>(object.object->items.size()) &&
        at == static_cast<double>(static_cast<std::size_t>(at))) {
      return object.object->Item(static_cast<std::size_t>(at));
    }
  }
  if (key.IsString()) return Get(object, key.text->text);
  if (object.IsNothing()) Throw("TypeError", "cannot read a property of " + ToString(object));
  return Get(object, ToKey(key));
}

void Machine::SetAt(const Cell& object, const Cell& key, const Cell& value) {
  if (key.IsString()) return Set(object, key.text->text, value);
  if (object.IsNothing()) Throw("TypeError", "cannot set a property of " + ToString(object));
  Set(object, ToKey(key), value);
}

void Machine::AssignTo(const Node& target, const Cell& value) {
  if (target.kind == NodeKind::kName) return AssignName(target.symbol, value);
  const Cell object = Eval(*target.a);
  SetAt(object, KeyOf(target), value);
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
  const Cell object = Eval(*target.a), key = KeyOf(target);
  const Cell value = node.op == Op::kNone ? Eval(*node.b) : combined(GetAt(object, key), keep);
  if (!keep) SetAt(object, key, value);
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
  const Cell object = Eval(*target.a), key = KeyOf(target);
  const double old = ToNumber(GetAt(object, key));
  SetAt(object, key, Cell::Number(old + step));
  return Cell::Number(node.flag ? old + step : old);
}

// Of what has no prototype - arrows, methods, most of the library - instanceof makes an error.
bool Machine::InstanceOf(const Cell& value, const Cell& maker) {
  if (!IsCallable(maker)) Throw("TypeError", "'instanceof' needs a function on its right");
  if (value.IsPrimitive()) return false;
  if (maker.IsObject()) {
    const Node& made = *maker.object->function;
    if (made.flag || made.brackets > 0) Throw("TypeError", "it makes no instances");
    return value.IsObject() && value.object->maker == maker.object;
  }
  if (!maker.native->construct) Throw("TypeError", "it makes no instances");
  const std::string_view name = maker.native->name;
  if (name == "Object") return true;
  if (name == "Function") return IsCallable(value);
  if (!value.IsObject()) return false;
  if (name == "Array") return IsArray(value);
  return value.object->error && (name == "Error" || value.object->error == maker.native);
}

}  // namespace aiguillage::engine::evaluator
