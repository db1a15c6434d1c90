// A sitting of the committee: agenda, ranking, decisions held and released together, minutes.
#include "storage/committee.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "tests/web/committee_world.h"
#include "workflows/verify.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<int> kGood = {4, 4, 4, 4, 3, 3, 3, 3};   // 74
const std::vector<int> kEven = {3, 3, 3, 3, 3, 3, 3, 3};   // 60
const std::vector<int> kNeedy = {4, 3, 3, 2, 3, 3, 3, 3};  // 60 too: better need, worse pedagogy

class Sittings : public testing::Test {
 protected:
  // A sitting made by its page, with both projects on the agenda.
  std::string Make() {
    const auto made = world_.Post(
        "/comite", {{"appel", "mentor-2026"}, {"date", "2026-12-08"}, {"note", "Salle 3"}},
        "chair");
    EXPECT_EQ(made.status, 303) << made.body;
    const std::string href = *made.FindHeader("Location");
    EXPECT_EQ(
        world_.Post(href, {{"projet", world_.number(1)}, {"projet", world_.number(2)}}, "chair")
            .status,
        303);
    return href;
  }

  Fields Decision(const std::string& action, const std::vector<int>& projects,
                  const std::string& go) {
    Fields fields = {{"action", action}, {"do", go}};
    for (int project : projects) fields.emplace_back("projet", world_.number(project));
    if (action == "committee.reject") {
      fields.emplace_back("ground", "need");
      fields.emplace_back("reason", "Besoin trop peu établi. " + kCanary);
    } else {
      fields.emplace_back("session_date", "2026-12-08");
      fields.emplace_back("reason", "Projet solide. " + kCanary);
      fields.emplace_back("conflicts", "Aucun");
    }
    return fields;
  }

  // All that the release page offers, ticked, as a browser would send it.
  Fields AllTicked(const std::string& page) {
    Fields fields;
    for (int project : {1, 2}) {
      const std::string mark = "name=\"cle." + world_.number(project) + "\" value=\"";
      const auto at = page.find(mark);
      if (at == std::string::npos) continue;
      const auto from = at + mark.size();
      fields.emplace_back("cle." + world_.number(project),
                          page.substr(from, page.find('"', from) - from));
      fields.emplace_back("projet", world_.number(project));
    }
    return fields;
  }

  std::size_t Acts(int project) {
    const auto id = world_.Project(project).id;
    return world_.database().Read(
        [&](storage::Session& session) { return storage::JournalOf(session, id).size(); });
  }

  std::string Broken() {
    std::string all;
    for (const auto& line : workflows::Verify(world_.database(), world_.services().catalog,
                                              world_.services().options.files_dir)
                                .broken) {
      all += line + "\n";
    }
    return all;
  }

  CommitteeWorld world_;
};

TEST_F(Sittings, AreForTheCommitteeAndDgafpAlone) {
  world_.BringToCommittee(1, kGood);
  const std::string href = Make();
  for (const std::string& page : {std::string("/comite"), href, href + "/proces-verbal",
                                  href + "/proces-verbal.csv", href + "/proces-verbal.xlsx"}) {
    for (const char* who : {"chair", "member", "pilot", "officer"}) {
      EXPECT_EQ(world_.Get(page, who).status, 200) << page << " " << who;
    }
    for (const char* who : {"lead", "holder", "reviewer", "anne", "auditor"}) {
      EXPECT_EQ(world_.Get(page, who).status, 403) << page << " " << who;
    }
  }
  // Members and officers read; the chair and the pilot decide.
  for (const char* who : {"member", "officer"}) {
    EXPECT_THAT(world_.Get(href, who).body, Not(HasSubstr("Préparer cette décision"))) << who;
    EXPECT_EQ(
        world_.Post("/comite", {{"appel", "mentor-2026"}, {"date", "2026-12-08"}}, who).status, 403)
        << who;
    EXPECT_EQ(world_.Post(href, {{"retirer", world_.number(1)}}, who).status, 403) << who;
    EXPECT_EQ(
        world_.Post(href + "/decisions", Decision("committee.select", {1}, "hold"), who).status,
        403)
        << who;
    EXPECT_EQ(world_.Get(href + "/publication", who).status, 403) << who;
    EXPECT_EQ(world_.Post(href + "/publication", {}, who).status, 403) << who;
  }
  // A chair of another call's committee has nothing to see here.
  world_.AddSomebody("stranger");
  world_.services().desk.GrantRole(world_.Id("stranger"), "committee_chair", "call:fep-2026",
                                   world_.now);
  EXPECT_EQ(world_.Get("/comite", "stranger").status, 200);
  EXPECT_THAT(world_.Get("/comite", "stranger").body, HasSubstr("Aucune séance"));
  EXPECT_EQ(world_.Get(href, "stranger").status, 403);
  EXPECT_EQ(world_.Get("/comite/999", "chair").status, 404);
  EXPECT_EQ(world_.Get("/comite/abc", "chair").status, 404);
}

