// Absences as they come: of the stand-in too, cut short, of one place only, of a reviewer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/conflicts.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "tests/support/desk_world.h"
#include "workflows/access.h"
#include "workflows/conflict.h"
#include "workflows/delegation.h"
#include "workflows/reminders.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;
using ::testing::HasSubstr;
using ::testing::Not;

// « ok », or why not. Both days included.
std::string Away(DeskWorld& world, const std::string& who, const std::string& stand_in,
                 const std::string& first, const std::string& last, const std::string& scope = "") {
  const storage::Delegation absence{0,     world.Person(who),           world.Person(stand_in),
                                    scope, ParseInstant(first).value(), EndOfParisDay(last) + 1000};
  return world.database().Write([&](Session& session) {
    const auto said = DeclareAbsence(session, absence, world.now);
    return said ? "ok" : said.refusal().code + ": " + said.refusal().sentence;
  });
}

// Each step due until that day, as « 12-18 lise »; the clock goes along.
std::string StepsUntil(DeskWorld& world, const std::string& day) {
  std::string text;
  const std::int64_t end = EndOfParisDay(day);
  for (;;) {
    const auto due =
        world.database().Read([&](Session& session) { return storage::DueRungs(session, end, 1); });
    if (due.empty()) return text;
    world.now = std::max(world.now, due[0].rung_at);
    text += ParisDate(world.now).substr(5);
    for (const auto& reminder : world.desk().Remind(due[0].id, world.now, false)) {
      for (const auto& address : reminder.told) text += " " + address.substr(0, address.find('@'));
    }
    text += "\n";
  }
}

std::string AskedOfLea(DeskWorld& world) {  // on Monday 23 November: due on 14 December
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  return number;
}

// « Vérifier la recevabilité AIG-2026-0002 for olga », a line each.
std::string AskedOf(DeskWorld& world, const std::string& who) {
  const auto person = world.Person(who);
  return world.database().Read([&](Session& session) {
    std::string text;
    for (const auto& one : WorklistOf(session, person, world.now)) {
      text += one.line.task.label + " " + one.line.number;
      if (one.on_behalf_of != 0) text += " for " + NameOf(session, one.on_behalf_of);
      text += "\n";
    }
    return text;
  });
}

TEST(Absences, ALoanOfOnePlaceListsWhatIsAskedThereAndSaysForWhom) {
  DeskWorld world;
  const std::string here = world.Intake("Clauses", "", "achat");
  const std::string elsewhere = world.Intake("Accueil");
  EXPECT_EQ(Away(world, "olga", "denis", "2026-11-23", "2026-11-27", "collection:achat"), "ok");
  EXPECT_EQ(AskedOf(world, "denis"), "Vérifier la recevabilité " + here + " for olga\n");
  EXPECT_EQ(AskedOf(world, "olga"),
            "Vérifier la recevabilité " + here + "\nVérifier la recevabilité " + elsewhere + "\n");
  world.Grant("denis", "case_officer");
  EXPECT_EQ(AskedOf(world, "denis"),
            "Vérifier la recevabilité " + here + "\nVérifier la recevabilité " + elsewhere + "\n")
      << "their own once they hold it themselves, and each once";
  world.At("2026-11-28T00:00");
  EXPECT_EQ(AskedOf(world, "emma"), "");
}

TEST(Absences, ALoanOfOneProjectListsWhatIsAskedByNameThere) {
  DeskWorld world;
  const std::string number = AskedOfLea(world), other = AskedOfLea(world);
  for (const auto& one : {number, other}) {
    world.Do(one, "lea", "framing.validate");
    world.Do(one, "olga", "review.assign", {{"reviewers", {DeskWorld::Email("rita")}}});
  }
  EXPECT_EQ(Away(world, "rita", "denis", "2026-11-23", "2026-11-27", "project:" + number), "ok");
  EXPECT_EQ(AskedOf(world, "denis"), "Noter le projet " + number + " for rita\n");
}

