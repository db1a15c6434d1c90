#include "notifications/clockwork.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "tests/support/test_record.h"
#include "workflows/calendar.h"
#include "workflows/reminders.h"

namespace aiguillage::notifications {
namespace {

using storage::Session;
using workflows::ParseInstant;

// A case that is late after ten civil days, sends itself a word after an hour, and ends.
constexpr const char* kChart = R"(<scxml xmlns="http://www.w3.org/2005/07/scxml"
  xmlns:aap="urn:aiguillage:aap:1" version="1.0" datamodel="ecmascript" name="clock"
  initial="received" aap:title="Horloge" aap:phases="admissibility:Recevabilité">
  <state id="received" aap:label="Reçu" aap:public="Reçu" aap:turn="case_officer"
         aap:phase="admissibility">
    <transition event="intake" target="waiting"/>
  </state>
  <state id="waiting" aap:label="Attente" aap:public="Attente" aap:turn="case_officer"
         aap:phase="admissibility">
    <onentry>
      <aap:deadline in="10 jours" event="waiting.late"/>
      <send event="nudge" delay="3600s"/>
    </onentry>
    <transition event="nudge"><aap:mail template="nudge" to="project_holder"/></transition>
    <transition event="waiting.late" target="late"/>
    <transition event="call.closed"><aap:mail template="closed" to="project_holder"/></transition>
    <transition event="answer" target="closed" aap:label="Répondre" aap:by="case_officer"/>
  </state>
  <state id="late" aap:label="En retard" aap:public="En retard" aap:turn="case_officer"
         aap:phase="admissibility">
    <onentry><aap:deadline in="1 jours" event="late.again"/></onentry>
    <transition event="late.again" target="closed"/>
    <transition event="answer" target="closed" aap:label="Répondre" aap:by="case_officer"/>
  </state>
  <final id="closed" aap:label="Clos" aap:public="Clos" aap:phase="closed"/>
</scxml>
)";

class ClockworkTest : public ::testing::Test {
 protected:
  ClockworkTest() {
    record_.Seed();
    const std::filesystem::path folder = record_.directory() / "definitions/clock";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "clock.scxml") << kChart;
    auto catalog = workflows::Catalog::Load(record_.directory() / "definitions");
    if (!catalog) throw std::runtime_error(catalog.refusal().sentence);
    catalog_ = std::move(catalog).value();
    record_->Write([](Session& session) {
      auto call = *storage::FindCall(session, "demo-2026");
      call.definition = "clock";
      storage::SaveCall(session, call);
    });
    desk_ = NewDesk();
  }
  std::unique_ptr<workflows::Desk> NewDesk() {
    workflows::DeskOptions options;
    options.grace_minutes = 0;
    return std::make_unique<workflows::Desk>(*record_, *catalog_, options);
  }
  static std::int64_t At(const std::string& text) { return ParseInstant(text).value(); }

  std::string Intake(const std::string& title, const std::string& at) {
    workflows::IntakeRequest request;
    request.call = "demo-2026";
    request.title = title;
    request.collection = "numerique";
    request.holder_email = "camille@example.fr";
    request.answers = nlohmann::json::object();
    request.now = At(at);
    const auto answer = desk_->Intake(request);
    if (!answer) throw std::runtime_error(answer.refusal().sentence);
    return answer.value().project;
  }
  // « fired AIG-2026-0001 nudge -> waiting », a line each.
  std::string Tick(const std::string& at, bool dry_run = false) {
    const TickReport report = Clockwork(*record_, *desk_).Tick(At(at), dry_run);
    std::string lines;
    for (const Firing& firing : report.firings) {
      lines += (firing.refused.empty() ? "fired " : "refused ") + firing.project + " " +
               firing.event + " ->";
      for (const std::string& state : firing.states) lines += " " + state;
      for (const std::string& mail : firing.mails) lines += " +" + mail;
      for (const std::string& address : firing.told) {
        lines += " reminds " + address.substr(0, address.find('@'));
      }
      lines += firing.refused + "\n";
    }
    return lines;
  }
  std::int64_t Mails() {
    return record_->Read([](Session& session) {
      return CountOutbox(session, {"mail", "", "", 0, 0});
    });
  }

  test::TestRecord record_;
  std::unique_ptr<workflows::Catalog> catalog_;
  std::unique_ptr<workflows::Desk> desk_;
};

