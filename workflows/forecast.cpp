#include "workflows/forecast.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "workflows/calendar.h"

namespace aiguillage::workflows {
namespace {

constexpr int kDaysMax = 20 * 365;  // nobody waits longer: sums stay small
constexpr std::uint64_t kSeed = 2;
constexpr double kCrossedShare = 0.05;

// The day by which that share of them had come.
int DayBy(double share, const std::vector<int>& sorted) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

std::string DayAfter(std::int64_t now, int days) {
  return ParisDate(ParisHour(ParisDate(now), 12) + days * 86'400'000LL);
}

std::uint64_t Dice::Next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

double Dice::Share() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

std::int64_t Dice::Below(std::int64_t end) {
  return std::min(static_cast<std::int64_t>(Share() * static_cast<double>(end)), end - 1);
}

struct Walks::Stays {
  std::vector<std::tuple<int, int, std::int64_t>> finished;  // days, next, how many
  std::vector<std::pair<int, std::int64_t>> open;            // days so far, how many
  std::int64_t cases = 0;                                    // finished
};

int Walks::Number(const std::string& state) {
  const auto [at, fresh] = numbers_.emplace(state, static_cast<int>(names_.size()));
  if (fresh) {
    names_.push_back(state);
    laws_.emplace_back();
  }
  return at->second;
}

std::vector<Walks::Stays> Walks::Gather(const std::vector<StepSample>& samples) {
  std::vector<Stays> by_state(names_.size());
  for (const auto& sample : samples) {
    const auto state = static_cast<std::size_t>(Number(sample.state));
    if (by_state.size() <= state) by_state.resize(state + 1);
    if (sample.count <= 0) continue;
    auto& stays = by_state[state];
    if (sample.next.empty()) {
      stays.open.emplace_back(sample.days, sample.count);
    } else {
      stays.finished.emplace_back(sample.days, Number(sample.next), sample.count);
      stays.cases += sample.count;
    }
  }
  by_state.resize(names_.size());
  return by_state;
}

// Kaplan and Meier: of what is left of the whole after each number of days, those who leave then
// take their part of those who were seen to stay or leave then. Somebody still there after 12 days
// was seen on days 0 to 11.
Walks::Law Walks::Learn(Stays& stays, Basis basis) {
  Law law{.basis = basis, .end = false, .cases = stays.cases};
  std::sort(stays.finished.begin(), stays.finished.end());
  std::sort(stays.open.begin(), stays.open.end());
  std::int64_t seen = stays.cases + 1;  // one to come, that outlasts all of them
  for (const auto& [days, count] : stays.open) seen += count;
  double left = 1, weighed = 0;
  auto open = stays.open.begin();
  for (auto stay = stays.finished.begin(); stay != stays.finished.end();) {
    const int days = std::get<0>(*stay);
    for (; open != stays.open.end() && open->first <= days; ++open) seen -= open->second;
    std::int64_t leave = 0;
    for (; stay != stays.finished.end() && std::get<0>(*stay) == days; ++stay) {
      const auto count = std::get<2>(*stay);
      weighed += left * static_cast<double>(count) / static_cast<double>(seen);
      leave += count;
      law.days.push_back(days);
      law.next.push_back(std::get<1>(*stay));
      law.up_to.push_back(weighed);
      law.rank.push_back((law.rank.empty() ? 0 : law.rank.back()) + count);
    }
    left -= left * static_cast<double>(leave) / static_cast<double>(seen);
    seen -= leave;
  }
  law.longer = left;
  law.longer_than.push_back(law.days.back());
  for (; open != stays.open.end(); ++open) {
    law.longer_than.insert(law.longer_than.end(), static_cast<std::size_t>(open->second),
                           open->first);
  }
  return law;
}

Walks::Walks(const Experience& experience, const std::map<std::string, PlannedStay>& plans,
             const Goal& goal)
    : has_goal_(!goal.states.empty()) {
  const std::pair<Basis, const std::vector<StepSample>*> scopes[] = {
      {Basis::kSameCollection, &experience.collection},
      {Basis::kSameCall, &experience.call},
      {Basis::kSameRails, &experience.rails}};
  std::vector<Stays> gathered;
  for (const auto& [basis, samples] : scopes) {
    gathered = Gather(*samples);
    for (std::size_t state = 0; state < gathered.size(); ++state) {
      if (laws_[state].basis == Basis::kNothing && gathered[state].cases >= kCasesMin) {
        laws_[state] = Learn(gathered[state], basis);
      }
    }
  }
  for (const auto& [name, plan] : plans) {
    const int next = plan.next.empty() ? -1 : Number(plan.next);
    Law& law = laws_[static_cast<std::size_t>(Number(name))];
    law.end = false;
    if (law.basis != Basis::kNothing || next < 0) continue;
    law.basis = Basis::kDeadlines;
    law.plan = plan;
    law.plan_next = next;
    until_ = until_ || plan.until;
  }
  for (std::size_t state = 0; state < gathered.size(); ++state) {
    if (laws_[state].basis == Basis::kNothing && gathered[state].cases > 0) {
      laws_[state] = Learn(gathered[state], Basis::kFewCases);
    }
  }
  for (const auto& name : goal.states) laws_[static_cast<std::size_t>(Number(name))].goal = true;
  entered_.resize(laws_.size());
}

Walks::Rest Walks::RestOf(const Law& law, int spent) {
  Rest rest{.spent = spent};
  if (law.basis == Basis::kDeadlines) return rest;
  const auto first = std::lower_bound(law.days.begin(), law.days.end(), spent);
  const auto passed = static_cast<std::size_t>(first - law.days.begin());
  if (passed > 0) rest.before = law.up_to[passed - 1];
  return rest;
}

// Longer than `start` by as much as one of the longest quarter outlasted the first of that quarter.
Walks::Step Walks::DrawLong(const Law& law, int start, int spent, Dice& dice) {
  const std::int64_t quarter = (law.cases + 3) / 4;
  const auto at = [&](std::int64_t rank) {
    return static_cast<std::size_t>(std::upper_bound(law.rank.begin(), law.rank.end(), rank) -
                                    law.rank.begin());
  };
  const int least = law.days[at(law.cases - quarter)];
  const std::size_t drawn = at(law.cases - quarter + dice.Below(quarter));
  return {law.next[drawn], start + law.days[drawn] - least - spent};
}

Walks::Step Walks::Draw(const Law& law, const Rest& rest, int at, double share, Dice& dice) {
  if (law.basis == Basis::kDeadlines) {
    const int passed = law.plan.until ? at : rest.spent;
    return {law.plan_next, std::max(law.plan.days - passed, 0)};
  }
  const double known = law.up_to.back();
  const double drawn = rest.before + share * (known + law.longer - rest.before);
  if (drawn >= known) {
    const auto other = dice.Below(static_cast<std::int64_t>(law.longer_than.size()));
    const int start = std::max(rest.spent, law.longer_than[static_cast<std::size_t>(other)]);
    return DrawLong(law, start, rest.spent, dice);
  }
  const auto stay = std::upper_bound(law.up_to.begin(), law.up_to.end() - 1, drawn);
  const auto index = static_cast<std::size_t>(stay - law.up_to.begin());
  return {law.next[index], law.days[index] - rest.spent};
}

int Walks::Walk(int state, int spent, double share, Dice& dice, std::vector<Visit>& path) const {
  path.clear();
  int at = 0;
  for (int step = 0; step < kWalkStepsMax && at <= kDaysMax; ++step) {
    const Law& law = laws_[static_cast<std::size_t>(state)];
    if (law.goal) return at;
    if (law.basis == Basis::kNothing) return law.end ? kNever : kUnknown;
    path.push_back({state, at});
    const Step taken = step == 0 ? Draw(law, RestOf(law, spent), at, share, dice)
                                 : Draw(law, {}, at, dice.Share(), dice);
    at += taken.days;
    state = taken.next;
  }
  return kNever;
}

Forecast Walks::From(const std::string& state, int spent) const {
  Forecast forecast;
  const auto number = numbers_.find(state);
  if (!has_goal_) forecast.kind = Forecast::kNoGoal;
  if (!has_goal_ || number == numbers_.end()) return forecast;
  if (laws_[static_cast<std::size_t>(number->second)].goal) {
    forecast.kind = Forecast::kReached;
    return forecast;
  }
  Dice dice(kSeed);
  std::vector<int> arrivals, crossed(laws_.size()), last(laws_.size(), -1);
  std::vector<Visit> path;
  int unknown = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    // The first draws spread evenly: they weigh most, and no seed may make them all early.
    const double share = (draw + dice.Share()) / kDraws;
    const int days = Walk(number->second, spent, share, dice, path);
    if (days >= 0) arrivals.push_back(days);
    if (days == kUnknown) ++unknown;
    for (const Visit& visit : path) {
      const auto at = static_cast<std::size_t>(visit.state);
      crossed[at] += std::exchange(last[at], draw) == draw ? 0 : 1;
    }
  }
  for (std::size_t at = 0; at < crossed.size(); ++at) {
    if (crossed[at] < kCrossedShare * kDraws) continue;
    forecast.basis.push_back({names_[at], laws_[at].basis, laws_[at].cases, laws_[at].plan.timed});
  }
  if (unknown * 2 > kDraws) return forecast;
  forecast.published = static_cast<double>(arrivals.size()) / (kDraws - unknown);
  forecast.kind = forecast.published < kUnlikelyShare ? Forecast::kUnlikely : Forecast::kDates;
  if (forecast.kind == Forecast::kUnlikely) return forecast;
  std::sort(arrivals.begin(), arrivals.end());
  forecast.half_days = DayBy(kHalfShare, arrivals);
  forecast.most_days = DayBy(kMostShare, arrivals);
  return forecast;
}

std::vector<StateBasis> Walks::States() const {
  std::vector<StateBasis> states;
  for (std::size_t at = 0; at < laws_.size(); ++at) {
    const Law& law = laws_[at];
    if (law.goal || (law.end && law.basis == Basis::kNothing)) continue;
    states.push_back({names_[at], law.basis, law.cases, law.plan.timed});
  }
  std::sort(states.begin(), states.end(),
            [](const auto& a, const auto& b) { return a.state < b.state; });
  return states;
}

// A walk tells of every column that it enters, not only of the first.
int Walks::PickFrom(int entered, Dice& dice) {
  const Law& law = laws_[static_cast<std::size_t>(entered)];
  if (law.goal) return 0;
  if (law.basis == Basis::kNothing) return law.end ? kNever : kUnknown;
  auto& known = entered_[static_cast<std::size_t>(entered)];
  std::vector<Visit> path;
  while (known.size() < kDraws) {
    const int days = Walk(entered, 0, dice.Share(), dice, path);
    for (const Visit& visit : path) {
      auto& outcomes = entered_[static_cast<std::size_t>(visit.state)];
      if (outcomes.size() < kDraws) outcomes.push_back(days < 0 ? days : days - visit.at);
    }
  }
  return known[static_cast<std::size_t>(dice.Below(kDraws))];
}

void Walks::Outcomes(const std::string& state, int spent, Dice& dice, std::vector<int>& out) {
  const auto number = numbers_.find(state);
  if (number == numbers_.end()) {
    std::fill(out.begin(), out.end(), kUnknown);
    return;
  }
  const Law& law = laws_[static_cast<std::size_t>(number->second)];
  const bool stands = !law.goal && law.basis != Basis::kNothing;
  const Rest rest = stands ? RestOf(law, spent) : Rest{};
  std::vector<Visit> path;
  for (int& days : out) {
    if (until_ || !stands) {
      days = Walk(number->second, spent, dice.Share(), dice, path);
      continue;
    }
    const Step step = Draw(law, rest, 0, dice.Share(), dice);
    const int after = PickFrom(step.next, dice);
    days = after < 0 ? after : step.days + after;
  }
}

}  // namespace aiguillage::workflows
