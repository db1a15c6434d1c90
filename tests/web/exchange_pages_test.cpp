// The pages of the exchange: dossiers held, the mapping of a call, what differs from DS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "tests/web/counter.h"
#include "web/text.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kHeldAddress = "/pilotage/quarantaine/" + std::to_string(Counter::kHeld);

std::vector<storage::Correction> Corrections(Counter& counter) {
  return counter.database().Read(
      [](storage::Session& session) { return storage::CorrectionsOf(session, Counter::kHeld); });
}

std::string StatusOfHeld(Counter& counter) {
  return counter.database()
      .Read(
          [](storage::Session& session) { return *storage::FindDossier(session, Counter::kHeld); })
      .status;
}

TEST(Quarantine, SaysWhyADossierWaitsAndWhatItHolds) {
  Counter counter;
  counter.services().options.ds_address = "https://ds.exemple.invalid";
  const std::string pipeline = counter.Get("/pilotage", "officer").body;
  EXPECT_THAT(pipeline, HasSubstr("1 dossier de Démarches Simplifiées attend d’être complété"));
  EXPECT_THAT(pipeline, HasSubstr("href=\"/pilotage/quarantaine\""));
  const std::string list = counter.Get("/pilotage/quarantaine", "officer").body;
  EXPECT_THAT(list, HasSubstr("1 dossier attend"));
  EXPECT_THAT(list, HasSubstr("href=\"" + kHeldAddress + "\""));
  EXPECT_THAT(list, HasSubstr("Le champ « Titre du projet » est vide."));
  EXPECT_THAT(list, HasSubstr("depot@exemple.invalid"));
  EXPECT_THAT(list, HasSubstr("14\u00a0septembre 2026"));
  const std::string page = counter.Get(kHeldAddress, "officer").body;
  EXPECT_THAT(page, HasSubstr("https://ds.exemple.invalid/procedures/777/dossiers/4900"));
  EXPECT_THAT(page, HasSubstr("name=\"title\""));
  EXPECT_THAT(page, HasSubstr("alert(1)"));              // its objectives, as text
  EXPECT_THAT(page, Not(HasSubstr("/correspondance")));  // the pilot's
  EXPECT_THAT(counter.Get(kHeldAddress, "pilot").body,
              HasSubstr("/appels/mentor-2026/correspondance"));
}

TEST(Quarantine, ADossierGoesInOnceCompletedAndTheRawOneStays) {
  Counter counter;
  const auto raw = [&] {
    return counter.database()
        .Read([](storage::Session& s) { return *storage::FindDossier(s, Counter::kHeld); })
        .raw;
  };
  const std::string before = raw();
  const auto saved =
      counter.Post(kHeldAddress, {{"title", "Écrire juste"}, {"do", "save"}}, "officer");
  EXPECT_EQ(saved.status, 303);
  EXPECT_EQ(StatusOfHeld(counter), "quarantined");
  const std::string page = counter.Get(kHeldAddress, "officer").body;
  EXPECT_THAT(page, HasSubstr("Plus rien ne l’empêche d’entrer"));
  EXPECT_THAT(page, HasSubstr("<strong>Titre du projet</strong> : Écrire juste"));
  EXPECT_THAT(page, HasSubstr("Dominique officer"));
  const auto taken = counter.Post(kHeldAddress, {{"do", "take"}}, "officer");
  EXPECT_EQ(taken.status, 303);
  ASSERT_NE(taken.FindHeader("Location"), nullptr);
  EXPECT_THAT(*taken.FindHeader("Location"), HasSubstr("/projets/AIG-2026-0003"));
  EXPECT_EQ(StatusOfHeld(counter), "project");
  EXPECT_EQ(raw(), before);
  EXPECT_THAT(counter.Get("/pilotage/quarantaine", "officer").body, HasSubstr("Aucun dossier"));
  // Who completed what is told on the project, too.
  EXPECT_THAT(counter.Get("/projets/AIG-2026-0003?onglet=journal", "pilot").body,
              HasSubstr("Dossier complété : Titre du projet"));
}

TEST(Quarantine, InOneGestureToo) {
  Counter counter;
  const auto answer =
      counter.Post(kHeldAddress, {{"title", "Écrire juste"}, {"do", "complete"}}, "pilot");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(StatusOfHeld(counter), "project");
  EXPECT_EQ(counter.Post(kHeldAddress, {{"title", "Autre"}, {"do", "complete"}}, "pilot").status,
            303);
  EXPECT_EQ(Corrections(counter).size(), 2U);  // the fixture's and that one: it waits no more
}

TEST(Quarantine, WhatIsWrongIsToldAndStaysTyped) {
  Counter counter;
  const std::string long_title(300, 'x');
  const auto refused =
      counter.Post(kHeldAddress, {{"title", long_title}, {"do", "complete"}}, "officer");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("value=\"" + long_title + "\""));
  EXPECT_THAT(refused.body, HasSubstr("Rien n’a été enregistré"));
  EXPECT_EQ(Corrections(counter).size(), 1U);
  // Nothing completed: it cannot go in, and the page says what is missing.
  const auto early = counter.Post(kHeldAddress, {{"do", "take"}}, "officer");
  EXPECT_EQ(early.status, 422);
  EXPECT_THAT(early.body, HasSubstr("ne peut pas encore entrer"));
  EXPECT_EQ(StatusOfHeld(counter), "quarantined");
  // Fields that the dossier does not lack are not written over.
  counter.Post(kHeldAddress, {{"objectives", "volé"}, {"do", "save"}}, "officer");
  for (const auto& one : Corrections(counter)) EXPECT_NE(one.field, "objectives");
}

TEST(Quarantine, AnEmptiedFieldIsTakenBackAndTheTraceStays) {
  Counter counter;
  counter.Post(kHeldAddress, {{"acronym", "x"}, {"title", "T"}, {"do", "save"}}, "officer");
  counter.Post(kHeldAddress, {{"acronym", "x"}, {"title", ""}, {"do", "save"}}, "pilot");
  const auto trace = Corrections(counter);
  ASSERT_EQ(trace.size(), 4U);
  EXPECT_TRUE(trace.back().value.is_null());
  EXPECT_EQ(trace.back().person, counter.PersonId("pilot"));
  EXPECT_EQ(counter.Post(kHeldAddress, {{"do", "take"}}, "officer").status, 422);
}

TEST(Quarantine, AMappingThatCannotBeReadIsToldNotFatal) {
  Counter counter;
  counter.database().Write([&](storage::Session& session) {
    storage::InsertMapping(
        session, {"mentor-2026", 0, {{"fields", 3}}, counter.PersonId("pilot"), Counter::kNow});
  });
  const auto page = counter.Get(kHeldAddress, "officer");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("mapping.json"));
  EXPECT_EQ(counter.Get("/pilotage/quarantaine", "officer").status, 200);
  EXPECT_EQ(counter.Post(kHeldAddress, {{"do", "take"}}, "officer").status, 422);
}

}  // namespace
}  // namespace aiguillage::web