TEST_F(ClockworkTest, FiresWhatIsDueInDueOrderOnce) {
  const auto first = Intake("Un", "2026-11-02T10:00:00+01:00");
  const auto second = Intake("Deux", "2026-11-02T09:00:00+01:00");
  EXPECT_EQ(Tick("2026-11-02T09:59:59+01:00"), "");
  EXPECT_EQ(Tick("2026-11-02T12:00:00+01:00"), "fired " + second + " nudge -> waiting +nudge\n" +
                                                   "fired " + first + " nudge -> waiting +nudge\n");
  EXPECT_EQ(Tick("2026-11-02T12:00:00+01:00"), "");
  EXPECT_EQ(Mails(), 2);
  EXPECT_EQ(Tick("2026-11-12T23:59:58+01:00"), "");
  EXPECT_EQ(Tick("2026-11-12T23:59:59+01:00"), "fired " + first + " waiting.late -> late\n" +
                                                   "fired " + second + " waiting.late -> late\n");
}

TEST_F(ClockworkTest, AfterAWeekOfSilenceEachFiresOnceAndWhatFollowsWaits) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");
  EXPECT_EQ(Tick("2026-11-20T08:00:00+01:00"), "fired " + number + " nudge -> waiting +nudge\n" +
                                                   "fired " + number + " waiting.late -> late\n");
  EXPECT_EQ(Tick("2026-11-20T09:00:00+01:00"), "") << "the next day counts from the firing";
  EXPECT_EQ(Tick("2026-11-22T08:00:00+01:00"), "fired " + number + " late.again -> closed\n");
}

TEST_F(ClockworkTest, TellsEachProjectOnceThatItsCallIsClosedLateArrivalsIncluded) {
  record_->Write([](Session& session) {
    auto call = *storage::FindCall(session, "demo-2026");
    call.closes = "2026-11-05";
    storage::SaveCall(session, call);
  });
  const auto first = Intake("Un", "2026-11-05T20:00:00+01:00");
  EXPECT_EQ(Tick("2026-11-05T23:59:59+01:00").find("call.closed"), std::string::npos);
  const std::string told = Tick("2026-11-06T00:00:00+01:00", /*dry_run=*/true);
  EXPECT_NE(told.find(first + " call.closed -> waiting +closed\n"), std::string::npos) << told;
  EXPECT_NE(Tick("2026-11-06T00:00:00+01:00").find(first + " call.closed -> waiting +closed\n"),
            std::string::npos)
      << "a dry run told nobody";
  EXPECT_EQ(Tick("2026-11-06T00:00:10+01:00"), "");
  desk_.reset();
  record_.Reopen();
  desk_ = NewDesk();
  const auto late = Intake("Trois", "2026-11-06T09:00:00+01:00");
  EXPECT_EQ(Tick("2026-11-06T09:00:01+01:00"),
            "fired " + late + " call.closed -> waiting +closed\n");
  EXPECT_EQ(Tick("2026-11-06T09:00:02+01:00"), "");
}

TEST_F(ClockworkTest, AProjectThatCannotBeToldOfTheClosingKeepsNobodyWaiting) {
  record_->Write([](Session& session) {
    auto call = *storage::FindCall(session, "demo-2026");
    call.closes = "2026-11-05";
    storage::SaveCall(session, call);
  });
  const auto broken = Intake("Un", "2026-11-05T20:00:00+01:00");
  const auto whole = Intake("Deux", "2026-11-05T20:00:00+01:00");
  Tick("2026-11-05T23:00:00+01:00");
  record_->Write([&](Session& session) {
    auto project = *storage::FindProject(session, broken);
    project.snapshot = {{"v", 999}};
    EXPECT_TRUE(storage::UpdateProject(session, project, project.version));
  });
  const std::string told = Tick("2026-11-06T00:00:00+01:00");
  EXPECT_NE(told.find("refused " + broken + " call.closed"), std::string::npos) << told;
  EXPECT_NE(told.find("fired " + whole + " call.closed -> waiting +closed\n"), std::string::npos);
  EXPECT_EQ(Tick("2026-11-06T00:00:10+01:00"), "") << "once";
  record_->Read([](Session& session) {
    const auto incidents = storage::OpenIncidents(session);
    ASSERT_EQ(incidents.size(), 1U);
    EXPECT_EQ(incidents[0].sentence.find("La clôture de l’appel n’a pas pu être traitée"), 0U);
  });
}

