// Incidents: who sees them, who ends them and how, and what trying again does.
#include "workflows/incidents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/timers.h"
#include "tests/web/counter.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct WithIncident {
  Counter counter;
  std::int64_t project = 0, incident = 0;

  explicit WithIncident(const std::string& kind) {
    counter.database().Write([&](storage::Session& session) {
      project = storage::FindProject(session, counter.number(1))->id;
      incident = storage::InsertIncident(session, {.project = project,
                                                   .kind = kind,
                                                   .sentence = "Refusé : " + kCanary,
                                                   .at = Counter::kNow});
    });
  }
  Response End(const std::string& choice, const std::string& reason,
               const std::string& who = "officer") {
    return counter.Post("/pilotage/incidents/" + std::to_string(incident),
                        {{"choice", choice}, {"reason", reason}}, who);
  }
  storage::Incident Now() {
    return counter.database().Read([&](storage::Session& session) {
      return storage::FindIncident(session, incident).value();
    });
  }
  std::int64_t FailedWords() {
    return counter.database().Write([&](storage::Session& session) {
      storage::OutboxRow row;
      row.kind = "ds";
      row.key = "k1";
      row.project = project;
      row.topic = "message";
      row.payload = {{"number", counter.number(1)}};
      row.status = "failed";
      row.attempts = 8;
      row.done_at = Counter::kNow;
      return storage::InsertOutbox(session, row);
    });
  }
  storage::OutboxRow Row(std::int64_t id) {
    return counter.database().Read(
        [&](storage::Session& session) { return storage::FindOutbox(session, id).value(); });
  }
};

}  // namespace

TEST(Incidents, AreListedWithWhatTheirKindAllows) {
  WithIncident refused("ds_refused"), broken("invariant");
  const auto page = refused.counter.Get("/pilotage/incidents", "officer").body;
  EXPECT_THAT(page, HasSubstr("Envoi refusé par Démarches Simplifiées"));
  EXPECT_THAT(page, HasSubstr("value=\"retry\""));
  EXPECT_THAT(page, HasSubstr("value=\"mended\""));
  EXPECT_THAT(page, HasSubstr("value=\"skip\""));
  EXPECT_FALSE(HoldsCanary(page));
  const auto other = broken.counter.Get("/pilotage/incidents", "officer").body;
  EXPECT_THAT(other, HasSubstr("value=\"mended\""));
  EXPECT_THAT(other, Not(HasSubstr("value=\"retry\"")));
  EXPECT_THAT(other, Not(HasSubstr("value=\"skip\"")));
  const auto seen = refused.counter.Get("/pilotage/incidents", "auditor");
  EXPECT_EQ(seen.status, 200);
  EXPECT_THAT(seen.body, Not(HasSubstr("value=\"mended\""))) << "who looks on does not act";
  for (const char* who : {"lead", "holder", "reviewer"}) {
    EXPECT_EQ(refused.counter.Get("/pilotage/incidents", who).status, 403) << who;
    EXPECT_EQ(refused.End("mended", "réparé", who).status, 403) << who;
  }
  EXPECT_EQ(refused.End("mended", "réparé", "auditor").status, 403);
  EXPECT_EQ(refused.Now().closed_at, 0);
  EXPECT_THAT(refused.counter.Get("/pilotage", "officer").body,
              HasSubstr("/pilotage/incidents#incident-" + std::to_string(refused.incident)));
}

TEST(Incidents, EndWithAReasonThatStays) {
  WithIncident here("rails");
  const auto without = here.End("mended", "  ");
  EXPECT_EQ(without.status, 422);
  EXPECT_THAT(without.body, HasSubstr("Dites pourquoi"));
  EXPECT_EQ(here.End("retry", "pour voir").status, 422) << "its kind does not know that";
  EXPECT_EQ(here.Now().closed_at, 0);
  EXPECT_EQ(here.End("skip", "sans effet " + kCanary).status, 303);
  const auto ended = here.Now();
  EXPECT_EQ(ended.closed_by, here.counter.PersonId("officer"));
  EXPECT_EQ(ended.choice, "skip");
  EXPECT_EQ(here.End("mended", "trop tard").status, 409);
  EXPECT_THAT(here.counter.Get("/pilotage/incidents", "officer").body,
              HasSubstr("Aucun incident à traiter"));
  const auto closed = here.counter.Get("/pilotage/incidents?etat=clos", "officer").body;
  EXPECT_THAT(closed, HasSubstr("Passé outre"));
  EXPECT_THAT(closed, HasSubstr("Dominique officer"));
  EXPECT_THAT(closed, HasSubstr("sans effet &lt;script&gt;"));
  EXPECT_FALSE(HoldsCanary(closed));
  EXPECT_EQ(here.counter
                .Post("/pilotage/incidents/999", {{"choice", "mended"}, {"reason", "x"}}, "officer")
                .status,
            404);
}

