// The reviewer's ways out, and the sheet on which the reviewers' opinions stand side by side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/outbox.h"
#include "storage/tasks.h"
#include "tests/web/committee_world.h"
#include "workflows/verify.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<int> kGood = {4, 4, 4, 4, 3, 3, 3, 3};
const std::vector<int> kApart = {4, 4, 4, 4, 3, 3, 3, 1};

std::string Hidden(const std::string& page, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const auto at = page.find(mark);
  if (at == std::string::npos) return "";
  const auto from = at + mark.size();
  return page.substr(from, page.find('"', from) - from);
}

std::vector<std::string> MailTopics(CommitteeWorld& world, int project) {
  std::vector<std::string> topics;
  const auto id = world.Project(project).id;
  for (const auto& row : world.database().Read(
           [&](storage::Session& session) { return storage::OutboxOf(session, id); })) {
    topics.push_back(row.topic + ">" + row.address);
  }
  return topics;
}

TEST(Reviewer, StepsBackFromThePageAndTheOfficerIsToldWhy) {
  CommitteeWorld world;
  world.BringToReview(1);
  const std::string decline = "/projets/" + world.number(1) + "/actions/review.decline";
  const auto page = world.Get(decline, "anne");
  ASSERT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("Se déporter"));
  Fields fields = {{"ground", "time"}, {"reason", "Absente un mois " + kCanary}, {"do", "act"}};
  for (const char* name : {"cle", "tache", "tache_version", "projet_version"}) {
    fields.emplace_back(name, Hidden(page.body, name));
  }
  EXPECT_EQ(world.Post(decline, fields, "anne").status, 303);
  EXPECT_THAT(MailTopics(world, 1), ::testing::Contains("review_declined>officer@exemple.invalid"));
  // She sees the project no more, the officer has to name somebody, and not her again.
  EXPECT_EQ(world.Get("/projets/" + world.number(1), "anne").status, 403);
  EXPECT_THAT(world.Get("/taches", "officer").body, HasSubstr("Désigner les relecteurs"));
  EXPECT_THAT(world.Do(1, "officer", "review.assign", world.Reviewers({"anne"})),
              HasSubstr("s’est déporté de ce projet"));
  EXPECT_EQ(world.Do(1, "officer", "review.assign", world.Reviewers({"chloe"})), "");
  // The holder learns that a reviewer stepped back, not why.
  const auto journal = world.Get("/projets/" + world.number(1) + "?onglet=journal", "holder").body;
  EXPECT_THAT(journal, Not(HasSubstr("Absente un mois")));
  EXPECT_THAT(journal, Not(HasSubstr("Camille")));
  world.Score(1, "bruno", kGood);
  world.Score(1, "chloe", kGood);
  EXPECT_THAT(world.Project(1).states, HasSubstr("committee"));
}

TEST(Reviewer, AbstainsAndStaysWithoutCounting) {
  CommitteeWorld world;
  world.BringToReview(1);
  world.Must(1, "anne", "review.abstain", {{"reason", "Je connais mal ce domaine."}});
  world.Score(1, "bruno", kGood);
  EXPECT_THAT(world.Project(1).states, HasSubstr("expert_review"));
  EXPECT_THAT(world.Do(1, "anne", "review.submit", world.Sheet(1, kGood)), HasSubstr("abstenu"));
  EXPECT_EQ(world.Get("/projets/" + world.number(1), "anne").status, 200);
  EXPECT_EQ(world.Get(world.Consolidation(1), "anne").status, 403);
  const auto sheet = world.Get(world.Consolidation(1), "officer").body;
  EXPECT_THAT(sheet, HasSubstr("abstention"));
  EXPECT_THAT(sheet, HasSubstr("Je connais mal ce domaine."));
  world.Must(1, "officer", "review.assign", world.Reviewers({"chloe"}));
  world.Score(1, "chloe", kGood);
  EXPECT_THAT(world.Project(1).states, HasSubstr("committee"));
}

