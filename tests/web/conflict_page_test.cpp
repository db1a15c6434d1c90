// DS decided otherwise: what the pilot finds among their tasks, and where it leads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/conflicts.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "tests/web/counter.h"
#include "workflows/conflict.h"
#include "workflows/delegation.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct InConflict {
  Counter counter;
  std::int64_t row = 0, conflict = 0;
  const std::string project = counter.number(1), address = "/projets/" + project + "/desaccord";

  explicit InConflict(bool said = true) {
    counter.database().Write([&](storage::Session& session) {
      const auto found = *storage::FindProject(session, project);
      row = Queue(session, found, "accept", "failed");
      Queue(session, found, "message", "pending");
      storage::DsConflict met;
      met.outbox = said ? row : 0;
      met.here = {{"state", said ? "accepte" : ""},
                  {"motivation", said ? "Bravo " + kCanary : ""},
                  {"by", said ? "lead@exemple.invalid" : ""},
                  {"at", Counter::kNow}};
      met.there = {{"state", "refuse"},
                   {"motivation", "Hors sujet. " + kCanary},
                   {"by", "agent@ds.invalid"},
                   {"at", Counter::kNow - 86'400'000}};
      workflows::OpenConflict(session, found, met, Counter::kNow);
      conflict = storage::OpenConflict(session, found.id)->id;
    });
  }
  std::int64_t Queue(storage::Session& session, const storage::Project& of, const char* effect,
                     const char* status) {
    storage::OutboxRow one;
    one.kind = "ds";
    one.key = std::string("k-") + effect;
    one.project = of.id;
    one.topic = effect;
    one.payload = {{"number", of.number}};
    one.status = status;
    return storage::InsertOutbox(session, one);
  }
  Response Choose(const std::string& choice, const std::string& reason, const std::string& who) {
    return counter.Post(
        address, {{"conflict", std::to_string(conflict)}, {"choice", choice}, {"reason", reason}},
        who);
  }
  storage::OutboxRow Row() {
    return *counter.database().Read(
        [&](storage::Session& session) { return storage::FindOutbox(session, row); });
  }
};

TEST(ConflictPage, IsReachedFromThePilotsTasksAndShowsBothSides) {
  InConflict world;
  Counter& counter = world.counter;
  counter.services().options.ds_address = "https://ds.exemple.invalid";
  const std::string tasks = counter.Get("/taches", "pilot").body;
  EXPECT_THAT(tasks, HasSubstr("Trancher un désaccord avec Démarches Simplifiées"));
  EXPECT_THAT(tasks, HasSubstr("href=\"" + world.address + "\""));
  EXPECT_THAT(counter.Get("/taches", "officer").body, Not(HasSubstr("Trancher un désaccord")));
  const std::string page = counter.Get(world.address, "pilot").body;
  EXPECT_THAT(page, HasSubstr(">Accepté<"));
  EXPECT_THAT(page, HasSubstr(">Refusé<"));
  EXPECT_THAT(page, HasSubstr("Hors sujet."));
  EXPECT_THAT(page, HasSubstr("agent@ds.invalid"));
  EXPECT_THAT(page, HasSubstr("20 septembre 2026"));
  EXPECT_THAT(page, HasSubstr("attendent : envoyer un message au porteur"));
  EXPECT_THAT(page, HasSubstr("Démarches Simplifiées a raison : abandonner l’envoi"));
  EXPECT_THAT(page, HasSubstr("https://ds.exemple.invalid/procedures/777/dossiers/"));
  EXPECT_FALSE(HoldsCanary(page));
  // The office sees it too, and who is to choose; others neither see nor learn of it.
  const std::string seen = counter.Get(world.address, "officer").body;
  EXPECT_THAT(seen, HasSubstr("Le pilote du programme tranche"));
  EXPECT_THAT(seen, Not(HasSubstr("name=\"choice\"")));
  EXPECT_THAT(counter.Get("/pilotage", "auditor").body, HasSubstr(world.address));
  EXPECT_THAT(counter.Get("/projets/" + world.project, "pilot").body, HasSubstr(world.address));
  EXPECT_THAT(counter.Get("/projets/" + world.project, "holder").body, Not(HasSubstr("désaccord")));
  EXPECT_EQ(counter.Get(world.address, "holder").status, 404);
  EXPECT_EQ(counter.Get(world.address, "lead").status, 404);
}

