// What was forecast against what came: calls on random rails, with random times, learned from as
// far as they have come on the day of the forecast.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/seed.h"
#include "workflows/forecast.h"

namespace aiguillage::workflows {
namespace {

constexpr int kLong = 100'000;

struct Stood {
  int state;
  double entered, left;  // in days; told in days of the calendar
};
int DayCount(double from, double to) { return static_cast<int>(to) - static_cast<int>(from); }
struct Lived {
  int call, collection;
  bool published;
  std::vector<Stood> stays;
};

// Some columns one after the other, with ways back, ways out and times of several shapes.
class RandomRails {
 public:
  explicit RandomRails(std::mt19937_64& random) : random_(random) {
    const int columns = std::uniform_int_distribution(5, 12)(random_);
    std::uniform_real_distribution<> share(0, 1);
    for (int at = 0; at < columns; ++at) {
      columns_.push_back({3 + 40 * share(random_),
                          0.3 + 0.9 * share(random_),
                          std::uniform_int_distribution(0, 3)(random_),
                          0.25 * share(random_),
                          0.08 * share(random_),
                          {}});
      for (double& pace : columns_.back().pace) pace = std::exp(0.4 * (share(random_) - 0.5));
    }
  }

  static constexpr int kCollections = 4;
  int Online() const { return static_cast<int>(columns_.size()); }
  int Rejected() const { return Online() + 1; }

  Lived Live(int call, double born) {
    std::uniform_real_distribution<> share(0, 1);
    Lived lived{call, std::uniform_int_distribution(0, kCollections - 1)(random_), false, {}};
    double at = born;
    int state = 0;
    while (state < Online()) {
      const Column& column = columns_[static_cast<std::size_t>(state)];
      const double left = at + Time(column) * column.pace[lived.collection];
      lived.stays.push_back({state, at, left});
      at = left;
      const double way = share(random_);
      state = way < column.out                              ? Rejected()
              : way < column.out + column.back && state > 0 ? state - 1
                                                            : state + 1;
    }
    lived.stays.push_back({state, at, kLong});
    lived.published = state == Online();
    return lived;
  }

 private:
  struct Column {
    double mean, spread;
    int shape;
    double back, out;
    double pace[kCollections];
  };
  double Time(const Column& column) {
    switch (column.shape) {
      case 0:
        return std::lognormal_distribution<>(std::log(column.mean), column.spread)(random_);
      case 1:
        return std::exponential_distribution<>(1 / column.mean)(random_);
      case 2:
        return std::uniform_real_distribution<>(0, 2 * column.mean)(random_);
      default:  // two kinds of files
        return std::gamma_distribution<>(4, column.mean / (random_() % 3 == 0 ? 1.5 : 6))(random_);
    }
  }

  std::mt19937_64& random_;
  std::vector<Column> columns_;
};

std::vector<StepSample> SeenBy(double today, const std::vector<Lived>& all, bool open,
                               const std::function<bool(const Lived&)>& counts) {
  std::map<std::tuple<int, int, int>, std::int64_t> cells;
  for (const Lived& lived : all) {
    if (!counts(lived)) continue;
    for (std::size_t at = 0; at + 1 < lived.stays.size(); ++at) {
      const Stood& stood = lived.stays[at];
      if (stood.left <= today) {
        ++cells[{stood.state, lived.stays[at + 1].state, DayCount(stood.entered, stood.left)}];
      } else if (stood.entered <= today && open) {
        ++cells[{stood.state, -1, DayCount(stood.entered, today)}];
      }
    }
  }
  std::vector<StepSample> samples;
  for (const auto& [cell, count] : cells) {
    const auto& [state, next, days] = cell;
    samples.push_back({std::to_string(state), next < 0 ? "" : std::to_string(next), days, count});
  }
  return samples;
}

struct Held {
  double forecast = 0, by_half = 0, by_most = 0;
  double told = 0, publishes = 0;  // the share that publishes: as forecast, as it came

