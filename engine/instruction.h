// Executable content, read and compiled: a tree of elements, ours and foreign ones.
//
//   <if cond="rounds &lt; 2"><aap:mail template="late"/></if>      gives
//   Instruction{kIf, "if", children {Instruction{kBranch, "if", expression "rounds < 2",
//                                                children {Instruction{kForeign, "mail", …}}}}}
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/expression.h"
#include "engine/value.h"

namespace aiguillage::engine {

using Attributes = std::map<std::string, std::string>;  // by local name

struct Position {
  int line = 0;
  int column = 0;
};

enum class InstructionKind {
  kRaise,
  kIf,
  kBranch,
  kForeach,
  kLog,
  kAssign,
  kScript,
  kSend,
  kCancel,
  kForeign
};

// <param>, or one name of a namelist.
struct Param {
  std::string name;
  Expression value;
};

// What <send>, <invoke> and <donedata> carry.
struct Payload {
  std::vector<Param> namelist;
  std::vector<Param> params;
  bool has_content = false;
  Expression content_expr;
  Value content;  // read from the children: XML, JSON, or a string with its spaces normalised
};

// One element of executable content. <if> holds one kBranch per if/elseif/else.
struct Instruction {
  InstructionKind kind = InstructionKind::kForeign;
  std::string name;  // local name of the element
  Position at;
  Attributes attributes;        // as written; of a foreign element: by local name
  Expression expression;        // expr, cond, the script
  Expression location;          // assign location, foreach item, send idlocation
  Expression index;             // foreach index
  Value literal;                // children of <assign>
  std::vector<Param> computed;  // eventexpr, targetexpr, delayexpr, peopleexpr …: key without expr
  Payload payload;              // <send>
  std::vector<Instruction> children;
};
using Block = std::vector<Instruction>;  // an error skips the rest of its block

}  // namespace aiguillage::engine