TEST_F(ClockworkTest, ARestartFiresNothingTwice) {
  Intake("Un", "2026-11-02T10:00:00+01:00");
  EXPECT_NE(Tick("2026-11-02T12:00:00+01:00"), "");
  desk_.reset();
  record_.Reopen();
  desk_ = NewDesk();
  EXPECT_EQ(Tick("2026-11-02T12:00:00+01:00"), "");
  EXPECT_EQ(Mails(), 1);
}

TEST_F(ClockworkTest, ADryRunTellsAndChangesNothing) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");
  const std::string told = Tick("2026-11-02T12:00:00+01:00", true);
  EXPECT_EQ(told, "fired " + number + " nudge -> waiting +nudge\n");
  EXPECT_EQ(Mails(), 0);
  EXPECT_EQ(Tick("2026-11-02T12:00:00+01:00", true), told);
  EXPECT_EQ(Tick("2026-11-02T12:00:00+01:00"), told);
}

TEST_F(ClockworkTest, WhatCannotFireIsSetAsideWithWords) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");
  // A delayed send whose data nobody can read any more, ahead of the sound one.
  record_->Write([&](Session& session) {
    storage::Timer broken;
    broken.project = FindProject(session, number)->id;
    broken.kind = "send";
    broken.event = "nudge";
    broken.status = "waiting";
    broken.due_at = At("2026-11-02T10:30:00+01:00");
    broken.data = "{";
    InsertTimer(session, broken);
  });
  const std::string lines = Tick("2026-11-02T12:00:00+01:00");
  EXPECT_NE(lines.find("refused " + number + " nudge"), std::string::npos) << lines;
  EXPECT_NE(lines.find("fired " + number + " nudge -> waiting +nudge\n"), std::string::npos);
  const auto incidents =
      record_->Read([](Session& session) { return storage::OpenIncidents(session); });
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_TRUE(incidents[0].sentence.starts_with("L’échéance « nudge » n’a pas pu être traitée : "))
      << incidents[0].sentence;
  EXPECT_EQ(Tick("2026-11-02T12:00:00+01:00"), "");
}

TEST_F(ClockworkTest, AProjectThatIsOverHasNoDeadlines) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");
  record_->Write([&](Session& session) {
    auto project = *FindProject(session, number);
    project.ended_at = 1;
    UpdateProject(session, project, project.version);
  });
  Tick("2026-11-20T12:00:00+01:00");
  EXPECT_EQ(Tick("2026-11-20T12:00:00+01:00"), "");
  EXPECT_EQ(Mails(), 0);
}

TEST_F(ClockworkTest, StopsAtItsLimitAndSaysSo) {
  Intake("Un", "2026-11-02T10:00:00+01:00");
  Intake("Deux", "2026-11-02T10:00:00+01:00");
  const auto report = Clockwork(*record_, *desk_, {1}).Tick(At("2026-11-02T12:00:00+01:00"), false);
  EXPECT_EQ(report.fired, 1);
  EXPECT_TRUE(report.more);
}

// The clock jumps: back to an instant that was passed, then forward over all of it, over the nights
// of the change of hour too. Nothing is lost, nothing comes twice.
TEST_F(ClockworkTest, AClockThatJumpsLosesNothingAndRepeatsNothing) {
  const auto number = Intake("Un", "2027-03-17T10:00:00+01:00");  // due on 27 March, 23:59:59
  EXPECT_EQ(Tick("2027-03-17T11:00:00+01:00"), "fired " + number + " nudge -> waiting +nudge\n");
  EXPECT_EQ(Tick("2027-03-10T00:00:00+01:00"), "") << "a week back";
  EXPECT_EQ(Tick("2027-03-27T23:59:58+01:00"), "");
  EXPECT_EQ(Tick("2027-03-27T23:59:59+01:00"), "fired " + number + " waiting.late -> late\n");
  EXPECT_EQ(Tick("2027-03-27T12:00:00+01:00"), "") << "back before it fired";
  // The next is due at the end of the day without a two o'clock.
  EXPECT_EQ(Tick("2027-03-28T01:59:59+01:00"), "");
  EXPECT_EQ(Tick("2027-03-28T03:00:00+02:00"), "");
  EXPECT_EQ(Tick("2027-03-28T23:59:58+02:00"), "");
  EXPECT_EQ(Tick("2037-03-28T00:00:00+01:00"), "fired " + number + " late.again -> closed\n")
      << "ten years at once";
  EXPECT_EQ(Tick("2027-03-28T23:59:59+02:00"), "");
  EXPECT_EQ(Mails(), 1);
}

