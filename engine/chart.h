// The rails, read and compiled: an SCXML document as data. States are numbered in document order
// (0 is <scxml>), so the descendants of i are i+1 … i+size-1, and "before" is "<".
//
//   const StateNode* review = FindState(chart, "lead_review");
//   Attribute(*review, "turn")                  aap:turn, "" when absent; nothing is inherited
//   for (int t : review->transitions) chart.transitions[t].attributes …
//
// Made by workflows/reader.h; immutable afterwards.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/instruction.h"

namespace aiguillage::engine {

struct Chart;

enum class StateKind { kRoot, kState, kParallel, kFinal, kShallowHistory, kDeepHistory };
struct DataItem {
  std::string id;
  Position at;
  int variable = -1;
  Expression expression;
  std::string src;
  bool has_literal = false;
  Value literal;
};

struct Invoke {
  std::string id;
  Position at;
  Attributes attributes;
  Expression id_location;
  std::vector<Param> computed;  // typeexpr, srcexpr
  Payload payload;
  std::shared_ptr<const Chart> chart;  // <content><scxml>…
  bool autoforward = false;
  bool has_finalize = false;
  Block finalize;
};

struct Transition {
  int index = -1;
  int source = 0;
  Position at;
  std::vector<std::string> events;  // descriptors, without their ".*"; "" is "*"; none: eventless
  Expression condition;             // condition.text() is the cond as written
  std::vector<int> targets;         // as written, histories included
  bool internal = false;
  int domain = -1;        // the state it leaves from; -1: none, or depends on a history
  Attributes attributes;  // foreign: aap:label, aap:by, aap:form, …
  Block content;
};

struct StateNode {
  std::string id;  // made up ("_3") where the document gives none
  int index = 0;
  int parent = -1;
  int size = 1;  // itself and its descendants
  int depth = 0;
  StateKind kind = StateKind::kState;
  Position at;
  Attributes attributes;         // foreign: aap:label, aap:turn, …
  std::vector<int> children;     // states and histories, in order
  std::vector<int> transitions;  // in order, without the initial and the history's
  int initial = -1;              // the transition of <initial>, of @initial or implied
  int history_default = -1;      // the transition of a history
  std::vector<Block> on_entry;
  std::vector<Block> on_exit;
  std::vector<DataItem> data;
  std::vector<Invoke> invokes;
  bool has_done_data = false;
  Payload done_data;
};

// The names of a chart; shared with its snapshots, so that they can be read alone.
struct Vocabulary {
  std::vector<std::string> states;     // by index
  std::vector<std::string> variables;  // <data> ids in order, then what others declare:
  std::size_t declared = 0;            // … <script> by var, <foreach> by naming it
  std::unordered_map<std::string, int> state_of;
  std::unordered_map<std::string, int> variable_of;
};

struct Chart {
  std::string name;       // _name
  std::string source;     // where it was read from, for messages
  Attributes attributes;  // foreign ones of <scxml>: aap:title, aap:phases
  std::vector<StateNode> states;
  std::vector<Transition> transitions;
  std::shared_ptr<const Vocabulary> names;  // made by Complete()
  std::vector<Block> scripts;               // children of <scxml>
  bool late_binding = false;
  bool has_eventless = false;
  std::vector<std::string> missing_scripts;  // <script src> that nobody provided: must not run
};

inline bool IsAtomic(const StateNode& s) {
  return s.kind == StateKind::kFinal || (s.kind == StateKind::kState && s.children.empty());
}
inline bool IsHistory(const StateNode& s) { return s.kind >= StateKind::kShallowHistory; }
inline const StateNode& StateAt(const Chart& chart, int index) {
  return chart.states[static_cast<std::size_t>(index)];
}
inline bool IsDescendant(const Chart& chart, int state, int ancestor) {
  return state > ancestor &&
         state < ancestor + chart.states[static_cast<std::size_t>(ancestor)].size;
}
const StateNode* FindState(const Chart& chart, std::string_view id);  // nullptr without
const std::string& Attribute(const StateNode& state, const std::string& name);
const std::string& Attribute(const Transition& transition, const std::string& name);
const std::string& Attribute(const Instruction& instruction, const std::string& name);

// The state that a transition to these effective targets leaves from; -1 without target.
int TransitionDomain(const Chart& chart, const Transition& transition,
                     const std::vector<int>& targets);

// Fills in what follows from the tree: sizes, depths, domains, names. Empty, or what is wrong.
std::string Complete(Chart& chart);

}  // namespace aiguillage::engine
