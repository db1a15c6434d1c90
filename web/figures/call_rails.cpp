#include "web/figures/call_rails.h"

#include <algorithm>
#include <set>

#include "engine/chart.h"
#include "web/text.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"
#include "workflows/holder_time.h"
#include "workflows/road.h"

namespace aiguillage::web {

namespace {

using engine::Attribute;

// Days that a rule gives: five working days are a week.
std::int64_t DaysOfRule(const std::string& words) {
  const auto rule = workflows::ParseDeadlineRule(words);
  if (!rule) return 0;
  const std::int64_t count = rule.value().count;
  switch (rule.value().unit) {
    case workflows::DeadlineUnit::kWorkingDays:
      return (count * 7 + 4) / 5;
    case workflows::DeadlineUnit::kDays:
      return count;
    case workflows::DeadlineUnit::kMonths:
      return (count * 61 + 1) / 2;
    case workflows::DeadlineUnit::kCallDate:
      break;
  }
  return 0;
}

// Does a transition of `from` or of what it holds lead into `to`?
bool Leads(const engine::Chart& chart, const engine::StateNode& from, const engine::StateNode& to) {
  for (int at = from.index; at < from.index + from.size; ++at) {
    for (const int one : engine::StateAt(chart, at).transitions) {
      for (const int target : chart.transitions[static_cast<std::size_t>(one)].targets) {
        if (target >= to.index && target < to.index + to.size) return true;
      }
    }
  }
  return false;
}

}  // namespace

CallRails::CallRails(storage::Session& session, workflows::Catalog& catalog,
                     const std::vector<std::string>& calls)
    : session_(&session), catalog_(&catalog) {
  for (const auto& id : calls) {
    const auto call = storage::FindCall(session, id);
    const auto definition = call ? catalog.Newest(call->definition) : nullptr;
    if (!definition) continue;
    Add(*definition, *call);
    AddBands(*definition, catalog.KitOf(call->definition).figures);
    definitions_.push_back(definition);
  }
}

void CallRails::Add(const workflows::Definition& definition, const storage::Call& call) {
  const Rails rails(definition.chart);
  std::set<std::string> columns;
  for (const auto& [id, label] : rails.Columns()) columns.insert(id);
  for (const auto& state : definition.chart.states) {
    const bool column = columns.count(state.id) > 0;
    if (Attribute(state, "label").empty() && !column) continue;
    const auto known = std::find_if(steps_.begin(), steps_.end(),
                                    [&](const Step& one) { return one.id == state.id; });
    if (known != steps_.end()) continue;
    Step step{state.id, rails.Label(state.id, true), Attribute(state, "phase"), column};
    step.final = column && state.kind == engine::StateKind::kFinal;
    const auto turn = SplitWords(Attribute(state, "turn"));
    step.reading = !turn.empty() && workflows::SideOf(turn[0]) != workflows::Side::kHolder;
    step.rule = workflows::RuleOf(state, call);
    step.target = DaysOfRule(step.rule);
    steps_.push_back(std::move(step));
  }
  for (const auto& id : workflows::PhasesOf(definition.chart)) {
    const auto known = std::find_if(phases_.begin(), phases_.end(),
                                    [&](const auto& one) { return one.first == id; });
    if (known == phases_.end()) phases_.emplace_back(id, rails.PhaseLabel(id));
  }
}

void CallRails::AddBands(const workflows::Definition& definition, const nlohmann::json& figures) {
  std::vector<Band> bands;
  if (figures.is_object() && figures.contains("bands")) {
    for (const auto& band : figures["bands"]) {
      bands.push_back({band.value("id", ""), band.value("label", ""),
                       band.value("phases", std::vector<std::string>{})});
    }
  } else {
    for (const auto& id : workflows::PhasesOf(definition.chart)) {
      bands.push_back({id, PhaseLabel(id), {id}});
    }
  }
  for (auto& band : bands) {
    const auto known = std::find_if(bands_.begin(), bands_.end(),
                                    [&](const Band& one) { return one.id == band.id; });
    if (known == bands_.end()) {
      bands_.push_back(std::move(band));
      continue;
    }
    for (auto& phase : band.phases) {
      const auto& there = known->phases;
      if (std::find(there.begin(), there.end(), phase) != there.end()) continue;
      known->phases.push_back(std::move(phase));
    }
  }
}

std::string CallRails::Label(const std::string& state) const {
  for (const auto& step : steps_) {
    if (step.id == state) return step.label;
  }
  return FormerLabel(*session_, *catalog_, state);
}

std::string CallRails::PhaseLabel(const std::string& phase) const {
  for (const auto& [id, label] : phases_) {
    if (id == phase) return label;
  }
  return phase;
}

std::vector<std::string> CallRails::ColumnsOfPhase(const std::string& phase) const {
  std::vector<std::string> columns;
  for (const auto& step : steps_) {
    if (step.column && !step.final && step.phase == phase) columns.push_back(step.id);
  }
  return columns;
}

std::vector<std::string> CallRails::Finals() const {
  std::vector<std::string> finals;
  for (const auto& step : steps_) {
    if (step.final) finals.push_back(step.id);
  }
  return finals;
}

std::vector<std::string> CallRails::Underway() const {
  std::set<std::string> goals;
  for (const auto& definition : definitions_) {
    goals.merge(workflows::GoalOf(definition->chart).states);
  }
  std::vector<std::string> columns;
  for (const auto& step : steps_) {
    if (step.column && !step.final && !goals.contains(step.id)) columns.push_back(step.id);
  }
  return columns;
}

bool CallRails::IsFinal(const std::string& state) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [&](const Step& step) { return step.final && step.id == state; });
}

