// The fixed library: the globals and the members of strings, numbers, arrays, objects, functions
// and XML elements. Nothing in it knows the time, chance or the outside.
//
//   FindGlobal("Math", false, cell); NativeMember(*cell.native, "max")      a function
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "engine/evaluator/heap.h"

namespace aiguillage::engine::evaluator {

bool FindGlobal(const std::string& name, bool with_in, Cell& value);
const Native* FindGlobal(const std::string& name);  // of a constructor
std::string PathOfNative(const Native& native);     // "Math.max", "" when it is a method

Cell StringMember(std::string_view key);
Cell NumberMember(std::string_view key);
Cell NativeMember(const Native& native, std::string_view key);
Cell ObjectMember(const Object& object, std::string_view key);  // by its kind
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
inline Cell At(Arguments arguments, std::size_t i) {
  return i < arguments.size() ? arguments[i] : Cell::Undefined();
}

}  // namespace aiguillage::engine::evaluator
