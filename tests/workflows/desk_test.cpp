// The desk as transcripts: who does what, and what the record then says.
#include "workflows/desk.h"

#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/queues.h"
#include "storage/tasks.h"
#include "tests/support/desk_world.h"
#include "workflows/access.h"
#include "workflows/delegation.h"
#include "workflows/mail_pace.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;

const json kMissing = {{"reason", "Il manque l’accord hiérarchique."}};
json Score(int mark) { return {{"interest", "none"}, {"mark", mark}}; }
json Reviewers(std::initializer_list<const char*> names) {
  json list = json::array();
  for (const char* name : names) list.push_back(DeskWorld::Email(name));
  return {{"reviewers", list}};
}

// From intake to the reviewers' step, two of them named.
std::string InReview(DeskWorld& world) {
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
  EXPECT_EQ(world.Do(number, "lea", "framing.validate"), "active review");
  EXPECT_EQ(world.Do(number, "olga", "review.assign", Reviewers({"rita", "remi"})),
            "active review");
  return number;
}

TEST(Desk, AnActWritesEverythingAtOnce) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Minutes(30);
  EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
  EXPECT_EQ(world.Look(number),
            "v2 active lead_review | collection_lead | due 2026-12-14\n"
            "task Valider le cadrage -> collection_lead@collection:numerique, due 2026-12-14\n"
            "mail pending acknowledgement -> hugo\n"
            "mail pending acknowledgement -> olga (copy)\n"
            "ds pending instruct\n"
            "mail pending lead_asked -> lea\n"
            "mail pending lead_asked -> olga (copy)\n");
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    const auto done = storage::TasksOf(session, project.id)[0];
    EXPECT_EQ(done.status, "done");
    EXPECT_EQ(done.closed_by, world.Person("olga"));
    const auto row = storage::LastJournal(session, project.id).value();
    EXPECT_EQ(row.role + " " + row.action + " " + row.states,
              "case_officer check.accept active lead_review");
    for (const auto& mail : storage::OutboxOf(session, project.id)) {
      if (mail.act != row.act) continue;
      const auto grace_over = world.now + 10 * 60'000;
      EXPECT_EQ(mail.not_before, mail.copy ? LeavesAt("hourly", grace_over) : grace_over)
          << "the grace period, and for a copy the next full hour";
    }
  });
}

TEST(Desk, RefusalsSayWhy) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(world.Do("AIG-2026-9999", "olga", "check.accept"),
            "unknown_project: Aucun projet n’a le numéro AIG-2026-9999.");
  EXPECT_EQ(world.Do(number, "olga", "check.fly"),
            "unknown_action: Aucune action ne s’appelle « check.fly ».");
  EXPECT_EQ(world.Do(number, "olga", "check.late"),
            "unknown_action: Aucune action ne s’appelle « check.late ».");
  EXPECT_EQ(world.Do(number, "lea", "framing.validate"),
            "not_now: « Valider le cadrage » n’est pas possible à cette étape : le projet est à "
            "l’étape « Recevabilité ».");
  EXPECT_EQ(world.Do(number, "hugo", "check.accept"),
            "not_yours: « Déclarer recevable » revient à olga (instructeur DGAFP) ou paul "
            "(administrateur pilote (DGAFP)).");
  EXPECT_EQ(world.Do(number, "olga", "check.ask"),
            "form: Le formulaire « Motif » est à corriger. Motif : Ce champ est à remplir.");
  EXPECT_EQ(world.Look(number).substr(0, 2), "v1") << "nothing was written";
  EXPECT_EQ(world.Broken(), "");
}