// Said before the sheet is filled in, with the way out beside it.
TEST(Reviewer, OfTheSameHouseIsToldBeforeTheSheetAndMayStillStepBack) {
  CommitteeWorld world;
  world.BringToReview(1);
  world.database().Write([&](storage::Session& session) {
    auto project = *storage::FindProject(session, world.number(1));
    project.siret = "00011111100017";
    ++project.version;
    ASSERT_TRUE(storage::UpdateProject(session, project, project.version - 1));
  });
  world.SetSiret("anne", "00011111100025");
  const std::string project = "/projets/" + world.number(1);
  const auto page = world.Get(project + "/actions/review.submit", "anne");
  EXPECT_EQ(page.status, 403);
  EXPECT_THAT(page.body, HasSubstr("vient de la même administration"));
  EXPECT_THAT(page.body, Not(HasSubstr("Points forts")));
  EXPECT_THAT(page.body, HasSubstr("href=\"" + project + "/actions/review.decline\""));
  EXPECT_THAT(world.Get(project, "anne").body, HasSubstr("vient de la même administration"));
  EXPECT_THAT(world.Get(project + "/actions/review.submit", "bruno").body,
              HasSubstr("Avez-vous un lien avec ce projet"));
  EXPECT_EQ(
      world.Do(1, "anne", "review.decline", {{"ground", "interest"}, {"reason", "Même maison."}}),
      "");
}

TEST(Reviewer, SeesTheOthersMarksOnceTheirOwnAreGiven) {
  CommitteeWorld world;
  world.BringToReview(1);
  world.Score(1, "anne", kGood);
  const std::string sheet = "/projets/" + world.number(1) + "/documents/score_sheet/1";
  EXPECT_EQ(world.Get(world.Consolidation(1), "bruno").status, 403);
  EXPECT_THAT(world.Get(world.Consolidation(1), "bruno").body, HasSubstr("une fois les vôtres"));
  EXPECT_EQ(world.Get(sheet, "bruno").status, 403);
  // Whatever else one is: a lead named to review owes the marks first.
  EXPECT_EQ(world.Get(sheet, "lead").status, 200);
  world.services().desk.GrantRole(world.PersonId("lead"), "reviewer", "project:" + world.number(1),
                                  world.now);
  EXPECT_EQ(world.Get(sheet, "lead").status, 403);
  EXPECT_EQ(world.Get(world.Consolidation(1), "lead").status, 403);
  world.Score(1, "bruno", kGood);
  const auto mine = world.Get(world.Consolidation(1), "bruno");
  EXPECT_EQ(mine.status, 200);
  EXPECT_THAT(mine.body, HasSubstr("Vous"));
  EXPECT_THAT(mine.body, HasSubstr("Relecteur 1"));
  EXPECT_THAT(mine.body, Not(HasSubstr("Camille anne")));
  EXPECT_THAT(mine.body, Not(HasSubstr("/documents/score_sheet/1")));
}

TEST(Consolidation, PutsReviewersSideBySideForWhoeverDecides) {
  CommitteeWorld world;
  world.BringToReview(1);
  EXPECT_THAT(world.Get(world.Consolidation(1), "officer").body,
              HasSubstr("Aucun avis pour l’instant"));
  world.Score(1, "anne", kGood);
  world.Score(1, "bruno", kApart);
  const auto page = world.Get(world.Consolidation(1), "officer");
  ASSERT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("Camille anne"));
  EXPECT_THAT(page.body, HasSubstr("écart de 2, à discuter"));
  EXPECT_THAT(page.body, HasSubstr("un troisième avis est demandé"));
  // 20×4 + 15×4 + 15×4 + 20×4 + 15×3 + 5×3 + 5×3 + 5×3 = 370; the other 360: 73 of 100.
  EXPECT_THAT(page.body, HasSubstr("<strong>73</strong>"));
  EXPECT_THAT(page.body, HasSubstr("Écarts de deux points ou plus, à discuter : Innovation"));
  EXPECT_FALSE(HoldsCanary(page.body));
  for (const char* who : {"lead", "auditor", "chair", "member", "pilot"}) {
    EXPECT_EQ(world.Get(world.Consolidation(1), who).status, 200) << who;
  }
  for (const char* who : {"holder", "reviewer", "other_lead", "chloe", ""}) {
    EXPECT_NE(world.Get(world.Consolidation(1), who).status, 200) << who;
  }
  const auto member = world.Get(world.Consolidation(1), "member").body;
  EXPECT_THAT(member, HasSubstr("Relecteur 2"));
  EXPECT_THAT(member, Not(HasSubstr("Camille anne")));
  EXPECT_THAT(world.Get("/projets/" + world.number(1), "officer").body,
              HasSubstr("href=\"" + world.Consolidation(1) + "\""));
  EXPECT_THAT(world.Get("/projets/" + world.number(1), "holder").body,
              Not(HasSubstr("consolidation")));
  EXPECT_THAT(world.house().pages.Missing(), ::testing::IsEmpty());
}