TEST(Incidents, WordsThatDsRefusedWaitAgainOrAreWithdrawn) {
  WithIncident again("ds_refused");
  EXPECT_THAT(again.End("retry", "corrigé là-bas").body, HasSubstr("plus rien à réessayer"));
  auto row = again.FailedWords();
  EXPECT_EQ(again.End("retry", "corrigé là-bas").status, 303);
  EXPECT_EQ(again.Row(row).status, "pending");
  EXPECT_EQ(again.Row(row).attempts, 0);
  EXPECT_EQ(again.Row(row).done_at, 0);
  EXPECT_THAT(again.Row(row).detail, HasSubstr("corrigé là-bas"));
  WithIncident skipped("ds_refused");
  row = skipped.FailedWords();
  EXPECT_EQ(skipped.End("skip", "dit de vive voix").status, 303);
  EXPECT_EQ(skipped.Row(row).status, "withdrawn");
  WithIncident mended("ds_refused");
  row = mended.FailedWords();
  EXPECT_EQ(mended.End("mended", "fait à la main").status, 303);
  EXPECT_EQ(mended.Row(row).status, "failed") << "nothing is touched but the incident";
}

TEST(Incidents, ADeadlineThatWasSetAsideIsDueAgain) {
  WithIncident here("timer");
  const auto add = [&](const char* owner, std::int64_t due, std::int64_t stopped) {
    return here.counter.database().Write([&](storage::Session& session) {
      storage::Timer timer;
      timer.project = here.project;
      timer.kind = "deadline";
      timer.event = "admissibility.late";
      timer.owner = owner;
      timer.due_at = due;
      timer.status = "cancelled";
      timer.stopped_at = stopped;
      return storage::InsertTimer(session, timer);
    });
  };
  const auto aside = add("admissibility_check", Counter::kNow - 10, Counter::kNow);
  const auto left = add("lead_review", Counter::kNow - 10, Counter::kNow);
  const auto taken_away = add("admissibility_check", Counter::kNow + 10, Counter::kNow);
  const auto long_ago = add("admissibility_check", Counter::kNow - 20, Counter::kNow - 10);
  EXPECT_EQ(here.End("retry", "les rails sont corrigés").status, 303);
  const auto status = [&](std::int64_t id) {
    return here.counter.database().Read(
        [&](storage::Session& session) { return storage::FindTimer(session, id)->status; });
  };
  EXPECT_EQ(status(aside), "waiting");
  EXPECT_EQ(status(left), "cancelled") << "the project is not at that step any more";
  EXPECT_EQ(status(taken_away), "cancelled") << "it was not due";
  EXPECT_EQ(status(long_ago), "cancelled") << "before the incident";
}

TEST(Incidents, CanBeFilteredAndTakenAway) {
  WithIncident here("timer");
  const auto get = [&](const std::string& query) {
    return here.counter.Get("/pilotage/incidents" + query, "officer").body;
  };
  EXPECT_THAT(get("?genre=timer"), HasSubstr("Refusé :"));
  EXPECT_THAT(get("?genre=rails"), HasSubstr("Aucun incident ne répond"));
  EXPECT_THAT(get("?projet=" + here.counter.number(1)), HasSubstr("Refusé :"));
  EXPECT_THAT(get("?projet=" + here.counter.number(2)), Not(HasSubstr("Refusé :")));
  EXPECT_THAT(get("?projet=AIG-1999-0001"), Not(HasSubstr("Refusé :")));
  EXPECT_THAT(get(".csv?genre=timer"), HasSubstr(here.counter.number(1)));
  EXPECT_THAT(get(".csv?genre=rails"), Not(HasSubstr(here.counter.number(1))));
  EXPECT_THAT(get(".xlsx"), StartsWith("PK"));
  EXPECT_THAT(here.counter.house().pages.Missing(), ::testing::IsEmpty());
}

TEST(Lists, OfPeopleAndMailsAreFilesAsFiltered) {
  Counter counter;
  const auto people = counter.Get("/personnes.csv?q=other_lead", "officer");
  EXPECT_EQ(people.status, 200);
  EXPECT_THAT(*people.FindHeader("Content-Disposition"), HasSubstr("personnes.csv"));
  EXPECT_THAT(people.body, StartsWith("\xEF\xBB\xBF"));
  EXPECT_THAT(people.body, HasSubstr("other_lead@exemple.invalid"));
  EXPECT_THAT(people.body, HasSubstr("chef de file de collection (collection Langues)"));
  EXPECT_THAT(people.body, Not(HasSubstr("pilot@exemple.invalid")));
  EXPECT_THAT(counter.Get("/personnes.xlsx", "pilot").body, StartsWith("PK"));
  const auto mails = counter.Get("/courriels.csv?q=other_holder", "officer");
  EXPECT_EQ(mails.status, 200);
  EXPECT_THAT(mails.body, HasSubstr("other_holder@exemple.invalid"));
  EXPECT_THAT(mails.body, Not(HasSubstr(";holder@exemple.invalid")));
  EXPECT_THAT(counter.Get("/courriels.xlsx", "officer").body, StartsWith("PK"));
  for (const char* list : {"/personnes.csv", "/personnes.xlsx", "/courriels.csv"}) {
    EXPECT_EQ(counter.Get(list, "lead").status, 403) << list;
    EXPECT_EQ(counter.Get(list, "auditor").status, 403) << list;
    EXPECT_EQ(counter.Get(list).status, 303) << list;
  }
}

}  // namespace aiguillage::web