TEST_F(ClockworkTest, TheHourThatComesTwiceFiresOnce) {
  const auto number = Intake("Un", "2026-10-25T00:30:00+02:00");  // a word an hour later: 01:30
  EXPECT_EQ(Tick("2026-10-25T01:29:59+02:00"), "");
  EXPECT_EQ(Tick("2026-10-25T02:30:00+02:00"), "fired " + number + " nudge -> waiting +nudge\n");
  EXPECT_EQ(Tick("2026-10-25T02:30:00+01:00"), "") << "the same hour on the wall, an hour later";
}

constexpr const char* kReminding = R"(<scxml xmlns="http://www.w3.org/2005/07/scxml"
  xmlns:aap="urn:aiguillage:aap:1" version="1.0" datamodel="ecmascript" name="clock"
  initial="received" aap:title="Horloge" aap:phases="admissibility:Recevabilité"
  aap:ladder="2 jours avant: turn | le jour même: turn | 1 jours après: turn | 3 jours après: program_admin">
  <state id="received"><transition event="intake" target="waiting"/></state>
  <state id="waiting" aap:label="Attente" aap:public="Attente" aap:turn="case_officer"
         aap:phase="admissibility" aap:task="Répondre">
    <onentry><aap:deadline in="5 jours ouvrés" event="waiting.late"/></onentry>
    <transition event="waiting.late"/>
    <transition event="answer" target="closed" aap:label="Répondre" aap:by="case_officer"/>
  </state>
  <final id="closed" aap:label="Clos" aap:public="Clos" aap:phase="closed"/>
</scxml>
)";

class RemindingTest : public ClockworkTest {
 protected:
  RemindingTest() {
    std::ofstream(record_.directory() / "definitions/clock/clock.scxml") << kReminding;
    catalog_ = workflows::Catalog::Load(record_.directory() / "definitions").value();
    desk_ = NewDesk();
    record_->Write([](Session& session) {
      for (const auto& [name, role] :
           {std::pair("olga", "case_officer"), std::pair("paul", "program_admin")}) {
        storage::Person person;
        person.email = std::string(name) + "@example.fr";
        person.name = name;
        storage::InsertGrant(session, {0, storage::InsertPerson(session, person), role, "", 1, 0});
      }
    });
  }
  // « olga: 2 lignes », a line each mail of reminders.
  std::string Reminders() {
    return record_->Read([](Session& session) {
      std::string text;
      for (const auto& row : storage::ListOutbox(session, {"mail", "", "", 50, 0})) {
        if (row.topic != storage::kRemindersTopic) continue;
        text += row.address.substr(0, row.address.find('@')) + ": " +
                std::to_string(row.payload.at("items").size()) + " lines\n";
      }
      return text;
    });
  }
};

TEST_F(RemindingTest, StepsAndDeadlinesComeInDueOrder) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");  // due on the 9th
  EXPECT_EQ(Tick("2026-11-07T07:59:59+01:00"), "");
  EXPECT_EQ(Tick("2026-11-09T23:59:59+01:00"),
            "fired " + number + " waiting.late -> reminds olga\n" + "fired " + number +
                " waiting.late -> reminds olga\n" + "fired " + number +
                " waiting.late -> waiting\n");
  EXPECT_EQ(Tick("2026-11-09T23:59:59+01:00"), "");
  EXPECT_EQ(Tick("2026-11-30T00:00:00+01:00"), "fired " + number +
                                                   " waiting.late -> reminds olga\n" + "fired " +
                                                   number + " waiting.late -> reminds paul\n");
}

TEST_F(RemindingTest, AfterAWeekOfDowntimeEachStepComesOnceAndEachPersonHasOneMail) {
  for (int i = 0; i < 30; ++i) Intake("Projet", "2026-11-02T10:00:00+01:00");
  desk_.reset();
  record_.Reopen();
  desk_ = NewDesk();
  const auto report = Clockwork(*record_, *desk_).Tick(At("2026-11-16T09:00:00+01:00"), false);
  EXPECT_EQ(report.fired, 30);
  EXPECT_EQ(report.reminded, 120) << "four steps of thirty deadlines";
  EXPECT_EQ(Reminders(), "paul: 30 lines\nolga: 30 lines\n");
  desk_.reset();
  record_.Reopen();
  desk_ = NewDesk();
  EXPECT_EQ(Tick("2026-11-16T09:00:01+01:00"), "");
  EXPECT_EQ(Tick("2026-12-16T09:00:01+01:00"), "");
  EXPECT_EQ(Reminders(), "paul: 30 lines\nolga: 30 lines\n");
}