TEST(Desk, LockedActionsSayWhoUnlocks) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(world.Do(number, "lea", "framing.change", kMissing), "active completing");
    EXPECT_EQ(world.Do(number, "hugo", "resubmit"), "active check");
    EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
  }
  EXPECT_EQ(world.Do(number, "lea", "framing.change", kMissing),
            "locked: Deux allers-retours ont eu lieu.");
  const auto project = world.Project(number);
  std::string table;
  world.database().Read([&](Session& session) {
    for (const auto& one :
         world.desk().ActionsFor(session, project, world.Person("lea"), world.now)) {
      table += std::string(one.mine ? "mine " : "not mine ") + one.action.id +
               (one.action.locked ? " locked" : "") + " | " + one.reason;
      for (const auto& who : one.who) table += " | " + who;
      table += "\n";
    }
  });
  EXPECT_EQ(table,
            "mine framing.validate | \n"
            "mine framing.change locked | Deux allers-retours ont eu lieu. | paul (administrateur "
            "pilote (DGAFP))\n"
            "not mine collection.reassign | « Changer de collection » revient à paul "
            "(administrateur pilote (DGAFP)). | paul (administrateur pilote (DGAFP))\n"
            "not mine suspend | « Suspendre » revient à paul (administrateur pilote (DGAFP)). | "
            "paul (administrateur pilote (DGAFP))\n"
            "not mine withdraw | « Retirer » revient à hugo (porteur de projet). | hugo (porteur "
            "de projet)\n"
            "not mine team.assign | « Désigner l’équipe » revient à hugo (porteur de projet). | "
            "hugo (porteur de projet)\n");
}

TEST(Desk, ReviewersWorkSideBySide) {
  DeskWorld world;
  const std::string number = InReview(world);
  EXPECT_EQ(world.LookTasks(number),
            "task Désigner les relecteurs -> case_officer@, due 2027-01-15\n"
            "task Noter le projet -> rita, due 2027-01-15\n"
            "task Noter le projet -> remi, due 2027-01-15\n");
  const auto project = world.Project(number);
  std::int64_t task_of_remi = 0;
  world.database().Read(
      [&](Session& session) { task_of_remi = storage::OpenTasks(session, project.id)[2].id; });
  auto request = world.Request(number, "remi", "review.submit", Score(4));
  request.task = task_of_remi;  // the page was opened before rita gave hers
  request.task_version = 1;
  EXPECT_EQ(world.Do(number, "rosa", "review.submit", Score(5)).substr(0, 9), "not_yours");
  EXPECT_EQ(world.Do(number, "rita", "review.submit", Score(3)), "active review");
  EXPECT_EQ(world.Do(number, "rita", "review.submit", Score(5)),
            "locked: Vous avez déjà rendu votre avis.");
  EXPECT_EQ(world.Said(world.desk().Act(request)),
            "active decision decision_chair chair_waiting decision_pilot pilot_waiting");
  request.key = "";
  EXPECT_EQ(world.Said(world.desk().Act(request)).substr(0, 5), "stale");
  world.database().Read([&](Session& session) {
    std::string forms;
    for (const auto& document : storage::DocumentsOf(session, project.id)) {
      if (document.form != "score") continue;
      forms += std::to_string(document.version) + " " + NameOf(session, document.person) + " " +
               document.answers.dump() + "\n";
    }
    EXPECT_EQ(forms,
              "1 rita {\"interest\":\"none\",\"mark\":3,\"percent\":60}\n"
              "2 remi {\"interest\":\"none\",\"mark\":4,\"percent\":80}\n");
  });
  EXPECT_EQ(world.Broken(), "");
}

TEST(Desk, NobodyReviewsTheirOwnHouse) {
  DeskWorld world;
  world.Person("ines", "00000000100099");  // same SIREN as the holder
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(world.Do(number, "olga", "review.assign", Reviewers({"rita", "ines"})),
            "conflict_of_interest: ines ne peut pas relire ce projet, qui vient de la même "
            "administration.");
  EXPECT_EQ(world.LookTasks(number),
            "task Désigner les relecteurs -> case_officer@, due "
            "2027-01-15\n")
      << "rita's role went back with the refusal";
  world.Grant("ines", "reviewer", "project:" + number);
  EXPECT_EQ(world.Do(number, "ines", "review.submit", Score(5)),
            "conflict_of_interest: Ce projet vient de la même administration : quelqu’un d’autre "
            "doit se prononcer.");
  EXPECT_EQ(world.Do(number, "olga", "review.assign", Reviewers({"rita"})), "active review");
  EXPECT_EQ(
      world.Do(number, "rita", "review.submit", {{"interest", "declared"}, {"mark", 3}}),
      "conflict_of_interest: Vous déclarez un lien d’intérêt avec ce projet : vous ne pouvez pas "
      "vous prononcer. Déportez-vous, pour que l’instructeur désigne quelqu’un d’autre.");
}

