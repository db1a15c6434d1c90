// Deadlines and delayed sends of the desk: when they are due, what stops them, what they raise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "storage/journal.h"
#include "storage/timers.h"
#include "tests/support/desk_world.h"
#include "workflows/calendar.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;
using ::testing::HasSubstr;

const json kIncomplete = {{"reason", "Il manque l’accord hiérarchique."}};

std::string Timers(DeskWorld& world, const std::string& number) {
  const auto project = world.Project(number);
  return world.database().Read([&](Session& session) {
    std::string text;
    for (const auto& timer : storage::TimersOf(session, project.id)) {
      text += timer.event + " " + timer.status + " " + ParisDate(timer.due_at);
      if (timer.status == "stopped") text += " left " + std::to_string(timer.remaining_days);
      text += "\n";
    }
    return text;
  });
}

TEST(Deadlines, AreCancelledWithTheirState) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  EXPECT_EQ(Timers(world, number),
            "check.late cancelled 2026-12-07\n"
            "lead_review.late waiting 2026-12-14\n");
}

TEST(Deadlines, StopWhileTheHolderCompletesAndKeepWhatWasLeft) {
  DeskWorld world;
  world.At("2026-03-30T10:00");  // ten working days, over Easter Monday: 14 April
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(Timers(world, number), "check.late waiting 2026-04-14\n");
  world.At("2026-04-02T18:00");
  EXPECT_EQ(world.Do(number, "olga", "check.ask", kIncomplete), "active completing");
  EXPECT_EQ(Timers(world, number),
            "check.late stopped 2026-04-14 left 7\n"
            "completing.expired waiting 2026-04-12\n");
  world.At("2026-04-10T09:00");
  EXPECT_EQ(world.Do(number, "hugo", "resubmit"), "active check");
  EXPECT_EQ(Timers(world, number),
            "check.late cancelled 2026-04-14\n"
            "completing.expired cancelled 2026-04-12\n"
            "check.late waiting 2026-04-21\n")
      << "seven working days after 10 April";
  EXPECT_EQ(world.LookTasks(number),
            "task Vérifier la recevabilité -> case_officer@, due 2026-04-21\n");
}

TEST(Deadlines, StopTwiceWhenTheHolderIsSuspended) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.ask", kIncomplete);
  EXPECT_EQ(world.Do(number, "paul", "suspend", kIncomplete), "suspended");
  EXPECT_EQ(Timers(world, number),
            "check.late stopped 2026-12-07 left 10\n"
            "completing.expired stopped 2026-12-03 left 10\n");
  world.Days(60);
  EXPECT_EQ(world.Tick(), "");
  EXPECT_EQ(world.Do(number, "paul", "resume"), "active completing");
  EXPECT_EQ(world.Look(number).substr(0, 58),
            "v4 active completing | project_holder | due 2027-02-01\ntas");
  EXPECT_EQ(world.Do(number, "hugo", "resubmit"), "active check");
  EXPECT_EQ(world.LookTasks(number),
            "task Vérifier la recevabilité -> case_officer@, due 2027-02-05\n");
  EXPECT_EQ(world.Broken(), "");
}

TEST(Deadlines, AreForgottenWhenThePauseLeadsElsewhere) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.ask", kIncomplete);
  world.Days(30);
  EXPECT_EQ(world.Tick(), "completing.expired: rejected\n");
  EXPECT_EQ(Timers(world, number),
            "check.late cancelled 2026-12-07\n"
            "completing.expired fired 2026-12-03\n");
  EXPECT_NE(world.Look(number).find("ds pending refuse\n"), std::string::npos);
}

TEST(Deadlines, FireOnceAndRemindWithoutRaisingTheVersion) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(world.Do(number, "timer", "check.late"),
            "no_timer: Aucune échéance « check.late » n’est due.");
  world.At("2026-12-08T00:00:00+01:00");
  EXPECT_EQ(world.Tick(), "check.late: active check\n");
  EXPECT_EQ(world.Tick(), "");
  EXPECT_EQ(world.Do(number, "timer", "check.late").substr(0, 8), "no_timer");
  EXPECT_EQ(world.Look(number),
            "v1 active check | case_officer | due 2026-12-07\n"
            "task Vérifier la recevabilité -> case_officer@, due 2026-12-07\n"
            "mail pending acknowledgement -> hugo\n"
            "mail pending acknowledgement -> olga (copy)\n"
            "mail pending late -> olga\n"
            "mail pending late -> paul (copy)\n");
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    const auto row = storage::LastJournal(session, project.id).value();
    EXPECT_EQ(row.role + " " + row.action, "timer check.late");
  });
  EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
  EXPECT_EQ(world.Broken(), "");
}

