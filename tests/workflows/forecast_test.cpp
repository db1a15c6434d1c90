// Forecasts from hand-made stays, in the words of somebody who asks for them.
#include "workflows/forecast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>

#include "tests/support/shipped_rails.h"
#include "workflows/calendar.h"
#include "workflows/forecast_call.h"

namespace aiguillage::workflows {
namespace {

const Goal kOnline{{"online"}, true};

std::string BasisText(const std::vector<StateBasis>& basis) {
  static const std::map<Basis, std::string> kNames = {{Basis::kSameCollection, "collection"},
                                                      {Basis::kSameCall, "call"},
                                                      {Basis::kSameRails, "rails"},
                                                      {Basis::kDeadlines, "deadline"},
                                                      {Basis::kFewCases, "few"},
                                                      {Basis::kNothing, "nothing"}};
  std::string text;
  for (const auto& one : basis) {
    text += "; " + one.state + ": " + kNames.at(one.basis);
    if (one.cases > 0) text += " " + std::to_string(one.cases);
    if (!one.timed) text += " untimed";
  }
  return text;
}

// « 50 % in 10 days, 85 % in 10, of 8 in 10; review: collection 40 »
std::string Told(const Forecast& forecast) {
  const auto of_ten = [&] { return std::to_string(std::lround(forecast.published * 10)); };
  switch (forecast.kind) {
    case Forecast::kDates:
      return "50 % in " + std::to_string(forecast.half_days) + " days, 85 % in " +
             std::to_string(forecast.most_days) + ", of " + of_ten() + " in 10" +
             BasisText(forecast.basis);
    case Forecast::kReached:
      return "there already";
    case Forecast::kUnlikely:
      return "hardly any, " + of_ten() + " in 10";
    case Forecast::kNoGoal:
      return "no goal";
    default:
      return "no road" + BasisText(forecast.basis);
  }
}

std::vector<StepSample> Stays(const std::string& state, const std::string& next, int from, int to,
                              std::int64_t count = 1) {
  std::vector<StepSample> stays;
  for (int days = from; days <= to; ++days) stays.push_back({state, next, days, count});
  return stays;
}

std::vector<StepSample> operator+(std::vector<StepSample> a, const std::vector<StepSample>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Walks OfCollection(std::vector<StepSample> samples) {
  return Walks({.collection = std::move(samples)}, {}, kOnline);
}

TEST(Forecast, FollowsWhatTheSameStepsTook) {
  const auto walks =
      OfCollection(Stays("review", "making", 10, 10, 20) + Stays("making", "online", 30, 30, 12));
  EXPECT_EQ(
      Told(walks.From("review", 0)),
      "50 % in 40 days, 85 % in 40, of 10 in 10; review: collection 20; making: collection 12");
  EXPECT_EQ(Told(walks.From("making", 12)),
            "50 % in 18 days, 85 % in 18, of 10 in 10; making: collection 12");
  EXPECT_EQ(Told(walks.From("online", 3)), "there already");
}

TEST(Forecast, DrawsWhereItGoesTogetherWithHowLongItTook) {
  const auto walks =
      OfCollection(Stays("review", "online", 10, 10, 30) + Stays("review", "rejected", 5, 5, 10));
  EXPECT_NEAR(walks.From("review", 0).published, 0.756, 0.04);
  // Whoever was rejected was rejected before.
  EXPECT_EQ(Told(walks.From("review", 6)),
            "50 % in 4 days, 85 % in 4, of 10 in 10; review: collection 40");
}

TEST(Forecast, GivesTheDaysOfHalfAndOf85Percent) {
  // 1 to 100 days, ten of each: half by 50, 85 % by 85, but for what a thousand draws leave open.
  const auto forecast = OfCollection(Stays("review", "online", 1, 100, 10)).From("review", 0);
  EXPECT_NEAR(forecast.half_days, 50, 4);
  EXPECT_NEAR(forecast.most_days, 85, 4);
}

TEST(Forecast, TakesOnlyStaysAsLongAsThePresentOne) {
  // Left of 1 to 100 after 60 days: 60 to 100, which is 0 to 40 more.
  const auto forecast = OfCollection(Stays("review", "online", 1, 100, 10)).From("review", 60);
  EXPECT_NEAR(forecast.half_days, 20, 3);
  EXPECT_NEAR(forecast.most_days, 35, 3);
}

TEST(Forecast, OutlastsAllKnownStaysAsTheLongestOutlastedOthers) {
  // The longest quarter went from 40 to 60 days: at 90 days, 90 to 110 in all.
  const auto walks =
      OfCollection(Stays("review", "online", 10, 10, 30) + Stays("review", "online", 40, 40, 5) +
                   Stays("review", "online", 60, 60, 5));
  EXPECT_EQ(Told(walks.From("review", 90)),
            "50 % in 0 days, 85 % in 20, of 10 in 10; review: collection 40");
}

TEST(Forecast, CountsThoseStillThereAsLongerThanSoFar) {
  // Ten left after 10 days; thirty have been there for 20. Few will have left by day 10.
  const auto gone = Stays("review", "online", 10, 10, 10);
  EXPECT_EQ(OfCollection(gone).From("review", 0).half_days, 10);
  const auto with_open = OfCollection(gone + Stays("review", "", 20, 20, 30)).From("review", 0);
  EXPECT_EQ(with_open.half_days, 20);
  // Those who came today were not seen to stay, nor to leave: they teach nothing.
  EXPECT_EQ(Told(OfCollection(gone + Stays("review", "", 0, 0, 30)).From("review", 0)),
            Told(OfCollection(gone).From("review", 0)));
}

TEST(Forecast, TakesTheClosestScopeWithTenCasesStateByState) {
  const Experience experience{
      .collection = Stays("review", "making", 1, 1, 10) + Stays("making", "testing", 1, 1, 9),
      .call = Stays("review", "making", 2, 2, 40) + Stays("making", "testing", 2, 2, 10) +
              Stays("testing", "online", 2, 2, 2),
      .rails = Stays("review", "making", 3, 3, 40) + Stays("making", "testing", 3, 3, 40) +
               Stays("testing", "online", 3, 3, 10)};
  const Walks walks(experience, {}, kOnline);
  EXPECT_EQ(Told(walks.From("review", 0)),
            "50 % in 6 days, 85 % in 6, of 10 in 10; review: collection 10; making: call 10; "
            "testing: rails 10");
}

TEST(Forecast, FallsBackOnTheDeadlines) {
  const std::map<std::string, PlannedStay> plans = {
      {"review", {.next = "making", .days = 21}},
      {"making", {.next = "committee", .days = 30, .timed = false}},
      {"committee", {.next = "online", .days = 90, .until = true}},
      {"suspended", {}}};
  const Walks walks({.rails = Stays("review", "making", 3, 3, 9)}, plans, kOnline);
  EXPECT_EQ(Told(walks.From("review", 0)),
            "50 % in 90 days, 85 % in 90, of 10 in 10; review: deadline; making: deadline untimed; "
            "committee: deadline")
      << "51 days, then until the committee's date";
  EXPECT_EQ(Told(walks.From("making", 500)),
            "50 % in 90 days, 85 % in 90, of 10 in 10; making: deadline untimed; "
            "committee: deadline")
      << "late: no time is left for it";
  EXPECT_EQ(Told(walks.From("suspended", 4)), "no road");
}

TEST(Forecast, TakesFewCasesWhereThereIsNoPlan) {
  const Walks walks({.rails = Stays("review", "online", 7, 7, 3)}, {{"review", {}}}, kOnline);
  EXPECT_EQ(Told(walks.From("review", 2)), "50 % in 5 days, 85 % in 5, of 10 in 10; review: few 3");
}

TEST(Forecast, EndsWalksThatGoInCircles) {
  const auto circle =
      OfCollection(Stays("review", "changes", 1, 1, 10) + Stays("changes", "review", 1, 1, 10));
  EXPECT_EQ(Told(circle.From("review", 0)), "hardly any, 0 in 10");
  // One in ten leaves the circle at each round: of those who do within 60 steps, all publish.
  const auto way_out =
      OfCollection(Stays("review", "changes", 1, 1, 90) + Stays("review", "online", 1, 1, 10) +
                   Stays("changes", "review", 1, 1, 10));
  const auto forecast = way_out.From("review", 0);
  EXPECT_NEAR(forecast.published, 1 - std::pow(0.9, 30), 0.03);
  EXPECT_NEAR(forecast.half_days, 13, 3) << "2 n + 1 days after n rounds, 0.9 ^ 7 is 0.48";
}

TEST(Forecast, SaysWhatItCannotSay) {
  EXPECT_EQ(Told(OfCollection({}).From("review", 0)), "no road");
  EXPECT_EQ(Told(Walks({}, {}, {}).From("review", 0)), "no goal");
  EXPECT_EQ(Told(OfCollection(Stays("review", "online", 1, 1, 10)).From("elsewhere", 0)),
            "no road");
  EXPECT_EQ(Told(OfCollection(Stays("review", "rejected", 1, 1, 10)).From("review", 0)),
            "hardly any, 0 in 10");
  EXPECT_EQ(Told(OfCollection(Stays("review", "online", 0, 0, 10)).From("review", 0)),
            "50 % in 0 days, 85 % in 0, of 10 in 10; review: collection 10");
}

TEST(Forecast, AnswersTheSameTwice) {
  const auto samples = Stays("review", "online", 1, 50, 2) + Stays("review", "rejected", 3, 9);
  EXPECT_EQ(Told(OfCollection(samples).From("review", 4)),
            Told(OfCollection(samples).From("review", 4)));
}

TEST(Forecast, FindsWhereTheShippedRailsArrive) {
  const auto mentor = ReadRails("mentor"), fep = ReadRails("fep");
  ASSERT_TRUE(mentor && fep);
  EXPECT_EQ(GoalOf(*mentor).states, (std::set<std::string>{"evaluation", "in_catalogue"}));
  EXPECT_TRUE(GoalOf(*mentor).online);
  EXPECT_EQ(GoalOf(*ReadRails("mentor-cadrage-apres")).states, GoalOf(*mentor).states);
  EXPECT_EQ(GoalOf(*fep).states, std::set<std::string>{"closed"})
      << "no training: the project ends";
  EXPECT_FALSE(GoalOf(*fep).online);
}

TEST(Forecast, KnowsWhichColumnsPrepareATraining) {
  EXPECT_EQ(InPreparation(*ReadRails("mentor")),
            (std::set<std::string>{"selected", "commitment", "framing", "scenario", "production",
                                   "integration", "quality_review"}));
}

// From Monday 4 January 2027.
std::string Plans(const std::string& rails, const std::vector<std::string>& columns) {
  const auto plans =
      PlansOf(*ReadRails(rails), storage::Call{.id = rails}, ParisHour("2027-01-04", 9));
  std::string text;
  for (const auto& column : columns) {
    const PlannedStay& plan = plans.at(column);
    text += column + " " + std::to_string(plan.days) + (plan.timed ? "" : "?") + " -> " +
            (plan.next.empty() ? "?" : plan.next) + "\n";
  }
  return text;
}

TEST(Forecast, ReadsWhatTheRailsPlan) {
  // 90 working days are 18 weeks and, here, Easter Monday and Ascension Day.
  EXPECT_EQ(Plans("mentor", {"admissibility_check", "committee", "framing", "production",
                             "publication", "suspended"}),
            "admissibility_check 14 -> lead_review\n"
            "committee 56 -> selected\n"
            "framing 70 -> scenario\n"
            "production 128 -> integration\n"
            "publication 70 -> evaluation\n"
            "suspended 0? -> ?\n");
  EXPECT_EQ(Plans("fep", {"relay_opinion", "capitalised"}),
            "relay_opinion 21 -> expert_review\ncapitalised 28 -> closed\n");
}

TEST(Forecast, GoesTheWholeRoadOnDeadlinesAlone) {
  const auto now = ParisHour("2027-01-04", 9);
  for (const std::string rails : {"mentor", "fep"}) {
    const auto chart = ReadRails(rails);
    const Walks walks({}, PlansOf(*chart, storage::Call{.id = rails}, now), GoalOf(*chart));
    const auto forecast = walks.From("admissibility_check", 0);
    EXPECT_EQ(forecast.kind, Forecast::kDates) << rails;
    EXPECT_EQ(forecast.half_days, forecast.most_days) << "a plan has no chance";
    EXPECT_GT(forecast.half_days, 300) << rails;
  }
}

// Ten thousand finished stays in twenty columns: what a call leaves behind.
Experience Large() {
  Experience experience;
  for (int column = 0; column < 20; ++column) {
    const std::string state = "c" + std::to_string(column);
    const std::string next = column == 19 ? "online" : "c" + std::to_string(column + 1);
    experience.rails =
        experience.rails + Stays(state, next, 2, 90, 5) +
        Stays(state, column == 0 ? "rejected" : "c" + std::to_string(column - 1), 5, 30, 2);
  }
  experience.call = experience.collection = experience.rails;
  return experience;
}

std::string Months(const CallForecast& call) {
  std::string text;
  for (const auto& month : call.months) {
    text +=
        month.month + " " + std::to_string(month.half) + " " + std::to_string(month.most) + "\n";
  }
  return text;
}

TEST(ForecastCall, AddsUpItsProjects) {
  const auto now = ParisHour("2027-01-04", 9);
  auto langues = OfCollection(Stays("review", "online", 10, 10, 10));
  auto achat =
      OfCollection(Stays("review", "making", 40, 40, 10) + Stays("making", "online", 40, 40, 10));
  const auto call = ForecastCall(
      {{&langues, {{"review", 4, 3}}}, {&achat, {{"review", 0, 2}, {"making", 10, 1}}}}, now);
  EXPECT_EQ(call.projects, 6);
  EXPECT_EQ(call.expected, 6);
  EXPECT_EQ(call.half_on, "2027-01-10");
  EXPECT_EQ(call.most_on, "2027-03-25");
  EXPECT_EQ(Months(call), "2027-01 3 3\n2027-02 1 1\n2027-03 2 2\n");
}

TEST(ForecastCall, CountsLowerTheSurerItMustBe) {
  auto walks =
      OfCollection(Stays("review", "online", 10, 10, 50) + Stays("review", "rejected", 10, 10, 50));
  const auto call = ForecastCall({{&walks, {{"review", 0, 100}}}}, ParisHour("2027-01-04", 9));
  EXPECT_NEAR(call.expected, 50, 1);
  ASSERT_EQ(call.months.size(), 1U);
  EXPECT_NEAR(static_cast<double>(call.months[0].half), 50, 1) << "of 100 tosses";
  EXPECT_NEAR(static_cast<double>(call.months[0].most), 45, 1) << "of 100 tosses";
}

TEST(ForecastCall, DrawsSomeForAllWhenTheyAreVeryMany) {
  auto walks = OfCollection(Stays("review", "online", 10, 10, 5000) +
                            Stays("review", "rejected", 10, 10, 5000));
  const auto call = ForecastCall({{&walks, {{"review", 0, 90'000}}}}, ParisHour("2027-01-04", 9));
  EXPECT_NEAR(call.expected, 45'000, 100);
  ASSERT_EQ(call.months.size(), 1U);
  // The standard deviation of 90,000 tosses is 150.
  EXPECT_NEAR(static_cast<double>(call.months[0].half), 45'000, 150);
  EXPECT_NEAR(static_cast<double>(call.months[0].half - call.months[0].most), 155, 90);
}

TEST(ForecastCall, HasNothingToSayOfNobody) {
  auto walks = OfCollection({});
  EXPECT_EQ(Months(ForecastCall({}, 0)), "");
  const auto lost = ForecastCall({{&walks, {{"review", 0, 7}}}}, 0);
  EXPECT_EQ(lost.projects, 7);
  EXPECT_EQ(lost.unknown, 7);
  EXPECT_EQ(lost.half_on, "");
}

TEST(ForecastCall, AgreesWithTheForecastsOfItsProjects) {
  const auto now = ParisHour("2027-01-04", 9);
  Walks walks(Large(), {}, {{"online"}, true});
  const auto one = walks.From("c12", 20);
  const auto call = ForecastCall({{&walks, {{"c12", 20, 400}}}}, now);
  const auto days = [&](const std::string& date) {
    return static_cast<double>((ParisHour(date, 12) - ParisHour("2027-01-04", 12)) / 86'400'000);
  };
  EXPECT_NEAR(days(call.half_on), one.half_days, 0.03 * one.half_days);
  EXPECT_NEAR(days(call.most_on), one.most_days, 0.03 * one.most_days);
  EXPECT_NEAR(call.expected / 400, one.published, 0.03);
}

TEST(ForecastCall, IsQuick) {
  // Time of the processor: others may be at work here.
  const auto ms = [](std::clock_t from) {
    return 1000.0 * static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
  };
  const Experience experience = Large();
  auto start = std::clock();
  Walks walks(experience, {}, {{"online"}, true});
  const auto forecast = walks.From("c0", 3);
  const double one = ms(start);
  EXPECT_EQ(forecast.kind, Forecast::kDates);
  std::vector<Walks> laws;
  std::vector<CallPart> parts;
  for (int collection = 0; collection < 12; ++collection) {
    laws.emplace_back(experience, std::map<std::string, PlannedStay>{}, kOnline);
  }
  for (auto& law : laws) {
    parts.push_back({&law, {}});
    for (int cell = 0; cell < 100; ++cell) {
      parts.back().standing.push_back({"c" + std::to_string(cell % 20), cell, 4});
    }
  }
  start = std::clock();
  const auto call = ForecastCall(parts, ParisHour("2027-01-04", 9));
  const double whole = ms(start);
  std::printf("    a project: %.1f ms with its laws; a call of %lld projects: %.1f ms\n", one,
              static_cast<long long>(call.projects), whole);
#ifdef NDEBUG
  EXPECT_LT(one, 5.0);
  EXPECT_LT(whole, 100.0);
#endif
}

}  // namespace
}  // namespace aiguillage::workflows