TEST_F(RemindingTest, TwoClocksRemindOnce) {
  for (int i = 0; i < 10; ++i) Intake("Projet", "2026-11-02T10:00:00+01:00");
  std::thread one([&] { Tick("2026-11-07T09:00:00+01:00"); });
  std::thread two([&] { Tick("2026-11-07T09:00:00+01:00"); });
  one.join();
  two.join();
  EXPECT_EQ(Reminders(), "olga: 10 lines\n");
  const std::int64_t said = record_->Read([](Session& session) {
    std::int64_t rows = 0;
    for (std::int64_t project = 1; project <= 10; ++project) {
      for (const auto& row : storage::JournalOf(session, project)) {
        rows += row.action == workflows::kReminded ? 1 : 0;
      }
    }
    return rows;
  });
  EXPECT_EQ(said, 10);
}

TEST_F(RemindingTest, ADryRunTellsTheWeekToComeAndWritesNothing) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");
  const std::string told = Tick("2026-11-16T09:00:00+01:00", true);
  EXPECT_NE(told.find(number + " waiting.late -> waiting\n"), std::string::npos) << told;
  EXPECT_NE(told.find(number + " waiting.late -> reminds paul\n"), std::string::npos) << told;
  EXPECT_EQ(Reminders(), "");
  EXPECT_EQ(Tick("2026-11-16T09:00:00+01:00", true), told);
}

TEST_F(RemindingTest, ACalendarThatChangedMovesWhatWaitsBeforeItFires) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");
  Tick("2026-11-02T11:00:00+01:00");
  record_->Write([](Session& session) {
    auto call = *storage::FindCall(session, "demo-2026");
    call.settings["closed_days"] = {"2026-11-05", "2026-11-06"};
    storage::SaveCall(session, call);
  });
  const auto report = Clockwork(*record_, *desk_).Tick(At("2026-11-10T09:00:00+01:00"), false);
  EXPECT_EQ(report.moved, 1);
  EXPECT_EQ(report.fired, 0) << "from the 9th to the 12th: two days, and Armistice Day";
  EXPECT_EQ(Tick("2026-11-12T23:59:58+01:00"),
            "fired " + number + " waiting.late -> reminds olga\n");
  EXPECT_EQ(Clockwork(*record_, *desk_).Tick(At("2026-11-12T23:59:59+01:00"), false).fired, 1);
}

TEST_F(RemindingTest, ADryRunAfterTheCalendarChangedTellsOfTheDaysThatWouldBe) {
  const auto number = Intake("Un", "2026-11-02T10:00:00+01:00");  // due on the 9th
  Tick("2026-11-02T11:00:00+01:00");
  record_->Write([](Session& session) {
    auto call = *storage::FindCall(session, "demo-2026");
    call.settings["closed_days"] = {"2026-11-05", "2026-11-06"};
    storage::SaveCall(session, call);
  });
  const std::string on_the_tenth = "fired " + number + " waiting.late -> reminds olga\n";
  const auto rehearsed = Clockwork(*record_, *desk_).Tick(At("2026-11-10T09:00:00+01:00"), true);
  EXPECT_EQ(rehearsed.moved, 1);
  EXPECT_EQ(rehearsed.fired, 0) << "the 9th is no day of it any more: it would be the 12th";
  EXPECT_EQ(Tick("2026-11-10T09:00:00+01:00", true), on_the_tenth) << "and again: nothing is kept";
  EXPECT_EQ(Tick("2026-11-10T09:00:00+01:00"), on_the_tenth) << "as it then came";
}

TEST_F(ClockworkTest, TwoClocksConcurrentlyFireEachTimerOnce) {
  for (int i = 0; i < 10; ++i) Intake("Projet", "2026-11-02T10:00:00+01:00");
  std::thread one([&] { Tick("2026-11-02T12:00:00+01:00"); });
  std::thread two([&] { Tick("2026-11-02T12:00:00+01:00"); });
  one.join();
  two.join();
  EXPECT_EQ(Mails(), 10);
}

}  // namespace
}  // namespace aiguillage::notifications
