#include "web/expected.h"

#include <algorithm>

#include "storage/calls.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/road.h"

namespace aiguillage::web {

namespace {

constexpr int kProjectsAsked = 300;
constexpr std::int64_t kDayMs = 24LL * 3'600'000;

}  // namespace

std::map<std::string, Stays> StaysOf(const engine::Chart& chart,
                                     const std::vector<storage::Passage>& passages) {
  const Rails rails(chart);
  std::map<std::string, std::vector<std::int64_t>> days;
  std::map<std::string, std::int64_t> entered;  // of the project at hand
  std::int64_t project = 0;
  for (const auto& passage : passages) {
    if (passage.project != project) entered.clear();
    project = passage.project;
    const auto now_in = rails.Atomic(passage.states);
    for (auto state = entered.begin(); state != entered.end();) {
      if (std::find(now_in.begin(), now_in.end(), state->first) != now_in.end()) {
        ++state;
        continue;
      }
      days[state->first].push_back((passage.at - state->second + kDayMs / 2) / kDayMs);
      state = entered.erase(state);
    }
    for (const auto& state : now_in) entered.emplace(state, passage.at);
  }
  std::map<std::string, Stays> stays;
  for (auto& [state, all] : days) {
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    stays[state] = {static_cast<int>(all.size()), *middle};
  }
  return stays;
}

void AddExpected(View& view, const Visit& visit, storage::Session& session, const Sight& sight,
                 const workflows::Definition& definition) {
  view.SetList("road");
  const auto& project = *visit.project;
  const auto call = storage::FindCall(session, project.call);
  if (!call || project.ended_at != 0) return;
  const auto stays =
      StaysOf(definition.chart, storage::PassagesOf(session, call->definition, kProjectsAsked));
  const Rails rails(definition.chart);
  bool first = true;
  for (const auto& step :
       workflows::RoadAhead(definition.chart, project.states, project.due_at, visit.now, *call)) {
    const auto found = stays.find(step.state);
    const bool known = found != stays.end() && found->second.count >= kStaysMin;
    view.AddRow("road")
        .Set("road_label", rails.Label(step.state, sight.inside))
        .Set("road_now", first)
        .Set("road_rule", step.rule.starts_with("call:") ? "date de l’appel" : step.rule)
        .Set("road_due", step.due_at == 0 ? "" : workflows::FrenchDate(step.due_at))
        .Set("road_median", !known ? ""
                            : found->second.median_days == 0
                                ? "moins d’un jour"
                                : Plural(found->second.median_days, "jour", "jours"))
        .Set("road_count", known ? Plural(found->second.count, "projet", "projets") : "");
    first = false;
  }
}

}  // namespace aiguillage::web