TEST(Absences, ALoanOfASubCollectionListsWhatIsThere) {
  DeskWorld world;
  const std::string below = world.Intake("Mots de passe", "", "cyber"), above = AskedOfLea(world);
  world.Do(below, "olga", "check.accept");
  EXPECT_EQ(Away(world, "lea", "denis", "2026-11-23", "2026-11-27", "collection:cyber"), "ok");
  EXPECT_EQ(AskedOf(world, "denis"), "Valider le cadrage " + below + " for lea\n");
}

TEST(Absences, ALoanOfOnePlaceSettlesNoConflictElsewhere) {
  DeskWorld world;
  const auto here = world.Project(world.Intake("Clauses", "", "achat"));
  const auto elsewhere = world.Project(world.Intake("Accueil"));
  EXPECT_EQ(Away(world, "paul", "denis", "2026-11-23", "2026-11-27", "collection:achat"), "ok");
  const auto denis = world.Person("denis");
  world.database().Write([&](Session& session) {
    for (const auto& project : {here, elsewhere}) OpenConflict(session, project, {}, world.now);
    EXPECT_TRUE(MaySettle(session, here, denis, world.now));
    EXPECT_FALSE(MaySettle(session, elsewhere, denis, world.now)) << "not lent";
  });
}

TEST(Absences, AnExtensionIsToldToWhoStandsIn) {
  DeskWorld world;
  const std::string number = AskedOfLea(world);
  EXPECT_EQ(Away(world, "lea", "rosa", "2026-11-23", "2026-11-27"), "ok");
  ASSERT_TRUE(world.desk().Extend({number,
                                   "lead_review",
                                   "lead_review.late",
                                   2,
                                   "En mission.",
                                   {world.Person("olga"), ""},
                                   world.now}));
  EXPECT_THAT(world.Look(number), HasSubstr("mail pending deadline_extended -> lea\n"
                                            "mail pending deadline_extended -> rosa\n"));
}

TEST(Absences, NobodyIsChosenWhoIsAwayThen) {
  DeskWorld world;
  EXPECT_EQ(Away(world, "rosa", "emma", "2026-12-07", "2026-12-11"), "ok");
  EXPECT_EQ(Away(world, "lea", "rosa", "2026-12-11", "2026-12-18"),
            "delegate_away: rosa est en absence du 7 décembre 2026 au 11 décembre 2026 : "
            "choisissez quelqu’un d’autre, ou d’autres dates.");
  EXPECT_EQ(Away(world, "lea", "rosa", "2026-12-12", "2026-12-18"), "ok") << "back the day before";
  EXPECT_EQ(Away(world, "rosa", "lea", "2026-12-14", "2026-12-15").substr(0, 13), "delegate_away")
      << "each for the other: nobody would be there";
  EXPECT_EQ(Away(world, "rosa", "lea", "2026-12-21", "2026-12-24"), "ok") << "in turn";
  EXPECT_EQ(Away(world, "remi", "rita", "2026-12-07", "2026-12-11", "collection:achat"), "ok");
  EXPECT_EQ(Away(world, "lea", "remi", "2026-12-07", "2026-12-11", "collection:numerique"), "ok")
      << "away for another place only";
}

// A loan is not lent on: who stands in for the stand-in has no right here, so they are not asked;
// the step goes on to whoever holds the role more widely.
TEST(Absences, WhenTheStandInLeavesTooTheLadderGoesOn) {
  DeskWorld world;
  world.Grant("lise", "collection_lead");
  AskedOfLea(world);
  EXPECT_EQ(Away(world, "lea", "rosa", "2026-12-14", "2026-12-31"), "ok");
  EXPECT_EQ(Away(world, "rosa", "emma", "2026-12-17", "2026-12-31"), "ok") << "fallen ill";
  EXPECT_EQ(StepsUntil(world, "2027-01-31"),
            "12-09 lea\n"
            "12-14 lea rosa\n"
            "12-16 lea rosa\n"
            "12-18 lise\n"
            "12-22 paul\n");
  EXPECT_EQ(world.Broken(), "");
}

