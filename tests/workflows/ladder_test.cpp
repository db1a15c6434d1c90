// Ladders of reminders, nudges by hand, extensions, calendars that change: told as they happen.
#include "workflows/ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "tests/support/desk_world.h"
#include "workflows/delegation.h"
#include "workflows/holder_time.h"
#include "workflows/reminders.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;
using ::testing::HasSubstr;

// Every step that falls due until that day, in order, each told at its instant.
std::string ClimbUntil(DeskWorld& world, const std::string& day) {
  std::string text;
  const std::int64_t end = EndOfParisDay(day);
  for (;;) {
    const auto due =
        world.database().Read([&](Session& session) { return storage::DueRungs(session, end, 1); });
    if (due.empty()) break;
    world.now = std::max(world.now, due[0].rung_at);
    const auto told = world.desk().Remind(due[0].id, world.now, false);
    text += IsoInstant(world.now).substr(5, 11) + " " + due[0].event + " ->";
    for (const auto& reminder : told) {
      for (const auto& address : reminder.told) text += " " + address.substr(0, address.find('@'));
    }
    text += told.empty() ? " nobody\n" : "\n";
  }
  world.now = std::max(world.now, end);
  return text;
}

// Each mail of reminders that waits, as its reader would see its lines.
std::string Mails(DeskWorld& world) {
  return world.database().Read([](Session& session) {
    std::string text;
    for (const auto& person : storage::People(session)) {
      const auto mail = storage::WaitingReminders(session, person.id);
      if (!mail) continue;
      text += person.name + "\n";
      for (const auto& item : mail->payload.at("items")) {
        text += "  " + item.at("label").get<std::string>() + " | " +
                item.at("value").get<std::string>() + "\n";
      }
    }
    return text;
  });
}

void Change(DeskWorld& world, const std::string& name, const json& value) {
  world.database().Write([&](Session& session) {
    auto call = storage::FindCall(session, "demo-2026").value();
    call.settings[name] = value;
    storage::SaveCall(session, call);
  });
}

std::string AtTheLead(DeskWorld& world) {  // on Monday 23 November: due on 14 December
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  return number;
}

std::string Nudge(DeskWorld& world, const std::string& number, const std::string& who) {
  const auto tasks = world.database().Read([&](Session& session) {
    return storage::OpenTasks(session, storage::FindProject(session, number)->id);
  });
  const auto answer =
      world.desk().Nudge({number, tasks.at(0).id, {world.Person(who), ""}, world.now});
  if (!answer) return answer.refusal().code + ": " + answer.refusal().sentence;
  std::string text;
  for (const auto& mail : answer.value().mails) text += mail.template_id + " -> " + mail.address;
  return text;
}

std::string Extend(DeskWorld& world, const std::string& number, const std::string& who, int count,
                   const std::string& reason = "Le chef de file était en mission.") {
  const auto answer = world.desk().Extend({number,
                                           "lead_review",
                                           "lead_review.late",
                                           count,
                                           reason,
                                           {world.Person(who), ""},
                                           world.now});
  if (!answer) return answer.refusal().code + ": " + answer.refusal().sentence;
  return ParisDate(answer.value().deadlines.at(0).due_at);
}

TEST(Ladder, ReadsItsStepsAndRefusesTheRest) {
  const auto ladder =
      ParseLadder(
          "3 jours ouvrés avant: turn | le jour même: turn case_officer | 1 mois après: "
          "delegate")
          .value();
  ASSERT_EQ(ladder.size(), 3U);
  EXPECT_EQ(ladder[1].to, (std::vector<std::string>{"turn", "case_officer"}));
  const std::int64_t due = EndOfParisDay("2026-12-14");
  EXPECT_EQ(IsoInstant(RungAt(ladder[0], due, {})), "2026-12-09T08:00:00+01:00");
  EXPECT_EQ(IsoInstant(RungAt(ladder[1], due, {})), "2026-12-14T08:00:00+01:00");
  EXPECT_EQ(IsoInstant(RungAt(ladder[2], due, {})), "2027-01-14T08:00:00+01:00");
  EXPECT_TRUE(ParseLadder("none").value().empty());
  for (const char* text : {"demain: turn", "3 jours ouvrés: turn", "le jour même", "le jour même: ",
                           "3 avant: turn", "le jour même: turn | 3 jours avant: turn",
                           "le jour même: turn | le jour même: turn", "call:fin avant: turn"}) {
    EXPECT_EQ(ParseLadder(text).refusal().code, "bad_ladder") << text;
  }
}

