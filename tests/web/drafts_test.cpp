// What is typed and not sent yet: kept, found again, thrown away; and when somebody was faster.
#include "storage/drafts.h"

#include <gmock/gmock.h>

#include "tests/web/steps.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(DraftAsOneTypes, IsKeptValidOrNotFoundAgainAndThrownAway) {
  Counter counter;
  const std::string address = Action(counter, "completion.request");
  const auto kept = counter.Post(address + "/brouillon",
                                 {{"points.0.expected", "Le budget " + kCanary},
                                  {"points.0.part", "nulle.part"},
                                  {"inconnu", "x"}},
                                 "officer");
  ASSERT_EQ(kept.status, 200) << kept.body;
  EXPECT_EQ(kept.type, "text/plain; charset=utf-8");
  EXPECT_THAT(kept.body, HasSubstr("Brouillon enregistré à "));
  const auto page = counter.Get(address, "officer").body;
  EXPECT_THAT(page, HasSubstr("Nous avons retrouvé votre brouillon du"));
  EXPECT_THAT(page, HasSubstr("Le budget &lt;script"));
  EXPECT_THAT(page, HasSubstr("data-draft=\"" + address + "/brouillon\""));
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_THAT(counter.Get(address, "pilot").body, Not(HasSubstr("Le budget")));
  EXPECT_THAT(counter.Get(Project(counter), "pilot").body, Not(HasSubstr("Le budget")));
  EXPECT_EQ(counter.Post(address + "/brouillon/jeter", {}, "pilot").status, 303);
  EXPECT_THAT(counter.Get(address, "officer").body, HasSubstr("Le budget")) << "not the pilot’s";
  EXPECT_EQ(counter.Post(address + "/brouillon/jeter", {}, "officer").status, 303);
  EXPECT_THAT(counter.Get(address, "officer").body, Not(HasSubstr("Le budget")));
}

TEST(DraftAsOneTypes, IsRefusedWhereOneMayNotAct) {
  Counter counter;
  const std::string address = Action(counter, "completion.request") + "/brouillon";
  for (const char* who : {"holder", "lead", "reviewer", "auditor", "other_holder", "other_lead"}) {
    EXPECT_EQ(counter.Post(address, {{"reason", "x"}}, who).status, 403) << who;
  }
  EXPECT_EQ(counter.Post(address, {{"reason", "x"}}, "").status, 401);
  const std::string huge(150 * 1024, 'a');
  const auto refused = counter.Post(address, {{"reason", huge}}, "officer");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.type, "text/plain; charset=utf-8");
  EXPECT_THAT(counter.Get(Action(counter, "completion.request"), "officer").body,
              Not(HasSubstr("retrouvé")));
}

TEST(DraftAsOneTypes, IsKeptByAButtonAndGoesWithTheActAndWhenEmptied) {
  Counter counter;
  const std::string address = Action(counter, "completion.request");
  const auto page = counter.Get(address, "officer").body;
  const auto saved =
      counter.Post(address, Filled(page, {{"reason", "À moitié"}}, "draft"), "officer");
  ASSERT_EQ(saved.status, 303);
  EXPECT_THAT(counter.Get(*saved.FindHeader("Location"), "officer").body,
              HasSubstr("Votre brouillon est enregistré"));
  EXPECT_EQ(counter.Post(address + "/brouillon", {{"reason", " "}}, "officer").status, 200);
  EXPECT_THAT(counter.Get(address, "officer").body, Not(HasSubstr("À moitié")));
  counter.Post(address + "/brouillon", {{"reason", "Il manque l’accord"}}, "officer");
  EXPECT_EQ(
      counter.Post(address, Filled(page, {{"reason", "Il manque l’accord"}}), "officer").status,
      303);
  const auto id = Row(counter).id;
  counter.database().Read([&](storage::Session& session) {
    EXPECT_FALSE(
        storage::FindDraft(session, id, "completion.request", counter.PersonId("officer")));
  });
}

TEST(SomebodyFaster, LeavesWhatWasTypedInPlace) {
  Counter counter;
  const std::string address = Action(counter, "completion.request");
  const auto page = counter.Get(address, "officer").body;
  ToLeadReview(counter);
  counter.now += 120'000;
  const auto late = counter.Post(
      address, Filled(page, {{"points.0.expected", "Joindre l’accord " + kCanary}}), "officer");
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body, HasSubstr("Déclarer le dossier recevable"));
  EXPECT_THAT(late.body, HasSubstr("il y a 2\u00a0minutes"));
  EXPECT_THAT(late.body, HasSubstr("Votre saisie est conservée"));
  EXPECT_THAT(late.body, HasSubstr("Joindre l’accord"));
  EXPECT_FALSE(HoldsCanary(late.body));
  EXPECT_THAT(counter.Get(address, "officer").body, HasSubstr("Joindre l’accord")) << "later too";
  EXPECT_THAT(counter.Get(address, "pilot").body, Not(HasSubstr("Joindre l’accord")));
  EXPECT_EQ(counter.Post(address, {{"reason", "x"}, {"do", "act"}}, "holder").status, 409);
  EXPECT_THAT(counter.Get(address, "holder").body, Not(HasSubstr("Votre saisie")))
      << "never theirs to do";
}

TEST(SomebodyFaster, IsNotOneselfClickingTwice) {
  Counter counter;
  const std::string address = Action(counter, "completion.request");
  const auto fields = Filled(counter.Get(address, "officer").body, {{"reason", "Il manque tout"}});
  const auto first = counter.Post(address, fields, "officer");
  const auto second = counter.Post(address, fields, "officer");
  ASSERT_EQ(first.status, 303);
  ASSERT_EQ(second.status, 303);
  EXPECT_EQ(*first.FindHeader("Location"), *second.FindHeader("Location"));
  EXPECT_THAT(counter.Get(address, "officer").body, Not(HasSubstr("Votre saisie")));
}

}  // namespace
}  // namespace aiguillage::web
