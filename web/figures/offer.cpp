// What was published and what came of it.
#include <algorithm>
#include <map>

#include "storage/calls.h"
#include "storage/facts.h"
#include "storage/flow.h"
#include "storage/projects.h"
#include "storage/reviews.h"
#include "web/figures/call.h"
#include "web/figures/call_rails.h"
#include "web/figures/measured.h"
#include "web/figures/measures.h"
#include "web/figures/passages.h"
#include "web/figures/reached.h"
#include "web/filters.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/catalog.h"
#include "workflows/flow.h"
#include "workflows/road.h"

namespace aiguillage::web {

namespace {

using Kind = FigureColumn::Kind;

// The columns of trainings that are online, the first of them entered when they are published.
std::vector<std::string> OnlineColumns(storage::Session& session, workflows::Catalog& catalog,
                                       const FigureQuestion& question, const CallRails& rails) {
  std::vector<std::string> columns;
  for (const auto& id : question.calls) {
    const auto call = storage::FindCall(session, id);
    const auto definition = call ? catalog.Newest(call->definition) : nullptr;
    if (definition == nullptr) continue;
    const auto goal = workflows::GoalOf(definition->chart);
    if (!goal.online) continue;
    for (const auto& step : rails.steps()) {
      const bool known = std::find(columns.begin(), columns.end(), step.id) != columns.end();
      if (step.column && goal.states.contains(step.id) && !known) columns.push_back(step.id);
    }
  }
  return columns;
}

Figure PublishedByMonth(storage::Session& session, const FigureQuestion& question,
                        const std::vector<std::string>& online) {
  Figure figure{"published_months",
                {{"month", "Mois", Kind::kText}, {"published", "Formations mises en ligne"}},
                {},
                "Aucune formation mise en ligne sur la période."};
  if (online.empty()) return figure;
  storage::FlowFilter filter = FilterOf(session, question);
  filter.states = {online.front()};
  std::map<std::int64_t, std::int64_t> months;
  for (const auto& flow : storage::FlowByDay(session, filter)) {
    if (flow.entered > 0) months[storage::FirstOfMonth(flow.day)] += flow.entered;
  }
  for (const auto& [month, count] : months) {
    const storage::FlowFilter whole =
        storage::WholeMonths({.from_day = std::max(month, filter.from_day), .to_day = month});
    PassagesAsked asked = PassagesOf(question);
    asked.state = online.front();
    asked.entered = asked.columns = true;
    asked.from = workflows::IsoDay(std::max(month, filter.from_day));
    asked.to = workflows::IsoDay(filter.to_day == 0 ? whole.to_day
                                                    : std::min(whole.to_day, filter.to_day));
    figure.rows.push_back({FigureCell(FrenchMonth(month)),
                           FigureCell(static_cast<double>(count), PassagesAddress(asked))});
  }
  return figure;
}

// That nobody looked at for as long as the rails allow, by collection, and the list of them.
struct Stale {
  std::string last_day;  // ISO, "" where no rails ask for reviews
  std::map<std::string, std::int64_t> by_collection;