TEST(Desk, UnknownReviewersBecomePeople) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(
      world.Do(number, "olga", "review.assign", {{"reviewers", {"Nina.Neuve@Exemple.invalid"}}}),
      "active review");
  EXPECT_NE(world.Look(number).find("mail pending assigned -> nina.neuve\n"), std::string::npos);
}

TEST(Desk, RolesWithNobodyGoToThePilot) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil", "", "achat");
  EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
  EXPECT_EQ(world.Look(number),
            "v2 active lead_review | collection_lead | due 2026-12-14\n"
            "task Valider le cadrage -> program_admin@, due 2026-12-14\n"
            "mail pending acknowledgement -> hugo\n"
            "mail pending acknowledgement -> olga (copy)\n"
            "ds pending instruct\n"
            "mail skipped lead_asked -> \n"
            "mail skipped lead_asked ->  (copy)\n"
            "mail pending lead_asked -> olga (copy)\n");
  EXPECT_EQ(world.Do(number, "lea", "framing.validate").substr(0, 9), "not_yours");
  EXPECT_EQ(world.Do(number, "paul", "framing.validate"), "active review");
}

TEST(Desk, RolesGivenRouteTheOpenTasks) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil", "", "achat");
  world.Do(number, "olga", "check.accept");
  const auto grant = world.Grant("anna", "collection_lead", "collection:achat");
  EXPECT_EQ(world.LookTasks(number),
            "task Valider le cadrage -> collection_lead@collection:achat, due 2026-12-14\n");
  EXPECT_EQ(world.Do(number, "paul", "framing.validate").substr(0, 9), "not_yours");
  world.desk().EndGrant(grant, world.now);
  EXPECT_EQ(world.LookTasks(number), "task Valider le cadrage -> program_admin@, due 2026-12-14\n");
  EXPECT_EQ(world.Broken(), "");
}

TEST(Desk, DelegatesActForTheAbsent) {
  DeskWorld world;
  const std::string number = InReview(world);
  const auto rita = world.Person("rita"), denis = world.Person("denis");
  world.database().Write([&](Session& session) {
    ASSERT_TRUE(DeclareAbsence(session, {0, rita, denis, "", world.now - 1, world.now + 86'400'000},
                               world.now));
  });
  EXPECT_EQ(world.Do(number, "denis", "review.submit", Score(4)), "active review");
  EXPECT_EQ(world.LookTasks(number),
            "task Désigner les relecteurs -> case_officer@, due 2027-01-15\n"
            "task Noter le projet -> remi, due 2027-01-15\n")
      << "rita's own is done";
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    const auto row = storage::LastJournal(session, project.id).value();
    EXPECT_EQ(ActedBy(session, row.person, row.on_behalf_of), "denis pour rita");
  });
  EXPECT_EQ(world.Do(number, "rita", "review.submit", Score(1)),
            "locked: Vous avez déjà rendu votre avis.");
}

TEST(Desk, TheSameKeyGivesTheFirstAnswerAgain) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  auto request = world.Request(number, "olga", "check.ask", kMissing);
  request.key = "double-click";
  EXPECT_EQ(world.Said(world.desk().Act(request)), "active completing");
  EXPECT_EQ(world.Said(world.desk().Act(request)), "active completing (again)");
  request.data = {{"reason", "Autre chose."}};
  EXPECT_EQ(world.Said(world.desk().Act(request)),
            "key_reused: Cette clé a déjà servi pour un autre acte.");
  request.key = "refused";
  EXPECT_EQ(world.Said(world.desk().Act(request)).substr(0, 7), "not_now");
  EXPECT_EQ(world.Project(number).version, 2);
}

TEST(Desk, ExpectedVersionsAreStrict) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  auto request = world.Request(number, "olga", "check.accept");
  request.expected_version = 0;
  EXPECT_EQ(world.Said(world.desk().Act(request)),
            "stale: Le projet a changé depuis l’ouverture de cette page. Dernier acte : "
            "« intake », Démarches Simplifiées, le 23 novembre 2026 à 10 h 00.");
  request.expected_version = 1;
  EXPECT_EQ(world.Said(world.desk().Act(request)), "active lead_review");
}

