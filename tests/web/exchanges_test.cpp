// Messages around a project: who reads them, who is told, what stays inside.
#include <gmock/gmock.h>

#include "storage/dossiers.h"
#include "storage/messages.h"
#include "tests/web/steps.h"

namespace aiguillage::web {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

TEST(Exchanges, ReachTheirReadersOnceByMail) {
  Counter counter;
  ToLeadReview(counter);
  const std::string thread = Project(counter) + "?onglet=echanges";
  const auto page = counter.Get(thread, "holder").body;
  EXPECT_THAT(page, HasSubstr("Aucun échange pour l’instant"));
  EXPECT_THAT(page, HasSubstr("Échanges (0)"));
  EXPECT_THAT(page, Not(HasSubstr("note interne")));
  const Fields said = {{"texte", "Où en êtes-vous ? " + kCanary},
                       {"genre", "public"},
                       {"cle", HiddenIn(page, "cle")}};
  for (int twice = 0; twice < 2; ++twice) {
    EXPECT_EQ(counter.Post(Project(counter) + "/echanges", said, "holder").status, 303);
  }
  EXPECT_THAT(Told(counter, "message_posted"), UnorderedElementsAre("lead", "officer"))
      << "whose turn it is, and who follows the file";
  for (const char* who : {"lead", "officer", "holder", "reviewer", "auditor"}) {
    const auto shown = counter.Get(thread, who).body;
    EXPECT_THAT(shown, HasSubstr("Où en êtes-vous ?")) << who;
    EXPECT_THAT(shown, HasSubstr("Échanges (1)")) << who;
    EXPECT_FALSE(HoldsCanary(shown)) << who;
  }
  EXPECT_EQ(counter.Get(thread, "other_lead").status, 403);
}

TEST(Exchanges, AnAnswerReachesWhoeverAsked) {
  Counter counter;
  const std::string post = Project(counter) + "/echanges";
  EXPECT_EQ(counter.Post(post, {{"texte", "Quel public ?"}}, "pilot").status, 303);
  EXPECT_THAT(Told(counter, "message_posted"), ElementsAre("holder"));
  EXPECT_EQ(counter.Post(post, {{"texte", "Les agents d’accueil."}}, "holder").status, 303);
  EXPECT_THAT(Told(counter, "message_posted"), UnorderedElementsAre("holder", "officer", "pilot"))
      << "the pilot had asked";
}

TEST(Exchanges, WhoeverStandsInWritesForTheAbsent) {
  Counter counter;
  counter.Post("/compte/absences",
               {{"du", "2026-09-21"},
                {"au", "2026-09-25"},
                {"remplacant", "other_lead@exemple.invalid"},
                {"perimetre", ""}},
               "lead");
  const std::string post = Project(counter) + "/echanges";
  EXPECT_EQ(counter.Post(post, {{"texte", "Je réponds."}}, "other_lead").status, 303);
  for (const char* who : {"holder", "pilot"}) {
    EXPECT_THAT(counter.Get(Project(counter) + "?onglet=echanges", who).body,
                AllOf(HasSubstr("Dominique other_lead "), HasSubstr(" pour Dominique lead ")))
        << who;
  }
}

TEST(Exchanges, NotesStayInside) {
  Counter counter;
  const std::string post = Project(counter) + "/echanges",
                    thread = Project(counter) + "?onglet=echanges";
  const Fields note = {{"texte", "Dossier fragile"}, {"genre", "interne"}};
  EXPECT_EQ(counter.Post(post, note, "lead").status, 303);
  EXPECT_THAT(Told(counter, "message_posted"), ElementsAre()) << "no mail";
  for (const char* who : {"lead", "officer", "pilot", "auditor"}) {
    EXPECT_THAT(counter.Get(thread, who).body, HasSubstr("Dossier fragile")) << who;
  }
  for (const char* who : {"holder", "reviewer"}) {
    const auto page = counter.Get(thread, who).body;
    EXPECT_THAT(page, Not(HasSubstr("Dossier fragile"))) << who;
    EXPECT_THAT(page, HasSubstr("Échanges (0)")) << who;
    EXPECT_EQ(counter.Post(post, note, who).status, 403) << who;
  }
  for (const char* who : {"reviewer", "auditor"}) {
    EXPECT_EQ(counter.Post(post, {{"texte", "Bonjour"}}, who).status, 403) << who;
    EXPECT_THAT(counter.Get(thread, who).body, Not(HasSubstr("name=\"texte\""))) << who;
  }
  const auto box = counter.Get(thread, "officer").body;
  EXPECT_THAT(box, HasSubstr("Lisent cette note : "));
  EXPECT_THAT(box, HasSubstr("Dominique lead"));
  EXPECT_THAT(box, HasSubstr("Dominique auditor"));
}

TEST(Exchanges, KeepWhatCannotBeSent) {
  Counter counter;
  const std::string post = Project(counter) + "/echanges";
  const auto empty = counter.Post(post, {{"texte", " \n "}}, "holder");
  EXPECT_EQ(empty.status, 422);
  EXPECT_THAT(empty.body, HasSubstr("Écrivez votre message avant de l’envoyer."));
  std::string longest;
  for (int i = 0; i < 5001; ++i) longest += "é";
  const auto too_long = counter.Post(post, {{"texte", longest}, {"genre", "interne"}}, "lead");
  EXPECT_EQ(too_long.status, 422);
  EXPECT_THAT(too_long.body, HasSubstr("5000 caractères au plus"));
  EXPECT_THAT(too_long.body, HasSubstr(longest));
  const auto id = Row(counter).id;
  counter.database().Read(
      [&](storage::Session& session) { EXPECT_TRUE(storage::MessagesOf(session, id).empty()); });
  for (int i = 0; i < 28; ++i) {
    EXPECT_EQ(counter.Post(post, {{"texte", "encore"}}, "holder").status, 303);
  }
  while (counter.Post(post, {{"texte", "encore"}}, "holder").status == 303) {
  }
  EXPECT_THAT(counter.Post(post, {{"texte", "encore"}}, "holder").body,
              HasSubstr("beaucoup de messages en une heure"));
}

TEST(Exchanges, ShowThoseOfDemarchesSimplifieesWithTheirOrigin) {
  Counter counter;
  const json thread = {{"messages",
                        {{{"email", "holder@exemple.invalid"},
                          {"createdAt", "2026-03-29T08:08:10+02:00"},
                          {"body", "<p>Bonjour " + kCanary + "</p>"},
                          {"attachments", {{{"filename", "accord.pdf"}}}}},
                         {{"email", "officer@exemple.invalid"},
                          {"createdAt", "2026-03-30T08:08:10+02:00"},
                          {"body", "À compléter"},
                          {"correction", {{"reason", "incomplete"}}}}}}};
  counter.database().Write([&](storage::Session& session) {
    storage::SaveThread(session, 4001, thread.dump(), counter.now);
  });
  counter.Post(Project(counter) + "/echanges", {{"texte", "Ici aussi"}}, "officer");
  const std::string address = Project(counter) + "?onglet=echanges";
  const auto page = counter.Get(address, "holder").body;
  EXPECT_THAT(page, HasSubstr("Échanges (3)"));
  EXPECT_THAT(page, HasSubstr("Démarches Simplifiées</span>"));
  EXPECT_THAT(page, HasSubstr("accord.pdf"));
  EXPECT_THAT(page, HasSubstr("demande de correction"));
  EXPECT_THAT(page, HasSubstr("Instruction du dossier"));
  EXPECT_LT(page.find("À compléter"), page.find("Ici aussi")) << "one thread, oldest first";
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_THAT(counter.Get(address, "lead").body, HasSubstr("Dominique officer"));
}

}  // namespace
}  // namespace aiguillage::web