TEST_F(Sittings, ADateIsAskedForInWords) {
  const auto wrong =
      world_.Post("/comite", {{"appel", "mentor-2026"}, {"date", "demain"}}, "chair");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("Donnez la date de la séance"));
  EXPECT_EQ(world_.Post("/comite", {{"appel", "inconnu"}, {"date", "2026-12-08"}}, "chair").status,
            422);
}

TEST_F(Sittings, RankByWeightedMeanAndSayHowTiesAreBroken) {
  world_.BringToCommittee(1, kEven);
  world_.BringToCommittee(2, kNeedy);
  const std::string href = Make();
  const auto page = world_.Get(href, "chair").body;
  EXPECT_LT(page.find(world_.number(2)), page.find(world_.number(1)));
  EXPECT_THAT(page,
              HasSubstr("Même note que " + world_.number(1) + ". Départage par le besoin (4)."));
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_EQ(world_.Post(href, {{"retirer", world_.number(2)}}, "chair").status, 303);
  const auto alone = world_.Get(href, "chair").body;
  EXPECT_THAT(alone, Not(HasSubstr("Même note")));
  EXPECT_THAT(alone, HasSubstr("id=\"a-" + world_.number(2) + "\""));  // offered again
}

TEST_F(Sittings, APreflightSaysRowByRowWhatCannotBeDone) {
  world_.BringToCommittee(1, kGood);
  const std::string href = Make();
  // Project 2 is not before the committee: the page would not offer it, so it is put there by hand.
  const auto second = world_.Project(2).id;
  world_.database().Write([&](storage::Session& session) {
    storage::AddToAgenda(session, std::stoll(href.substr(8)), second);
  });
  const std::string asked = href + "/decisions?action=committee.select&projet=" + world_.number(1) +
                            "&projet=" + world_.number(2);
  const auto page = world_.Get(asked, "chair").body;
  EXPECT_THAT(page, HasSubstr("le projet est à l’étape « Recevabilité »"));
  EXPECT_THAT(page, HasSubstr("La décision, pour 1\u00a0projet"));
  EXPECT_THAT(page, HasSubstr("value=\"2026-12-08\""));  // the date of the sitting
  const auto wrong = world_.Post(
      href + "/decisions",
      {{"action", "committee.select"}, {"projet", world_.number(1)}, {"do", "hold"}}, "chair");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("Il reste des points à corriger"));
  const auto before = Acts(1);
  const auto checked =
      world_.Post(href + "/decisions", Decision("committee.select", {1, 2}, "check"), "chair");
  EXPECT_EQ(checked.status, 200);
  EXPECT_THAT(checked.body, HasSubstr("Passe à « Lauréat »"));
  EXPECT_THAT(checked.body, HasSubstr("accepter le dossier"));
  EXPECT_EQ(Acts(1), before);
  EXPECT_THAT(world_.Get(href, "chair").body, Not(HasSubstr("préparée :")));
  // Nobody ticked, no decision chosen: back to the sitting, with a sentence.
  EXPECT_THAT(
      *world_.Get(href + "/decisions?action=committee.select", "chair").FindHeader("Location"),
      HasSubstr("manque=1"));
  EXPECT_THAT(world_.Get(href + "?manque=1", "chair").body, HasSubstr("Cochez au moins un projet"));
}

TEST_F(Sittings, AConflictOfInterestStopsTheChairNotTheOthersRows) {
  world_.BringToCommittee(1, kGood);
  world_.BringToCommittee(2, kGood);
  const std::string href = Make();
  world_.database().Write([&](storage::Session& session) {
    auto project = *storage::FindProject(session, world_.number(1));
    project.siret = "00011111100017";
    ++project.version;
    ASSERT_TRUE(storage::UpdateProject(session, project, project.version - 1));
  });
  world_.SetSiret("chair", "00011111100025");
  const auto held =
      world_.Post(href + "/decisions", Decision("committee.select", {1, 2}, "hold"), "chair");
  EXPECT_EQ(held.status, 200);
  EXPECT_THAT(held.body, HasSubstr("vient de la même administration"));
  const auto page = world_.Get(href, "pilot").body;
  EXPECT_THAT(page, HasSubstr("1\u00a0décision préparée, pas encore publiée"));
}

