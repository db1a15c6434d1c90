// What the files of the library need of each other.
#pragma once

#include <string>
#include <unordered_map>

#include "engine/evaluator/library.h"

namespace aiguillage::engine::evaluator {

using Methods = std::unordered_map<std::string_view, Native>;

inline Cell MethodOf(const Methods& methods, std::string_view key) {
  const auto found = methods.find(key);
  return found == methods.end() ? Cell::Undefined() : Cell::Of(&found->second);
}

Cell StringMember(std::string_view key);
Cell NumberMember(std::string_view key);
Cell BooleanMember(std::string_view key);
Cell ArrayMember(std::string_view key);
Cell ErrorMember(const Object& error, std::string_view key);
Cell FunctionMember(std::string_view key);
Cell ObjectMember(const Cell& cell, std::string_view key);
Cell BoxRefused(Machine& machine, const Cell& self, Arguments arguments);  // new String("a")
const Native& ParseIntNative();
const Native& ParseFloatNative();
const Native& IsNaNNative();
const Native& IsFiniteNative();
const Native& ErrorNative(std::size_t which);  // Error, TypeError, RangeError, …
constexpr std::size_t kErrors = 5;
void SortItems(Machine& machine, std::vector<Cell>& items, const Cell& by);
std::string FunctionText(const Object& function);    // as written
std::string FunctionAtRest(const Object& function);  // such that it can be read alone
Cell XmlCell(Machine& machine, const XmlElement& element);

}  // namespace aiguillage::engine::evaluator
