#include "workflows/check.h"

#include <algorithm>

#include "workflows/check_internal.h"

namespace aiguillage::workflows {

std::vector<Finding> CheckRails(const Definition& definition, const Kit& kit) {
  RailsCheck check(definition, kit);
  CheckRoads(check);
  CheckLoops(check);
  CheckActions(check);
  CheckContent(check);
  CheckNames(check);
  CheckKinds(check);
  CheckEvents(check);
  std::stable_sort(check.findings.begin(), check.findings.end(), [](const auto& a, const auto& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  return std::move(check.findings);
}

std::vector<Finding> CheckDefinitions(const std::string& path) {
  auto findings = Catalog::Check(path);
  if (!findings.empty()) return findings;
  const auto catalog = Catalog::Load(path);
  if (!catalog) return {{path, 1, 1, "definitions", catalog.refusal().sentence}};
  for (const auto& name : catalog.value()->Names()) {
    const auto& rails = *catalog.value();
    const auto found = CheckRails(*rails.Newest(name), rails.KitOf(name));
    findings.insert(findings.end(), found.begin(), found.end());
  }
  return findings;
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

const engine::Transition& RailsCheck::Arrow(int index) const {
  return chart.transitions[static_cast<std::size_t>(index)];
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

std::string RaisedBy(const engine::Instruction& instruction) {
  using engine::InstructionKind;
  const bool sent = instruction.kind == InstructionKind::kSend;
  if (instruction.kind != InstructionKind::kRaise && !sent) return "";
  const std::string target = engine::Attribute(instruction, "target");
  if (sent && !target.empty() && target != "#_internal") return "";
  return engine::Attribute(instruction, "event");
}

int GuardValue(const engine::Transition& transition) {
  if (!transition.condition) return 1;
  if (!transition.condition.IsConstant()) return -1;
  const auto value = engine::Evaluate(transition.condition, {});
  if (!value) return -1;
  const auto& json = value.value();
  if (json.is_boolean()) return json.get<bool>() ? 1 : 0;
  if (json.is_number()) return json.get<double>() != 0 ? 1 : 0;
  if (json.is_null()) return 0;
  return json.is_string() && json.get<std::string>().empty() ? 0 : 1;
}

bool Matches(const std::string& descriptor, const std::string& event) {
  if (descriptor.empty() || descriptor == event) return true;
  return event.size() > descriptor.size() && event.starts_with(descriptor) &&
         event[descriptor.size()] == '.';
}

}  // namespace aiguillage::workflows
