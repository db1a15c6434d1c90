// The rails of the calls that are asked about, read as one: two calls may run on different ones.
//
//   CallRails rails(session, catalog, question.calls);
//   rails.Label("lead_review")       « Validation du cadrage »
//   rails.Columns()                  every column once, in the order of the rails
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/calls.h"
#include "web/rails.h"
#include "workflows/catalog.h"

namespace aiguillage::web {

// Where a project went when it left a state: on its way, back to whoever corrects, to an end, or
// only into a pause that will give it back.
enum class StayOutcome { kOnward, kSentBack, kEnded, kPaused };

class CallRails {
 public:
  struct Step {
    std::string id, label, phase;
    bool column = false, final = false;
    bool reading = false;     // the turn of somebody who is not of the project's team
    std::string rule;         // « 15 jours ouvrés », "" where the rails give no time
    std::int64_t target = 0;  // the same in days, 0 without
  };

  // Phases that a chart shows as one band, by figures.json beside the rails; else each its own.
  //   {"id": "review", "label": "Instruction et comité", "phases": ["framing_review", "committee"]}
  struct Band {
    std::string id, label;
    std::vector<std::string> phases;
  };

  CallRails(storage::Session& session, workflows::Catalog& catalog,
            const std::vector<std::string>& calls);

  // Every state with a label, each once, in the order of the rails; inner ones after their column.
  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<std::pair<std::string, std::string>>& phases() const { return phases_; }
  const std::vector<Band>& bands() const { return bands_; }
  std::string Label(const std::string& state) const;  // of former rails where these have it not
  std::string PhaseLabel(const std::string& phase) const;
  std::vector<std::string> ColumnsOfPhase(const std::string& phase) const;  // "" those of none
  std::vector<std::string> Finals() const;
  std::vector<std::string> Underway() const;  // columns neither an end nor the goal of the rails
  bool IsFinal(const std::string& state) const;
  StayOutcome OutcomeOf(const std::string& state, const std::string& next) const;
  // That phase and those after it, in the rails that have it; the same of several, together.
  std::vector<std::string> PhasesFrom(const std::string& phase) const;
  std::vector<std::string> PhasesFrom(const std::vector<std::string>& phases) const;

 private:
  void Add(const workflows::Definition& definition, const storage::Call& call);
  void AddBands(const workflows::Definition& definition, const nlohmann::json& figures);

  storage::Session* session_;
  workflows::Catalog* catalog_;
  std::vector<std::shared_ptr<const workflows::Definition>> definitions_;
  std::vector<Step> steps_;
  std::vector<std::pair<std::string, std::string>> phases_;
  std::vector<Band> bands_;
};

// What a state is called where a project stands in it by rails that its call no longer runs on: an
// older version, or others. The id when no rails of the record know it.
std::string FormerLabel(storage::Session& session, workflows::Catalog& catalog,
                        const std::string& state);
// Those of these calls whose rails put trainings online.
std::vector<std::string> CallsThatPublish(storage::Session& session, workflows::Catalog& catalog,
                                          std::vector<std::string> calls);

}  // namespace aiguillage::web