TEST(Ladder, RemindsBeforeOnTheDayAndAfterThenTheDelegateThenThePilot) {
  DeskWorld world;
  world.Grant("lise", "collection_lead");  // of every collection: more widely than lea
  const std::string number = AtTheLead(world);
  EXPECT_EQ(ClimbUntil(world, "2026-12-14"),
            "12-09T08:00 lead_review.late -> lea\n"
            "12-14T08:00 lead_review.late -> lea\n");
  EXPECT_EQ(world.Tick(), "lead_review.late: active lead_review\n");
  EXPECT_EQ(ClimbUntil(world, "2027-06-01"),
            "12-16T08:00 lead_review.late -> lea\n"
            "12-18T08:00 lead_review.late -> lise\n"
            "12-22T08:00 lead_review.late -> paul\n")
      << "each once, and then no more";
  EXPECT_EQ(world.Broken(), "");
  const auto project = world.Project(number);
  EXPECT_EQ(project.version, 2) << "a reminder is no change";
}

TEST(Ladder, StopsTheMomentThePersonActs) {
  DeskWorld world;
  const std::string number = AtTheLead(world);
  EXPECT_EQ(ClimbUntil(world, "2026-12-10"), "12-09T08:00 lead_review.late -> lea\n");
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(ClimbUntil(world, "2027-01-10"), "");
}

TEST(Ladder, StopsAfterTheDayTooWhenThePersonActs) {
  DeskWorld world;
  const std::string number = AtTheLead(world);
  ClimbUntil(world, "2026-12-14");
  world.Tick();
  EXPECT_EQ(ClimbUntil(world, "2026-12-17"), "12-16T08:00 lead_review.late -> lea\n");
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(ClimbUntil(world, "2027-01-10"), "");
}

TEST(Ladder, AsksOnlyThoseWhoHaveNotActedYet) {
  DeskWorld world;
  Change(world, "dates", {{"review_end", "2026-12-18"}});
  const std::string number = AtTheLead(world);
  world.Do(number, "lea", "framing.validate");
  world.Do(number, "olga", "review.assign",
           {{"reviewers", {DeskWorld::Email("rita"), DeskWorld::Email("remi")}}});
  world.Do(number, "rita", "review.submit", {{"interest", "none"}, {"mark", 3}});
  EXPECT_EQ(ClimbUntil(world, "2027-06-01"), "12-17T08:00 review.late -> olga remi\n");
}

TEST(Ladder, AStandInIsTheDelegateAndIsToldWhy) {
  DeskWorld world;
  const std::string number = AtTheLead(world);
  world.database().Write([&](Session& session) {
    EXPECT_TRUE(DeclareAbsence(session,
                               {0, world.Person("lea"), world.Person("rosa"), "",
                                EndOfParisDay("2026-12-16"), EndOfParisDay("2026-12-20")},
                               world.now));
  });
  EXPECT_THAT(ClimbUntil(world, "2026-12-19"), HasSubstr("12-18T08:00 lead_review.late -> rosa\n"));
  EXPECT_THAT(Mails(world),
              HasSubstr("Valider le cadrage : en retard depuis le 14 décembre 2026, à "
                        "la place de "));
}