TEST_F(Sittings, HoldDecisionsUnseenAndReleaseThemTogether) {
  world_.BringToCommittee(1, kGood);
  world_.BringToCommittee(2, kEven);
  const std::string href = Make();
  const auto before = std::pair(Acts(1), Acts(2));
  EXPECT_EQ(
      world_.Post(href + "/decisions", Decision("committee.select", {1}, "hold"), "chair").status,
      303);
  EXPECT_EQ(
      world_.Post(href + "/decisions", Decision("committee.reject", {2}, "hold"), "chair").status,
      303);
  EXPECT_EQ(std::pair(Acts(1), Acts(2)), before);
  EXPECT_THAT(world_.Get(href, "member").body, HasSubstr("préparée : Retenir le projet"));
  // Held: the holder, the lead and the reviewers see nothing of it anywhere.
  for (const char* who : {"holder", "lead", "anne"}) {
    for (const char* tab : {"", "?onglet=journal", "?onglet=documents", "?onglet=courriels"}) {
      EXPECT_THAT(world_.Get("/projets/" + world_.number(1) + tab, who).body,
                  Not(HasSubstr("Projet solide")))
          << who << tab;
    }
  }
  EXPECT_THAT(world_.Get(href + "/proces-verbal", "member").body, Not(HasSubstr("Projet solide")));

  const auto ready = world_.Get(href + "/publication", "chair").body;
  EXPECT_THAT(ready, HasSubstr("Passe à « Lauréat »"));
  EXPECT_THAT(ready, HasSubstr("Passe à « Non retenu »"));
  EXPECT_FALSE(HoldsCanary(ready));
  const auto fields = AllTicked(ready);
  const auto done = world_.Post(href + "/publication", fields, "chair");
  EXPECT_EQ(done.status, 200);
  EXPECT_THAT(done.body, HasSubstr("2\u00a0décisions publiées"));
  EXPECT_THAT(world_.Project(1).states, HasSubstr("selected"));
  EXPECT_EQ(world_.Project(2).states, "rejected");
  // Sent again: nothing is done twice.
  const auto after = std::pair(Acts(1), Acts(2));
  world_.Post(href + "/publication", fields, "chair");
  EXPECT_EQ(std::pair(Acts(1), Acts(2)), after);
  EXPECT_THAT(world_.Get(href, "chair").body, HasSubstr("2\u00a0décidés"));
  EXPECT_EQ(world_.Post(href, {{"retirer", world_.number(1)}}, "chair").status, 303);
  EXPECT_THAT(world_.Get(href, "chair").body, HasSubstr(world_.number(1)));  // stays
  EXPECT_THAT(
      world_.Get(href + "/decisions?action=committee.defer&projet=" + world_.number(1), "chair")
          .body,
      HasSubstr("Déjà décidé : « Retenir le projet »"));
  EXPECT_EQ(Broken(), "");
}

TEST_F(Sittings, OneThatCannotBeReleasedDoesNotHoldBackTheOthers) {
  world_.BringToCommittee(1, kGood);
  world_.BringToCommittee(2, kEven);
  const std::string href = Make();
  world_.Post(href + "/decisions", Decision("committee.select", {1, 2}, "hold"), "chair");
  const auto fields = AllTicked(world_.Get(href + "/publication", "chair").body);
  world_.Must(1, "officer", "synthesis.write", {{"synthesis", "Autre chose."}});  // no matter
  world_.Must(2, "pilot", "suspend", {{"reason", "Le porteur est parti."}});
  const auto done = world_.Post(href + "/publication", fields, "chair").body;
  EXPECT_THAT(done, HasSubstr("1\u00a0décision publiée"));
  EXPECT_THAT(done, HasSubstr("le projet est à l’étape « Suspendu »"));
  EXPECT_THAT(world_.Project(1).states, HasSubstr("selected"));
  EXPECT_THAT(world_.Project(2).states, HasSubstr("suspended"));
}

TEST_F(Sittings, ADecisionPreparedAnewIsReadAgainBeforeItLeaves) {
  world_.BringToCommittee(1, kGood);
  const std::string href = Make();
  world_.Post(href + "/decisions", Decision("committee.select", {1}, "hold"), "chair");
  const auto fields = AllTicked(world_.Get(href + "/publication", "chair").body);
  world_.Post(href + "/decisions", Decision("committee.reject", {1}, "hold"), "pilot");
  const auto done = world_.Post(href + "/publication", fields, "chair").body;
  EXPECT_THAT(done, HasSubstr("a changé depuis"));
  EXPECT_THAT(world_.Project(1).states, HasSubstr("committee"));
  // And the preparation can be undone altogether.
  EXPECT_EQ(world_.Post(href, {{"defaire", world_.number(1)}}, "pilot").status, 303);
  EXPECT_THAT(world_.Get(href + "/publication", "pilot").body,
              HasSubstr("Aucune décision n’attend"));
}

