#include "workflows/forecast_call.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "workflows/calendar.h"

namespace aiguillage::workflows {
namespace {

constexpr std::uint64_t kCallSeed = 20'270'703;
constexpr std::int64_t kOutcomesMax = 500'000, kCallDrawsMin = 50;
constexpr double kProjectsMax = 10'000;
constexpr std::size_t kMonthsMax = 36;

// By days from today: which of the months to come, and their names.
struct MonthsAhead {
  std::vector<std::string> names;
  std::vector<std::size_t> of_day;

  explicit MonthsAhead(std::int64_t now) {
    for (int day = 0; names.size() < kMonthsMax;) {
      names.push_back(DayAfter(now, day).substr(0, 7));
      const int first = std::stoi(DayAfter(now, day).substr(8));
      const int last = std::stoi(DayAfter(now, day + 31 - first).substr(8));
      const int left = (last == 31 ? 31 : 31 - last) - first + 1;
      of_day.insert(of_day.end(), static_cast<std::size_t>(left), names.size() - 1);
      day += left;
    }
  }
};

// So many or more in that share of the draws. Each counted one stands for `each` projects, which
// vary less together than it does: by the root of their number.
std::int64_t AtLeast(double share, std::vector<int>& counts, double each) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(counts.size())));
  std::sort(counts.begin(), counts.end(), std::greater<>());
  const int drawn = counts[std::max<std::size_t>(rank, 1) - 1];
  if (each == 1) return drawn;
  const double mean =
      std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
  return std::llround(mean * each + (drawn - mean) * std::sqrt(each));
}

// The day by which that share of all arrivals has come; `arrivals` by day.
int DayOfShare(double share, const std::vector<std::int64_t>& arrivals, std::int64_t total) {
  double wanted = share * static_cast<double>(total);
  std::size_t day = 0;
  for (; day + 1 < arrivals.size() && wanted > static_cast<double>(arrivals[day]); ++day) {
    wanted -= static_cast<double>(arrivals[day]);
  }
  return static_cast<int>(day);
}

}  // namespace

CallForecast ForecastCall(const std::vector<CallPart>& parts, std::int64_t now) {
  CallForecast forecast;
  for (const auto& part : parts) {
    for (const auto& standing : part.standing) forecast.projects += standing.count;
  }
  if (forecast.projects == 0) return forecast;
  const double each = std::max(1.0, static_cast<double>(forecast.projects) / kProjectsMax);
  double due = 0;  // one is drawn each time that it comes to 1
  const auto draws = static_cast<std::size_t>(
      std::clamp<std::int64_t>(kOutcomesMax / forecast.projects, kCallDrawsMin, kDraws));
  const MonthsAhead ahead(now);
  Dice dice(kCallSeed);
  std::vector<int> outcomes(draws);
  std::vector<std::vector<int>> in_month(ahead.names.size(), std::vector<int>(draws));
  std::vector<std::int64_t> arrivals;
  std::int64_t arrived = 0, unknown = 0;
  for (const auto& part : parts) {
    for (const auto& standing : part.standing) {
      for (std::int64_t project = 0; project < standing.count; ++project) {
        due += 1 / each;
        if (due < 1 - 1e-9) continue;
        due -= 1;
        part.walks->Outcomes(standing.state, standing.spent, dice, outcomes);
        for (std::size_t draw = 0; draw < draws; ++draw) {
          const int days = outcomes[draw];
          if (days == Walks::kUnknown) ++unknown;
          if (days < 0) continue;
          const auto day = static_cast<std::size_t>(days);
          if (arrivals.size() <= day) arrivals.resize(day + 1);
          ++arrivals[day];
          ++arrived;
          if (day >= ahead.of_day.size()) continue;
          ++in_month[ahead.of_day[day]][draw];
        }
      }
    }
  }
  const double weight = each / static_cast<double>(draws);
  forecast.expected = static_cast<double>(arrived) * weight;
  forecast.unknown = std::llround(static_cast<double>(unknown) * weight);
  if (arrived == 0) return forecast;
  forecast.half_on = DayAfter(now, DayOfShare(kHalfShare, arrivals, arrived));
  forecast.most_on = DayAfter(now, DayOfShare(kMostShare, arrivals, arrived));
  for (std::size_t month = 0; month < ahead.names.size(); ++month) {
    forecast.months.push_back({ahead.names[month], AtLeast(kHalfShare, in_month[month], each),
                               AtLeast(kMostShare, in_month[month], each)});
  }
  while (!forecast.months.empty() && forecast.months.back().half == 0) forecast.months.pop_back();
  return forecast;
}

}  // namespace aiguillage::workflows
