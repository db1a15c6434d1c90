// How long steps take, in whose hands, and how often they are done at once.
#include <algorithm>
#include <map>

#include "storage/flow.h"
#include "web/figures/call_rails.h"
#include "web/figures/flow.h"
#include "web/figures/passages.h"
#include "workflows/flow.h"
#include "workflows/holder_time.h"

namespace aiguillage::web {

namespace {

using Kind = FigureColumn::Kind;
using storage::StayCount;

constexpr double kMsADay = 86'400'000.0;

double Told(std::int64_t value) { return static_cast<double>(value); }

// The finished stays of one step, by how many days they took, the shortest first.
struct Finished {
  std::map<std::int64_t, std::int64_t> days;
  std::int64_t total = 0;
  storage::BySide sides{};

  void Add(const StayCount& count) {
    days[count.days] += count.total;
    total += count.total;
    for (std::size_t i = 0; i < storage::kSides; ++i) sides[i] += count.sides[i];
  }
  // The nearest rank: the fewest days within which that share of them was over.
  std::int64_t Percentile(int percent) const {
    std::int64_t seen = 0;
    for (const auto& [lasted, count] : days) {
      seen += count;
      if (100 * seen >= percent * total) return lasted;
    }
    return 0;
  }
  std::int64_t Beyond(std::int64_t limit) const {
    std::int64_t count = 0;
    for (const auto& [lasted, stays] : days) count += lasted > limit ? stays : 0;
    return count;
  }
};

std::string Address(const FigureQuestion& question, const std::string& state,
                    std::int64_t days_min = 0, int pass = 0, const std::string& outcome = "") {
  PassagesAsked asked = PassagesOf(question);
  // The sums are kept by months: the list shows the whole of those that were counted.
  const storage::FlowFilter months = storage::WholeMonths(
      {.from_day = workflows::DayOf(asked.from), .to_day = workflows::DayOf(asked.to)});
  asked.from = months.from_day == 0 ? "" : workflows::IsoDay(months.from_day);
  asked.to = months.to_day == 0 ? "" : workflows::IsoDay(months.to_day);
  asked.state = state;
  asked.days_min = static_cast<int>(days_min);
  asked.pass = pass;
  asked.outcome = outcome;
  return PassagesAddress(asked);
}

std::string StepLabel(const CallRails::Step& step) {
  return (step.column ? "" : "› ") + step.label;
}

std::string RuleWords(const CallRails::Step& step) {
  if (step.rule.empty()) return "aucun délai";
  return step.rule.starts_with("call:") ? "date de l’appel" : step.rule;
}

Figure StepTimes(const CallRails& rails, const FigureQuestion& question,
                 const std::map<std::string, Finished>& finished) {
  Figure figure{"step_times",
                {{"state", "Étape", Kind::kText},
                 {"count", "Passages terminés", Kind::kCount},
                 {"median", "Médiane", Kind::kDays},
                 {"p80", "80 % en moins de", Kind::kDays},
                 {"p90", "90 % en moins de", Kind::kDays},
                 {"rule", "Délai prévu", Kind::kText},
                 {"target", "Délai prévu", Kind::kDays},
                 {"beyond", "Au-delà du délai", Kind::kCount},
                 {"beyond_share", "Part au-delà", Kind::kPercent}},
                {},
                "Aucune étape terminée sur la période."};
  auto steps = rails.steps();
  for (const auto& [state, stays] : finished) {  // of former rails, after those of today's
    const bool known = std::any_of(steps.begin(), steps.end(),
                                   [&, &id = state](const auto& one) { return one.id == id; });
    if (!known) steps.push_back({state, rails.Label(state), "", /*column=*/true});
  }
  for (const auto& step : steps) {
    const auto found = finished.find(step.id);
    if (found == finished.end()) continue;
    const Finished& stays = found->second;
    const std::int64_t p90 = stays.Percentile(90);
    const bool target = step.target != 0;
    const std::int64_t beyond = target ? stays.Beyond(step.target) : 0;
    const FigureCell none = FigureCell::Without(step.rule.empty() ? "sans délai" : "date fixe");
    figure.rows.push_back(
        {FigureCell(StepLabel(step)), FigureCell(Told(stays.total), Address(question, step.id)),
         FigureCell(Told(stays.Percentile(50))), FigureCell(Told(stays.Percentile(80))),
         FigureCell(Told(p90), p90 == 0 ? "" : Address(question, step.id, p90)),
         FigureCell(RuleWords(step)), target ? FigureCell(Told(step.target)) : none,
         target ? FigureCell(Told(beyond),
                             beyond == 0 ? "" : Address(question, step.id, step.target + 1))
                : none,
         target ? FigureCell(100.0 * Told(beyond) / Told(stays.total)) : none});
  }
  return figure;
}

// Days of a stay, on average, in whose hands.
Figure Holders(const CallRails& rails, const FigureQuestion& question,
               const std::map<std::string, Finished>& finished) {
  Figure figure{"step_holders",
                {{"state", "Étape", Kind::kText},
                 {"holder", "Porteur", Kind::kDays},
                 {"lead", "Chef de file", Kind::kDays},
                 {"reviewer", "Relecteurs", Kind::kDays},
                 {"office", "DGAFP", Kind::kDays},
                 {"nobody", "Suspendu", Kind::kDays},
                 {"count", "Passages terminés", Kind::kCount}},
                {},
                "Aucune étape terminée sur la période."};
  for (const auto& step : rails.steps()) {
    const auto found = finished.find(step.id);
    if (found == finished.end() || !step.column) continue;
    std::vector<FigureCell> row = {FigureCell(step.label)};
    for (const std::int64_t held : found->second.sides) {
      row.push_back(FigureCell(Told(held) / kMsADay / Told(found->second.total)));
    }
    row.push_back(FigureCell(Told(found->second.total), Address(question, step.id)));
    figure.rows.push_back(std::move(row));
  }
  return figure;
}

// Of steps that may be sent back: how their first stay ended.
Figure FirstPass(const CallRails& rails, const FigureQuestion& question,
                 const std::vector<StayCount>& counts) {
  Figure figure{"first_pass",
                {{"state", "Étape", Kind::kText},
                 {"first", "Premières lectures", Kind::kCount},
                 {"at_once", "Acceptées d’emblée", Kind::kCount},
                 {"at_once_share", "Part acceptée d’emblée", Kind::kPercent},
                 {"sent_back", "Renvoyées pour reprise", Kind::kCount},
                 {"ended", "Arrêtées là", Kind::kCount},
                 {"all", "Toutes les lectures", Kind::kCount},
                 {"rounds", "Lectures par projet", Kind::kScore}},
                {},
                "Aucune lecture terminée sur la période."};
  struct Readings {
    std::int64_t first = 0, back = 0, ended = 0, all = 0, corrections = 0;
  };
  std::map<std::string, Readings> readings;
  for (const StayCount& count : counts) {
    const StayOutcome outcome = rails.OutcomeOf(count.state, count.next);
    if (outcome == StayOutcome::kPaused) continue;  // it is not over
    Readings& of = readings[count.state];
    of.all += count.total;
    if (outcome == StayOutcome::kSentBack) of.corrections += count.total;
    if (count.pass != 1) continue;
    of.first += count.total;
    if (outcome == StayOutcome::kSentBack) of.back += count.total;
    if (outcome == StayOutcome::kEnded) of.ended += count.total;
  }
  for (const auto& step : rails.steps()) {
    const auto found = readings.find(step.id);
    if (found == readings.end() || !step.reading) continue;
    const Readings& of = found->second;
    if (of.corrections == 0 || of.first == 0) continue;
    const std::int64_t at_once = of.first - of.back - of.ended;
    const auto cell = [&](std::int64_t count, const std::string& outcome, int pass = 1) {
      return FigureCell(Told(count),
                        count == 0 ? "" : Address(question, step.id, 0, pass, outcome));
    };
    figure.rows.push_back(
        {FigureCell(StepLabel(step)), cell(of.first, "lus"), cell(at_once, "avant"),
         FigureCell(100.0 * Told(at_once) / Told(of.first)), cell(of.back, "reprise"),
         cell(of.ended, "fin"), cell(of.all, "lus", 0), FigureCell(Told(of.all) / Told(of.first))});
  }
  return figure;
}

}  // namespace

std::vector<Figure> StepFigures(storage::Session& session, workflows::Catalog& catalog,
                                const FigureQuestion& question) {
  const CallRails rails(session, catalog, question.calls);
  const auto counts = storage::StayCounts(session, FilterOf(session, question));
  std::map<std::string, Finished> finished;
  for (const StayCount& count : counts) finished[count.state].Add(count);
  return {StepTimes(rails, question, finished), Holders(rails, question, finished),
          FirstPass(rails, question, counts)};
}

}  // namespace aiguillage::web
