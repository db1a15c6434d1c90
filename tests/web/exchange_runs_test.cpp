// The page of the exchange's readings: the one under way in another process, and the last ones.
#include "storage/exchange_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/dossiers.h"
#include "tests/web/counter.h"
#include "web/exchange_words.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct ReadingsPage : testing::Test {
  ReadingsPage() {
    run.demarche = Counter::kDemarche;
    run.kind = "whole";
    run.started_at = Counter::kNow - 60'000;
    run.told_at = Counter::kNow;
    run.expected = 100'000;
    run.seen = 40'000;
    run.created = 39'000;
    run.held = 12;
  }
  std::string Look(const std::string& who = "pilot") {
    counter.database().Write([&](storage::Session& s) { run = storage::SaveRun(s, run); });
    return counter.Get("/pilotage/echanges", who).body;
  }
  void Lease() {
    counter.database().Write([](storage::Session& s) {
      storage::TakeLease(s, "ds.777", "another process", Counter::kNow, Counter::kNow + 60'000);
    });
  }
  Counter counter;
  storage::ExchangeRun run;
};

TEST_F(ReadingsPage, ShowsHowFarAnotherProcessHasCome) {
  Lease();
  const std::string page = Look();
  EXPECT_THAT(page, HasSubstr("Une lecture est en cours"));
  EXPECT_THAT(page, HasSubstr("40\u202f000\u00a0dossiers lus, 666 par seconde, "
                              "encore 2\u00a0minutes environ."));
  EXPECT_THAT(page, HasSubstr("href=\"/pilotage/echanges\">Actualiser"));
  EXPECT_THAT(page, HasSubstr("<td data-label=\"Nouveaux\">39\u202f000</td>"));
  EXPECT_THAT(page, HasSubstr(">en cours</td>"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
}

TEST_F(ReadingsPage, SaysThatAReadingWasCutOffAndGoesOnLater) {
  const std::string page = Look();  // it says « running », and nobody holds the lease
  EXPECT_THAT(page, HasSubstr("La dernière lecture a été interrompue."));
  EXPECT_THAT(page, HasSubstr(">interrompue</td>"));
  EXPECT_THAT(page, Not(HasSubstr("en cours")));
}

TEST_F(ReadingsPage, TellsHowTheLastOnesEnded) {
  run.outcome = "stopped";
  run.words = "Le jeton <est> expiré.";
  const std::string page = Look("auditor");
  EXPECT_THAT(page, HasSubstr("arrêtée : Le jeton &lt;est&gt; expiré."));
  EXPECT_THAT(page, HasSubstr("Tout relire"));
  EXPECT_THAT(page, Not(HasSubstr("a été interrompue")));
  run.outcome = "done";
  EXPECT_THAT(Look(), HasSubstr(">menée à sa fin</td>"));
  EXPECT_EQ(counter.Get("/pilotage/echanges", "holder").status, 403);
  EXPECT_THAT(counter.Get("/pilotage", "pilot").body, HasSubstr("href=\"/pilotage/echanges\""));
}

TEST(ReadingsWithoutAny, SaysSo) {
  Counter counter;
  EXPECT_THAT(counter.Get("/pilotage/echanges", "pilot").body,
              HasSubstr("Aucune lecture n’a encore duré ni rien apporté."));
}

TEST(ProgressWords, SaysWhatIsKnown) {
  storage::ExchangeRun run;
  EXPECT_EQ(ProgressWords(run), "0\u00a0dossier lu");
  run.told_at = 120'000;
  run.seen = 60;
  EXPECT_EQ(ProgressWords(run), "60\u00a0dossiers lus, 30 par minute");
  run.expected = 61;
  EXPECT_EQ(ProgressWords(run), "60\u00a0dossiers lus, 30 par minute, encore moins d’une minute");
  EXPECT_EQ(DurationWords(65 * 60'000), "1\u00a0heure 5\u00a0minutes");
  EXPECT_EQ(DurationWords(120 * 60'000), "2\u00a0heures");
}

}  // namespace
}  // namespace aiguillage::web
