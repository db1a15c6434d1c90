// The parts of the rails' check, each a question asked of the whole chart. Private to check*.cpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workflows/check.h"

namespace aiguillage::workflows {

struct RailsCheck {
  RailsCheck(const Definition& definition, const Kit& kit);

  const Definition& definition;
  const Kit& kit;
  const engine::Chart& chart;
  std::vector<Finding> findings;

  void Add(engine::Position at, const std::string& code, const std::string& message);
  const engine::StateNode& State(int index) const;
  const engine::Transition& Arrow(int index) const;
  // Every block of executable content, with its state and, of a transition, the transition.
  void EachBlock(const std::function<void(const engine::StateNode&, const engine::Transition*,
                                          const engine::Block&)>& visit) const;
  // Whether the state or one around it has a transition for the event.
  bool Waits(int state, const std::string& event) const;
};

void CheckRoads(RailsCheck& check);    // unreachable, dead ends, never taken, histories
void CheckLoops(RailsCheck& check);    // endless
void CheckActions(RailsCheck& check);  // labels, roles, forms
void CheckContent(RailsCheck& check);  // mails, deadlines, words to DS
void CheckNames(RailsCheck& check);    // data and form fields that do not exist
void CheckKinds(RailsCheck& check);    // comparisons that never hold
void CheckEvents(RailsCheck& check);   // waited for and never sent, sent and never waited for

// Depth first, branches included.
void ForEachInstruction(const engine::Block& block,
                        const std::function<void(const engine::Instruction&)>& visit);
// SCXML 3.12.1: a descriptor matches an event by whole words; "" is "*".
bool Matches(const std::string& descriptor, const std::string& event);

// Whether an instruction puts an event in the chart's own queue, and which: "" when it does not.
std::string RaisedBy(const engine::Instruction& instruction);
// The value of a guard that depends on nothing: 1 true (or none written), 0 false, -1 it depends.
int GuardValue(const engine::Transition& transition);

}  // namespace aiguillage::workflows