TEST(Ladder, GathersWhatIsDueInOneMailAPersonAndSaysEachDeadlineOnce) {
  DeskWorld world;
  const std::string one = AtTheLead(world), two = world.Intake("Budget");
  world.Do(two, "olga", "check.accept");
  world.At("2026-12-21T09:00");  // a week without a clock
  std::string told;
  for (;;) {
    const auto due = world.database().Read(
        [&](Session& session) { return storage::DueRungs(session, world.now, 1); });
    if (due.empty()) break;
    for (const auto& reminder : world.desk().Remind(due[0].id, world.now, false)) {
      told += reminder.project.substr(9) + " " + ParisDate(reminder.at).substr(5) + "\n";
    }
  }
  EXPECT_EQ(told, "0001 12-09\n0002 12-09\n0001 12-14\n0002 12-14\n0001 12-16\n0002 12-16\n")
      << "each step of each once; nobody is the delegate";
  EXPECT_EQ(Mails(world),
            "lea\n"
            "  " +
                one +
                " · Accueil | Valider le cadrage : en retard depuis le 14 décembre 2026\n"
                "  " +
                two + " · Budget | Valider le cadrage : en retard depuis le 14 décembre 2026\n");
}

TEST(Ladder, ARehearsalTellsOfAllStepsAndWritesNothing) {
  DeskWorld world;
  AtTheLead(world);
  const auto due = world.database().Read(
      [&](Session& session) { return storage::DueRungs(session, EndOfParisDay("2026-12-31"), 9); });
  ASSERT_EQ(due.size(), 1U);
  for (int again = 0; again < 2; ++again) {
    const auto told = world.desk().Remind(due[0].id, EndOfParisDay("2026-12-31"), true);
    ASSERT_EQ(told.size(), 4U) << "before, on the day, after, the pilot";
    EXPECT_EQ(told[3].told, std::vector<std::string>{DeskWorld::Email("paul")});
  }
  EXPECT_EQ(Mails(world), "");
}

TEST(Ladder, WaitsWhileTheClockIsStopped) {
  DeskWorld world;
  const std::string number = AtTheLead(world);
  world.At("2026-12-01T10:00");
  world.Do(number, "paul", "suspend", {{"reason", "Attente du budget."}});
  EXPECT_EQ(ClimbUntil(world, "2027-02-01"), "");
  world.At("2027-02-01T10:00");
  world.Do(number, "paul", "resume");
  EXPECT_EQ(world.LookTasks(number),
            "task Valider le cadrage -> collection_lead@collection:numerique, due 2027-02-12\n")
      << "nine working days were left";
  EXPECT_EQ(ClimbUntil(world, "2027-02-12"),
            "02-09T08:00 lead_review.late -> lea\n"
            "02-12T08:00 lead_review.late -> lea\n");
  EXPECT_EQ(world.Broken(), "");
}

TEST(Nudge, IsJournalledAndComesOnceADayAndPerson) {
  DeskWorld world;
  const std::string number = AtTheLead(world);
  EXPECT_EQ(Nudge(world, number, "olga"), "nudge -> lea@exemple.invalid");
  EXPECT_THAT(Nudge(world, number, "paul"), HasSubstr("nudged: lea : déjà relancé aujourd’hui"));
  world.At("2026-11-24T00:30");
  EXPECT_EQ(Nudge(world, number, "paul"), "nudge -> lea@exemple.invalid") << "another day in Paris";
  EXPECT_THAT(Nudge(world, number, "hugo"), HasSubstr("not_yours: Relancer revient à"));
  EXPECT_THAT(Nudge(world, number, "lea"), HasSubstr("not_yours: Cette tâche n’attend que vous"));
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    const auto row = storage::LastJournal(session, project.id).value();
    EXPECT_EQ(row.action + " " + row.role, "task.nudged program_admin");
    EXPECT_EQ(row.body.at("event").at("data").at("message"), "Valider le cadrage : lea");
  });
  EXPECT_EQ(world.Project(number).version, 2);
  EXPECT_EQ(world.Broken(), "");
}

std::string NudgeCell(DeskWorld& world, const std::string& who, const std::string& key,
                      const std::string& collection = "numerique") {
  const auto done = world.desk().NudgeCell(
      {"demo-2026", collection, "lead_review", {world.Person(who), ""}, key, world.now});
  if (!done) return done.refusal().code + ": " + done.refusal().sentence;
  const NudgedCell& cell = done.value();
  return std::to_string(cell.nudged) + " nudged, " + std::to_string(cell.already) + " already, " +
         std::to_string(cell.nobody) + " nobody, " + std::to_string(cell.people) + " people, " +
         std::to_string(cell.left) + " left";
}