StayOutcome CallRails::OutcomeOf(const std::string& state, const std::string& next) const {
  if (IsFinal(next)) return StayOutcome::kEnded;
  for (const auto& definition : definitions_) {
    if (workflows::GivesBack(definition->chart, next)) return StayOutcome::kPaused;
    const auto* from = engine::FindState(definition->chart, next);
    const auto* to = engine::FindState(definition->chart, state);
    if (from != nullptr && to != nullptr && Leads(definition->chart, *from, *to)) {
      return StayOutcome::kSentBack;
    }
  }
  return StayOutcome::kOnward;
}

std::vector<std::string> CallRails::PhasesFrom(const std::string& phase) const {
  return PhasesFrom(std::vector{phase});
}

std::vector<std::string> CallRails::PhasesFrom(const std::vector<std::string>& from) const {
  std::vector<std::string> phases;
  for (const auto& first : from) {
    for (const auto& definition : definitions_) {
      for (auto& one : workflows::PhasesFrom(definition->chart, first)) {
        if (std::find(phases.begin(), phases.end(), one) == phases.end()) {
          phases.push_back(std::move(one));
        }
      }
    }
  }
  return phases;
}

std::string FormerLabel(storage::Session& session, workflows::Catalog& catalog,
                        const std::string& state) {
  if (state.empty()) return state;
  for (const auto& hash : storage::DefinitionHashes(session)) {
    try {
      const auto definition = catalog.Pinned(session, hash);
      const auto* known = engine::FindState(definition->chart, state);
      if (known != nullptr && !Attribute(*known, "label").empty())
        return Attribute(*known, "label");
    } catch (const std::runtime_error&) {
      continue;  // rails that this version no longer reads: other ones may know it
    }
  }
  return state;
}

std::vector<std::string> CallsThatPublish(storage::Session& session, workflows::Catalog& catalog,
                                          std::vector<std::string> calls) {
  std::erase_if(calls, [&](const std::string& id) {
    const auto call = storage::FindCall(session, id);
    const auto definition = call ? catalog.Newest(call->definition) : nullptr;
    return definition == nullptr || !workflows::GoalOf(definition->chart).online;
  });
  return calls;
}

}  // namespace aiguillage::web
