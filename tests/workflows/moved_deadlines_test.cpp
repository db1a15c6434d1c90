// Deadlines that meet one another's rules: extensions over closings, calendars that change while a
// clock is stopped, months that end early, territories far from Paris.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "storage/journal.h"
#include "tests/support/desk_world.h"
#include "tests/support/filled_in.h"
#include "workflows/holder_time.h"
#include "workflows/reminders.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;
using ::testing::HasSubstr;

const json kPause = {{"reason", "Attente du budget."}};

void SetOfCall(DeskWorld& world, const std::string& name, const json& value) {
  world.database().Write([&](Session& session) {
    auto call = storage::FindCall(session, "demo-2026").value();
    call.settings[name] = value;
    storage::SaveCall(session, call);
  });
}

std::string DueDay(DeskWorld& world, const std::string& number) {
  return ParisDate(world.Project(number).due_at);
}

std::string ToTheLead(DeskWorld& world) {
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  return number;
}

std::string Prolong(DeskWorld& world, const std::string& number, int days) {
  const auto answer = world.desk().Extend({number,
                                           "lead_review",
                                           "lead_review.late",
                                           days,
                                           "En mission.",
                                           {world.Person("olga"), ""},
                                           world.now});
  return answer ? "until " + DueDay(world, number) : answer.refusal().code;
}

TEST(MovedDeadlines, AnExtensionGoesOverAClosingAndIsCountedAgainWithIt) {
  DeskWorld world;
  SetOfCall(world, "closed_days", {"2026-12-15", "2026-12-16"});
  const std::string number = ToTheLead(world);
  EXPECT_EQ(DueDay(world, number), "2026-12-14");
  EXPECT_EQ(Prolong(world, number, 3), "until 2026-12-21") << "17, 18 and 21";
  EXPECT_EQ(Prolong(world, number, 1), "not_now") << "once";
  SetOfCall(world, "closed_days", {"2026-12-15", "2026-12-16", "2026-12-17", "2026-12-18"});
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(DueDay(world, number), "2026-12-23");
  SetOfCall(world, "closed_days", json::array());
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(DueDay(world, number), "2026-12-17");
  EXPECT_EQ(world.Broken(), "");
}

// What a stop had kept is counted by the calendar of the day it goes on, not of the day it stopped.
TEST(MovedDeadlines, ADateOfTheCallThatMovedDuringAPauseIsTheNewOneAfterIt) {
  DeskWorld world;  // reviews end on 15 January
  const std::string number = ToTheLead(world);
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(DueDay(world, number), "2027-01-15");
  world.Do(number, "paul", "suspend", kPause);
  world.At("2026-12-21T10:00");
  SetOfCall(world, "dates", {{"review_end", "2027-02-26"}});
  world.desk().Recount(number, world.now);  // as the clockwork does, once: nothing waits
  world.At("2027-01-18T10:00");
  world.Do(number, "paul", "resume");
  EXPECT_EQ(DueDay(world, number), "2027-02-26");
  EXPECT_EQ(world.Broken(), "");
}

TEST(MovedDeadlines, ADateOfTheCallThatWasPutForwardDuringAPauseGivesTheDayAtLeast) {
  DeskWorld world;
  const std::string number = ToTheLead(world);
  world.Do(number, "lea", "framing.validate");
  world.Do(number, "paul", "suspend", kPause);
  SetOfCall(world, "dates", {{"review_end", "2026-12-04"}});
  world.desk().Recount(number, world.now);
  world.At("2026-12-14T10:00");
  world.Do(number, "paul", "resume");
  EXPECT_EQ(DueDay(world, number), "2026-12-14") << "nobody is late at once";
}

TEST(MovedDeadlines, ADateOfTheCallThatPassedDuringAPauseStandsAsItWas) {
  DeskWorld world;
  const std::string number = ToTheLead(world);
  world.Do(number, "lea", "framing.validate");
  world.Do(number, "paul", "suspend", kPause);
  world.At("2027-02-01T10:00");
  world.Do(number, "paul", "resume");
  EXPECT_EQ(DueDay(world, number), "2027-01-15");
  EXPECT_EQ(world.Tick(), "review.late: active review\n");
}

TEST(MovedDeadlines, AnExtensionOfTheDayThatWasLeftIsNotTakenBackByTheNextCalendar) {
  DeskWorld world;
  SetOfCall(world, "closed_days", {"2026-12-09", "2026-12-10", "2026-12-11"});
  const std::string number = ToTheLead(world);
  world.At("2026-12-16T10:00");
  SetOfCall(world, "closed_days", json::array());
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(DueDay(world, number), "2026-12-16") << "the 14th is over: today is left";
  EXPECT_EQ(Prolong(world, number, 3), "until 2026-12-21");
  SetOfCall(world, "closed_days", {"2027-05-07"});
  EXPECT_FALSE(world.desk().Recount(number, world.now)) << "far from it";
  EXPECT_EQ(DueDay(world, number), "2026-12-21") << "what was granted";
  SetOfCall(world, "closed_days", {"2026-12-18"});
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(DueDay(world, number), "2026-12-22");
}

