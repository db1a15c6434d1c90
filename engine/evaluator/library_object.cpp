// Object, functions, errors.
#include <cmath>

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"

namespace aiguillage::engine::evaluator {

namespace {

Cell Keys(Machine& m, const Cell&, Arguments a) {
  std::vector<Cell> out;
  for (std::string& key : m.OwnKeys(At(a, 0))) out.push_back(m.MakeString(std::move(key)));
  return m.MakeArray(std::move(out));
}

Cell Values(Machine& m, const Cell&, Arguments a) {
  std::vector<Cell> out;
  for (const std::string& key : m.OwnKeys(At(a, 0))) out.push_back(m.Get(a[0], key));
  return m.MakeArray(std::move(out));
}

Cell EntriesOf(Machine& m, const Cell&, Arguments a) {
  std::vector<Cell> out;
  for (const std::string& key : m.OwnKeys(At(a, 0))) {
    out.push_back(m.MakeArray({m.MakeString(key), m.Get(a[0], key)}));
  }
  return m.MakeArray(std::move(out));
}

Cell FromEntries(Machine& m, const Cell&, Arguments a) {
  const Cell made = Cell::Of(m.heap().MakeObject(ObjectKind::kPlain));
  for (const Cell& pair : m.Iterate(At(a, 0))) {
    if (pair.IsPrimitive()) m.Throw("TypeError", "an entry must be an object");
    const Cell key = m.Get(pair, "0"), value = m.Get(pair, "1");
    m.Set(made, m.ToKey(key), value);
  }
  return made;
}

// A primitive as an object has methods and typeof of its own: there are none here.
Cell AsObject(Machine& m, const Cell& cell) {
  if (cell.IsPrimitive()) m.Refuse("a primitive value made an object");
  return cell;
}

Cell Assign(Machine& m, const Cell&, Arguments a) {
  if (At(a, 0).IsNothing()) m.Throw("TypeError", "Object.assign needs an object");
  const Cell into = AsObject(m, a[0]);
  for (const Cell& from : a.subspan(1)) {
    if (from.IsNothing()) continue;
    for (const std::string& key : m.OwnKeys(from)) {
      if (HasOwn(m, from, key)) m.Set(into, key, m.Get(from, key));
    }
  }
  return into;
}

Cell ObjectCall(Machine& m, const Cell&, Arguments a) {
  if (!At(a, 0).IsNothing()) return AsObject(m, a[0]);
  return Cell::Of(m.heap().MakeObject(ObjectKind::kPlain));
}

Cell HasOwnProperty(Machine& m, const Cell& self, Arguments a) {
  const std::string key = m.ToKey(At(a, 0));
  return Cell::Boolean(HasOwn(m, self, key));
}

Cell ObjectToString(Machine& m, const Cell& self, Arguments) {
  const auto tag = [&]() -> std::string {
    if (self.IsNothing()) return self.IsUndefined() ? "Undefined" : "Null";
    if (self.IsString()) return "String";
    if (self.IsNumber()) return "Number";
    if (self.kind == Cell::Kind::kBoolean) return "Boolean";
    if (IsCallable(self)) return "Function";
    if (self.kind == Cell::Kind::kNative) return self.native->name;
    return IsArray(self) ? "Array" : self.object->error ? "Error" : "Object";
  };
  return m.MakeString("[object " + tag() + "]");
}

Cell ObjectValueOf(Machine& m, const Cell& self, Arguments) {
  if (self.IsNothing()) m.Throw("TypeError", "it is no object");
  return AsObject(m, self);
}

Cell FunctionToString(Machine& m, const Cell& self, Arguments) {
  if (!IsCallable(self)) m.Throw("TypeError", "it is not a function");
  if (self.IsObject()) return m.MakeString(FunctionText(*self.object));
  return m.MakeString("function " + std::string(self.native->name) + "() { [native code] }");
}

Cell CallMethod(Machine& m, const Cell& self, Arguments a) {
  return m.Call(self, At(a, 0), a.empty() ? a : a.subspan(1));
}

Cell ApplyMethod(Machine& m, const Cell& self, Arguments a) {
  if (!IsCallable(self)) m.Throw("TypeError", "it is not a function");
  const Cell list = At(a, 1);
  if (list.IsNothing()) return m.Call(self, At(a, 0), {});
  if (list.IsPrimitive()) m.Throw("TypeError", "apply needs an array");
  return m.Call(self, At(a, 0), m.ArrayLike(list));
}

Cell FunctionRefused(Machine& m, const Cell&, Arguments) {
  m.Refuse("a function made from a text");
}

const Text& ErrorName(std::size_t which) {
  static const Text names[kErrors] = {{.text = "Error", .ascii = 1},
                                      {.text = "TypeError", .ascii = 1},
                                      {.text = "RangeError", .ascii = 1},
                                      {.text = "SyntaxError", .ascii = 1},
                                      {.text = "ReferenceError", .ascii = 1}};
  return names[which];
}

template <std::size_t Which>
Cell ErrorCall(Machine& m, const Cell&, Arguments a) {
  Object* error = m.heap().MakeObject(ObjectKind::kPlain);
  error->error = &ErrorNative(Which);
  error->readonly = true;
  if (!At(a, 0).IsUndefined()) error->Set("message", m.MakeString(m.ToString(a[0])));
  if (!At(a, 1).IsPrimitive()) m.Refuse("the second argument of an error");
  return Cell::Of(error);
}

Cell ErrorToString(Machine& m, const Cell& self, Arguments) {
  if (self.IsPrimitive()) m.Throw("TypeError", "it is no error");
  const Cell name = m.Get(self, "name");
  const std::string start = name.IsUndefined() ? "Error" : m.ToString(name);
  const Cell message = m.Get(self, "message");
  const std::string end = message.IsUndefined() ? "" : m.ToString(message);
  return m.MakeString(start + (start.empty() || end.empty() ? "" : ": ") + end);
}

}  // namespace

Cell BoxRefused(Machine& m, const Cell&, Arguments) {
  m.Refuse("a primitive value made an object");
}

const Native& ErrorNative(std::size_t which) {
  static const std::array<Native, kErrors> natives = [] {
    constexpr Native::Function kCalls[] = {ErrorCall<0>, ErrorCall<1>, ErrorCall<2>, ErrorCall<3>,
                                           ErrorCall<4>};
    std::array<Native, kErrors> made;
    for (std::size_t i = 0; i < kErrors; ++i) {
      made[i].name = ErrorName(i).text.c_str();
      made[i].call = made[i].construct = kCalls[i];
    }
    return made;
  }();
  return natives[which];
}

Cell ErrorMember(const Object& error, std::string_view key) {
  static const Native to_string{.name = "toString", .call = ErrorToString};
  static const Text none{.text = "", .ascii = 1};
  if (key == "toString") return Cell::Of(&to_string);
  if (key == "message") return Cell::String(&none);
  if (key == "name") {
    return Cell::String(&ErrorName(static_cast<std::size_t>(error.error - &ErrorNative(0))));
  }
  return {};
}

std::string FunctionText(const Object& function) {
  const Node& node = *function.function;
  return function.program->source.substr(static_cast<std::size_t>(node.at),
                                         static_cast<std::size_t>(node.end - node.at));
}

std::string FunctionAtRest(const Object& function) {
  const Node& node = *function.function;
  if (node.brackets == 0) return FunctionText(function);
  return "function" +
         function.program->source.substr(static_cast<std::size_t>(node.brackets),
                                         static_cast<std::size_t>(node.end - node.brackets));
}

Cell FunctionMember(std::string_view key) {
  static const Methods methods = {{"call", {.name = "call", .call = CallMethod}},
                                  {"apply", {.name = "apply", .call = ApplyMethod}},
                                  {"toString", {.name = "toString", .call = FunctionToString}}};
  return MethodOf(methods, key);
}

Cell ObjectMember(const Cell& cell, std::string_view key) {
  static const Methods methods = {
      {"hasOwnProperty", {.name = "hasOwnProperty", .call = HasOwnProperty}},
      {"toString", {.name = "toString", .call = ObjectToString}},
      {"valueOf", {.name = "valueOf", .call = ObjectValueOf}}};
  if (key != "constructor") return MethodOf(methods, key);
  if (cell.IsString()) return Cell::Of(&StringNative());
  if (cell.IsNumber()) return Cell::Of(&NumberNative());
  if (cell.kind == Cell::Kind::kBoolean) return Cell::Of(&BooleanNative());
  if (IsCallable(cell)) return Cell::Of(&FunctionNative());
  if (IsArray(cell)) return Cell::Of(&ArrayNative());
  if (cell.IsObject() && cell.object->maker) return Cell::Of(cell.object->maker);
  if (cell.IsObject() && cell.object->error) return Cell::Of(cell.object->error);
  return Cell::Of(&ObjectNative());
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