TEST(ConflictPage, TheChoiceIsJournalledWithItsReason) {
  InConflict world;
  Counter& counter = world.counter;
  const auto empty = world.Choose("theirs", "  ", "pilot");
  EXPECT_EQ(empty.status, 422);
  EXPECT_THAT(empty.body, HasSubstr("Dites pourquoi"));
  EXPECT_EQ(world.Choose("theirs", "moi", "officer").status, 403);
  EXPECT_EQ(world.Choose("theirs", "moi", "holder").status, 404);
  EXPECT_EQ(world.Row().status, "failed");
  const auto done = world.Choose("theirs", "Décidé en réunion.", "pilot");
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(world.Row().status, "withdrawn");
  EXPECT_EQ(world.Choose("again", "non", "pilot").status, 409) << "it is settled already";
  EXPECT_THAT(counter.Get("/taches", "pilot").body, HasSubstr("Récemment terminé"));
  const std::string page = counter.Get(world.address, "officer").body;
  EXPECT_THAT(page, HasSubstr("Aucun désaccord n’attend"));
  EXPECT_THAT(page, HasSubstr("« Décidé en réunion. »"));
  EXPECT_THAT(page, HasSubstr("Dominique pilot"));
  const std::string timeline =
      counter.Get("/projets/" + world.project + "?onglet=journal", "pilot").body;
  EXPECT_THAT(timeline, HasSubstr("Désaccord avec Démarches Simplifiées tranché"));
  EXPECT_THAT(timeline, HasSubstr("Décidé en réunion."));
}

TEST(ConflictPage, SendsAgainOnceDsWasPutRight) {
  InConflict world;
  EXPECT_EQ(world.Choose("again", "Remis en instruction.", "pilot").status, 303);
  EXPECT_EQ(world.Row().status, "pending");
  EXPECT_EQ(world.Row().attempts, 0);
  EXPECT_EQ(world.Row().not_before, world.counter.now);
}

TEST(ConflictPage, OfADecisionWeNeverSaidOffersToTakeNote) {
  InConflict world(false);
  const std::string page = world.counter.Get(world.address, "pilot").body;
  EXPECT_THAT(page, HasSubstr("sans décision envoyée"));
  EXPECT_THAT(page, HasSubstr(">Prendre acte</button>"));
  EXPECT_THAT(page, Not(HasSubstr("abandonner l’envoi")));
  EXPECT_EQ(world.Choose("theirs", "Vu.", "pilot").status, 303);
  EXPECT_EQ(world.Row().status, "failed") << "that row met nothing";
}

TEST(ConflictPage, WhoStandsInForThePilotSettlesInTheirName) {
  InConflict world;
  Counter& counter = world.counter;
  counter.database().Write([&](storage::Session& session) {
    storage::Delegation absence;
    absence.person = counter.PersonId("pilot");
    absence.delegate = counter.PersonId("lead");
    absence.from_at = counter.now - 86'400'000;
    absence.until_at = counter.now + 86'400'000;
    storage::InsertDelegation(session, absence);
  });
  EXPECT_THAT(counter.Get("/taches", "lead").body, HasSubstr(world.address));
  EXPECT_EQ(world.Choose("theirs", "En son nom.", "lead").status, 303);
  counter.database().Read([&](storage::Session& session) {
    const auto project = *storage::FindProject(session, world.project);
    const auto last = *storage::LastJournal(session, project.id);
    EXPECT_EQ(last.person, counter.PersonId("lead"));
    EXPECT_EQ(last.on_behalf_of, counter.PersonId("pilot"));
  });
}

}  // namespace
}  // namespace aiguillage::web
