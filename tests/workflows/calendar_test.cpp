// What the calendar says, in the words of somebody who asks it.
#include "workflows/calendar.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aiguillage::workflows {
namespace {

std::int64_t At(const std::string& text) {
  auto instant = ParseInstant(text);
  EXPECT_TRUE(instant) << text;
  return instant ? instant.value() : 0;
}

std::string Due(const std::string& rule, const std::string& start, const Calendar& calendar = {},
                const std::map<std::string, std::string>& dates = {}) {
  auto parsed = ParseDeadlineRule(rule);
  if (!parsed) return parsed.refusal().code;
  const std::int64_t due = DueAt(parsed.value(), At(start), calendar, dates);
  return due == 0 ? "none" : IsoInstant(due);
}

TEST(Calendar, CountsFromTheDayAfter) {
  EXPECT_EQ(Due("1 jour ouvré", "2026-11-23T09:00:00+01:00"), "2026-11-24T23:59:59+01:00");
  EXPECT_EQ(Due("5 jours ouvrés", "2026-11-23T23:59:59+01:00"), "2026-11-30T23:59:59+01:00");
  EXPECT_EQ(Due("10 jours", "2026-11-23"), "2026-12-03T23:59:59+01:00");
  EXPECT_EQ(Due("2 mois", "2026-11-23"), "2027-01-23T23:59:59+01:00");
}

TEST(Calendar, TheDayIsTheOneInParis) {
  // 23:30 UTC on 30 June is already 1 July in Paris.
  EXPECT_EQ(Due("1 jour", "2026-06-30T23:30:00Z"), "2026-07-02T23:59:59+02:00");
  EXPECT_EQ(ParisDate(At("2026-06-30T23:30:00Z")), "2026-07-01");
}

TEST(Calendar, GoesOverEaster2026) {
  // Good Friday is worked but in Alsace-Moselle; Easter Monday is 6 April.
  EXPECT_EQ(Due("2 jours ouvrés", "2026-04-02"), "2026-04-07T23:59:59+02:00");
  Calendar alsace;
  alsace.territory = "alsace_moselle";
  EXPECT_EQ(Due("2 jours ouvrés", "2026-04-02", alsace), "2026-04-08T23:59:59+02:00");
}

TEST(Calendar, GoesOverTheWholeMonthOfMay2026) {
  // 1 (Fri), 8 (Fri), Ascension 14 (Thu), Whit Monday 25.
  EXPECT_EQ(Due("17 jours ouvrés", "2026-04-30"), "2026-05-29T23:59:59+02:00");
}

TEST(Calendar, HoldsOnNightsOfClockChange) {
  EXPECT_EQ(Due("1 jour", "2026-03-28T12:00:00+01:00"), "2026-03-29T23:59:59+02:00");
  EXPECT_EQ(Due("1 jour", "2026-10-24T12:00:00+02:00"), "2026-10-25T23:59:59+01:00");
  EXPECT_EQ(IsoInstant(At("2026-03-29T02:30")), "2026-03-29T03:00:00+02:00");  // skipped hour
  EXPECT_EQ(IsoInstant(At("2026-10-25T02:30")), "2026-10-25T02:30:00+02:00");  // the first one
}

TEST(Calendar, EndsMonthsOnTheirLastDay) {
  EXPECT_EQ(Due("1 mois", "2028-01-31"), "2028-02-29T23:59:59+01:00");
  EXPECT_EQ(Due("1 mois", "2027-01-31"), "2027-02-28T23:59:59+01:00");
  EXPECT_EQ(Due("12 mois", "2028-02-29"), "2029-02-28T23:59:59+01:00");
  EXPECT_EQ(Due("1 jour", "2028-02-28"), "2028-02-29T23:59:59+01:00");
  EXPECT_EQ(Due("1 jour ouvré", "2026-12-31"), "2027-01-04T23:59:59+01:00");
}

TEST(Calendar, TakesClosedDaysAndDatesOfTheCall) {
  Calendar summer;
  for (int day = 3; day <= 14; ++day) {
    summer.closed_days.insert("2026-08-" + std::string(day < 10 ? "0" : "") + std::to_string(day));
  }
  EXPECT_EQ(Due("2 jours ouvrés", "2026-07-30", summer), "2026-08-17T23:59:59+02:00");
  EXPECT_EQ(Due("call:committee", "2026-01-01", {}, {{"committee", "2026-06-12"}}),
            "2026-06-12T23:59:59+02:00");
  EXPECT_EQ(Due("call:committee", "2026-01-01"), "none");
}

TEST(Calendar, GoesOverBridgesTheSummerAndTheYearsEnd) {
  Calendar house;
  house.closed_days =
      ParseDays("2026-05-15, 2026-08-03..2026-08-14\n2026-12-24..2027-01-03").value();
  EXPECT_EQ(house.closed_days.size(), 24U);
  EXPECT_EQ(DaysText(house.closed_days),
            "2026-05-15 2026-08-03..2026-08-14 2026-12-24..2027-01-03");
  EXPECT_EQ(Due("1 jour ouvré", "2026-05-13", house), "2026-05-18T23:59:59+02:00");
  EXPECT_EQ(Due("3 jours ouvrés", "2026-12-22", house), "2027-01-05T23:59:59+01:00");
  EXPECT_EQ(Due("1 jour ouvré", "2027-12-31", house), "2028-01-03T23:59:59+01:00");
  for (const char* text : {"2026-05-15 demain", "2026-08-14..2026-08-03", "2026-01-01..2026-12-31",
                           "2026-02-30", ".."}) {
    EXPECT_EQ(ParseDays(text).refusal().code, "bad_days") << text;
  }
}

TEST(Calendar, CountsOverseasByTheTerritorysOwnDay) {
  EXPECT_EQ(Due("1 jour ouvré", "2026-05-21"), "2026-05-22T23:59:59+02:00");
  EXPECT_EQ(Due("1 jour ouvré", "2026-05-21", {{}, "martinique"}), "2026-05-26T23:59:59+02:00")
      << "22 May, a week-end, Whit Monday";
  EXPECT_EQ(Due("1 jour ouvré", "2026-06-09", {{}, "guyane"}), "2026-06-11T23:59:59+02:00");
}

TEST(Calendar, CountsDaysBeforeADate) {
  const auto before = [](const std::string& rule, const std::string& day) {
    return DayBefore(ParseDeadlineRule(rule).value(), day, {});
  };
  EXPECT_EQ(before("3 jours ouvrés", "2026-04-07"), "2026-04-01")
      << "over Easter, Friday is worked";
  EXPECT_EQ(before("1 jour ouvré", "2027-01-04"), "2026-12-31");
  EXPECT_EQ(before("3 jours", "2028-03-01"), "2028-02-27");
  EXPECT_EQ(before("1 mois", "2028-03-31"), "2028-02-29");
  EXPECT_EQ(IsoInstant(ParisHour("2026-03-29", 8)), "2026-03-29T08:00:00+02:00");
  EXPECT_EQ(IsoInstant(ParisHour("2026-10-25", 8)), "2026-10-25T08:00:00+01:00");
}

TEST(Calendar, RefusesWhatItCannotRead) {
  for (const char* rule : {"", "15", "15 jour ouvrable", "-1 jours", "0 jours", "1,5 mois",
                           "99999999999 jours", "call:", "jours"}) {
    EXPECT_EQ(Due(rule, "2026-01-01"), "bad_deadline") << rule;
  }
  for (const char* text :
       {"", "hier", "2026-02-30", "2026-13-01", "2026-11-23T25:00", "2026-11-23T",
        "2026-11-23T14:05:00+1", "2026-11-23T14:05:00ZZ", "2026/11/23"}) {
    EXPECT_FALSE(ParseInstant(text)) << text;
  }
}

// The law's rules written another way: a table of Easter Sundays, and whole years listed.
TEST(Calendar, AgreesWithPublishedEasters) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> years = {
      {"2000", {"2000-04-24", "2000-06-01", "2000-06-12"}},
      {"2008", {"2008-03-24", "2008-05-01", "2008-05-12"}},  // Ascension on Labour Day
      {"2024", {"2024-04-01", "2024-05-09", "2024-05-20"}},
      {"2025", {"2025-04-21", "2025-05-29", "2025-06-09"}},
      {"2027", {"2027-03-29", "2027-05-06", "2027-05-17"}},
      {"2038", {"2038-04-26", "2038-06-03", "2038-06-14"}},  // the latest Easter of the century
      {"2100", {"2100-03-29", "2100-05-06", "2100-05-17"}}};
  for (const auto& [year, moving] : years) {
    std::set<std::string> expected(moving.begin(), moving.end());
    for (const char* fixed :
         {"-01-01", "-05-01", "-05-08", "-07-14", "-08-15", "-11-01", "-11-11", "-12-25"}) {
      expected.insert(year + fixed);
    }
    std::set<std::string> found;
    for (std::int64_t at = At(year + "-01-01T12:00:00Z"); ParisDate(at).starts_with(year);
         at += 86'400'000) {
      if (IsHoliday(ParisDate(at), {})) found.insert(ParisDate(at));
    }
    EXPECT_EQ(found, expected) << year;
  }
}

