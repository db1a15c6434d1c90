// Dossiers that become projects: one, the same twice, several together.
#include <gtest/gtest.h>

#include "storage/queues.h"
#include "tests/support/desk_world.h"
#include "workflows/desk.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;

TEST(Desk, IntakeMakesAProjectInItsFirstState) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(number, "AIG-2026-0001");
  EXPECT_EQ(world.Look(number),
            "v1 active check | case_officer | due 2026-12-07\n"
            "task Vérifier la recevabilité -> case_officer@, due 2026-12-07\n"
            "mail pending acknowledgement -> hugo\n"
            "mail pending acknowledgement -> olga (copy)\n");
  EXPECT_EQ(world.Broken(), "");
}

TEST(Desk, IntakeOfADecidedDossierTellsNobody) {
  DeskWorld world;
  const std::string number = world.Intake("Refusé ailleurs", "refuse");
  EXPECT_EQ(world.Look(number), "v1 rejected |  | due none\n");
  EXPECT_EQ(world.Do(number, "olga", "check.accept"),
            "ended: Ce projet est terminé : plus rien ne peut y être fait.");
}

TEST(Desk, IntakeTwiceIsOneProject) {
  DeskWorld world;
  IntakeRequest request{.call = "demo-2026",
                        .title = "Un",
                        .collection = "inconnue",
                        .holder_email = "H@Exemple.invalid",
                        .holder_name = "H",
                        .siret = "",
                        .administration = "",
                        .co_holders = {"co@exemple.invalid"},
                        .dossier = 7,
                        .ds_state = "",
                        .answers = {{"title", "Un"}},
                        .key = "ds:42:7",
                        .now = world.now};
  const auto first = world.desk().Intake(request);
  request.title = "Un, relu";
  const auto again = world.desk().Intake(request);
  ASSERT_TRUE(first && again);
  EXPECT_TRUE(again.value().repeated);
  EXPECT_EQ(again.value().project, first.value().project);
  request.key = "";
  EXPECT_EQ(world.Said(world.desk().Intake(request)),
            "known_dossier: Ce dossier est déjà un projet.");
  request.call = "autre";
  EXPECT_EQ(world.Said(world.desk().Intake(request)).substr(0, 12), "unknown_call");
  EXPECT_EQ(world.Project(first.value().project).collection, "");
}

TEST(Desk, DossiersTakenInTogetherGoInAllOrNone) {
  DeskWorld world;
  const auto dossier = [&](std::int64_t number, const std::string& holder) {
    return IntakeRequest{.call = "demo-2026",
                         .title = number == 2 ? "Le deuxième" : "Un autre",
                         .collection = "",
                         .holder_email = holder,
                         .holder_name = "",
                         .siret = "",
                         .administration = "",
                         .co_holders = {},
                         .dossier = number,
                         .ds_state = "",
                         .answers = {{"title", "Un"}},
                         .key = "ds:42:" + std::to_string(number),
                         .now = world.now};
  };
  std::vector<IntakeRequest> three = {dossier(1, "a@exemple.invalid"), dossier(2, "personne"),
                                      dossier(3, "a@exemple.invalid")};
  const auto refused = world.desk().Intake(three);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.refusal().code, "form");
  const auto held = [&] {
    return world.database().Read([](storage::Session& s) { return storage::ProjectsHeld(s); });
  };
  EXPECT_EQ(held(), 0);
  three[1].holder_email = "b@exemple.invalid";
  const auto answers = world.desk().Intake(three);
  ASSERT_TRUE(answers);
  ASSERT_EQ(answers.value().size(), 3U);
  EXPECT_EQ(held(), 3);
  EXPECT_EQ(world.Project(answers.value()[2].project).dossier, 3);
  // A group that was answered before its caller died is answered again, and found by search.
  EXPECT_TRUE(world.desk().Intake(three).value()[1].repeated);
  storage::ProjectFilter filter;
  filter.text = "deuxième";
  EXPECT_EQ(world.database()
                .Read([&](storage::Session& s) { return storage::ListProjects(s, filter); })
                .size(),
            1U);
}

}  // namespace
}  // namespace aiguillage::workflows