TEST(Consolidation, SynthesisIsProposedEditedAndFrozenAtTheDecision) {
  CommitteeWorld world;
  world.BringToCommittee(1, kGood);
  const std::string sheet = world.Consolidation(1);
  const std::string write = "/projets/" + world.number(1) + "/actions/synthesis.write";
  const auto first = world.Get(sheet, "chair").body;
  EXPECT_THAT(first, HasSubstr("Proposée d’après les fiches"));
  EXPECT_THAT(first, HasSubstr("2 avis. Note pondérée : 74 sur 100"));
  EXPECT_EQ(first.find("Proposée"), world.Get(sheet, "chair").body.find("Proposée"));
  EXPECT_THAT(world.Get(sheet, "member").body, Not(HasSubstr("Enregistrer la synthèse")));
  const auto saved = world.Post(write,
                                {{"synthesis", "Deux avis d’accord. " + kCanary},
                                 {"cle", Hidden(first, "cle")},
                                 {"projet_version", Hidden(first, "projet_version")},
                                 {"retour", "consolidation"},
                                 {"do", "act"}},
                                "chair");
  ASSERT_EQ(saved.status, 303) << saved.body;
  EXPECT_THAT(*saved.FindHeader("Location"), HasSubstr("/consolidation?fait="));
  const auto second = world.Get(sheet, "officer").body;
  EXPECT_THAT(second, HasSubstr("Deux avis d’accord."));
  EXPECT_THAT(second, HasSubstr("Version 1, enregistrée le"));
  EXPECT_FALSE(HoldsCanary(second));
  EXPECT_THAT(world.Get("/projets/" + world.number(1) + "/actions/committee.select", "chair").body,
              HasSubstr("href=\"" + sheet + "\""));

  world.Must(1, "chair", "committee.select", test::FilledIn(world.Form(1, "committee_decision")));
  const auto frozen = world.Get(sheet, "officer").body;
  EXPECT_THAT(frozen, HasSubstr("Figé avec la décision"));
  EXPECT_THAT(frozen, HasSubstr("Deux avis d’accord."));
  EXPECT_THAT(frozen, Not(HasSubstr("Enregistrer la synthèse")));
  EXPECT_THAT(frozen, HasSubstr("/documents/consolidation/1"));
  EXPECT_THAT(
      world.Get("/projets/" + world.number(1) + "/documents/consolidation/1", "officer").body,
      HasSubstr("Deux avis d’accord."));
  EXPECT_EQ(
      world.Get("/projets/" + world.number(1) + "/documents/consolidation/1", "holder").status,
      403);
  EXPECT_THAT(world.Do(1, "chair", "synthesis.write", {{"synthesis", "Après coup."}}),
              HasSubstr("n’est pas possible à cette étape"));
  EXPECT_THAT(workflows::Verify(world.database(), world.services().catalog,
                                world.services().options.files_dir)
                  .broken,
              ::testing::IsEmpty());
}

TEST(Consolidation, WithoutAWrittenSynthesisTheProposedOneIsFrozenAndADecisionTakenBackThaws) {
  CommitteeWorld world;
  world.BringToCommittee(1, kGood);
  world.Must(1, "chair", "committee.select", test::FilledIn(world.Form(1, "committee_decision")));
  const auto frozen = world.Get(world.Consolidation(1), "chair").body;
  EXPECT_THAT(frozen, HasSubstr("retenue telle quelle à la décision"));
  EXPECT_THAT(frozen, HasSubstr("2 avis. Note pondérée : 74 sur 100"));
  const auto id = world.Project(1).id;
  const auto act = world.database().Read(
      [&](storage::Session& session) { return storage::LastJournal(session, id)->act; });
  ASSERT_TRUE(world.services().desk.TakeBack(world.number(1), act, {world.Id("chair"), ""},
                                             world.now + 1000));
  const auto open = world.Get(world.Consolidation(1), "chair").body;
  EXPECT_THAT(open, Not(HasSubstr("Figé avec la décision")));
  EXPECT_THAT(open, HasSubstr("Enregistrer la synthèse"));
}

}  // namespace
}  // namespace aiguillage::web
