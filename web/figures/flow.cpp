#include "web/figures/flow.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/flow.h"
#include "web/figures/ages.h"
#include "web/figures/call_rails.h"
#include "web/figures/passages.h"
#include "web/figures/reached.h"
#include "web/words.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

using Kind = FigureColumn::Kind;
using storage::DayFlow;

constexpr std::int64_t kWeek = 7;
constexpr std::int64_t kRowsMax = 60;  // weeks; a longer time is told by months

double Number(std::int64_t value) { return static_cast<double>(value); }

FigureCell Share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? FigureCell::Without("sans objet")
                    : FigureCell(100.0 * Number(part) / Number(whole));
}

Figure Funnel(storage::Session& session, const CallRails& rails, const FigureQuestion& question) {
  Figure figure{"funnel",
                {{"phase", "Étape", Kind::kText},
                 {"reached", "Projets arrivés", Kind::kCount},
                 {"of_previous", "De l’étape d’avant", Kind::kPercent},
                 {"of_all", "De tous les dossiers", Kind::kPercent}},
                {},
                "Aucun dossier n’est arrivé sur la période."};
  std::map<std::string, std::int64_t> furthest;
  std::int64_t all = 0;
  for (const auto& reach : storage::Reached(session, FilterOf(session, question))) {
    furthest[reach.phase] += reach.total;
    all += reach.total;
  }
  if (all == 0) return figure;
  std::int64_t previous = all;
  for (const auto& [phase, label] : rails.phases()) {
    if (rails.ColumnsOfPhase(phase).empty()) continue;  // that of the ends
    std::int64_t reached = 0;
    for (const auto& further : rails.PhasesFrom(phase)) reached += furthest[further];
    // Where several rails are read together, a phase of one does not follow that of another.
    figure.rows.push_back(
        {FigureCell(label), FigureCell(Number(reached), ReachedAddress(question, phase)),
         reached > previous ? FigureCell::Without("sans objet") : Share(reached, previous),
         Share(reached, all)});
    previous = reached;
  }
  return figure;
}

// Weeks from Monday or months that a period is told in, by their first days; the last one is
// today's.
struct Spans {
  std::vector<std::int64_t> first;  // and one more: the day after the last
  bool months = false;

  Spans(std::int64_t from, std::int64_t to) {
    months = (to - from) / kWeek >= kRowsMax;
    const std::int64_t begin = months ? storage::FirstOfMonth(from) : Monday(from);
    for (std::int64_t day = begin; day <= to; day = Next(day)) first.push_back(day);
    first.push_back(first.empty() ? begin : Next(first.back()));
  }
  static std::int64_t Monday(std::int64_t day) { return day - (day + 3) % kWeek; }
  std::int64_t Next(std::int64_t day) const {
    return months ? storage::FirstOfMonth(day + 31) : day + kWeek;
  }
  std::size_t size() const { return first.size() - 1; }
  std::size_t Of(std::int64_t day) const {  // of a day within
    return static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), day) -
                                    first.begin()) -
           1;
  }
  std::string Label(std::size_t i) const {
    return months ? FrenchMonth(first[i])
                  : "semaine du " + FrenchIsoDate(workflows::IsoDay(first[i]));
  }
};

struct Period {
  std::int64_t from = 0, to = 0;  // within what is known
};

Period PeriodOf(const FigureQuestion& question, const std::vector<DayFlow>& flows) {
  Period period{workflows::DayOf(question.from), workflows::DayOf(question.to)};
  const std::int64_t today = workflows::ParisDay(question.now);
  if (period.to == 0 || period.to > today) period.to = today;
  std::int64_t earliest = period.to;
  for (const auto& flow : flows) earliest = std::min(earliest, flow.day);
  period.from = std::max(period.from, earliest);
  return period;
}

// The band a state is shown in: "none" of the rails' pauses, "ends".
std::string BandOf(const CallRails& rails, const std::string& state) {
  for (const auto& step : rails.steps()) {
    if (step.id != state) continue;
    if (step.final) return "ends";
    for (const auto& band : rails.bands()) {
      const auto& phases = band.phases;
      if (std::find(phases.begin(), phases.end(), step.phase) != phases.end()) return band.id;
    }
  }
  return "none";
}

