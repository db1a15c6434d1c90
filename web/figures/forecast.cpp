#include "web/figures/forecast.h"

#include <cmath>
#include <map>
#include <memory>

#include "storage/calls.h"
#include "storage/flow.h"
#include "web/figures/call_rails.h"
#include "web/figures/passages.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"
#include "workflows/forecast_held.h"
#include "workflows/rails_walks.h"

namespace aiguillage::web {

namespace {

using Kind = FigureColumn::Kind;
using workflows::Basis;
using workflows::CallPart;

constexpr std::int64_t kLivesMax = 100;  // of one kind of rails; more would tell little more
constexpr std::int64_t kDueMin = 10;     // a share of fewer says nothing

// The calls that are asked about, with what is known on their rails.
struct ForecastReading {
  struct One {
    storage::Call call;
    workflows::RailsWalks* known = nullptr;
    std::vector<CallPart> parts;
    workflows::CallForecast forecast;
    std::string rows;  // the projects that it tells of
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
      PassagesAsked rows;
      rows.call = id;
      rows.collection = question.collection;
      rows.underway = rows.open = rows.entered = true;
      calls.push_back(
          {*call, known.get(), std::move(parts), std::move(forecast), PassagesAddress(rows)});
    }
  }
};

FigureCell DayCell(const std::string& iso) {
  return iso.empty() ? FigureCell::Without("pas de date") : FigureCell(iso);
}

FigureCell TenthCell(double number, const std::string& rows) {
  return FigureCell(std::round(number * 10) / 10, rows);
}

Figure OfCalls(const ForecastReading& reading) {
  Figure figure{"forecast_calls",
                {{"call", "Appel", Kind::kText},
                 {"goal", "Ce qui est prévu", Kind::kText},
                 {"projects", "Projets en cours", Kind::kCount},
                 {"expected", "Qui aboutiront", Kind::kScore},
                 {"half_on", "La moitié avant le", Kind::kDay},
                 {"most_on", "85 % avant le", Kind::kDay},
                 {"unknown", "Sans prévision", Kind::kScore}},
                {},
                "Aucun projet en cours."};
  for (const auto& [call, known, parts, forecast, rows] : reading.calls) {
    if (forecast.projects == 0) continue;
    figure.rows.push_back(
        {FigureCell(call.title),
         FigureCell(known->goal().online ? "mise en ligne" : "fin du projet"),
         FigureCell(static_cast<double>(forecast.projects), rows),
         TenthCell(forecast.expected, rows), DayCell(forecast.half_on), DayCell(forecast.most_on),
         FigureCell(static_cast<double>(forecast.unknown), forecast.unknown == 0 ? "" : rows)});
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

// The projects that they tell of: those of one call, or of all that put trainings online.
std::string MonthsAddress(const ForecastReading& reading, const FigureQuestion& question) {
  std::string rows;
  int online = 0;
  for (const auto& one : reading.calls) {
    if (!one.known->goal().online || one.forecast.projects == 0) continue;
    rows = one.rows;
    ++online;
  }
  if (online < 2) return rows;
  PassagesAsked all;
  all.collection = question.collection;
  all.underway = all.open = all.entered = all.publishing = true;
  return PassagesAddress(all);
}

Figure OfMonths(const ForecastReading& reading, const FigureQuestion& question) {
  Figure figure{"forecast_months",
                {{"month", "Mois", Kind::kText},
                 {"half", "Au moins, une fois sur deux", Kind::kScore},
                 {"most", "Au moins, dans 85 % des cas", Kind::kScore}},
                {},
                "Aucune publication à prévoir."};
  const std::string rows = MonthsAddress(reading, question);
  for (const auto& month : MonthsOf(reading, question.now)) {
    figure.rows.push_back({FigureCell(FrenchMonth(workflows::DayOf(month.month + "-01"))),
                           FigureCell(static_cast<double>(month.half), rows),
                           FigureCell(static_cast<double>(month.most), rows)});
  }
  return figure;
}

// What forecasts of some months ago would have said, and what came: all calls together.
Figure OfThePast(storage::Session& session, const ForecastReading& reading,
                 const FigureQuestion& question) {
  Figure figure{"forecast_held",
                {{"day", "Prévu à la fin du", Kind::kText},
                 {"standing", "Projets alors en cours", Kind::kScore},
                 {"due", "Dates à 85 % passées depuis", Kind::kScore},
                 {"held", "Dates tenues", Kind::kScore},
                 {"share", "Part tenue", Kind::kPercent}},
                {},
                "Aucun projet n’était en cours il y a trois mois."};
  std::map<std::string, std::vector<storage::Life>> lives;  // by rails
  for (const auto& [rails, definition] : reading.definitions) {
    storage::FlowFilter filter = FilterOf(session, question);
    filter.calls.clear();
    for (const auto& call : storage::Calls(session)) {
      if (call.definition == rails) filter.calls.push_back(call.id);
    }
    lives[rails] = storage::SampledLives(session, filter, kLivesMax);
  }
  const std::string today = workflows::IsoDay(workflows::ParisDay(question.now));
  for (const char* ago : {"3 mois", "6 mois", "12 mois", "18 mois"}) {
    PassagesAsked rows = PassagesOf(question);
    rows.from = rows.to = "";
    rows.on = workflows::DayBefore(workflows::ParseDeadlineRule(ago).value(), today, {});
    rows.underway = rows.entered = true;
    workflows::HeldCount sum;
    for (const auto& one : reading.calls) {
      const auto count = workflows::ForecastsHeld(
          reading.definitions.at(one.call.definition)->chart, one.call, lives[one.call.definition],
          workflows::DayOf(rows.on), workflows::DayOf(today));
      sum.standing += count.standing;
      sum.due += count.due;
      sum.held += count.held;
    }
    if (sum.standing == 0) continue;
    FigureCell share(
        sum.due == 0 ? 0.0 : 100.0 * static_cast<double>(sum.held) / static_cast<double>(sum.due));
    if (sum.due < kDueMin) share.hidden = "moins de dix dates passées";
    figure.rows.push_back({FigureCell(FrenchIsoDate(rows.on)),
                           FigureCell(static_cast<double>(sum.standing), PassagesAddress(rows)),
                           FigureCell(static_cast<double>(sum.due)),
                           FigureCell(static_cast<double>(sum.held)), share});
  }
  return figure;
}

// The finished stays that a law was made of: as far as it looked.
std::string CasesAddress(const workflows::StateBasis& basis, const storage::Call& call,
                         const FigureQuestion& question) {
  PassagesAsked cases;
  cases.state = basis.state;
  if (basis.basis == Basis::kSameCall) {
    cases.call = call.id;
  } else {
    cases.rails = call.definition;
  }
  if (basis.basis == Basis::kSameCollection) {
    cases.collection = question.collection;
    cases.alone = true;
  }
  return PassagesAddress(cases);
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
  std::map<std::string, std::pair<workflows::StateBasis, const storage::Call*>> bases;
  for (const auto& one : reading.calls) {
    for (const auto& basis : one.known->Of(one.call, question.collection).States()) {
      bases.emplace(basis.state, std::pair(basis, &one.call));
    }
  }
  for (const auto& step : rails.steps()) {
    const auto found = bases.find(step.id);
    if (!step.column || found == bases.end()) continue;
    const auto& [basis, call] = found->second;
    const bool plan = basis.basis == Basis::kDeadlines;
    figure.rows.push_back(
        {FigureCell(step.label),
         FigureCell(plan && !basis.timed ? "rien : aucun délai prévu" : BasisWords(basis.basis)),
         plan || basis.basis == Basis::kNothing
             ? FigureCell::Without("aucun")
             : FigureCell(static_cast<double>(basis.cases), CasesAddress(basis, *call, question))});
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
  return {OfCalls(reading), OfMonths(reading, question), OfBases(reading, rails, question),
          OfThePast(session, reading, question)};
}

}  // namespace aiguillage::web
