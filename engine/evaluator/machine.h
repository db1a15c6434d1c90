// Evaluates syntax trees, counting. One machine serves one evaluation after another; its heap and
// its globals belong to whoever made it.
//
//   Machine machine(heap, globals, limits);
//   Cell result = machine.Evaluate(program);     throws Thrown or OverBudget
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluator/heap.h"
#include "engine/limits.h"

namespace aiguillage::engine::evaluator {

// An ECMAScript exception; what(): "ReferenceError: x is not defined".
struct Thrown : std::runtime_error {
  Thrown(const Cell& cell, const std::string& what) : std::runtime_error(what), value(cell) {}
  Cell value;
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

class Machine {
 public:
  Machine(Heap& heap, Globals& globals, const Limits& limits)
      : heap_(heap), globals_(globals), limits_(limits) {}

  Cell Evaluate(const Program& program);
  void Run(const Program& script);
  void Assign(const Program& location, const Cell& value);

  // For the library.
  Heap& heap() { return heap_; }
  Globals& globals() { return globals_; }
  void Charge(std::size_t steps);
  void CheckMemory();
  Cell MakeString(std::string text);  // within the limits
  Cell Call(const Cell& function, const Cell& self, Arguments arguments);
  Cell Construct(const Cell& function, Arguments arguments);
  Cell Get(const Cell& object, std::string_view key);
  void Set(const Cell& object, std::string_view key, const Cell& value);
  [[noreturn]] void Throw(const char* kind, const std::string& message);

  double ToNumber(const Cell& cell);
  std::string ToString(const Cell& cell);
  std::string ToKey(const Cell& cell) { return ToString(cell); }
  Cell ToPrimitive(const Cell& cell, bool prefer_string = false);
  double ToInteger(const Cell& cell);
  std::int32_t ToInt32(const Cell& cell);
  bool StrictlyEqual(const Cell& a, const Cell& b);
  bool LooselyEqual(const Cell& a, const Cell& b);
  Cell MakeArray(std::vector<Cell> items);
  std::string Describe(const Cell& cell);  // of an exception

  // Counts native recursion; every function that can call itself holds one.
  struct Frame {
    explicit Frame(Machine& machine) : frames(machine.frames_) {
      if (++frames > kFrames) {
        --frames;
        throw OverBudget("it is nested too deep");
      }
    }
    ~Frame() { --frames; }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;
    int& frames;
  };

 private:
  static constexpr int kFrames = 2500;
  enum class Flow { kNormal, kBreak, kContinue, kReturn };

  void Begin(const Program& program);
  Cell Eval(const Node& node);
  Cell EvalCompound(const Node& node);
  Cell EvalName(const Node& node);
  Cell EvalMember(const Node& node);
  Cell EvalIndex(const Node& node);
  Cell EvalCall(const Node& node);
  Cell EvalMethodCall(const Node& node, const Cell& self, std::string_view key);
  Cell EvalNew(const Node& node);
  Cell EvalArray(const Node& node);
  Cell EvalObject(const Node& node);
  Cell EvalTemplate(const Node& node);
  Cell EvalFunction(const Node& node);
  Cell EvalUnary(const Node& node);
  Cell EvalTypeof(const Node& node);
  Cell EvalDelete(const Node& node);
  Cell EvalLogical(const Node& node);
  Cell EvalAssign(const Node& node);
  Cell EvalUpdate(const Node& node);
  Cell EvalChain(const Node& node);
  std::vector<Cell> EvalList(const std::vector<const Node*>& list);
  void Spread(const Cell& value, std::vector<Cell>& into);
  Cell Binary(Op op, const Cell& a, const Cell& b);
  Cell Add(const Cell& a, const Cell& b);
  Cell Bitwise(Op op, const Cell& a, const Cell& b);
  Cell Compare(Op op, const Cell& a, const Cell& b);
  bool HasProperty(const Cell& object, const std::string& key);
  bool InstanceOf(const Cell& value, const Cell& maker);

  Cell* FindLocal(int symbol);
  void AssignTo(const Node& target, const Cell& value);
  void AssignName(int symbol, const Cell& value);
  void Declare(Scope& scope, int symbol, const Cell& value);
  Cell CallFunction(Object& function, const Cell& self, Arguments arguments);
  Scope* ScopeOf(const Object& function, const Cell& self, Arguments arguments);

  Flow Execute(const Node& node);
  Flow ExecuteBlock(const Node& block);
  Flow ExecuteDeclare(const Node& node);
  Flow ExecuteFor(const Node& node);
  Flow ExecuteForEach(const Node& node);
  Flow ExecuteWhile(const Node& node);
  Flow ExecuteSwitch(const Node& node);
  Flow ExecuteTry(const Node& node);
  void HoistFunctions(const std::vector<const Node*>& functions);

  Heap& heap_;
  Globals& globals_;
  const Limits& limits_;
  const Program* program_ = nullptr;
  Scope* scope_ = nullptr;
  Cell result_;  // of return
  int steps_ = 0;
  int frames_ = 0;
  int calls_ = 0;
  bool chain_broken_ = false;  // inside a?.b.c: there was nothing
  std::size_t heap_at_start_ = 0;
};

}  // namespace aiguillage::engine::evaluator