TEST(Calendar, LeavesWhatWasLeft) {
  // 15 working days from Monday 2 March; stopped on the 11th; started again on 1 April.
  auto rule = ParseDeadlineRule("15 jours ouvrés").value();
  const std::int64_t due = DueAt(rule, At("2026-03-02T10:00"), {}, {});
  EXPECT_EQ(ParisDate(due), "2026-03-23");
  rule.count = static_cast<int>(DaysLeft(rule.unit, At("2026-03-11T18:00"), due, {}));
  EXPECT_EQ(rule.count, 8);
  EXPECT_EQ(ParisDate(DueAt(rule, At("2026-04-01T08:00"), {}, {})), "2026-04-14");
  EXPECT_EQ(DaysLeft(DeadlineUnit::kDays, At("2026-03-11"), due, {}), 12);
  EXPECT_EQ(DaysLeft(DeadlineUnit::kDays, At("2026-05-01"), due, {}), 0);
}

// Adding N working days and counting them back gives N, whatever the day and the clock.
TEST(Calendar, CountsBackWhatItAdded) {
  for (std::int64_t at = At("2026-01-01T12:00:00Z"); ParisDate(at) < "2029-01-01";
       at += 86'400'000) {
    for (int count : {1, 4, 15, 40}) {
      const DeadlineRule rule{DeadlineUnit::kWorkingDays, count, ""};
      const std::int64_t due = DueAt(rule, at, {}, {});
      ASSERT_EQ(DaysLeft(rule.unit, at, due, {}), count) << ParisDate(at);
      ASSERT_TRUE(IsWorkingDay(ParisDate(due), {})) << ParisDate(at);
    }
  }
}

TEST(Calendar, SpeaksFrench) {
  const std::int64_t at = At("2026-11-23T14:05:00+01:00");
  EXPECT_EQ(FrenchDate(at), "23 novembre 2026");
  EXPECT_EQ(FrenchInstant(at), "23 novembre 2026 à 14 h 05");
  EXPECT_EQ(FrenchDate(At("2026-08-01")), "1er août 2026");
  EXPECT_EQ(IsoInstant(at), "2026-11-23T14:05:00+01:00");
}

}  // namespace
}  // namespace aiguillage::workflows
