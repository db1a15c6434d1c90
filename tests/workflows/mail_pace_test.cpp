// When mails leave: kinds, paces, the hours of a digest, the address of the one-click unsubscribe.
#include "workflows/mail_pace.h"

#include <gtest/gtest.h>

#include "storage/mail_paces.h"
#include "storage/outbox.h"
#include "storage/timers.h"
#include "tests/support/desk_world.h"
#include "tests/support/drawn_rails.h"
#include "tests/support/test_record.h"
#include "workflows/calendar.h"

namespace aiguillage::workflows {
namespace {

std::string Leaves(const std::string& pace, const std::string& at) {
  return IsoInstant(LeavesAt(pace, ParseInstant(at).value()));
}

TEST(MailPace, LeavesAtTheNextHourDayOrMonday) {
  EXPECT_EQ(Leaves("now", "2026-11-27T17:05"), "2026-11-27T17:05:00+01:00");
  EXPECT_EQ(Leaves("hourly", "2026-11-27T17:05"), "2026-11-27T18:00:00+01:00");
  EXPECT_EQ(Leaves("hourly", "2026-11-27T17:00"), "2026-11-27T17:00:00+01:00");
  EXPECT_EQ(Leaves("daily", "2026-11-27T07:59"), "2026-11-27T08:00:00+01:00");
  EXPECT_EQ(Leaves("daily", "2026-11-27T08:00"), "2026-11-27T08:00:00+01:00");
  EXPECT_EQ(Leaves("daily", "2026-11-27T08:01"), "2026-11-28T08:00:00+01:00");
  EXPECT_EQ(Leaves("weekly", "2026-11-27T08:01"), "2026-11-30T08:00:00+01:00") << "a Friday";
  EXPECT_EQ(Leaves("weekly", "2026-11-30T08:00"), "2026-11-30T08:00:00+01:00");
  EXPECT_EQ(Leaves("weekly", "2026-11-30T08:01"), "2026-12-07T08:00:00+01:00");
  // The nights when clocks change: 8:00 in Paris all the same.
  EXPECT_EQ(Leaves("daily", "2026-10-24T12:00"), "2026-10-25T08:00:00+01:00");
  EXPECT_EQ(Leaves("daily", "2027-03-27T12:00"), "2027-03-28T08:00:00+02:00");
  EXPECT_EQ(Leaves("weekly", "2026-12-31T23:59"), "2027-01-04T08:00:00+01:00");
}

TEST(MailPace, DutiesAreNeverMuted) {
  EXPECT_FALSE(IsPaceOf(kDuties, kNeverSent));
  EXPECT_FALSE(IsPaceOf(kMessages, kNeverSent));
  EXPECT_TRUE(IsPaceOf(kNews, kNeverSent));
  EXPECT_TRUE(IsPaceOf(kDuties, "weekly"));
  EXPECT_FALSE(IsPaceOf("login", "daily"));
  EXPECT_FALSE(IsPaceOf(kNews, "often"));
}

TEST(MailPace, IsTheHousesUnlessChosen) {
  test::TestRecord record;
  record.Seed();
  record->Write([](storage::Session& session) {
    EXPECT_EQ(PaceFor(session, 1, kNews), "hourly");
    EXPECT_EQ(PaceFor(session, 1, kDuties), "now");
    storage::SetPace(session, 1, kNews, "weekly");
    EXPECT_EQ(PaceFor(session, 1, kNews), "weekly");
    storage::SetPace(session, 1, kDuties, "never");
    EXPECT_EQ(PaceFor(session, 1, kDuties), "now") << "what a row may not say does not count";
  });
}

// What the rails call news waits for its hour and may be ended; the same without the word may not.
TEST(MailPace, TheRailsSayWhatIsNews) {
  const test::DrawnRails rails(
      R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:aap="urn:aiguillage:aap:1" version="1.0"
 datamodel="ecmascript" name="drawn" initial="arriving" aap:title="Nouvelles">
<state id="arriving" aap:label="Arrivée"><transition event="intake" target="waiting"/></state>
<state id="waiting" aap:label="Attente" aap:turn="project_holder">
<transition event="news" aap:label="Raconter" aap:by="project_holder">
<aap:mail template="late" to="project_holder" copy="case_officer" news="yes"/></transition>
<transition event="duty" aap:label="Demander" aap:by="project_holder">
<aap:mail template="late" to="project_holder" copy="case_officer"/></transition>
<transition event="end" target="end" aap:label="Finir" aap:by="project_holder"/></state>
<final id="end" aap:label="Fin"/></scxml>)");
  test::DeskWorld world({.rails = rails.path(), .definition = "drawn"});
  const std::string number = world.Intake("Accueil");
  const auto told = [&](const std::string& action) {
    world.Minutes(1);
    world.Do(number, "hugo", action);
    std::string text;
    world.database().Read([&](storage::Session& session) {
      for (const auto& row : storage::OutboxOfAct(session, world.last_act)) {
        const std::string who = row.address.substr(0, row.address.find('@'));
        text += who + " " + row.status + " " + (row.pace.empty() ? "by itself" : row.pace) +
                (row.not_before % 3'600'000 == 0 ? " on the hour\n" : "\n");
      }
    });
    return text;
  };
  EXPECT_EQ(told("duty"), "hugo pending by itself\nolga pending hourly on the hour\n");
  EXPECT_EQ(told("news"), "hugo pending hourly on the hour\nolga pending hourly on the hour\n");
  world.database().Write([&](storage::Session& session) {
    EXPECT_TRUE(ChoosePace(session, world.Person("hugo"), kNews, kNeverSent, world.now));
    EXPECT_FALSE(ChoosePace(session, world.Person("hugo"), kDuties, kNeverSent, world.now));
  });
  EXPECT_EQ(told("duty"), "hugo pending by itself\nolga pending hourly on the hour\n");
  EXPECT_EQ(told("news"), "hugo skipped by itself\nolga pending hourly on the hour\n");
}

TEST(MailPace, RemindersFollowTheirReaders) {
  test::DeskWorld world;
  world.Do(world.Intake("Accueil"), "olga", "check.accept");
  const auto lead = world.Person("lea");
  const auto reminder = world.database().Write([&](storage::Session& session) {
    storage::SetPace(session, lead, kDuties, "weekly");
    return storage::DueRungs(session, world.now + 60LL * 86'400'000, 1).at(0);
  });
  world.desk().Remind(reminder.id, reminder.rung_at, false);
  const auto mail = world.database().Read(
      [&](storage::Session& session) { return storage::WaitingReminders(session, lead); });
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->pace, "weekly");
  EXPECT_EQ(mail->not_before, LeavesAt("weekly", mail->not_before)) << "a Monday at 8:00";
  EXPECT_GE(mail->not_before, reminder.rung_at);
}

TEST(MailPace, OnlyTheRightTokenUnsubscribes) {
  test::TestRecord record;
  record.Seed();
  record->Write([](storage::Session& session) {
    EXPECT_EQ(UnsubscribeToken(session, 1), "") << "no secret yet";
    EXPECT_FALSE(PersonOfToken(session, "1-"));
    MakeUnsubscribeSecret(session);
    const std::string token = UnsubscribeToken(session, 1);
    MakeUnsubscribeSecret(session);
    EXPECT_EQ(UnsubscribeToken(session, 1), token) << "made once";
    EXPECT_EQ(token.size(), 34U);
    EXPECT_EQ(PersonOfToken(session, token), 1);
    for (const std::string& wrong :
         {std::string(), std::string("-"), "2" + token.substr(1), token + "0", token.substr(0, 33),
          std::string("1"), "x" + token, std::string(400, '1'),
          std::string("99999999999999999999-") + std::string(32, 'a')}) {
      EXPECT_FALSE(PersonOfToken(session, wrong)) << wrong;
    }
  });
}

}  // namespace
}  // namespace aiguillage::workflows
