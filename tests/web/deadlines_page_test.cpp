// Deadlines on the pages: nudge, extend, whose hands the file was in, the week to come, closed
// days.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "tests/web/counter.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kDay = 86'400'000;

std::string TaskOf(Counter& counter, const std::string& number) {
  return counter.database().Read([&](storage::Session& session) {
    const auto project = *storage::FindProject(session, number);
    return std::to_string(storage::OpenTasks(session, project.id).at(0).id);
  });
}

// Time passes, and they log in again.
void Later(Counter& counter, std::int64_t ms, const std::string& who) {
  counter.now += ms;
  counter.database().Write([&](storage::Session& session) {
    for (auto& one : storage::WebSessionsOf(session, counter.PersonId(who))) {
      storage::EndWebSession(session, one.token_hash);
      one.created_at = one.seen_at = counter.now;
      storage::InsertWebSession(session, one);
    }
  });
}

storage::Project Of(Counter& counter, const std::string& number) {
  return *counter.database().Read(
      [&](storage::Session& session) { return storage::FindProject(session, number); });
}

TEST(DeadlinesPage, WhoFollowsTheFileNudgesOnceADay) {
  Counter counter;
  const std::string project = "/projets/" + counter.number(2);
  const std::string address = project + "/relances/" + TaskOf(counter, counter.number(2));
  EXPECT_THAT(counter.Get(project, "pilot").body, HasSubstr("action=\"" + address + "\""));
  EXPECT_THAT(counter.Get(project, "other_holder").body, Not(HasSubstr("/relances/")));
  EXPECT_EQ(counter.Post(address, {}, "other_holder").status, 403);
  const auto done = counter.Post(address, {}, "pilot");
  ASSERT_EQ(done.status, 303) << done.body;
  const std::string page = counter.Get(*done.FindHeader("Location"), "pilot").body;
  EXPECT_THAT(page, HasSubstr("Relance : c’est fait"));
  EXPECT_THAT(page, HasSubstr("déjà relancé aujourd’hui"));
  EXPECT_THAT(page, Not(HasSubstr("action=\"" + address + "\"")));
  EXPECT_EQ(counter.Post(address, {}, "pilot").status, 409);
  EXPECT_THAT(counter.Get(project + "?onglet=journal", "pilot").body, HasSubstr("Relance"));
  Later(counter, kDay, "pilot");
  EXPECT_EQ(counter.Post(address, {}, "pilot").status, 303);
  EXPECT_EQ(counter.Post(project + "/relances/999999", {}, "pilot").status, 409);
}

TEST(DeadlinesPage, ADeadlineIsExtendedOnceByWhomTheRailsSay) {
  Counter counter;
  const std::string number = counter.number(2), project = "/projets/" + number;
  const std::string before = workflows::ParisDate(Of(counter, number).due_at);
  EXPECT_THAT(counter.Get(project, "pilot").body, HasSubstr(project + "/prolonger"));
  EXPECT_THAT(counter.Get(project, "other_holder").body, Not(HasSubstr("/prolonger")));
  const std::string offer = counter.Get(project + "/prolonger", "pilot").body;
  EXPECT_THAT(offer, HasSubstr("jours ouvrés de plus"));
  const auto from = offer.find("name=\"deadline\" value=\"") + 23;
  const std::string deadline = offer.substr(from, offer.find('"', from) - from);
  const auto extend = [&](const std::string& count, const std::string& reason,
                          const std::string& who) {
    return counter.Post(project + "/prolonger",
                        {{"deadline", deadline}, {"count", count}, {"reason", reason}}, who);
  };
  EXPECT_EQ(extend("2", "Congés.", "other_holder").status, 403);
  for (const char* count : {"99", "0", "-1", "", "deux", "99999999999"}) {
    const auto refused = extend(count, "Congés " + kCanary, "pilot");
    EXPECT_EQ(refused.status, 422) << count;
    EXPECT_FALSE(HoldsCanary(refused.body));
    EXPECT_THAT(refused.body, HasSubstr("Une prolongation va de 1 à 5 jours ouvrés."));
  }
  EXPECT_EQ(extend("2", " ", "pilot").status, 422);
  const auto done = extend("2", "Le service était fermé.", "pilot");
  ASSERT_EQ(done.status, 303) << done.body;
  EXPECT_GT(workflows::ParisDate(Of(counter, number).due_at), before);
  EXPECT_THAT(counter.Get(*done.FindHeader("Location"), "pilot").body,
              HasSubstr("Échéance prolongée : c’est fait"));
  EXPECT_THAT(counter.Get(project + "?onglet=journal", "pilot").body,
              HasSubstr("Le service était fermé."));
  EXPECT_EQ(extend("2", "Encore.", "pilot").status, 409) << "once";
  EXPECT_THAT(counter.Get(project + "/prolonger", "pilot").body,
              HasSubstr("Aucune échéance de ce projet ne peut être prolongée par vous."));
}

