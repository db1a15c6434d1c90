#include "workflows/forecast_held.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "workflows/calendar.h"
#include "workflows/flow.h"
#include "workflows/forecast.h"

namespace aiguillage::workflows {
namespace {

using storage::Life;
using storage::Stay;

constexpr std::uint64_t kHeldSeed = 20'270'703;
constexpr std::size_t kHeldDraws = 100;  // each for one project of many: the share needs no more

bool StoodOn(const Stay& stay, std::int64_t day) {
  return stay.entered_day <= day && (stay.next.empty() || stay.left_day > day);
}

// What was known when that day ended.
std::vector<StepSample> KnownBy(const std::vector<Life>& lives, std::int64_t day,
                                const std::string& call) {
  std::map<std::tuple<std::string, std::string, int>, std::int64_t> cells;
  for (const Life& life : lives) {
    if (!call.empty() && life.call != call) continue;
    for (const Stay& stay : life.stays) {
      if (stay.entered_day > day) continue;
      const bool over = !StoodOn(stay, day);
      const std::int64_t days = (over ? stay.left_day : day) - stay.entered_day;
      ++cells[{stay.state, over ? stay.next : "", static_cast<int>(days)}];
    }
  }
  std::vector<StepSample> samples;
  for (const auto& [cell, count] : cells) {
    samples.push_back({std::get<0>(cell), std::get<1>(cell), std::get<2>(cell), count});
  }
  return samples;
}

// Days until 85 % of those that arrive have; none where no date would have been told.
std::optional<int> MostDays(Walks& walks, const std::string& state, int spent, Dice& dice) {
  std::vector<int> outcomes(kHeldDraws);
  walks.Outcomes(state, spent, dice, outcomes);
  const auto unknown = std::count(outcomes.begin(), outcomes.end(), Walks::kUnknown);
  std::erase_if(outcomes, [](int days) { return days < 0; });
  const auto known = static_cast<double>(static_cast<std::ptrdiff_t>(kHeldDraws) - unknown);
  if (2 * unknown > static_cast<std::ptrdiff_t>(kHeldDraws)) return std::nullopt;
  if (static_cast<double>(outcomes.size()) < kUnlikelyShare * known) return std::nullopt;
  std::sort(outcomes.begin(), outcomes.end());
  const double rank = std::ceil(kMostShare * static_cast<double>(outcomes.size()));
  return outcomes[static_cast<std::size_t>(rank) - 1];
}

}  // namespace

HeldCount ForecastsHeld(const engine::Chart& chart, const storage::Call& call,
                        const std::vector<Life>& lives, std::int64_t day, std::int64_t today) {
  const Goal goal = GoalOf(chart);
  const auto plans = PlansOf(chart, call, ParisHour(IsoDay(day), 12));
  const bool alone = std::all_of(lives.begin(), lives.end(),
                                 [&](const Life& life) { return life.call == call.id; });
  const auto known = KnownBy(lives, day, call.id);
  Walks walks({{}, known, alone ? known : KnownBy(lives, day, "")}, plans, goal);
  Dice dice(kHeldSeed);
  HeldCount count;
  for (const Life& life : lives) {
    if (life.call != call.id) continue;
    const auto stood = std::find_if(life.stays.begin(), life.stays.end(),
                                    [&](const Stay& stay) { return StoodOn(stay, day); });
    if (stood == life.stays.end() || !plans.contains(stood->state)) continue;  // an end
    if (goal.states.contains(stood->state)) continue;
    ++count.standing;
    const auto spent = static_cast<int>(day - stood->entered_day);
    const auto most = MostDays(walks, stood->state, spent, dice);
    if (!most || day + *most >= today) continue;
    const auto arrived = std::find_if(stood, life.stays.end(), [&](const Stay& stay) {
      return goal.states.contains(stay.state);
    });
    const bool ended = arrived == life.stays.end() && !plans.contains(life.stays.back().state);
    if (ended) continue;
    ++count.due;
    if (arrived != life.stays.end() && arrived->entered_day <= day + *most) ++count.held;
  }
  return count;
}

}  // namespace aiguillage::workflows
