#include "web/figures/forecast.h"

#include <cmath>
#include <map>
#include <memory>

#include "storage/calls.h"
#include "web/figures/call_rails.h"
#include "web/figures/passages.h"
#include "web/words.h"
#include "workflows/flow.h"
#include "workflows/rails_walks.h"

namespace aiguillage::web {

namespace {

using Kind = FigureColumn::Kind;
using workflows::Basis;
using workflows::CallPart;

// The calls that are asked about, with what is known on their rails.
struct ForecastReading {
  struct One {
    storage::Call call;
    workflows::RailsWalks* known = nullptr;
    std::vector<CallPart> parts;
    workflows::CallForecast forecast;
  };
  std::vector<One> calls;
  std::map<std::string, std::shared_ptr<const workflows::Definition>> definitions;
  std::map<std::string, std::unique_ptr<workflows::RailsWalks>> rails;

  ForecastReading(storage::Session& session, workflows::Catalog& catalog,
                  const FigureQuestion& question, const std::vector<std::string>& collections) {
    for (const auto& id : question.calls) {
      const auto call = storage::FindCall(session, id);
      const auto definition = call ? catalog.Newest(call->definition) : nullptr;
      if (definition == nullptr) continue;
      auto& known = rails[call->definition];
      if (known == nullptr) {
        definitions[call->definition] = definition;
        known = std::make_unique<workflows::RailsWalks>(
            session, call->definition, definition->chart, question.now, collections);
      }
      auto parts = known->Parts(*call, collections, {});
      auto forecast = ForecastCall(parts, question.now);
      calls.push_back({*call, known.get(), std::move(parts), std::move(forecast)});
    }
  }
};

FigureCell DayCell(const std::string& iso) { return FigureCell(iso); }

FigureCell TenthCell(double number) { return FigureCell(std::round(number * 10) / 10); }

Figure OfCalls(const ForecastReading& reading) {
  Figure figure{"forecast_calls",
                {{"call", "Appel", Kind::kText},
                 {"goal", "Ce qui est prévu", Kind::kText},
                 {"projects", "Projets en cours", Kind::kCount},
                 {"expected", "Qui aboutiront", Kind::kCount},
                 {"half_on", "La moitié avant le", Kind::kDay},
                 {"most_on", "85 % avant le", Kind::kDay},
                 {"unknown", "Sans prévision", Kind::kCount}},
                {},
                "Aucun projet en cours."};
  for (const auto& [call, known, parts, forecast] : reading.calls) {
    if (forecast.projects == 0) continue;
    figure.rows.push_back({FigureCell(call.title),
                           FigureCell(known->goal().online ? "mise en ligne" : "fin du projet"),
                           FigureCell(static_cast<double>(forecast.projects)),
                           TenthCell(forecast.expected), DayCell(forecast.half_on),
                           DayCell(forecast.most_on),
                           FigureCell(static_cast<double>(forecast.unknown))});
  }
  return figure;
}

// Of all calls that put trainings online, together; one alone has been asked already.
std::vector<workflows::MonthForecast> MonthsOf(const ForecastReading& reading, std::int64_t now) {
  std::vector<CallPart> parts;
  const workflows::CallForecast* only = nullptr;
  int online = 0;
  for (const auto& one : reading.calls) {
    if (!one.known->goal().online) continue;
    parts.insert(parts.end(), one.parts.begin(), one.parts.end());
    only = &one.forecast;
    ++online;
  }
  return online == 1 ? only->months : ForecastCall(parts, now).months;
}

Figure OfMonths(const ForecastReading& reading, std::int64_t now) {
  Figure figure{"forecast_months",
                {{"month", "Mois", Kind::kText},
                 {"half", "Au moins, une fois sur deux", Kind::kCount},
                 {"most", "Au moins, dans 85 % des cas", Kind::kCount}},
                {},
                "Aucune publication à prévoir."};
  for (const auto& month : MonthsOf(reading, now)) {
    figure.rows.push_back({FigureCell(FrenchMonth(workflows::DayOf(month.month + "-01"))),
                           FigureCell(static_cast<double>(month.half)),
                           FigureCell(static_cast<double>(month.most))});
  }
  return figure;
}

// Each column once, of the first call that has it: what a project without collection is forecast
// from, or one of the collection that is asked about.
Figure OfBases(const ForecastReading& reading, const CallRails& rails,
               const FigureQuestion& question) {
  Figure figure{"forecast_basis",
                {{"state", "Étape", Kind::kText},
                 {"basis", "Durée tirée de", Kind::kText},
                 {"cases", "Passages terminés", Kind::kCount}},
                {},
                "Ces rails n’ont pas d’étape."};
  std::map<std::string, workflows::StateBasis> bases;
  for (const auto& [call, known, parts, forecast] : reading.calls) {
    for (const auto& basis : known->Of(call, question.collection).States()) {
      bases.emplace(basis.state, basis);
    }
  }
  for (const auto& step : rails.steps()) {
    const auto found = bases.find(step.id);
    if (!step.column || found == bases.end()) continue;
    const auto& basis = found->second;
    const bool plan = basis.basis == Basis::kDeadlines;
    figure.rows.push_back(
        {FigureCell(step.label),
         FigureCell(plan && !basis.timed ? "rien : aucun délai prévu" : BasisWords(basis.basis)),
         plan || basis.basis == Basis::kNothing ? FigureCell()
                                                : FigureCell(static_cast<double>(basis.cases))});
  }
  return figure;
}

}  // namespace

const char* BasisWords(Basis basis) {
  switch (basis) {
    case Basis::kSameCollection:
      return "la même collection";
    case Basis::kSameCall:
      return "le même appel";
    case Basis::kSameRails:
      return "tous les appels du même type";
    case Basis::kDeadlines:
      return "délais prévus";
    case Basis::kFewCases:
      return "quelques projets seulement";
    case Basis::kNothing:
      break;
  }
  return "rien : la suite n’est pas connue";
}

std::vector<Figure> ForecastFigures(storage::Session& session, workflows::Catalog& catalog,
                                    const FigureQuestion& question) {
  const auto collections = FilterOf(session, question).collections;
  const ForecastReading reading(session, catalog, question, collections);
  const CallRails rails(session, catalog, question.calls);
  return {OfCalls(reading), OfMonths(reading, question.now), OfBases(reading, rails, question)};
}

}  // namespace aiguillage::web