TEST(Deadlines, TakeDatesAndRulesOfTheCall) {
  DeskWorld world;
  world.database().Write([](Session& session) {
    auto call = storage::FindCall(session, "demo-2026").value();
    call.settings["deadlines"] = {{"check.late", "3 jours"},
                                  {"lead_review.late", "call:committee"}};
    call.settings["closed_days"] = {"2026-12-24"};
    storage::SaveCall(session, call);
  });
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(world.Project(number).due_at, EndOfParisDay("2026-11-26"));
  world.Do(number, "olga", "check.accept");
  EXPECT_EQ(world.Project(number).due_at, 0) << "the call gives no date of that name";
  EXPECT_EQ(world.LookTasks(number),
            "task Valider le cadrage -> collection_lead@collection:numerique, due none\n");
}

TEST(Deadlines, DelayedSendsWaitAndAreCancelled) {
  DeskWorld world({.grace_minutes = 0});
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(world.Tick(), "");
  world.Minutes(1);
  EXPECT_EQ(world.Tick(), "review.nudge: active review\n");
  EXPECT_NE(world.Look(number).find("mail skipped nudge -> \n"), std::string::npos);
  EXPECT_EQ(world.Do(number, "paul", "suspend", kIncomplete), "suspended");
  EXPECT_EQ(world.Do(number, "paul", "resume"), "active review");
  EXPECT_EQ(world.Do(number, "paul", "suspend", kIncomplete), "suspended");
  world.Minutes(1);
  EXPECT_EQ(world.Tick(), "") << "leaving the state cancelled the second one";
  EXPECT_EQ(world.Broken(), "");
}

TEST(Deadlines, KeepTheirFirstDateWhenTheRailsSaySo) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil", "");
  world.Do(number, "olga", "check.accept");
  world.Do(number, "lea", "framing.validate");
  world.Do(number, "olga", "review.assign",
           {{"reviewers", {DeskWorld::Email("rita"), DeskWorld::Email("remi")}}});
  for (const char* who : {"rita", "remi"}) {
    world.Do(number, who, "review.submit", {{"interest", "none"}, {"mark", 3}});
  }
  world.Do(number, "paul", "pilot.sign");
  EXPECT_EQ(world.Do(number, "paul", "committee.select", kIncomplete), "active selected");
  const auto due = world.Project(number).due_at;
  EXPECT_EQ(ParisDate(due), "2027-01-23");
  world.Do(number, "paul", "suspend", kIncomplete);
  world.Days(20);
  EXPECT_EQ(world.Do(number, "paul", "resume"), "active selected");
  EXPECT_EQ(world.Project(number).due_at, due);
}

// CRPA, L231-4: two months of silence from the deposit, however late the dossier was read here.
TEST(Deadlines, CountTheSilenceOfTheStateFromTheDeposit) {
  DeskWorld world({.rails = "workflows/definitions", .definition = "fep"});
  world.At("2026-11-20T10:00");
  const auto timers = [&](const std::string& filed_on) {
    IntakeRequest request;
    request.call = "demo-2026";
    request.title = "Déposé le " + filed_on;
    request.holder_email = "hugo@exemple.invalid";
    request.filed_on = filed_on;
    request.answers = {{"title", request.title}};
    request.now = world.now;
    const auto answer = world.desk().Intake(request);
    EXPECT_TRUE(answer) << answer.refusal().sentence;
    return Timers(world, answer.value().project);
  };
  EXPECT_THAT(timers("2026-10-10"), HasSubstr("silence.near waiting 2026-11-24\n"
                                              "silence.reached waiting 2026-12-10\n"));
  EXPECT_THAT(timers("2026-09-01"), HasSubstr("silence.reached waiting 2026-11-01\n"))
      << "already reached: told at the next tick";
  EXPECT_THAT(timers(""), HasSubstr("silence.reached waiting 2027-01-20\n"));
  EXPECT_THAT(timers("hier"), HasSubstr("silence.reached waiting 2027-01-20\n"));
}

}  // namespace
}  // namespace aiguillage::workflows
