// What may be done to an instance now, by whom, with which form; and for what is locked: why, and
// who can unlock it. An action is an event that some active state waits for with aap:label. It is
// locked only when none of its transitions can fire; a guard that reads _event counts as open.
//
//   Actions(chart, snapshot) -> [{id "framing.validate", label "Valider le cadrage",
//                                 roles {"collection_lead"}, form "framing_opinion", locked false},
//                                 …]
#pragma once

#include <string>
#include <vector>

#include "engine/chart.h"
#include "engine/snapshot.h"

namespace aiguillage::engine {

struct Action {
  std::string id;                  // the event's name
  std::string label;               // aap:label of the first transition that can fire
  std::vector<std::string> roles;  // aap:by: who may
  std::string form;                // aap:form, "" without
  std::string state;               // the active state that waits for it
  std::string style;               // aap:style: primary (default), secondary, danger
  int grace_minutes = -1;          // aap:grace, -1 = the configured one
  bool locked = false;
  std::string reason;                    // aap:locked of the transition whose guard said no
  std::vector<std::string> unlocked_by;  // aap:unlock: roles who can make the guard true
};

// In document order of the waiting states (innermost first), then of the transitions.
std::vector<Action> Actions(const Chart& chart, const Snapshot& snapshot);

}  // namespace aiguillage::engine
