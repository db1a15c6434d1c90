// What the files of the library need of each other.
#pragma once

#include <string>

#include "engine/evaluator/library.h"

namespace aiguillage::engine::evaluator {

Cell ArrayMember(std::string_view key);
const Native& ParseIntNative();
const Native& ParseFloatNative();
const Native& IsNaNNative();
const Native& IsFiniteNative();
std::string FunctionText(const Object& function);
Cell XmlCell(Machine& machine, const XmlElement& element);

}  // namespace aiguillage::engine::evaluator