  void Add(const Forecast& forecast_of_one, bool published, int came) {
    if (forecast_of_one.kind != Forecast::kDates) return;
    told += forecast_of_one.published;
    publishes += published;
    if (!published) return;
    ++forecast;
    by_half += came <= forecast_of_one.half_days;
    by_most += came <= forecast_of_one.most_days;
  }
  void Print(const char* name) const {
    std::printf(
        "    %s: %.0f dates; before the first %.3f, before the second %.3f; published %.0f,"
        " told %.0f\n",
        name, forecast, by_half / forecast, by_most / forecast, publishes, told);
  }
};

std::vector<Walks> Learned(double today, const std::vector<Lived>& all, bool open, int online) {
  std::vector<Walks> walks;
  for (int collection = 0; collection < RandomRails::kCollections; ++collection) {
    walks.emplace_back(
        Experience{
            SeenBy(today, all, open, [&](const Lived& l) { return l.collection == collection; }),
            SeenBy(today, all, open, [](const Lived& l) { return l.call == 2; }),
            SeenBy(today, all, open, [](const Lived&) { return true; })},
        std::map<std::string, PlannedStay>{}, Goal{{std::to_string(online)}, true});
  }
  return walks;
}

// One call, another one so many days later, and a day of that one: as projects are met on it, so
// that who lives longer is met more often.
struct Calls {
  int first, second, gap;
};
constexpr int kMetMax = 40;  // of each world: others tell little more

void ForecastADay(std::mt19937_64& random, const Calls& calls, Held& held, Held* finished_only) {
  RandomRails rails(random);
  std::vector<Lived> all;
  std::uniform_real_distribution<> born(0, 60);
  for (int i = 0; i < calls.first; ++i) all.push_back(rails.Live(1, born(random)));
  for (int i = 0; i < calls.second; ++i) all.push_back(rails.Live(2, calls.gap + born(random)));
  const double today = calls.gap + std::uniform_real_distribution<>(10, 300)(random);
  const auto walks = Learned(today, all, true, rails.Online());
  std::vector<Walks> from_finished;
  if (finished_only != nullptr) from_finished = Learned(today, all, false, rails.Online());
  int met = 0;
  for (const Lived& lived : all) {
    if (lived.call != 2 || met == kMetMax) continue;
    for (const Stood& stood : lived.stays) {
      if (stood.entered > today || stood.left <= today || stood.state >= rails.Online()) continue;
      ++met;
      const auto state = std::to_string(stood.state);
      const int spent = DayCount(stood.entered, today);
      const int came = DayCount(today, lived.stays.back().entered);
      const auto own = static_cast<std::size_t>(lived.collection);
      held.Add(walks[own].From(state, spent), lived.published, came);
      if (finished_only == nullptr) continue;
      finished_only->Add(from_finished[own].From(state, spent), lived.published, came);
    }
  }
}

TEST(ForecastBacktest, TheDateOf85PercentHolds) {
  std::mt19937_64 random(test::Seed());
  Held held;
  for (int world = 0; world < 210; ++world) {
    const Calls calls[] = {{400, 150, 700}, {60, 60, 700}, {200, 80, 150}};
    ForecastADay(random, calls[world % 3], held, nullptr);
  }
  held.Print("all that was seen");
  EXPECT_GT(held.forecast, 5000);
  EXPECT_GT(held.by_most / held.forecast, 0.80);
  EXPECT_LT(held.by_most / held.forecast, 0.90);
  EXPECT_GT(held.by_half / held.forecast, 0.45);
  EXPECT_LT(held.by_half / held.forecast, 0.62) << "late rather than early";
  EXPECT_NEAR(held.told / held.publishes, 1, 0.06);
}

// The call before is hardly older: most of what is known has not finished.
TEST(ForecastBacktest, UnfinishedStaysAreLearnedFromToo) {
  std::mt19937_64 random(test::Seed() + 1);
  Held held, finished_only;
  for (int world = 0; world < 60; ++world)
    ForecastADay(random, {120, 80, 60}, held, &finished_only);
  held.Print("all that was seen");
  finished_only.Print("finished stays only");
  EXPECT_GT(held.by_most / held.forecast, 0.75);
  EXPECT_GT(held.by_most / held.forecast, finished_only.by_most / finished_only.forecast + 0.04)
      << "who counts only what has finished takes all to be quick";
}

}  // namespace
}  // namespace aiguillage::workflows