TEST(DeadlinesPage, TheProjectSaysInWhoseHandsItWas) {
  Counter counter;
  Later(counter, 12 * kDay, "other_holder");
  EXPECT_THAT(counter.Get("/projets/" + counter.number(2), "other_holder").body,
              HasSubstr("DGAFP : " + Plural(12, "jour", "jours")));
}

TEST(DeadlinesPage, ThePilotSeesTheWeekToComeOfTheirCallsOnly) {
  Counter counter;
  counter.AddSecondCall();
  const auto due = Of(counter, counter.number(2)).due_at;
  EXPECT_THAT(counter.Get("/pilotage", "pilot").body,
              HasSubstr("Aucune échéance dans les sept jours."));
  Later(counter, due - 3 * kDay - counter.now, "pilot");
  const std::string page = counter.Get("/pilotage?appel=mentor-2026", "pilot").body;
  EXPECT_THAT(page, HasSubstr("<h3>" + workflows::FrenchDate(due) + "</h3>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"/projets/" + counter.number(2) + "\">"));
  EXPECT_THAT(page, Not(HasSubstr("<a href=\"/projets/" + counter.number(3) + "\">")));
}

// On 25 October the day has 25 hours: the seventh day is whole all the same.
TEST(DeadlinesPage, TheWeekToComeIsWholeOverTheChangeOfHour) {
  Counter counter;
  const std::int64_t monday = workflows::ParisHour("2026-10-19", 10);
  const auto project = Of(counter, counter.number(2));
  counter.database().Write([&](storage::Session& session) {
    for (const char* day : {"2026-10-26", "2026-10-27"}) {
      storage::Timer timer;
      timer.project = project.id;
      timer.kind = "deadline";
      timer.event = "admissibility.late";
      timer.owner = project.state;
      timer.rule = timer.counts = "10 jours ouvrés";
      timer.counts_from = timer.started_at = counter.now;
      timer.due_at = workflows::EndOfParisDay(day);
      timer.status = "waiting";
      storage::InsertTimer(session, timer);
    }
  });
  Later(counter, monday - counter.now, "pilot");
  const std::string page = counter.Get("/pilotage?appel=mentor-2026", "pilot").body;
  EXPECT_THAT(page, HasSubstr("<h3>26 octobre 2026</h3>"));
  EXPECT_THAT(page, Not(HasSubstr("<h3>27 octobre 2026</h3>"))) << "that is the eighth";
}

TEST(DeadlinesPage, ClosedDaysAndTerritoryAreTheCalls) {
  Counter counter;
  const auto call = *counter.database().Read(
      [](storage::Session& session) { return storage::FindCall(session, "mentor-2026"); });
  Fields fields = {{"id", call.id},
                   {"title", call.title},
                   {"opens", call.opens},
                   {"closes", call.closes},
                   {"status", call.status},
                   {"definition", call.definition},
                   {"demarche", std::to_string(call.demarche)},
                   {"territory", "reunion"},
                   {"closed_days", "2026-12-24..2026-12-31, 2027-05-07"}};
  ASSERT_EQ(counter.Post("/appels", fields, "pilot").status, 303);
  const auto saved = *counter.database().Read(
      [](storage::Session& session) { return storage::FindCall(session, "mentor-2026"); });
  EXPECT_EQ(saved.settings.at("closed_days").size(), 9U);
  EXPECT_EQ(saved.settings.at("territory"), "reunion");
  const std::string page = counter.Get("/appels", "pilot").body;
  EXPECT_THAT(page, HasSubstr("2026-12-24..2026-12-31 2027-05-07</textarea>"));
  EXPECT_THAT(page, HasSubstr("<option value=\"reunion\" selected>La Réunion</option>"));
  for (auto& [name, value] : fields) {
    if (name == "closed_days") value = "2026-12-24 " + kCanary;
  }
  const auto refused = counter.Post("/appels", fields, "pilot");
  EXPECT_EQ(refused.status, 422);
  EXPECT_FALSE(HoldsCanary(refused.body));
  EXPECT_THAT(refused.body, HasSubstr("Jours attendus sous la forme 2026-05-15"));
}

}  // namespace
}  // namespace aiguillage::web