std::int64_t Nudges(DeskWorld& world, const std::string& number) {
  const auto rows = world.database().Read([&](Session& session) {
    return storage::JournalOf(session, storage::FindProject(session, number)->id);
  });
  return std::count_if(rows.begin(), rows.end(),
                       [](const auto& row) { return row.action == kNudged; });
}

TEST(NudgeCell, TellsEverybodyLateInOneMailOnceADayAndJournalsEachProject) {
  DeskWorld world;
  const std::string first = AtTheLead(world), second = AtTheLead(world);
  const std::string elsewhere = world.Intake("Ailleurs");
  EXPECT_EQ(NudgeCell(world, "olga", "k0"), "0 nudged, 0 already, 0 nobody, 0 people, 0 left")
      << "nothing is late yet";
  world.At("2026-12-16T10:00");
  const std::string fresh = AtTheLead(world);
  EXPECT_EQ(Nudge(world, first, "paul"), "nudge -> lea@exemple.invalid");
  EXPECT_EQ(NudgeCell(world, "olga", "k1"), "1 nudged, 1 already, 0 nobody, 1 people, 0 left");
  EXPECT_EQ(NudgeCell(world, "olga", "k1"), "1 nudged, 1 already, 0 nobody, 1 people, 0 left")
      << "the same answer, and nothing done";
  EXPECT_THAT(NudgeCell(world, "paul", "k1"), HasSubstr("key_reused: "));
  EXPECT_EQ(NudgeCell(world, "olga", "k2"), "0 nudged, 2 already, 0 nobody, 0 people, 0 left");
  EXPECT_EQ(Nudges(world, first), 1);
  EXPECT_EQ(Nudges(world, second), 1);
  EXPECT_EQ(Nudges(world, fresh) + Nudges(world, elsewhere), 0);
  EXPECT_THAT(Nudge(world, second, "paul"), HasSubstr("nudged: "))
      << "by hand or together, it is once a day";
  world.At("2026-12-17T09:00");
  EXPECT_EQ(NudgeCell(world, "olga", "k3"), "2 nudged, 0 already, 0 nobody, 1 people, 0 left");
  const std::string line =
      " · Accueil | Valider le cadrage : en retard depuis le 14 décembre 2026, relance de olga\n";
  EXPECT_EQ(Mails(world), "lea\n  " + second + line + "  " + first + line)
      << "one mail; the second’s line waits there since the day before, and is said once";
  EXPECT_EQ(NudgeCell(world, "lea", "k4"), "0 nudged, 0 already, 2 nobody, 0 people, 0 left")
      << "they wait for nobody else";
  EXPECT_EQ(NudgeCell(world, "hugo", "k5"), "0 nudged, 0 already, 2 nobody, 0 people, 0 left")
      << "a holder nudges nobody";
  EXPECT_EQ(NudgeCell(world, "olga", "k6", "langues"),
            "0 nudged, 0 already, 0 nobody, 0 people, 0 left");
  EXPECT_THAT(NudgeCell(world, "olga", ""), HasSubstr("bad_input: "));
  EXPECT_EQ(world.Broken(), "");
}

TEST(NudgeCell, IsSeenByTheMetersAsManyTimesAsItNudged) {
  DeskWorld world;
  for (int i = 0; i < 3; ++i) AtTheLead(world);
  world.Days(40);
  DeskOptions options;
  std::map<std::string, int> seen;
  options.seen = [&](const std::string& outcome, std::int64_t) { ++seen[outcome]; };
  Desk desk(world.database(), world.catalog(), options);
  const auto nudge = [&](const std::string& key) {
    return desk.NudgeCell(
        {"demo-2026", "numerique", "lead_review", {world.Person("olga"), ""}, key, world.now});
  };
  ASSERT_EQ(nudge("k1").value().nudged, 3);
  EXPECT_EQ(seen[""], 3) << "one act of the journal each";
  ASSERT_EQ(nudge("k2").value().nudged, 0);
  EXPECT_EQ(seen[""], 4);
  EXPECT_FALSE(nudge(""));
  EXPECT_EQ(seen["bad_input"], 1);
}