TEST_F(Sittings, ADecisionTakenBackCanBeReleasedAgain) {
  world_.BringToCommittee(1, kGood);
  const std::string href = Make();
  world_.Post(href + "/decisions", Decision("committee.select", {1}, "hold"), "chair");
  world_.Post(href + "/publication", AllTicked(world_.Get(href + "/publication", "chair").body),
              "chair");
  const auto id = world_.Project(1).id;
  const auto act = world_.database().Read(
      [&](storage::Session& session) { return storage::LastJournal(session, id)->act; });
  EXPECT_EQ(world_.Post("/projets/" + world_.number(1) + "/annuler/" + act, {}, "chair").status,
            303);
  EXPECT_THAT(world_.Get(href, "chair").body, HasSubstr("préparée : Retenir le projet"));
  world_.Post(href + "/publication", AllTicked(world_.Get(href + "/publication", "chair").body),
              "chair");
  EXPECT_THAT(world_.Project(1).states, HasSubstr("selected"));
  EXPECT_EQ(Broken(), "");
}

TEST_F(Sittings, TellInTheMinutesWhatWasDecidedWhereverItWas) {
  world_.BringToCommittee(1, kGood);
  world_.BringToCommittee(2, kEven);
  const std::string href = Make();
  world_.Post(href + "/decisions", Decision("committee.select", {1}, "hold"), "chair");
  world_.Post(href + "/publication", AllTicked(world_.Get(href + "/publication", "chair").body),
              "chair");
  const auto draft = world_.Get(href + "/proces-verbal", "member").body;
  EXPECT_THAT(draft, HasSubstr("n’est pas définitif"));
  // The other one alone, on its own decision page.
  world_.Must(2, "chair", "committee.reject",
              {{"ground", "score"}, {"reason", "=1+1; trop court"}});
  const auto minutes = world_.Get(href + "/proces-verbal", "member").body;
  EXPECT_THAT(minutes, Not(HasSubstr("n’est pas définitif")));
  EXPECT_THAT(minutes, HasSubstr("Retenir le projet"));
  EXPECT_THAT(minutes, HasSubstr("Ne pas retenir le projet"));
  EXPECT_THAT(minutes, HasSubstr("Projet solide."));
  EXPECT_THAT(minutes, HasSubstr("Salle 3"));
  EXPECT_FALSE(HoldsCanary(minutes));
  const auto csv = world_.Get(href + "/proces-verbal.csv", "officer");
  EXPECT_EQ(csv.type, "text/csv; charset=utf-8");
  EXPECT_THAT(*csv.FindHeader("Content-Disposition"), HasSubstr("attachment"));
  EXPECT_THAT(csv.body, ::testing::StartsWith("\xEF\xBB\xBFRang;Numéro;Projet"));
  EXPECT_THAT(csv.body, HasSubstr("\"'=1+1; trop court\""));  // text, not a formula
  EXPECT_THAT(csv.body, HasSubstr("\r\n1;" + world_.number(1) + ";"));
  const auto book = world_.Get(href + "/proces-verbal.xlsx", "chair");
  EXPECT_EQ(book.status, 200);
  EXPECT_THAT(book.body, ::testing::StartsWith("PK"));
  EXPECT_THAT(world_.house().pages.Missing(), ::testing::IsEmpty());
}

// Whoever is on the project's own side reads neither marks nor what is prepared.
TEST_F(Sittings, AMemberWhoHoldsTheProjectSeesNothingOfIt) {
  world_.BringToCommittee(1, kGood);
  const std::string href = Make();
  world_.services().desk.GrantRole(world_.PersonId("holder"), "committee_member", "", world_.now);
  world_.Post(href + "/decisions", Decision("committee.select", {1}, "hold"), "chair");
  const auto page = world_.Get(href, "holder").body;
  EXPECT_THAT(page, HasSubstr("vous êtes partie à ce projet"));
  EXPECT_THAT(page, Not(HasSubstr("préparée :")));
  EXPECT_THAT(page, Not(HasSubstr(">74<")));
}

}  // namespace
}  // namespace aiguillage::web
