// Since when nobody has looked at a training that is online, by the shipped rails and their
// figures.json.
#include <gtest/gtest.h>

#include <random>

#include "tests/support/seed.h"
#include "tests/support/shipped_rails.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"

namespace aiguillage::workflows {
namespace {

using storage::JournalRow;

const Catalog& Shipped() {
  static const auto loaded = Catalog::Load(DefinitionsDir().string());
  return *loaded.value();
}

JournalRow Act(const std::string& action, const std::string& day, const std::string& column) {
  JournalRow row;
  row.action = action;
  row.at = ParisHour(day, 12);
  row.states = column == "suspended" || column == "archived" ? column : "active " + column;
  return row;
}

// « 2026-02-01 », "" when it is not online.
std::string Reviewed(const std::vector<JournalRow>& rows) {
  const auto definition = Shipped().Newest("mentor");
  const std::vector<const engine::Chart*> charts(rows.size(), &definition->chart);
  const std::int64_t day = ReviewedDay(definition->chart, StaysOf(rows, charts), rows,
                                       ReviewRuleOf(Shipped().KitOf("mentor").figures));
  return day == 0 ? "" : IsoDay(day);
}

TEST(Reviews, CountFromThePublicationUntilSomebodyLooksAtTheTraining) {
  std::vector<JournalRow> rows = {Act("publish", "2025-01-10", "publication")};
  EXPECT_EQ(Reviewed(rows), "") << "not online yet";
  rows.push_back(Act("confirm_online", "2025-02-01", "evaluation"));
  EXPECT_EQ(Reviewed(rows), "2025-02-01");
  rows.push_back(Act("evaluation.accept", "2025-06-01", "in_catalogue"));
  EXPECT_EQ(Reviewed(rows), "2025-02-01") << "another step of what is online is no review";
  rows.push_back(Act("review.keep", "2026-06-03", "in_catalogue"));
  EXPECT_EQ(Reviewed(rows), "2026-06-03");
  rows.push_back(Act("take_back", "2026-06-03", "in_catalogue"));
  EXPECT_EQ(Reviewed(rows), "2025-02-01");
  rows.push_back(Act("review.keep", "2026-06-04", "in_catalogue"));
  rows.push_back(Act("nudge", "2026-09-01", "in_catalogue"));
  EXPECT_EQ(Reviewed(rows), "2026-06-04") << "a nudge is no review";
}

TEST(Reviews, APauseIsNoPublicationAndAnUpdateIs) {
  std::vector<JournalRow> rows = {Act("confirm_online", "2025-02-01", "evaluation"),
                                  Act("evaluation.accept", "2025-06-01", "in_catalogue"),
                                  Act("suspend", "2026-01-05", "suspended")};
  EXPECT_EQ(Reviewed(rows), "") << "not shown among what is online";
  rows.push_back(Act("resume", "2026-03-05", "in_catalogue"));
  EXPECT_EQ(Reviewed(rows), "2025-02-01");
  rows.push_back(Act("review.update", "2026-04-01", "scenario"));
  EXPECT_EQ(Reviewed(rows), "");
  rows.push_back(Act("confirm_online", "2026-10-01", "evaluation"));
  EXPECT_EQ(Reviewed(rows), "2026-10-01");
  rows.push_back(Act("review.archive", "2026-11-01", "archived"));
  EXPECT_EQ(Reviewed(rows), "");
}

// Walked backwards: the last of what counts is the first that one meets.
std::string Backwards(const std::vector<JournalRow>& rows) {
  std::string review, published;
  int undone = 0;
  bool looking = false;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (row->action == "take_back") {
      ++undone;
      continue;
    }
    if (undone > 0) {
      --undone;
      continue;
    }
    const bool online = row->states == "active evaluation" || row->states == "active in_catalogue";
    if (!looking && !online) return "";
    looking = true;
    const std::string day = ParisDate(row->at);
    if (review.empty() && (row->action == "review.keep" || row->action == "review.update")) {
      review = day;
    }
    if (online) published = day;
    if (!online && row->states != "suspended") break;
  }
  return std::max(review, published);
}

TEST(Reviews, AreThoseOfTheJournalReadBackwards) {
  std::mt19937_64 random(test::Seed());
  int online = 0, kept = 0;
  for (int life = 0; life < 400; ++life) {
    std::vector<JournalRow> rows = {Act("intake", "2020-01-01", "admissibility_check")};
    std::int64_t day = DayOf("2020-01-01");
    std::vector<std::string> columns = {"admissibility_check"};
    for (int n = 0; n < 30; ++n) {
      day += static_cast<std::int64_t>(random() % 90);
      const std::string before = columns.back();
      std::string action = "move", column = before;
      switch (random() % 7) {
        case 0:
          if (columns.size() > 1 && rows.back().action != "take_back") {
            action = "take_back";
            columns.pop_back();
          }
          column = columns.back();
          break;
        case 1:
          column = before == "suspended" ? "in_catalogue" : "suspended";
          break;
        case 2:
          column = "scenario";
          if (before == "in_catalogue") action = "review.update";
          break;
        case 3:
          if (before == "in_catalogue") action = "review.keep";
          break;
        default:
          column =
              before == "evaluation" || before == "in_catalogue" ? "in_catalogue" : "evaluation";
      }
      rows.push_back(Act(action, IsoDay(day), column));
      if (action != "take_back") columns.push_back(column);
      kept += action == "review.keep" ? 1 : 0;
    }
    const std::string told = Reviewed(rows);
    ASSERT_EQ(told, Backwards(rows)) << "life " << life << ", seed " << test::Seed();
    online += told.empty() ? 0 : 1;
  }
  EXPECT_GT(online, 50);
  EXPECT_GT(kept, 100);
}

TEST(Reviews, AreActsOfTheirRails) {
  for (const auto& name : Shipped().Names()) {
    const ReviewRule rule = ReviewRuleOf(Shipped().KitOf(name).figures);
    EXPECT_EQ(rule.within.empty(), rule.acts.empty()) << name;
    EXPECT_TRUE(rule.within.empty() || ParseDeadlineRule(rule.within)) << name;
    for (const auto& act : rule.acts) {
      const auto& transitions = Shipped().Newest(name)->chart.transitions;
      EXPECT_TRUE(std::any_of(transitions.begin(), transitions.end(),
                              [&](const auto& one) {
                                return std::find(one.events.begin(), one.events.end(), act) !=
                                       one.events.end();
                              }))
          << name << " has no act " << act;
    }
  }
  EXPECT_EQ(ReviewRuleOf(Shipped().KitOf("mentor").figures).within, "18 mois");
}

}  // namespace
}  // namespace aiguillage::workflows