TEST(Absences, EachForTheOtherIsNoCircle) {
  DeskWorld world;
  world.Grant("lise", "collection_lead");
  const std::string number = AskedOfLea(world);
  world.database().Write([&](Session& session) {  // as rows of before: declaring it is refused
    const auto lea = world.Person("lea"), rosa = world.Person("rosa");
    const std::int64_t until = EndOfParisDay("2026-12-31");
    storage::InsertDelegation(session, {0, lea, rosa, "", world.now, until});
    storage::InsertDelegation(session, {0, rosa, lea, "", world.now, until});
  });
  EXPECT_THAT(StepsUntil(world, "2026-12-31"), HasSubstr("12-18 lise\n12-22 paul\n"));
  EXPECT_EQ(world.Do(number, "rosa", "framing.validate"), "active review") << "for lea";
}

TEST(Absences, AStandInWhoIsDisabledIsAskedNothingMore) {
  DeskWorld world;
  world.Grant("lise", "collection_lead");
  const std::string number = AskedOfLea(world);
  EXPECT_EQ(Away(world, "lea", "rosa", "2026-12-14", "2026-12-31"), "ok");
  EXPECT_EQ(StepsUntil(world, "2026-12-14"), "12-09 lea\n12-14 lea rosa\n");
  world.desk().SetActive(world.Person("rosa"), false, world.now);
  EXPECT_EQ(StepsUntil(world, "2026-12-31"), "12-16 lea\n12-18 lise\n12-22 paul\n");
  EXPECT_EQ(AskedOf(world, "rosa"), "");
  EXPECT_EQ(world.Do(number, "rosa", "framing.validate").substr(0, 9), "not_yours");
}

TEST(Absences, ThatEndsBetweenTwoStepsGivesTheLaterOnesBack) {
  DeskWorld world;
  world.Grant("lise", "collection_lead");
  AskedOfLea(world);
  EXPECT_EQ(Away(world, "lea", "rosa", "2026-12-14", "2026-12-17"), "ok");
  EXPECT_EQ(StepsUntil(world, "2026-12-31"),
            "12-09 lea\n"
            "12-14 lea rosa\n"
            "12-16 lea rosa\n"
            "12-18 lise\n"
            "12-22 paul\n")
      << "back on the 18th, when the delegate's turn comes: who holds the role more widely";
}

TEST(Absences, OfTheOfficerWhoNudgesAndOfTheirStandInAreSaidInTheMail) {
  DeskWorld world;
  AskedOfLea(world);
  world.At("2026-12-16T10:00");
  EXPECT_EQ(Away(world, "olga", "denis", "2026-12-16", "2026-12-18"), "ok");
  const auto done = world.desk().NudgeCell(
      {"demo-2026", "numerique", "lead_review", {world.Person("denis"), ""}, "k1", world.now});
  ASSERT_TRUE(done) << done.refusal().sentence;
  const auto lea = world.Person("lea");
  world.database().Read([&](Session& session) {
    const auto mail = storage::WaitingReminders(session, lea);
    ASSERT_TRUE(mail);
    EXPECT_THAT(mail->payload.at("items").at(0).at("value").get<std::string>(),
                HasSubstr(", relance de denis pour olga"));
  });
}

// Two opinions are asked of two people: standing in for a colleague does not make one of them two.
TEST(Absences, AReviewerGivesNoSecondOpinionForAnother) {
  DeskWorld world;
  const std::string number = AskedOfLea(world);
  world.Do(number, "lea", "framing.validate");
  world.Do(number, "olga", "review.assign",
           {{"reviewers", {DeskWorld::Email("rita"), DeskWorld::Email("remi")}}});
  EXPECT_EQ(Away(world, "rita", "remi", "2026-11-23", "2026-11-27"), "ok");
  const json score = {{"interest", "none"}, {"mark", 4}};
  EXPECT_EQ(world.Do(number, "remi", "review.submit", score), "active review") << "their own";
  EXPECT_EQ(world.Do(number, "remi", "review.submit", score),
            "locked: Vous avez déjà rendu votre avis.");
  EXPECT_EQ(world.Do(number, "rita", "review.submit", score).substr(0, 6), "active");
  EXPECT_THAT(world.Look(number), Not(HasSubstr("task Noter le projet"))) << "both are in";
}

}  // namespace
}  // namespace aiguillage::workflows
