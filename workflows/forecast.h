// When a training will be online: a forecast from how long the same steps took before.
//
// Method. A project walks over the columns of the pipeline: some days in one, then a next. Each
// column has a law made of finished stays, (days, next) drawn together: those of the same
// collection where there are kCasesMin, else of the call, else of all calls on these rails; else
// what the rails plan (workflows/road.h), a number of days and no chance. Projects still there
// count as « longer than so far » (Kaplan-Meier: their weight goes to the longer stays), so that a
// call in progress does not teach that all is quick; and one stay is counted that outlasts them
// all, because the next may: with 10 known, one in eleven does. Of the column under way only stays
// at least as long as the days spent are drawn. What outlasts all known stays does so by as much as
// one of the longest quarter outlasted the first of it: 90 days, where that quarter went from 40 to
// 60, end between 90 and 110. kDraws such walks from a fixed seed give the days before which half,
// and 85 %, of those that publish do. Steps are drawn independently of each other, and projects
// too.
//
//   Walks walks({.collection = {{"review", "online", 10, 30}, {"review", "rejected", 5, 10}}}, {},
//               {{"online"}, true});
//   walks.From("review", 0)   published about 0.75, half_days 10, most_days 10
//   walks.From("review", 6)   published 1: whoever was rejected was rejected before
//
// Days are differences of calendar days; dates fall where they fall, holidays too. How well this
// holds: tests/workflows/forecast_backtest_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "workflows/road.h"

namespace aiguillage::workflows {

inline constexpr int kCasesMin = 10;  // finished stays that make a law
inline constexpr int kDraws = 1000;
inline constexpr double kHalfShare = 0.5, kMostShare = 0.85;
inline constexpr double kUnlikelyShare = 0.02;  // fewer walks than that publish: no date is told
inline constexpr int kWalkStepsMax = 60;        // a longer walk goes in circles: not published

struct StepSample {
  std::string state;
  std::string next;  // "" still there, after so many days
  int days = 0;
  std::int64_t count = 0;
};
struct Experience {  // from near to far, all of them on the same rails
  std::vector<StepSample> collection, call, rails;
};

enum class Basis { kSameCollection, kSameCall, kSameRails, kDeadlines, kFewCases, kNothing };
struct StateBasis {
  std::string state;
  Basis basis = Basis::kNothing;
  std::int64_t cases = 0;  // finished stays, 0 for deadlines
  bool timed = true;       // false: a deadline that the rails do not give
};

struct Forecast {
  enum Kind {
    kDates,
    kReached,   // it is there already
    kUnlikely,  // hardly any walk publishes
    kNoGoal,    // these rails publish nothing
    kNoRoad     // neither past nor plan says where it goes from here
  };
  Kind kind = kNoRoad;
  int half_days = 0, most_days = 0;  // from today: 50 and 85 % of those that publish, by then
  double published = 0;              // share of the walks whose end is known
  std::vector<StateBasis> basis;     // of the columns that one walk in twenty crosses
};
std::string DayAfter(std::int64_t now, int days);  // ISO date in Paris

// Dice from a seed: the same everywhere, which std's distributions are not (splitmix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  double Share();                        // [0, 1)
  std::int64_t Below(std::int64_t end);  // 0 … end - 1

 private:
  std::uint64_t Next();
  std::uint64_t state_;
};

// The laws of one collection of a call, made once and asked many times. A column with neither stays
// nor plan is an end.
class Walks {
 public:
  Walks(const Experience& experience, const std::map<std::string, PlannedStay>& plans,
        const Goal& goal);

  Forecast From(const std::string& state, int spent) const;
  std::vector<StateBasis> States() const;  // columns that are no end, in the order of their names

  // Days to publication of as many walks as `out` has room for, or one of these. Walks that enter
  // a column are drawn once and picked from afterwards.
  static constexpr int kNever = -1, kUnknown = -2;
  void Outcomes(const std::string& state, int spent, Dice& dice, std::vector<int>& out);

 private:
  struct Law {
    Basis basis = Basis::kNothing;
    bool end = true;
    bool goal = false;
    std::int64_t cases = 0;
    std::vector<int> days, next;     // of finished stays, shortest first
    std::vector<double> up_to;       // what they weigh, with those before
    std::vector<std::int64_t> rank;  // how many they are, with those before
    double longer = 0;               // the weight of what outlasts them all
    std::vector<int> longer_than;    // what that has lasted at least, to draw from
    PlannedStay plan;
    int plan_next = -1;
  };
  struct Rest {  // of a law, for a stay that has lasted some days
    int spent = 0;
    double before = 0;  // the weight of shorter ones
  };
  struct Step {
    int next = -1, days = 0;
  };
  struct Visit {
    int state = 0, at = 0;
  };
  struct Stays;  // of one column, gathered
  int Number(const std::string& state);
  std::vector<Stays> Gather(const std::vector<StepSample>& samples);
  static Law Learn(Stays& stays, Basis basis);
  static Rest RestOf(const Law& law, int spent);
  static Step Draw(const Law& law, const Rest& rest, int at, double share, Dice& dice);
  static Step DrawLong(const Law& law, int start, int spent, Dice& dice);
  int Walk(int state, int spent, double share, Dice& dice, std::vector<Visit>& path) const;
  int PickFrom(int entered, Dice& dice);

  bool has_goal_ = false;
  bool until_ = false;  // some plan counts to a date: walks cannot be shared
  std::unordered_map<std::string, int> numbers_;
  std::vector<std::string> names_;
  std::vector<Law> laws_;
  std::vector<std::vector<int>> entered_;  // outcomes of walks that enter a column
};

}  // namespace aiguillage::workflows
