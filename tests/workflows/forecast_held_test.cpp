// Forecasts of a past day against what came: counted by hand, and on simulated calls.
#include "workflows/forecast_held.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/support/seed.h"
#include "tests/support/shipped_rails.h"
#include "workflows/flow.h"
#include "workflows/road.h"

namespace aiguillage::workflows {
namespace {

using storage::Life;
using storage::Stay;

const Definition& Rails() {
  static const auto loaded = Catalog::Load(DefinitionsDir().string());
  static const auto definition = loaded.value()->Newest("mentor");
  return *definition;
}

// « commitment 100, evaluation 130 » by days of entering; the last one lasts.
Life LifeOf(const std::vector<std::pair<std::string, std::int64_t>>& stations) {
  Life life{"mentor-2026", {}};
  for (const auto& [state, day] : stations) {
    if (!life.stays.empty()) {
      life.stays.back().next = state;
      life.stays.back().left_day = day;
    }
    Stay stay;
    stay.state = state;
    stay.whole = true;
    stay.entered_day = day;
    life.stays.push_back(stay);
  }
  return life;
}

storage::Call TheCall() {
  storage::Call call;
  call.id = "mentor-2026";
  return call;
}

std::string HeldWords(const std::vector<Life>& lives, std::int64_t day, std::int64_t today) {
  const auto count = ForecastsHeld(Rails().chart, TheCall(), lives, day, today);
  return std::to_string(count.standing) + " standing, " + std::to_string(count.due) + " due, " +
         std::to_string(count.held) + " held";
}

TEST(ForecastHeld, CountsDatesThatPassedAndWereKept) {
  const std::int64_t day = DayOf("2026-01-01");
  std::vector<Life> lives;
  // Twenty that took 30 days from the slot to the web, all of them before that day.
  for (int i = 0; i < 20; ++i) {
    lives.push_back(LifeOf({{"publication", day - 90}, {"evaluation", day - 60}}));
  }
  EXPECT_EQ(HeldWords(lives, day, day + 400), "0 standing, 0 due, 0 held");
  lives.push_back(LifeOf({{"publication", day - 10}, {"evaluation", day + 15}}));   // kept
  lives.push_back(LifeOf({{"publication", day - 10}, {"evaluation", day + 200}}));  // late
  lives.push_back(LifeOf({{"publication", day - 10}}));                             // still there
  lives.push_back(LifeOf({{"publication", day - 10}, {"withdrawn", day + 5}}));     // otherwise
  lives.push_back(LifeOf({{"publication", day + 1}, {"evaluation", day + 2}}));     // came later
  EXPECT_EQ(HeldWords(lives, day, day + 400), "4 standing, 3 due, 1 held");
  EXPECT_EQ(HeldWords(lives, day, day + 5), "4 standing, 0 due, 0 held") << "no date has passed";
  Life other = LifeOf({{"publication", day - 10}, {"evaluation", day + 1}});
  other.call = "mentor-2025";
  lives.push_back(other);
  EXPECT_EQ(HeldWords(lives, day, day + 400), "4 standing, 3 due, 1 held") << "another call";
}

TEST(ForecastHeld, KnowsNothingOfWhatCameAfterThatDay) {
  std::mt19937_64 random(test::Seed());
  const std::int64_t day = DayOf("2026-01-01");
  std::vector<Life> quick, slow;
  for (int i = 0; i < 60; ++i) {
    const auto began = day - static_cast<std::int64_t>(random() % 200);
    const auto online = began + 20 + static_cast<std::int64_t>(random() % 40);
    const auto stations = std::vector<std::pair<std::string, std::int64_t>>{{"publication", began},
                                                                            {"evaluation", online}};
    quick.push_back(LifeOf(stations));
    slow.push_back(quick.back());
    if (online <= day) continue;  // known then: the same in both
    slow.back() = LifeOf({{"publication", began}, {"evaluation", online + 2'000}});
  }
  const auto fine = ForecastsHeld(Rails().chart, TheCall(), quick, day, day + 3'000);
  const auto late = ForecastsHeld(Rails().chart, TheCall(), slow, day, day + 3'000);
  EXPECT_EQ(fine.standing, late.standing) << "seed " << test::Seed();
  EXPECT_EQ(fine.due, late.due) << "the dates are the same: seed " << test::Seed();
  EXPECT_EQ(late.held, 0) << "seed " << test::Seed();
}

// Calls on the Mentor rails whose columns take random times: the date holds about as often as it
// says.
TEST(ForecastHeld, IsNearWhatItPromisesOnSimulatedCalls) {
  std::mt19937_64 random(test::Seed());
  const Goal goal = GoalOf(Rails().chart);
  std::vector<std::string> road;
  for (const auto& [column, plan] : PlansOf(Rails().chart, TheCall(), 0)) {
    if (!goal.states.contains(column) && column != "suspended" && road.size() < 6) {
      road.push_back(column);
    }
  }
  std::int64_t due = 0, held = 0;
  const std::int64_t day = DayOf("2026-01-01");
  for (int call = 0; call < 30; ++call) {
    std::vector<Life> lives;
    for (int i = 0; i < 120; ++i) {
      std::int64_t at = day - static_cast<std::int64_t>(random() % 500);
      std::vector<std::pair<std::string, std::int64_t>> stations;
      for (const auto& column : road) {
        stations.emplace_back(column, at);
        at += std::lround(std::lognormal_distribution<>(3, 0.6)(random));
      }
      stations.emplace_back("evaluation", at);
      lives.push_back(LifeOf(stations));
    }
    const auto count = ForecastsHeld(Rails().chart, TheCall(), lives, day, day + 2'000);
    due += count.due;
    held += count.held;
  }
  ASSERT_GT(due, 500);
  const double share = static_cast<double>(held) / static_cast<double>(due);
  EXPECT_GT(share, 0.80) << "seed " << test::Seed();
  EXPECT_LT(share, 0.90) << "seed " << test::Seed();
}

}  // namespace
}  // namespace aiguillage::workflows
