// The syntax tree of an expression or a script. One node type, told apart by its kind; a, b, c and
// list are its parts, in the order of the source:
//
//   rounds < 2 ? x.y : f(1)     kConditional a: kBinary(<) b: kMember "y" c: kCall list {1}
//   for (init; test; step) body kFor         a init, b test, c step, list {body}
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace aiguillage::engine::evaluator {

// A string at run time; also what string constants are, so that they cost nothing to use.
struct Text {
  std::string text;
  mutable signed char ascii = -1;  // not known yet
  Text* next = nullptr;            // in the heap that owns it
};

enum class NodeKind : unsigned char {
  // expressions
  kNumber,
  kString,
  kTrue,
  kFalse,
  kNull,
  kUndefined,
  kThis,
  kName,
  kTemplate,
  kArray,
  kObject,
  kProperty,
  kSpread,
  kFunction,
  kMember,
  kIndex,
  kCall,
  kNew,
  kUnary,
  kTypeof,
  kDelete,
  kBinary,
  kAnd,
  kOr,
  kNullish,
  kConditional,
  kAssign,
  kUpdate,
  kSequence,
  kHole,
  // statements
  kEmpty,
  kExpression,
  kDeclare,
  kBlock,
  kIf,
  kFor,
  kForIn,
  kForOf,
  kWhile,
  kDo,
  kReturn,
  kBreak,
  kContinue,
  kThrow,
  kTry,
  kSwitch,
  kCase
};

enum class Op : unsigned char {
  kNone,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kPower,
  kEqual,
  kNotEqual,
  kSame,
  kNotSame,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kBitAnd,
  kBitOr,
  kBitXor,
  kShiftLeft,
  kShiftRight,
  kShiftUnsigned,
  kIn,
  kInstanceof,
  kAnd,
  kOr,
  kNullish,
  kNegate,
  kPlus,
  kNot,
  kBitNot,
  kVoid,
  kIncrement,
  kDecrement
};

struct Node {
  NodeKind kind = NodeKind::kEmpty;
  Op op = Op::kNone;
  bool flag = false;   // arrow, optional (?.), prefix, const, block with its own names
  bool bound = false;  // a function expression whose name means itself inside
  int symbol = -1;     // of a name, a parameter, a declaration, a caught error
  int at = 0;          // offset in the source
  int end = 0;         // of a function: where its text ends
  int brackets = 0;    // of a method: where its parameters begin, its text being "name(a) {}"
  double number = 0;
  const Node* a = nullptr;
  const Node* b = nullptr;
  const Node* c = nullptr;
  std::vector<const Node*> list;
  std::vector<int> symbols;            // of a function: its parameters
  std::vector<int> locals;             // names declared by var (function) or let and const (block)
  std::vector<const Node*> functions;  // of a block: declared in it, there from its start
  Text text;                           // of a string, a member's name, a property's key
};

struct Program {
  std::string source;
  bool script = false;
  std::deque<Node> nodes;
  const Node* root = nullptr;        // an expression, or a kBlock
  std::vector<std::string> symbols;  // names by number
  std::unordered_map<std::string, int> symbol_of;
  std::vector<int> slots;             // symbol -> variable of the chart it belongs to, or -1
  std::vector<std::string> free;      // names used and not made here, in order of use
  std::vector<std::string> declared;  // by a script's own var and function
  std::vector<std::string> paths;
  std::string broken;  // why it did not parse; it throws this when evaluated
  bool assigns = false;
  bool calls = false;
};

}  // namespace aiguillage::engine::evaluator
