// Object, functions, errors, and XML elements.
#include <algorithm>
#include <cmath>

#include "engine/evaluator/library.h"
#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/xml.h"

namespace aiguillage::engine::evaluator {

namespace {

std::vector<std::string> KeysOf(Machine& m, const Cell& cell) {
  if (cell.IsNothing()) m.Throw("TypeError", "it has no properties");
  if (cell.IsString()) {
    std::vector<std::string> keys;
    const double length = m.Get(cell, "length").number;
    for (double i = 0; i < length; ++i) keys.push_back(std::to_string(static_cast<long>(i)));
    m.Charge(keys.size());
    return keys;
  }
  if (!cell.IsObject()) return {};
  std::vector<std::string> keys = cell.object->Keys();
  m.Charge(keys.size());
  return keys;
}

Cell Keys(Machine& m, const Cell&, Arguments a) {
  std::vector<Cell> out;
  for (std::string& key : KeysOf(m, At(a, 0))) out.push_back(m.MakeString(std::move(key)));
  return m.MakeArray(std::move(out));
}

Cell Values(Machine& m, const Cell&, Arguments a) {
  std::vector<Cell> out;
  for (const std::string& key : KeysOf(m, At(a, 0))) out.push_back(m.Get(a[0], key));
  return m.MakeArray(std::move(out));
}

Cell EntriesOf(Machine& m, const Cell&, Arguments a) {
  std::vector<Cell> out;
  for (const std::string& key : KeysOf(m, At(a, 0))) {
    out.push_back(m.MakeArray({m.MakeString(key), m.Get(a[0], key)}));
  }
  return m.MakeArray(std::move(out));
}

Cell FromEntries(Machine& m, const Cell&, Arguments a) {
  const Cell made = Cell::Of(m.heap().MakeObject(ObjectKind::kPlain));
  if (!At(a, 0).IsObject()) m.Throw("TypeError", "fromEntries needs an array");
  for (const Cell& pair : std::vector<Cell>(a[0].object->items)) {
    m.Set(made, m.ToKey(m.Get(pair, "0")), m.Get(pair, "1"));
  }
  return made;
}

Cell Assign(Machine& m, const Cell&, Arguments a) {
  if (At(a, 0).IsNothing()) m.Throw("TypeError", "Object.assign needs an object");
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (a[i].IsNothing()) continue;
    for (const std::string& key : KeysOf(m, a[i])) m.Set(a[0], key, m.Get(a[i], key));
  }
  return At(a, 0);
}

Cell ObjectCall(Machine& m, const Cell&, Arguments a) {
  if (!At(a, 0).IsNothing()) return a[0];
  return Cell::Of(m.heap().MakeObject(ObjectKind::kPlain));
}

Cell HasOwnProperty(Machine& m, const Cell& self, Arguments a) {
  const std::vector<std::string> keys = KeysOf(m, self);
  const std::string key = m.ToKey(At(a, 0));
  const bool length = key == "length" && self.IsObject() && self.object->kind == ObjectKind::kArray;
  return Cell::Boolean(length || std::find(keys.begin(), keys.end(), key) != keys.end());
}

Cell ObjectToString(Machine& m, const Cell& self, Arguments) {
  if (self.kind == Cell::Kind::kNative) {
    return m.MakeString("function " + std::string(self.native->name) + "() { [native code] }");
  }
  if (self.IsObject() && self.object->kind == ObjectKind::kFunction) {
    return m.MakeString(FunctionText(*self.object));
  }
  if (self.IsObject() && self.object->native_maker) return m.MakeString(m.Describe(self));
  return m.MakeString("[object Object]");
}

Cell ObjectValueOf(Machine&, const Cell& self, Arguments) { return self; }

Cell CallMethod(Machine& m, const Cell& self, Arguments a) {
  return m.Call(self, At(a, 0), a.empty() ? a : a.subspan(1));
}

Cell ApplyMethod(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> arguments;
  if (At(a, 1).IsObject()) arguments = a[1].object->items;
  return m.Call(self, At(a, 0), arguments);
}

template <int Which>
Cell ErrorCall(Machine& m, const Cell&, Arguments a);

template <int Which>
const Native& ErrorNative() {
  static constexpr const char* kNames[] = {"Error", "TypeError", "RangeError", "SyntaxError",
                                           "ReferenceError"};
  static const Native native{
      .name = kNames[Which], .call = ErrorCall<Which>, .construct = ErrorCall<Which>};
  return native;
}

template <int Which>
Cell ErrorCall(Machine& m, const Cell&, Arguments a) {
  Object* error = m.heap().MakeObject(ObjectKind::kPlain);
  error->native_maker = &ErrorNative<Which>();
  error->Set("name", m.MakeString(ErrorNative<Which>().name));
  error->Set("message", m.MakeString(At(a, 0).IsUndefined() ? "" : m.ToString(a[0])));
  return Cell::Of(error);
}

Cell FunctionRefused(Machine& m, const Cell&, Arguments) {
  m.Throw("TypeError", "a function cannot be made from a text");
}

Cell InCall(Machine& m, const Cell&, Arguments a) {
  return Cell::Boolean(m.globals().In(m.ToString(At(a, 0))));
}

const Native& InNative() {
  static const Native in{.name = "In", .call = InCall};
  return in;
}

const std::unordered_map<std::string_view, const Native*>& Globals_() {
  static const std::unordered_map<std::string_view, const Native*> globals = {
      {"String", &StringNative()},
      {"Number", &NumberNative()},
      {"Boolean", &BooleanNative()},
      {"Array", &ArrayNative()},
      {"Object", &ObjectNative()},
      {"Function", &FunctionNative()},
      {"Math", &MathNative()},
      {"JSON", &JsonNative()},
      {"parseInt", &ParseIntNative()},
      {"parseFloat", &ParseFloatNative()},
      {"isNaN", &IsNaNNative()},
      {"isFinite", &IsFiniteNative()},
      {"Error", &ErrorNative<0>()},
      {"TypeError", &ErrorNative<1>()},
      {"RangeError", &ErrorNative<2>()},
      {"SyntaxError", &ErrorNative<3>()},
      {"ReferenceError", &ErrorNative<4>()}};
  return globals;
}

Cell MethodOf(const std::unordered_map<std::string_view, Native>& methods, std::string_view key) {
  const auto found = methods.find(key);
  return found == methods.end() ? Cell::Undefined() : Cell::Of(&found->second);
}

}  // namespace

