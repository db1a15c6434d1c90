#include "web/rails.h"

#include <algorithm>
#include <functional>

#include "web/text.h"

namespace aiguillage::web {

using engine::Attribute;

namespace {

std::string PhaseOfState(const engine::Chart& chart, const std::string& id) {
  const auto* node = engine::FindState(chart, id);
  return node == nullptr ? "" : Attribute(*node, "phase");
}

}  // namespace

std::string Rails::Label(const std::string& state, bool inside) const {
  const auto* node = engine::FindState(chart_, state);
  if (node == nullptr) return state;
  const std::string& label = Attribute(*node, inside ? "label" : "public");
  if (!label.empty()) return label;
  return Attribute(*node, "label").empty() ? state : Attribute(*node, "label");
}

std::vector<std::string> Rails::Atomic(const std::string& states) const {
  std::vector<std::string> atomic;
  for (const auto& id : SplitWords(states)) {
    const auto* node = engine::FindState(chart_, id);
    if (node != nullptr && engine::IsAtomic(*node)) atomic.push_back(id);
  }
  return atomic;
}

std::string Rails::Labels(const std::string& states, bool inside) const {
  std::string text;
  for (const auto& id : Atomic(states)) {
    const std::string label = Label(id, inside);
    if (text.find(label) != std::string::npos) continue;
    text += (text.empty() ? "" : " · ") + label;
  }
  return text.empty() ? states : text;
}

std::string Rails::PhaseOf(const std::string& states) const {
  std::string phase;
  for (const auto& id : SplitWords(states)) {
    const std::string own = PhaseOfState(chart_, id);
    const auto* node = engine::FindState(chart_, id);
    if (!own.empty() || (node != nullptr && engine::IsAtomic(*node))) phase = own;
  }
  return phase;
}

std::string Rails::PhaseLabel(const std::string& phase) const {
  const auto declared = chart_.attributes.find("phases");
  const std::string list = declared == chart_.attributes.end() ? "" : "|" + declared->second + "|";
  const std::size_t at = list.find("|" + phase + ":");
  if (phase.empty() || at == std::string::npos) return "";
  const std::size_t from = at + phase.size() + 2;
  return list.substr(from, list.find('|', from) - from);
}

std::vector<Phase> Rails::Phases(const std::string& states,
                                 const std::vector<std::string>& visited) const {
  std::set<std::string> seen;
  std::string last;
  for (const auto& row : visited) {
    const std::string phase = PhaseOf(row);
    if (phase.empty()) continue;
    seen.insert(phase);
    if (!IsFinal(row)) last = phase;
  }
  std::string current = PhaseOf(states);
  if (current.empty()) current = last;  // suspended, in arbitration: where it was
  std::vector<Phase> phases;
  const auto declared = chart_.attributes.find("phases");
  const std::string list = declared == chart_.attributes.end() ? "" : declared->second;
  bool before = true;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('|', at), list.size());
    const std::string item = list.substr(at, end - at);
    const std::size_t colon = item.find(':');
    Phase phase{item.substr(0, colon), colon == std::string::npos ? item : item.substr(colon + 1)};
    phase.now = phase.id == current;
    if (phase.now) before = false;
    phase.past = !phase.now && (IsFinal(states) ? seen.count(phase.id) > 0 : before);
    phases.push_back(std::move(phase));
    at = end + 1;
  }
  // The end of the line is a step only for those who reached it, under its own name.
  std::erase_if(phases, [&](const Phase& p) { return p.id == "closed" && !p.now; });
  if (IsFinal(states) && !phases.empty() && phases.back().now) {
    phases.back().label = Labels(states, true);
  }
  return phases;
}

bool Rails::IsFinal(const std::string& states) const {
  const auto words = SplitWords(states);
  if (words.empty()) return false;
  const auto* node = engine::FindState(chart_, words.front());
  return node != nullptr && node->kind == engine::StateKind::kFinal;
}

std::vector<std::string> Rails::Turn(const std::string& states) const {
  std::vector<std::string> roles;
  for (const auto& id : SplitWords(states)) {
    const auto* node = engine::FindState(chart_, id);
    if (node == nullptr) continue;
    for (const auto& role : SplitWords(Attribute(*node, "turn"))) {
      if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
    }
  }
  return roles;
}

std::vector<std::string> Rails::Resources(const std::string& states) const {
  std::vector<std::string> ids;
  for (const auto& id : SplitWords(states)) {
    const auto* node = engine::FindState(chart_, id);
    if (node == nullptr) continue;
    for (const auto& resource : SplitWords(Attribute(*node, "resources"))) ids.push_back(resource);
  }
  return ids;
}

std::string Rails::ActionLabel(const std::string& event) const {
  for (const auto& transition : chart_.transitions) {
    for (const auto& name : transition.events) {
      if (name == event && !Attribute(transition, "label").empty()) {
        return Attribute(transition, "label");
      }
    }
  }
  return "";
}

std::vector<std::pair<std::string, std::string>> Rails::Columns() const {
  std::vector<std::pair<std::string, std::string>> columns;
  const std::function<void(int)> add = [&](int index) {
    const auto& node = chart_.states[static_cast<std::size_t>(index)];
    if (engine::IsHistory(node)) return;
    // A state without a label only groups: a project stands in what it holds.
    if (Attribute(node, "label").empty() && !node.children.empty()) {
      for (const int inner : node.children) add(inner);
    } else {
      columns.emplace_back(node.id, Label(node.id, true));
    }
  };
  for (const int child : chart_.states.at(0).children) add(child);
  return columns;
}

}  // namespace aiguillage::web
