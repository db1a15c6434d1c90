// The fixed library: the globals and the members of strings, numbers, arrays, objects, functions
// and XML elements. Nothing in it knows the time, chance or the outside.
//
//   FindGlobal("Math", false, cell); NativeMember(*cell.native, "max")      a function
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "engine/evaluator/heap.h"

namespace aiguillage::engine::evaluator {

bool FindGlobal(const std::string& name, bool with_in, Cell& value);
const Native* FindGlobal(const std::string& name);  // of a constructor
std::string PathOfNative(const Native& native);     // "Math.max", "" when it is a method

// What a value has by its kind: methods, constructor, members of the library; own properties not.
Cell MemberOf(const Cell& cell, std::string_view key);
// ECMAScript gives it, and we do not: to say undefined would be another answer.
bool LeftOut(const Cell& cell, std::string_view key);
bool LeftOutGlobal(std::string_view name);
bool HasOwn(Machine& machine, const Cell& cell, std::string_view key);
Cell XmlMember(Machine& machine, const Object& object, std::string_view key);

const Native& StringNative();
const Native& NumberNative();
const Native& BooleanNative();
const Native& ArrayNative();
const Native& ObjectNative();
const Native& FunctionNative();
const Native& MathNative();
const Native& JsonNative();

bool Truthy(const Cell& cell);
const char* TypeOf(const Cell& cell);
double Power(double base, double exponent);
inline std::size_t Clamped(double at, std::size_t size) {
  return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(size)));
}
inline Cell At(Arguments arguments, std::size_t i) {
  return i < arguments.size() ? arguments[i] : Cell::Undefined();
}

}  // namespace aiguillage::engine::evaluator