std::string FunctionText(const Object& function) {
  const Node& node = *function.function;
  std::string text = node.text.text;  // the word "function" of a method
  return text + function.program->source.substr(static_cast<std::size_t>(node.at),
                                                static_cast<std::size_t>(node.end - node.at));
}

bool FindGlobal(const std::string& name, bool with_in, Cell& value) {
  if (name == "NaN") return value = Cell::Number(std::nan("")), true;
  if (name == "Infinity") return value = Cell::Number(HUGE_VAL), true;
  if (name == "In" && with_in) return value = Cell::Of(&InNative()), true;
  const auto found = Globals_().find(name);
  if (found == Globals_().end()) return false;
  value = Cell::Of(found->second);
  return true;
}

const Native* FindGlobal(const std::string& name) {
  const auto found = Globals_().find(name);
  return found == Globals_().end() ? nullptr : found->second;
}

std::string PathOfNative(const Native& native) {
  if (&native == &InNative()) return "In";
  for (const auto& [name, global] : Globals_()) {
    if (global == &native) return std::string(name);
    for (const auto& [member, cell] : global->members) {
      if (cell.kind == Cell::Kind::kNative && cell.native == &native) {
        return std::string(name) + "." + std::string(member);
      }
    }
  }
  return "";
}

Cell NativeMember(const Native& native, std::string_view key) {
  const auto found = native.members.find(key);
  if (found != native.members.end()) return found->second;
  static const std::unordered_map<std::string_view, Native> methods = {
      {"call", {.name = "call", .call = CallMethod}},
      {"apply", {.name = "apply", .call = ApplyMethod}},
      {"toString", {.name = "toString", .call = ObjectToString}},
      {"valueOf", {.name = "valueOf", .call = ObjectValueOf}}};
  return MethodOf(methods, key);
}

Cell ObjectMember(const Object& object, std::string_view key) {
  if (object.kind == ObjectKind::kArray) {
    const Cell method = ArrayMember(key);
    if (!method.IsUndefined()) return method;
  }
  if (object.kind == ObjectKind::kFunction && (key == "call" || key == "apply")) {
    return NativeMember(FunctionNative(), key);
  }
  static const std::unordered_map<std::string_view, Native> methods = {
      {"hasOwnProperty", {.name = "hasOwnProperty", .call = HasOwnProperty}},
      {"toString", {.name = "toString", .call = ObjectToString}},
      {"valueOf", {.name = "valueOf", .call = ObjectValueOf}}};
  if (key == "constructor") {
    if (object.native_maker) return Cell::Of(object.native_maker);
    return Cell::Of(object.kind == ObjectKind::kArray      ? &ArrayNative()
                    : object.kind == ObjectKind::kFunction ? &FunctionNative()
                                                           : &ObjectNative());
  }
  return MethodOf(methods, key);
}

const Native& FunctionNative() {
  static const Native function{
      .name = "Function", .call = FunctionRefused, .construct = FunctionRefused};
  return function;
}

const Native& ObjectNative() {
  static const Native keys{.name = "keys", .call = Keys};
  static const Native values{.name = "values", .call = Values};
  static const Native entries{.name = "entries", .call = EntriesOf};
  static const Native from_entries{.name = "fromEntries", .call = FromEntries};
  static const Native assign{.name = "assign", .call = Assign};
  static const Native object{.name = "Object",
                             .call = ObjectCall,
                             .construct = ObjectCall,
                             .members = {{"keys", Cell::Of(&keys)},
                                         {"values", Cell::Of(&values)},
                                         {"entries", Cell::Of(&entries)},
                                         {"fromEntries", Cell::Of(&from_entries)},
                                         {"assign", Cell::Of(&assign)}}};
  return object;
}

}  // namespace aiguillage::engine::evaluator