  Stale(storage::Session& session, const FigureQuestion& question, const std::string& within) {
    if (within.empty()) return;
    last_day = workflows::DayBefore(workflows::ParseDeadlineRule(within).value(),
                                    workflows::ParisDate(question.now), {});
    by_collection =
        storage::ReviewedBy(session, FilterOf(session, question), workflows::DayOf(last_day));
  }
  FigureCell Cell(const FigureQuestion& question, const std::string& collection) const {
    if (last_day.empty()) return FigureCell::Without("sans revue prévue");
    const auto found = by_collection.find(collection);
    if (found == by_collection.end()) return FigureCell(0.0);
    storage::ProjectFilter filter;
    if (question.calls.size() == 1) filter.call = question.calls.front();
    filter.collection = collection.empty() ? storage::kNoCollection : collection;
    filter.reach.reviewed_to = workflows::DayOf(last_day);
    return FigureCell(static_cast<double>(found->second), RegisterAddress(filter));
  }
};

Figure Catalogue(storage::Session& session, const FigureQuestion& question,
                 const std::vector<std::string>& online, const std::string& review_within) {
  Figure figure{
      "catalogue",
      {{"collection", "Collection", Kind::kText},
       {"published", "Mises en ligne sur la période", Kind::kCount},
       {"online", "En ligne aujourd’hui", Kind::kCount},
       {"stale", review_within.empty() ? "À revoir" : "Sans revue depuis " + review_within,
        Kind::kCount}},
      {},
      "Aucune formation en ligne."};
  if (online.empty()) return figure;
  const storage::FlowFilter asked = FilterOf(session, question);
  const Stale stale(session, question, review_within);
  auto collections = storage::Collections(session);
  collections.push_back({"", "", "Sans collection", "", "", 0});
  for (const auto& collection : collections) {
    const auto& places = asked.collections;
    if (!places.empty() &&
        std::find(places.begin(), places.end(), collection.slug) == places.end()) {
      continue;
    }
    storage::FlowFilter filter = asked;
    filter.collections = {collection.slug};
    filter.states = online;
    filter.from_day = filter.to_day = 0;
    std::int64_t published = 0, there = 0;
    for (const auto& flow : storage::FlowByDay(session, filter)) {
      there += flow.still;
      const bool within = (asked.from_day == 0 || flow.day >= asked.from_day) &&
                          (asked.to_day == 0 || flow.day <= asked.to_day);
      if (within && flow.state == online.front()) published += flow.entered;
    }
    if (published == 0 && there == 0) continue;
    PassagesAsked rows = PassagesOf(question);
    rows.collection = collection.slug.empty() ? storage::kNoCollection : collection.slug;
    rows.entered = rows.columns = rows.alone = true;
    const auto cell = [&](std::int64_t count, PassagesAsked behind) {
      return FigureCell(static_cast<double>(count), count == 0 ? "" : PassagesAddress(behind));
    };
    PassagesAsked entered = rows, standing = rows;
    entered.state = online.front();
    standing.state = online.front();
    for (std::size_t i = 1; i < online.size(); ++i) standing.state += "," + online[i];
    standing.open = true;
    standing.from = standing.to = "";
    figure.rows.push_back({FigureCell(collection.label), cell(published, entered),
                           cell(there, standing), stale.Cell(question, collection.slug)});
  }
  return figure;
}

Figure Quality(const std::vector<storage::FactSum>& sums, const Measures& measures,
               const FigureQuestion& question) {
  Figure figure{"quality_families",
                {{"family", "Famille de la grille", Kind::kText},
                 {"mean", "Points conformes, en moyenne", Kind::kPercent},
                 {"projects", "Formations relues", Kind::kCount},
                 {"blocking", "Points bloquants non conformes", Kind::kScore},
                 {"blocked", "Formations qui en ont", Kind::kCount}},
                {},
                "Aucune revue qualité rendue."};
  std::map<std::string, storage::FactSum> facts;
  for (const auto& sum : sums) facts[sum.name] = sum;
  for (const auto& measure : measures.Of("quality")) {
    const auto found = facts.find(measure.id);
    if (found == facts.end() || found->second.total == 0) continue;
    const double projects = static_cast<double>(found->second.total);
    const std::string rows = MeasuredAddress(question, measure.id);
    const std::string stuck = measure.id + ".blocking";
    const auto& blocking = facts[stuck];
    const std::string those = blocking.total == 0 ? "" : MeasuredAddress(question, stuck);
    figure.rows.push_back({FigureCell(measure.label),
                           FigureCell(found->second.value / projects, rows),
                           FigureCell(projects, rows), FigureCell(blocking.value, those),
                           FigureCell(static_cast<double>(blocking.total), those)});
  }
  return figure;
}

// Weighed by who answered; told from five answers on.
Figure Evaluation(const std::vector<storage::FactSum>& sums, const Measures& measures,
                  const FigureQuestion& question) {
  Figure figure{"evaluation",
                {{"measure", "Mesure", Kind::kText},
                 {"mean", "Résultat", Kind::kScore},
                 {"target", "Cible", Kind::kScore},
                 {"gap", "Écart à la cible", Kind::kScore},
                 {"answers", "Réponses", Kind::kScore},
                 {"projects", "Formations", Kind::kCount}},
                {},
                "Aucun résultat d’enquête."};
  std::map<std::string, storage::FactSum> facts;
  for (const auto& sum : sums) facts[sum.name] = sum;
  const auto add = [&](const std::string& id, const std::string& label, double mean, double target,
                       std::int64_t answers, std::int64_t projects) {
    const std::string those = MeasuredAddress(question, id);
    const FigureCell none = FigureCell::Without("sans cible");
    std::vector<FigureCell> row = {FigureCell(label),
                                   FigureCell(mean, those),
                                   target == 0 ? none : FigureCell(target),
                                   target == 0 ? none : FigureCell(mean - target),
                                   FigureCell(static_cast<double>(answers), those),
                                   FigureCell(static_cast<double>(projects), those)};
    if (answers < kAnswersMin) {
      for (const std::size_t hidden : {1, 3, 4}) {
        row[hidden] = FigureCell::Without(kTooFew);
      }
    }
    figure.rows.push_back(std::move(row));
  };
  for (const auto& measure : measures.Of("evaluation")) {
    const auto found = facts.find(measure.id);
    if (found == facts.end() || found->second.weight == 0) continue;
    const auto& sum = found->second;
    add(measure.id, measure.label + (measure.kind == "percent" ? " (%)" : ""),
        sum.weighted / static_cast<double>(sum.weight), measure.target, sum.weight, sum.total);
  }
  const auto& asked = facts["participants"];
  const auto& answered = facts["respondents"];
  if (asked.value > 0 && measures.Find("respondents") != nullptr) {
    add("respondents", "Taux de réponse à chaud (%)", 100 * answered.value / asked.value, 0,
        static_cast<std::int64_t>(answered.value), answered.total);
  }
  return figure;
}

}  // namespace

std::vector<Figure> OfferFigures(storage::Session& session, workflows::Catalog& catalog,
                                 const FigureQuestion& question) {
  const CallRails rails(session, catalog, question.calls);
  const Measures measures(session, catalog, question.calls);
  const auto online = OnlineColumns(session, catalog, question, rails);
  storage::FlowFilter filter = FilterOf(session, question);
  filter.from_day = filter.to_day = 0;  // its months are those of applications
  FigureQuestion always = question;
  always.from = always.to = "";
  const auto sums = AddedUp(storage::FactSums(session, filter));
  return {PublishedByMonth(session, question, online),
          Catalogue(session, question, online, measures.review_within()),
          Quality(sums, measures, always), Evaluation(sums, measures, always)};
}

}  // namespace aiguillage::web
