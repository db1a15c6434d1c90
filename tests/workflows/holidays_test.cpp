// A century of French public holidays, day by day, against a public library that computes them its
// own way (date-holidays, from npm), territories with days of their own included.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "workflows/calendar.h"

namespace aiguillage::workflows {
namespace {

using Days = std::set<std::string>;

bool HasOracle() {
  return std::system("node -e \"require('" AIGUILLAGE_SOURCE_DIR
                     "/tests/node_modules/date-holidays')\" >/dev/null 2>&1") == 0;
}

// By the oracle's name of the territory, "-" for all of France.
std::map<std::string, Days> AskOracle(int first, int last) {
  const std::string command = "node '" AIGUILLAGE_SOURCE_DIR "/tests/workflows/holidays.cjs' " +
                              std::to_string(first) + " " + std::to_string(last);
  FILE* out = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  while (out != nullptr && std::fgets(buffer.data(), buffer.size(), out) != nullptr) {
    text += buffer.data();
  }
  EXPECT_TRUE(out != nullptr && pclose(out) == 0);
  std::map<std::string, Days> days;
  std::istringstream lines(text);
  for (std::string day, place; lines >> day >> place;) days[place].insert(day);
  return days;
}

const std::map<std::string, Days>& Oracle() {  // it takes its seconds: asked once
  static const auto days = AskOracle(2000, 2100);
  return days;
}

// Every holiday that we know in those years; besides those of all France, when a territory is
// named.
Days Ours(const std::string& territory, int first, int last) {
  Days days;
  const std::string end = std::to_string(last) + "-12-31";
  for (std::int64_t at = ParisHour(std::to_string(first) + "-01-01", 12);; at += 86'400'000) {
    const std::string day = ParisDate(at);
    if (day > end) return days;
    const bool everywhere = IsHoliday(day, {});
    if (territory.empty() ? everywhere : !everywhere && IsHoliday(day, {{}, territory})) {
      days.insert(day);
    }
  }
}

TEST(Holidays, OfACenturyAreThoseOfAPublicLibrary) {
  if (!HasOracle()) GTEST_SKIP() << "no node, or no tests/node_modules";
  const auto& oracle = Oracle();
  EXPECT_EQ(Ours("", 2000, 2100), oracle.at("-"));
  EXPECT_GT(oracle.at("-").size(), 1100U);
  EXPECT_EQ(Ours("alsace_moselle", 2000, 2100), oracle.at("67"));
  EXPECT_EQ(oracle.at("57"), oracle.at("67"));
  EXPECT_EQ(oracle.at("68"), oracle.at("67"));
}

TEST(Holidays, OfEachTerritoryOverseasAreThoseOfAPublicLibrary) {
  if (!HasOracle()) GTEST_SKIP() << "no node, or no tests/node_modules";
  const auto& oracle = Oracle();
  const std::map<std::string, std::string> names = {
      {"mayotte", "YT"}, {"martinique", "MQ"}, {"guadeloupe", "GP"},
      {"guyane", "GF"},  {"reunion", "RE"},    {"saint_barthelemy", "BL"}};
  std::set<std::string> compared = {"alsace_moselle"};
  for (const auto& [ours, theirs] : names) {
    Days expected = oracle.at(theirs);
    // Good Friday is kept by custom in the West Indies, which the library counts and no law does:
    // a call writes it among its closed days.
    std::erase_if(expected, [&](const std::string& day) {
      return oracle.at("67").contains(day) && day.substr(5) != "12-26";
    });
    EXPECT_EQ(Ours(ours, 2000, 2100), expected) << ours;
    EXPECT_GE(expected.size(), 80U) << "but for years in which it falls on another holiday";
    compared.insert(ours);
  }
  // Saint-Martin: 28 May since 2018 (L. 3422-2); the library still has the day of before.
  Days may;
  for (int year = 2000; year <= 2100; ++year) {
    const std::string day = std::to_string(year) + "-05-28";
    EXPECT_TRUE(IsHoliday(day, {{}, "saint_martin"})) << day;
    if (!IsHoliday(day, {})) may.insert(day);
  }
  EXPECT_EQ(Ours("saint_martin", 2000, 2100), may);
  for (const auto& day : oracle.at("MF")) EXPECT_EQ(day.substr(5), "05-27") << "it learnt the law";
  compared.insert("saint_martin");
  for (const auto& territory : Territories()) EXPECT_TRUE(compared.contains(territory.id));
  EXPECT_EQ(compared.size(), Territories().size());
}

// The law's own words, each as the civil day it gives, for years whose Easters are at both ends.
TEST(Holidays, FollowTheLawsOwnRulesOnTheEarliestAndTheLatestEaster) {
  const auto holidays = [](int year) {
    std::string text;
    for (const auto& day : Ours("", year, year)) text += day.substr(5) + " ";
    return text;
  };
  EXPECT_EQ(holidays(2008),  // Easter on 23 March: Ascension is Labour Day
            "01-01 03-24 05-01 05-08 05-12 07-14 08-15 11-01 11-11 12-25 ");
  EXPECT_EQ(holidays(2038),  // Easter on 25 April
            "01-01 04-26 05-01 05-08 06-03 06-14 07-14 08-15 11-01 11-11 12-25 ");
}

}  // namespace
}  // namespace aiguillage::workflows
