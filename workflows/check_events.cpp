#include <algorithm>
#include <set>

#include "workflows/check_internal.h"

namespace aiguillage::workflows {
namespace {

struct Sent {
  std::string event;
  engine::Position at;
  bool by_deadline;  // check_names.cpp asks who waits for it, state by state
};

// Every event the rails themselves make: raised, sent, or lifted by a deadline.
std::vector<Sent> EventsMade(const RailsCheck& check) {
  std::vector<Sent> made;
  check.EachBlock(
      [&](const engine::StateNode&, const engine::Transition*, const engine::Block& block) {
        ForEachInstruction(block, [&](const engine::Instruction& instruction) {
          const bool timer = instruction.name == "deadline";
          const std::string event =
              timer ? engine::Attribute(instruction, "event") : RaisedBy(instruction);
          if (!event.empty()) made.push_back({event, instruction.at, timer});
        });
      });
  return made;
}

bool IsAwaited(const RailsCheck& check, const std::string& event) {
  const auto& transitions = check.chart.transitions;
  return std::any_of(
      transitions.begin(), transitions.end(), [&](const engine::Transition& waiting) {
        return std::any_of(waiting.events.begin(), waiting.events.end(),
                           [&](const std::string& wider) { return Matches(wider, event); });
      });
}

}  // namespace

void CheckEvents(RailsCheck& check) {
  // What reaches a project from outside its own rails: the desk, the DS exchange, the call.
  std::set<std::string> sent = {"intake", "resubmit", "call.closed", "ds.withdrawn"};
  const auto made = EventsMade(check);
  for (const auto& one : made) sent.insert(one.event);
  for (const auto& transition : check.chart.transitions) {
    if (!engine::Attribute(transition, "label").empty()) continue;
    if (!engine::Attribute(transition, "by").empty()) continue;  // an action without a name
    for (const auto& event : transition.events) {
      const bool platform = event == "done" || event == "error" || event.starts_with("done.") ||
                            event.starts_with("error.");
      const bool known = std::any_of(sent.begin(), sent.end(),
                                     [&](const std::string& one) { return Matches(event, one); });
      if (platform || known) continue;
      check.Add(transition.at, "never_sent",
                "rien ne lève « " + event +
                    " » : en faire une action (aap:label et aap:by), ou corriger le nom de "
                    "l’événement.");
    }
  }
  for (const auto& one : made) {
    if (one.by_deadline || IsAwaited(check, one.event)) continue;
    check.Add(one.at, "nobody_waits",
              "« " + one.event + " » est levé et aucun état ne l’attend : ajouter <transition " +
                  "event=\"" + one.event + "\">, ou corriger le nom.");
  }
}

}  // namespace aiguillage::workflows