TEST(NudgeCell, GoesOnWhereItStoppedWhenThereAreTooManyAtOnce) {
  DeskWorld world;
  for (int i = 0; i < kNudgedAtOnce + 3; ++i) AtTheLead(world);
  world.At("2026-12-16T10:00");
  EXPECT_EQ(NudgeCell(world, "olga", "k1"), "200 nudged, 0 already, 0 nobody, 1 people, 3 left");
  EXPECT_EQ(NudgeCell(world, "olga", "k2"), "3 nudged, 200 already, 0 nobody, 1 people, 0 left");
  EXPECT_THAT(Mails(world), HasSubstr("Et encore | 153 autres échéances"));
  EXPECT_EQ(world.Broken(), "");
}

TEST(Extension, IsGrantedOnceWithinBoundsWithAReasonByWhomTheRailsSay) {
  DeskWorld world;
  const std::string number = AtTheLead(world);
  EXPECT_THAT(Extend(world, number, "paul", 3), HasSubstr("not_yours: Prolonger revient à"));
  EXPECT_EQ(Extend(world, number, "olga", 6),
            "bad_input: Une prolongation va de 1 à 5 jours ouvrés.");
  EXPECT_EQ(Extend(world, number, "olga", 3, " "),
            "bad_input: Dites pourquoi : le journal du projet le garde.");
  EXPECT_EQ(Extend(world, number, "olga", 3), "2026-12-17");
  EXPECT_EQ(Extend(world, number, "olga", 1),
            "not_now: Cette échéance a déjà été prolongée, le 23 novembre 2026 : elle ne l’est "
            "qu’une fois.");
  EXPECT_EQ(world.LookTasks(number),
            "task Valider le cadrage -> collection_lead@collection:numerique, due 2026-12-17\n");
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2026-12-17");
  EXPECT_THAT(world.Look(number), HasSubstr("mail pending deadline_extended -> lea\n"));
  EXPECT_EQ(ClimbUntil(world, "2026-12-17"),
            "12-14T08:00 lead_review.late -> lea\n"
            "12-17T08:00 lead_review.late -> lea\n")
      << "its ladder stands before the new day";
  world.Do(number, "paul", "suspend", {{"reason", "Pause."}});
  EXPECT_EQ(world.Broken(), "");
}

TEST(Extension, IsOverOnceTheDayIsAndStaysOnceAfterAStop) {
  DeskWorld world;
  const std::string number = AtTheLead(world);
  EXPECT_EQ(Extend(world, number, "olga", 5), "2026-12-21");
  world.At("2026-12-18T10:00");
  world.Do(number, "paul", "suspend", {{"reason", "Pause."}});
  world.At("2027-01-04T10:00");
  world.Do(number, "paul", "resume");
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2027-01-05") << "one working day was left";
  EXPECT_THAT(Extend(world, number, "olga", 1), HasSubstr("not_now: Cette échéance a déjà"));
  const std::string late = AtTheLead(world);
  world.At("2027-03-01T10:00");
  EXPECT_EQ(Extend(world, late, "olga", 1),
            "not_now: Cette échéance ne court plus : elle ne peut pas être prolongée.");
}

TEST(Calendars, ThatChangeMoveWhatIsNotDueYet) {
  DeskWorld world;
  const std::string number = AtTheLead(world), other = world.Intake("Autre");
  EXPECT_FALSE(world.desk().Recount(number, world.now)) << "nothing changed";
  EXPECT_EQ(Extend(world, number, "olga", 1), "2026-12-15");
  Change(world, "closed_days", {"2026-12-04", "2026-12-07"});
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(world.LookTasks(number),
            "task Valider le cadrage -> collection_lead@collection:numerique, due 2026-12-17\n")
      << "two days more, and the extension behind them";
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2026-12-17");
  EXPECT_EQ(ClimbUntil(world, "2026-12-14"),
            "12-02T08:00 check.late -> olga\n"
            "12-07T08:00 check.late -> olga\n"
            "12-09T08:00 check.late -> olga\n"
            "12-11T08:00 check.late -> nobody\n"
            "12-14T08:00 lead_review.late -> lea\n")
      << "the other project was not counted again";
  Change(world, "closed_days", json::array());
  world.Tick();  // check.late of the other, which is over
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2026-12-15");
  EXPECT_FALSE(world.desk().Recount(other, world.now)) << "what was due stays due";
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    const auto row = storage::LastJournal(session, project.id).value();
    EXPECT_EQ(row.action + " " + row.role, "deadline.moved system");
  });
  EXPECT_EQ(world.Broken(), "");
}

