// What a machine is given, and how it ends when it does not end well.
//
//   try { machine.Evaluate(program); } catch (const OverBudget&) { … } catch (const Thrown&) { … }
#pragma once

#include <stdexcept>
#include <string>

#include "engine/evaluator/heap.h"

namespace aiguillage::engine::evaluator {

// An ECMAScript exception; what(): "ReferenceError: x is not defined".
struct Thrown : std::runtime_error {
  Thrown(const Cell& cell, const std::string& what) : std::runtime_error(what), value(cell) {}
  Cell value;
};
// ECMAScript has an answer, and this subset does not give it. No try can catch this: a script must
// not go on with another answer.
struct NotOffered : Thrown {
  explicit NotOffered(const std::string& what) : Thrown({}, what + " is not in the subset") {}
};
// No try can catch this.
struct OverBudget : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The names that are not local: variables of the datamodel, system variables.
class Globals {
 public:
  enum class Written { kDone, kUndeclared, kReadOnly };
  virtual ~Globals() = default;
  virtual bool Read(Machine& machine, const Program& program, int symbol, Cell& value) = 0;
  virtual Written Write(const Program& program, int symbol, const Cell& value) = 0;
  virtual void Declare(const Program& /*program*/, int /*symbol*/) {}
  virtual bool In(const std::string& /*state*/) const { return false; }
  virtual bool HasIn() const { return false; }
};

}  // namespace aiguillage::engine::evaluator