// How many stood in each band when each week ended.
Figure Cumulative(const CallRails& rails, const FigureQuestion& question,
                  const std::vector<DayFlow>& flows, const Period& period) {
  Figure figure{"cumulative_flow",
                {{"week", "Fin de période", Kind::kText}},
                {},
                "Aucun projet sur la période."};
  std::map<std::string, std::map<std::int64_t, std::int64_t>> change;  // band, day
  std::set<std::string> outside;  // pauses, and what only former rails have
  for (const auto& flow : flows) {
    const std::string band = BandOf(rails, flow.state);
    change[band][flow.day] += flow.entered - flow.gone;
    if (band == "none") outside.insert(flow.state);
  }
  auto bands = rails.bands();
  bands.push_back({"none", "Hors étape", {}});
  bands.push_back({"ends", "Terminés", {}});
  std::erase_if(bands,
                [&](const auto& band) { return !flows.empty() && change.count(band.id) == 0; });
  for (const auto& band : bands) figure.columns.push_back({band.id, band.label});
  const Spans spans(period.from, period.to);
  for (std::size_t i = 0; i < spans.size() && !flows.empty(); ++i) {
    const std::int64_t end = std::min(spans.first[i + 1] - 1, period.to);
    std::vector<FigureCell> row = {FigureCell(FrenchIsoDate(workflows::IsoDay(end)))};
    for (const auto& band : bands) {
      std::int64_t standing = 0;
      for (const auto& [day, moved] : change[band.id]) {
        if (day > end) break;
        standing += moved;
      }
      PassagesAsked asked = PassagesOf(question);
      asked.from = asked.to = "";
      asked.entered = true;
      asked.finals = band.id == "ends";
      for (const auto& phase : band.phases) asked.phase += (asked.phase.empty() ? "" : ",") + phase;
      if (band.id == "none") {
        for (const auto& one : outside) asked.state += (asked.state.empty() ? "" : ",") + one;
        asked.columns = true;
      }
      asked.on = workflows::IsoDay(end);
      row.push_back(FigureCell(Number(standing), standing == 0 ? "" : PassagesAddress(asked)));
    }
    figure.rows.push_back(std::move(row));
  }
  return figure;
}

Figure Throughput(const CallRails& rails, const FigureQuestion& question,
                  const std::vector<DayFlow>& flows, const Period& period) {
  Figure figure{"throughput",
                {{"week", "Période", Kind::kText},
                 {"arrived", "Dossiers arrivés", Kind::kCount},
                 {"steps", "Étapes franchies", Kind::kCount},
                 {"ended", "Projets terminés", Kind::kCount}},
                {},
                "Aucun mouvement sur la période."};
  struct Moved {
    std::int64_t arrived = 0, steps = 0, ended = 0;
  };
  const Spans spans(period.from, period.to);
  std::vector<Moved> moved(spans.size());
  for (const auto& flow : flows) {
    if (flow.day < period.from || flow.day > period.to) continue;
    Moved& one = moved[spans.Of(flow.day)];
    one.arrived += flow.arrived;
    one.steps += flow.gone;
    if (rails.IsFinal(flow.state)) one.ended += flow.entered;
  }
  for (std::size_t i = 0; i < spans.size() && !flows.empty(); ++i) {
    PassagesAsked asked = PassagesOf(question);
    asked.from = workflows::IsoDay(std::max(spans.first[i], period.from));
    asked.to = workflows::IsoDay(std::min(spans.first[i + 1] - 1, period.to));
    asked.columns = true;
    const auto cell = [](std::int64_t count, const PassagesAsked& rows) {
      return FigureCell(Number(count), count == 0 ? "" : PassagesAddress(rows));
    };
    PassagesAsked arrived = asked, ended = asked;
    arrived.entered = arrived.first = true;
    ended.entered = ended.finals = true;
    figure.rows.push_back({FigureCell(spans.Label(i)), cell(moved[i].arrived, arrived),
                           cell(moved[i].steps, asked), cell(moved[i].ended, ended)});
  }
  return figure;
}

// Where projects wait now: how many, how long all of them together, the longest wait first.
Figure Bottlenecks(const CallRails& rails, const FigureQuestion& question,
                   const std::vector<DayFlow>& flows) {
  Figure figure{"bottlenecks",
                {{"state", "Étape", Kind::kText},
                 {"count", "Projets", Kind::kCount},
                 {"median", "Attente médiane", Kind::kDays},
                 {"oldest", "La plus longue", Kind::kDays},
                 {"waited", "Attente cumulée", Kind::kDays}},
                {},
                "Aucun projet en attente."};
  std::vector<std::pair<std::string, Ages>> waits;
  for (const auto& [state, ages] : AgesByState(flows, workflows::ParisDay(question.now))) {
    if (!rails.IsFinal(state)) waits.emplace_back(state, ages);
  }
  std::stable_sort(waits.begin(), waits.end(),
                   [](const auto& a, const auto& b) { return a.second.waited > b.second.waited; });
  for (const auto& [state, wait] : waits) {
    PassagesAsked asked = PassagesOf(question);
    asked.from = asked.to = "";
    asked.state = state;
    asked.entered = asked.open = asked.columns = true;
    figure.rows.push_back({FigureCell(rails.Label(state)),
                           FigureCell(Number(wait.count), PassagesAddress(asked)),
                           FigureCell(Number(wait.median)), FigureCell(Number(wait.oldest)),
                           FigureCell(Number(wait.waited))});
  }
  return figure;
}

}  // namespace

std::vector<Figure> FlowFigures(storage::Session& session, workflows::Catalog& catalog,
                                const FigureQuestion& question) {
  const CallRails rails(session, catalog, question.calls);
  storage::FlowFilter filter = FilterOf(session, question);
  filter.from_day = filter.to_day = 0;  // what stood there before the period counts too
  const auto flows = storage::FlowByDay(session, filter);
  const Period period = PeriodOf(question, flows);
  return {Funnel(session, rails, question), Cumulative(rails, question, flows, period),
          Throughput(rails, question, flows, period), Bottlenecks(rails, question, flows)};
}

}  // namespace aiguillage::web
