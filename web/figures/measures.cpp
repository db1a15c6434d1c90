#include "web/figures/measures.h"

#include <algorithm>

#include "storage/calls.h"
#include "workflows/catalog.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

void AddOnce(std::vector<std::string>& phases, const std::string& phase) {
  const bool known = std::find(phases.begin(), phases.end(), phase) != phases.end();
  if (!phase.empty() && !known) phases.push_back(phase);
}

}  // namespace

Measures::Measures(storage::Session& session, workflows::Catalog& catalog,
                   const std::vector<std::string>& calls) {
  for (const auto& id : calls) {
    const auto call = storage::FindCall(session, id);
    const auto* figures = call ? &catalog.KitOf(call->definition).figures : nullptr;
    if (figures == nullptr || !figures->is_object()) continue;
    AddOnce(admissible_from_, figures->value("admissible_from", ""));
    AddOnce(selected_from_, figures->value("selected_from", ""));
    if (review_within_.empty()) review_within_ = workflows::ReviewRuleOf(*figures).within;
    for (const auto& rule : figures->value("facts", nlohmann::json::array())) {
      Measure measure{rule.value("id", ""),        rule.value("panel", ""),
                      rule.value("kind", "count"), rule.value("label", ""),
                      rule.value("target", 0.0),   rule.contains("weight")};
      const bool known = std::any_of(measures_.begin(), measures_.end(),
                                     [&](const Measure& one) { return one.id == measure.id; });
      if (!known) measures_.push_back(std::move(measure));
    }
  }
  derived_ = {{"score", "", "mark", "Note des relecteurs"},
              {"sheets", "", "count", "Fiches rendues par les relecteurs"},
              {"wide_gap", "", "mark", "Écart à discuter entre relecteurs"}};
  for (const auto& measure : measures_) {
    if (measure.kind != "grid") continue;
    derived_.push_back(
        {measure.id + ".blocking", "", "count", measure.label + " : points bloquants"});
  }
}

const Measure* Measures::Find(const std::string& id) const {
  for (const auto* list : {&measures_, &derived_}) {
    for (const auto& measure : *list) {
      if (measure.id == id) return &measure;
    }
  }
  return nullptr;
}

std::vector<Measure> Measures::Of(const std::string& panel) const {
  std::vector<Measure> found;
  for (const auto& measure : measures_) {
    if (measure.panel == panel) found.push_back(measure);
  }
  return found;
}

}  // namespace aiguillage::web