TEST(Calendars, NeverMoveADeadlineToADayThatIsOver) {
  DeskWorld world;
  Change(world, "closed_days", {"2026-12-09", "2026-12-10", "2026-12-11"});
  const std::string number = AtTheLead(world);
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2026-12-17");
  world.At("2026-12-16T10:00");
  Change(world, "closed_days", json::array());
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2026-12-16") << "it was the 14th";
}

TEST(Calendars, MoveDatesOfTheCall) {
  DeskWorld world;
  Change(world, "dates", {{"review_end", "2026-12-18"}});
  const std::string number = AtTheLead(world);
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2026-12-18");
  Change(world, "dates", {{"review_end", "2027-01-15"}});
  EXPECT_TRUE(world.desk().Recount(number, world.now));
  EXPECT_EQ(ParisDate(world.Project(number).due_at), "2027-01-15");
}

// Whose hands the file was in, day by day: what the holder takes is never the administration's.
TEST(HolderTime, ACorrectionLoopNeverCountsAgainstTheAdministration) {
  DeskWorld world;
  world.At("2026-11-02T09:00");
  const std::string number = world.Intake("Accueil");
  const auto days = [&] {
    const auto project = world.Project(number);
    return world.database().Read([&](Session& session) {
      const auto definition = world.catalog().Pinned(session, project.definition);
      std::string text;
      for (const auto& [side, ms] : TimeOfHolders(
               definition->chart, project, storage::JournalOf(session, project.id), world.now)) {
        text += std::string(text.empty() ? "" : ", ") + SideLabel(side) + " " +
                std::to_string(ms / 86'400'000);
      }
      return text;
    });
  };
  world.Days(3);
  world.Do(number, "olga", "check.ask", {{"reason", "Il manque une pièce."}});
  EXPECT_EQ(days(), "DGAFP 3");
  world.Days(20);
  EXPECT_EQ(days(), "porteur 20, DGAFP 3") << "it still waits for the holder";
  EXPECT_EQ(world.Do(number, "timer", "completing.expired").substr(0, 6), "reject");
}

TEST(HolderTime, IsNobodysWhileTheProjectIsSuspended) {
  DeskWorld world;
  world.At("2026-11-02T09:00");
  const std::string number = world.Intake("Accueil");
  world.Days(2);
  world.Do(number, "olga", "check.ask", {{"reason", "Il manque une pièce."}});
  world.Days(4);
  world.Do(number, "paul", "suspend", {{"reason", "Attente du budget."}});
  world.Days(30);
  world.Do(number, "paul", "resume");
  world.Days(1);
  world.Do(number, "hugo", "resubmit");
  world.Days(5);
  world.Do(number, "olga", "check.accept");
  world.Days(7);
  EXPECT_EQ(world.desk().Nudge({number, 0, {world.Person("olga"), ""}, world.now}).refusal().code,
            "not_now");
  const auto project = world.Project(number);
  const auto spans = world.database().Read([&](Session& session) {
    const auto definition = world.catalog().Pinned(session, project.definition);
    return TimeOfHolders(definition->chart, project, storage::JournalOf(session, project.id),
                         world.now);
  });
  const auto days_of = [&](Side side) { return spans.at(side) / 86'400'000; };
  EXPECT_EQ(days_of(Side::kHolder), 5);
  EXPECT_EQ(days_of(Side::kLead), 7);
  EXPECT_EQ(days_of(Side::kOffice), 7);
  EXPECT_EQ(days_of(Side::kNobody), 30);
}

}  // namespace
}  // namespace aiguillage::workflows