TEST(Desk, ADryRunSaysTheSameAndWritesNothing) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  const std::string before = world.Look(number);
  auto request = world.Request(number, "olga", "check.accept");
  request.dry_run = true;
  auto rehearsed = ToJson(world.desk().Act(request).value());
  EXPECT_EQ(world.Look(number), before);
  request.dry_run = false;
  auto done = ToJson(world.desk().Act(request).value());
  rehearsed.erase("act");
  done.erase("act");
  EXPECT_EQ(rehearsed, done);
  EXPECT_EQ(
      ToJson(ActAnswerFromJson(done.patch({{{"op", "add"}, {"path", "/act"}, {"value", "x"}}})))
          .at("mails"),
      done.at("mails"));
}

TEST(Desk, RegionsCloseTheirOwnTasks) {
  DeskWorld world;
  const std::string number = InReview(world);
  world.Do(number, "rita", "review.submit", Score(3));
  world.Do(number, "remi", "review.submit", Score(3));
  EXPECT_EQ(world.LookTasks(number),
            "task Retenir -> program_admin@, due none\n"
            "task Viser -> program_admin@, due none\n")
      << "nobody chairs: the pilot does";
  EXPECT_EQ(world.Do(number, "paul", "pilot.sign"),
            "active decision decision_chair chair_waiting decision_pilot pilot_done");
  EXPECT_EQ(world.LookTasks(number), "task Retenir -> program_admin@, due none\n");
  EXPECT_EQ(world.Do(number, "paul", "committee.select", kMissing), "active selected");
  EXPECT_EQ(world.Do(number, "hugo", "team.assign", {{"designers", {DeskWorld::Email("dora")}}}),
            "active selected");
  EXPECT_EQ(world.LookTasks(number),
            "task Concevoir la formation -> designer@project:" + number + ", due 2027-01-23\n");
  EXPECT_EQ(world.Do(number, "dora", "design.deliver"), "published");
  EXPECT_EQ(world.LookTasks(number), "");
  EXPECT_NE(world.Project(number).ended_at, 0);
  EXPECT_EQ(world.Broken(), "");
}

TEST(Desk, MovingToAnotherCollectionRoutesItsTask) {
  DeskWorld world;
  world.Grant("anna", "collection_lead", "collection:achat");
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  EXPECT_EQ(world.Do(number, "paul", "collection.reassign", {{"collection", "nulle"}}),
            "form: Aucune collection ne s’appelle « nulle ».");
  EXPECT_EQ(world.Do(number, "paul", "collection.reassign", {{"collection", "achat"}}),
            "active lead_review");
  EXPECT_EQ(world.LookTasks(number),
            "task Valider le cadrage -> collection_lead@collection:achat, due 2026-12-14\n");
  EXPECT_NE(world.Look(number).find("mail pending lead_asked -> anna\n"), std::string::npos);
  EXPECT_EQ(world.Project(number).collection, "achat");
}

TEST(Desk, MachinesMayNotActAsPeople) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  auto request = world.Request(number, "system", "check.accept");
  request.actor.role = "program_admin";
  EXPECT_EQ(world.Said(world.desk().Act(request)).substr(0, 9), "not_yours");
  EXPECT_EQ(world.Do(number, "ds", "ds.withdrawn"), "active check") << "nothing waits for it";
  EXPECT_EQ(world.Project(number).version, 1);
}

TEST(Desk, NewAnswersAreAVersionAndNoEvent) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.desk().RecordAnswers(number, {{"title", "Accueil"}}, world.now);
  world.desk().RecordAnswers(number, {{"title", "Accueil des publics"}}, world.now);
  const auto project = world.Project(number);
  EXPECT_EQ(project.version, 1);
  world.database().Read([&](Session& session) {
    EXPECT_EQ(storage::JournalOf(session, project.id).size(), 1U);
    const auto latest = storage::LatestDocument(session, project.id, "application").value();
    EXPECT_EQ(latest.answers.at("title"), "Accueil des publics");
  });
  storage::ProjectFilter filter;
  filter.text = "publics";
  EXPECT_EQ(world.database().Read(
                [&](Session& session) { return storage::CountProjects(session, filter); }),
            1);
}

}  // namespace
}  // namespace aiguillage::workflows