TEST(MovedDeadlines, OneThatATakeBackGivesBackIsCountedByTheCalendarAsItIs) {
  DeskWorld world;
  const std::string number = ToTheLead(world);
  world.Do(number, "paul", "suspend", kPause);
  const std::string suspended = world.last_act;
  world.Minutes(2);
  SetOfCall(world, "closed_days", {"2026-12-03", "2026-12-04"});
  EXPECT_FALSE(world.desk().Recount(number, world.now)) << "nothing waits";
  world.Minutes(2);
  EXPECT_EQ(world.TakeBack(number, "paul", suspended), "active lead_review");
  EXPECT_EQ(DueDay(world, number), "2026-12-16") << "it was the 14th";
  EXPECT_EQ(world.LookTasks(number),
            "task Valider le cadrage -> collection_lead@collection:numerique, due 2026-12-16\n");
  EXPECT_EQ(world.Broken(), "");
}

// The rails count two months from the selection; kept over a pause, whatever month it began in.
TEST(MovedDeadlines, MonthsEndOnTheLastDayOfAShortOne) {
  const auto months = [](const std::string& rule, const std::string& from) {
    return ParisDate(DueAt(ParseDeadlineRule(rule).value(), ParseInstant(from).value(), {}, {}));
  };
  EXPECT_EQ(months("1 mois", "2027-01-31T10:00"), "2027-02-28");
  EXPECT_EQ(months("1 mois", "2028-01-31T10:00"), "2028-02-29");
  EXPECT_EQ(months("2 mois", "2027-12-31T10:00"), "2028-02-29") << "over the year's end";
  EXPECT_EQ(months("12 mois", "2028-02-29T10:00"), "2029-02-28") << "a year as months";
  EXPECT_EQ(months("48 mois", "2028-02-29T10:00"), "2032-02-29");
  EXPECT_EQ(months("12 mois", "2099-02-28T10:00"), "2100-02-28") << "2100 has no 29 February";
  EXPECT_EQ(months("1 mois", "2027-01-31T23:30:00Z"), "2027-03-01") << "1 February in Paris";
}

// In La Réunion, three hours ahead of Paris in winter: its holiday counts, the end of the day is
// that of Paris, as announced.
TEST(MovedDeadlines, OfATerritoryOverseasEndWithTheDayInParis) {
  DeskWorld world;
  SetOfCall(world, "territory", "reunion");
  world.At("2027-12-06T10:00");
  const std::string number = ToTheLead(world);  // 20 December, a Monday, is a holiday there
  EXPECT_EQ(IsoInstant(world.Project(number).due_at), "2027-12-28T23:59:59+01:00");
  SetOfCall(world, "territory", "");
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(DueDay(world, number), "2027-12-27");
}

TEST(MovedDeadlines, ACalendarThatMakesOneDueAtOnceLeavesTheDayAndFiresOnce) {
  DeskWorld world;
  SetOfCall(world, "closed_days", {"2026-12-09", "2026-12-10", "2026-12-11"});
  const std::string number = ToTheLead(world);
  EXPECT_EQ(DueDay(world, number), "2026-12-17");
  world.At("2026-12-16T10:00");
  SetOfCall(world, "closed_days", json::array());
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(world.Tick(), "") << "it would have been the 14th; today is left";
  world.At("2026-12-16T23:59:59");
  EXPECT_EQ(world.Tick(), "lead_review.late: active lead_review\n");
  EXPECT_EQ(world.Tick(), "");
  SetOfCall(world, "closed_days", {"2026-12-16"});
  EXPECT_FALSE(world.desk().Recount(number, world.now)) << "what fired does not wait again";
}

// The four whose hands a file is in, each with their days, on the rails that ship.
TEST(HolderTime, IsCountedForEachOfTheFour) {
  DeskWorld world({.rails = "workflows/definitions", .definition = "mentor"});
  const auto& forms = world.catalog().Newest("mentor")->forms;
  world.At("2026-11-02T09:00");
  const std::string number = world.Intake("Accueil", "en_construction");
  world.Days(2);
  world.Do(number, "olga", "completion.request", {{"reason", "Il manque l’accord."}});
  world.Days(9);
  EXPECT_EQ(world.Do(number, "hugo", "resubmit"), "active admissibility_check");
  world.Days(1);
  world.Do(number, "olga", "admissibility.accept", test::FilledIn(forms.at("admissibility")));
  world.Days(4);
  world.Do(number, "lea", "framing.validate", test::FilledIn(forms.at("framing_opinion")));
  world.Days(1);
  json assigned = test::FilledIn(forms.at("review_assignment"));
  assigned["reviewers"] = {DeskWorld::Email("rita"), DeskWorld::Email("remi")};
  EXPECT_EQ(world.Do(number, "olga", "review.assign", assigned), "active expert_review");
  world.Days(6);
  const auto project = world.Project(number);
  const auto days = world.database().Read([&](Session& session) {
    const auto definition = world.catalog().Pinned(session, project.definition);
    std::string text;
    for (const auto& [side, ms] : TimeOfHolders(
             definition->chart, project, storage::JournalOf(session, project.id), world.now)) {
      text += std::string(SideId(side)) + " " + std::to_string(ms / 86'400'000) + "\n";
    }
    return text;
  });
  EXPECT_EQ(days, "holder 9\nlead 4\nreviewer 6\noffice 4\n")
      << "what the holder took to complete is theirs alone";
}

}  // namespace
}  // namespace aiguillage::workflows
