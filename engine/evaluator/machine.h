// Evaluates syntax trees, counting. One machine serves one evaluation after another; its heap and
// its globals belong to whoever made it.
//
//   Machine machine(heap, globals, limits);
//   Cell result = machine.Evaluate(program);     throws Thrown or OverBudget
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluator/globals.h"
#include "engine/limits.h"

namespace aiguillage::engine::evaluator {

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
  Cell MakeString(std::string text);  // within the limits, halves of surrogate pairs joined
  Cell Call(const Cell& function, const Cell& self, Arguments arguments);
  Cell Construct(const Cell& function, Arguments arguments);
  Cell Get(const Cell& object, std::string_view key);
  void Set(const Cell& object, std::string_view key, const Cell& value);
  Cell Inherited(const Cell& cell, std::string_view key);
  [[noreturn]] void Throw(const char* kind, const std::string& message);
  [[noreturn]] static void Refuse(const std::string& what) { throw NotOffered(what); }

  double ToNumber(const Cell& cell);
  std::string ToString(const Cell& cell);
  std::string ToKey(const Cell& cell) { return ToString(cell); }
  Cell ToPrimitive(const Cell& cell, bool prefer_string = false);
  double ToInteger(const Cell& cell);
  std::int32_t ToInt32(const Cell& cell);
  bool StrictlyEqual(const Cell& a, const Cell& b);
  bool LooselyEqual(const Cell& a, const Cell& b);
  Cell MakeArray(std::vector<Cell> items);
  std::string Describe(const Cell& cell);         // for a sentence
  std::vector<Cell> Iterate(const Cell& cell);    // what spread gives: an array's, a string's
  std::vector<Cell> ArrayLike(const Cell& cell);  // by length and index
  std::vector<std::string> OwnKeys(const Cell& cell);
  bool HasProperty(const Cell& object, const std::string& key);
  void ChangeLength(Object& array, std::size_t size);

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
  Cell EvalMethodCall(const Node& node, const Cell& self, const Cell& key);
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
  Cell Binary(Op op, const Cell& a, const Cell& b);
  Cell Add(const Cell& a, const Cell& b);
  Cell Bitwise(Op op, const Cell& a, const Cell& b);
  Cell Compare(Op op, const Cell& a, const Cell& b);
  bool InstanceOf(const Cell& value, const Cell& maker);

  Binding* FindLocal(int symbol);
  bool ReadLibrary(int symbol, Cell& value);
  void AssignTo(const Node& target, const Cell& value);
  void AssignName(int symbol, const Cell& value);
  Cell KeyOf(const Node& target);
  Cell GetAt(const Cell& object, const Cell& key);
  void SetAt(const Cell& object, const Cell& key, const Cell& value);
  void SetItem(Object& array, std::string_view key, const Cell& value);
  void Put(Object& object, std::string_view key, const Cell& value);
  Scope* MakeScope(const std::vector<int>& locals, const Cell& value);
  Cell CallFunction(Object& function, const Cell& self, Arguments arguments);
  Scope* ScopeOf(Object& function, const Cell& self, Arguments arguments);
  void BindParameters(const Node& node, Arguments arguments);

  Flow Execute(const Node& node);
  Flow ExecuteBlock(const Node& block);
  Scope* EnterBlock(const Node& block);
  void HoistFunctions(const std::vector<const Node*>& functions);
  Flow ExecuteDeclare(const Node& node);
  Flow ExecuteFor(const Node& node);
  void NextTurn();
  Flow ExecuteForEach(const Node& node);
  Flow ExecuteTurn(const Node& node, Scope* outer, const Cell& turn);
  Flow ExecuteWhile(const Node& node);
  Flow ExecuteSwitch(const Node& node);
  Flow ExecuteTry(const Node& node);

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
