#include "workflows/check.h"

#include "workflows/check_internal.h"

namespace aiguillage::workflows {

std::vector<Finding> CheckRails(const Definition& definition, const Kit& kit) {
  RailsCheck check(definition, kit);
  CheckRoads(check);
  CheckActions(check);
  CheckContent(check);
  CheckNames(check);
  CheckEvents(check);
  return std::move(check.findings);
}

RailsCheck::RailsCheck(const Definition& the_definition, const Kit& the_kit)
    : definition(the_definition), kit(the_kit), chart(the_definition.chart) {}

void RailsCheck::Add(engine::Position at, const std::string& code, const std::string& message) {
  const std::string file = chart.source.empty() ? definition.name + ".scxml" : chart.source;
  findings.push_back({file, at.line, at.column, code, message});
}

const engine::StateNode& RailsCheck::State(int index) const {
  return chart.states[static_cast<std::size_t>(index)];
}

void ForEachInstruction(const engine::Block& block,
                        const std::function<void(const engine::Instruction&)>& visit) {
  for (const auto& instruction : block) {
    visit(instruction);
    ForEachInstruction(instruction.children, visit);
  }
}

void RailsCheck::EachBlock(
    const std::function<void(const engine::StateNode&, const engine::Transition*,
                             const engine::Block&)>& visit) const {
  for (const auto& state : chart.states) {
    for (const auto& block : state.on_entry) visit(state, nullptr, block);
    for (const auto& block : state.on_exit) visit(state, nullptr, block);
  }
  for (const auto& transition : chart.transitions) {
    visit(State(transition.source), &transition, transition.content);
  }
}

bool RailsCheck::Waits(int state, const std::string& event) const {
  for (int at = state; at >= 0; at = State(at).parent) {
    for (const int index : State(at).transitions) {
      for (const auto& descriptor : chart.transitions[static_cast<std::size_t>(index)].events) {
        if (Matches(descriptor, event)) return true;
      }
    }
  }
  return false;
}

bool Matches(const std::string& descriptor, const std::string& event) {
  if (descriptor.empty() || descriptor == event) return true;
  return event.size() > descriptor.size() && event.starts_with(descriptor) &&
         event[descriptor.size()] == '.';
}

}  // namespace aiguillage::workflows
