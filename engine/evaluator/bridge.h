// Between values at rest (engine/value.h) and values at run time (heap.h).
//
//   Cell cell = Thaw(machine, value);      Value again = Freeze(machine, cell);     again == value
#pragma once

#include "engine/evaluator/machine.h"
#include "engine/value.h"

namespace aiguillage::engine::evaluator {

Cell Thaw(Machine& machine, const Value& value);
// Throws Thrown when the value holds itself or is larger than a snapshot may be.
Value Freeze(Machine& machine, const Cell& cell);

}  // namespace aiguillage::engine::evaluator
