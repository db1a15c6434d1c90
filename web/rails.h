// The rails as a reader sees them: labels, phases, whose turn. No C++ here knows which rails run.
//
//   Rails rails(definition->chart);
//   rails.Label("lead_review", false)     « Votre cadrage est étudié par le chef de file »
//   rails.Deepest("framing framing_drafting")  -> "framing_drafting"
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/chart.h"

namespace aiguillage::web {

struct Phase {
  std::string id, label;
  bool past = false, now = false;
};

class Rails {
 public:
  explicit Rails(const engine::Chart& chart) : chart_(chart) {}

  // Staff label, or the public one; the id when the rails say nothing.
  std::string Label(const std::string& state, bool inside) const;
  // Labels of the atomic active states (several where regions run in parallel), joined.
  std::string Labels(const std::string& states, bool inside) const;
  std::vector<std::string> Atomic(const std::string& states) const;
  std::string PhaseOf(const std::string& states) const;  // "" where the rails name none
  // The steps to show: `visited` are the states columns of the journal, oldest first.
  std::vector<Phase> Phases(const std::string& states,
                            const std::vector<std::string>& visited) const;
  std::string PhaseLabel(const std::string& phase) const;  // "" where the rails lack it
  bool Knows(const std::string& state) const { return engine::FindState(chart_, state) != nullptr; }
  bool IsFinal(const std::string& states) const;
  std::vector<std::string> Turn(const std::string& states) const;       // roles
  std::vector<std::string> Resources(const std::string& states) const;  // ids
  std::string ActionLabel(const std::string& event) const;              // "" for an inner event
  // Ids and labels of the states a project can stand in at the top, those without a label seen
  // through, in document order: the pipeline's columns.
  std::vector<std::pair<std::string, std::string>> Columns() const;

 private:
  const engine::Chart& chart_;
};

}  // namespace aiguillage::web
