#include "web/expected.h"

#include <algorithm>
#include <map>
#include <memory>

#include "storage/calls.h"
#include "storage/flow.h"
#include "storage/session.h"
#include "web/figures/forecast.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"
#include "workflows/rails_walks.h"

namespace aiguillage::web {

namespace {

using workflows::Basis;
using workflows::Forecast;

constexpr std::int64_t kPreparedMin = 5;  // fewer would tell of single projects

struct Stays {
  std::int64_t count = 0, median_days = 0;
};

// Of finished stays in these states, on all calls of the same rails.
std::map<std::string, Stays> StaysIn(storage::Session& session, const std::string& rails,
                                     const std::vector<workflows::RoadStep>& road) {
  storage::FlowFilter filter;
  for (const auto& call : storage::Calls(session)) {
    if (call.definition == rails) filter.calls.push_back(call.id);
  }
  for (const auto& step : road) filter.states.push_back(step.state);
  if (filter.calls.empty() || filter.states.empty()) return {};
  const auto counts = storage::StayCounts(session, filter);  // by state, then days
  std::map<std::string, Stays> stays;
  for (const auto& count : counts) stays[count.state].count += count.total;
  std::map<std::string, std::int64_t> seen;
  for (const auto& count : counts) {
    const auto before = seen[count.state];
    auto& of_state = stays[count.state];
    seen[count.state] += count.total;
    if (before * 2 < of_state.count) of_state.median_days = count.days;
  }
  return stays;
}

// « 3 étapes d’après la même collection (12 passages au moins), 1 d’après les délais prévus »
std::string RestsOn(const Forecast& forecast) {
  std::map<Basis, std::pair<int, std::int64_t>> steps;  // how many, their fewest cases
  for (const auto& one : forecast.basis) {
    auto& [count, cases] = steps[one.basis];
    cases = count++ == 0 ? one.cases : std::min(cases, one.cases);
  }
  std::string text;
  for (const auto& [basis, step] : steps) {
    text += (text.empty() ? Plural(step.first, "étape", "étapes") : ", " + Grouped(step.first)) +
            " d’après " + (basis == Basis::kDeadlines ? "les " : "") + BasisWords(basis);
    if (step.second > 0) text += " (" + Plural(step.second, "passage", "passages") + " au moins)";
  }
  return text;
}

bool AllPlanned(const Forecast& forecast) {
  return std::all_of(forecast.basis.begin(), forecast.basis.end(),
                     [](const auto& one) { return one.basis == Basis::kDeadlines; });
}

std::string ForecastOf(const storage::Project& project, const storage::Call& call,
                       const workflows::Definition& definition, storage::Session& session,
                       std::int64_t now) {
  if (!project.course_url.empty()) return "";
  if (!project.publication_on.empty()) {
    return "Publication programmée le " + FrenchIsoDate(project.publication_on) + ".";
  }
  workflows::RailsWalks known(session, call.definition, definition.chart, now,
                              {project.collection});
  const auto spent = workflows::ParisDay(now) - workflows::ParisDay(project.since_at);
  const int days = static_cast<int>(std::clamp<std::int64_t>(spent, 0, 36'500));
  return ForecastSentence(known.Of(call, project.collection).From(project.state, days),
                          known.goal().online, now);
}

struct Prepared {
  std::string collection;  // label
  std::int64_t projects = 0;
  std::string half, most;  // months
};

std::vector<Prepared> InPreparationNow(storage::Session& session, workflows::Catalog& catalog,
                                       std::int64_t now) {
  const auto collections = storage::Collections(session);
  std::vector<std::shared_ptr<const workflows::Definition>> definitions;
  std::map<std::string, std::unique_ptr<workflows::RailsWalks>> rails;
  std::map<std::string, std::vector<workflows::CallPart>> of_collection;
  for (const auto& call : storage::Calls(session)) {
    const auto definition = catalog.Newest(call.definition);
    if (definition == nullptr || !workflows::GoalOf(definition->chart).online) continue;
    const auto columns = workflows::InPreparation(definition->chart);
    if (columns.empty()) continue;
    definitions.push_back(definition);
    auto& known = rails[call.definition];
    if (known == nullptr) {
      known = std::make_unique<workflows::RailsWalks>(session, call.definition, definition->chart,
                                                      now, std::vector<std::string>{}, true);
    }
    for (const auto& collection : collections) {
      for (auto& part : known->Parts(call, {collection.slug}, columns)) {
        of_collection[collection.slug].push_back(std::move(part));
      }
    }
  }
  std::vector<Prepared> prepared;
  const auto month = [](const std::string& iso) { return FrenchMonth(workflows::DayOf(iso)); };
  for (const auto& collection : collections) {
    const auto forecast = ForecastCall(of_collection[collection.slug], now);
    if (forecast.projects < kPreparedMin || forecast.half_on.empty()) continue;
    prepared.push_back(
        {collection.label, forecast.projects, month(forecast.half_on), month(forecast.most_on)});
  }
  return prepared;
}

}  // namespace

std::string ForecastSentence(const Forecast& forecast, bool online, std::int64_t now) {
  const std::string what = online ? "Publication" : "Fin du projet";
  const std::string half = FrenchIsoDate(workflows::DayAfter(now, forecast.half_days));
  const std::string most = FrenchIsoDate(workflows::DayAfter(now, forecast.most_days));
  switch (forecast.kind) {
    case Forecast::kReached:
    case Forecast::kNoGoal:
      return "";
    case Forecast::kUnlikely:
      return "Trop peu de projets passés par cette étape sont allés jusqu’au bout pour donner une "
             "date.";
    case Forecast::kNoRoad:
      return "Aucune date ne peut être donnée : ni les projets passés ni les délais prévus ne "
             "disent "
             "la suite de cette étape.";
    case Forecast::kDates:
      break;
  }
  if (AllPlanned(forecast)) {
    const auto untimed = std::count_if(forecast.basis.begin(), forecast.basis.end(),
                                       [](const auto& one) { return !one.timed; });
    return what + " vers le " + half +
           " si chaque étape prend tout le délai prévu : trop peu de projets sont passés par ces "
           "étapes pour en dire plus" +
           (untimed == 0
                ? "."
                : ". Sans compter " + Plural(untimed, "étape", "étapes") + " sans délai prévu.");
  }
  const std::string when = half == most ? " probable avant le " + half
                                        : " probable entre le " + half + " et le " + most +
                                              " (une chance sur deux avant la première date, 85 % "
                                              "avant la seconde)";
  return what + when + ", si le projet va à son terme. Calcul : " + RestsOn(forecast) + ".";
}

void AddExpected(View& view, const Visit& visit, storage::Session& session, const Sight& sight,
                 const workflows::Definition& definition) {
  view.SetList("road");
  const auto& project = *visit.project;
  const auto call = storage::FindCall(session, project.call);
  if (!call || project.ended_at != 0) return;
  view.Set("forecast", ForecastOf(project, *call, definition, session, visit.now));
  const auto road =
      workflows::RoadAhead(definition.chart, project.states, project.due_at, visit.now, *call);
  const auto stays = StaysIn(session, call->definition, road);
  const Rails rails(definition.chart);
  bool first = true;
  for (const auto& step : road) {
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
        .Set("road_count", known ? Plural(found->second.count, "passage", "passages") : "");
    first = false;
  }
}

void AddInPreparation(View& view, Visit& visit, storage::Session& session) {
  view.SetList("prepared");
  // Asked by anybody, and the same all day while nothing is written.
  const auto& prepared = session.memo().Of<std::vector<Prepared>>(
      "in preparation " + std::to_string(workflows::ParisDay(visit.now)),
      [&] { return InPreparationNow(session, visit.services.catalog, visit.now); });
  view.Set("has_prepared", !prepared.empty());
  for (const auto& one : prepared) {
    view.AddRow("prepared")
        .Set("prepared_collection", one.collection)
        .Set("prepared_count", Plural(one.projects, "formation", "formations"))
        .Set("prepared_half", one.half)
        .Set("prepared_most", one.most);
  }
}

}  // namespace aiguillage::web
