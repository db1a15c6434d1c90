// What an act writes to be sent: to whom a mail goes, and what Démarches Simplifiées is told.
#include <gtest/gtest.h>

#include "storage/outbox.h"
#include "tests/support/desk_world.h"
#include "workflows/delegation.h"
#include "workflows/desk.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;

TEST(Desk, WhoStandsInGetsTheMailsOfTheAbsentAndIsToldWhy) {
  DeskWorld world;
  const auto lea = world.Person("lea"), denis = world.Person("denis");
  world.database().Write([&](Session& session) {
    ASSERT_TRUE(DeclareAbsence(
        session, {0, lea, denis, "collection:numerique", world.now - 1, world.now + 86'400'000},
        world.now));
  });
  const auto told = [&](const std::string& title, const std::string& collection) {
    const std::string number = world.Intake(title, "", collection);
    EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
    const auto id = world.Project(number).id;
    std::map<std::string, std::string> standing_for;
    world.database().Read([&](Session& session) {
      for (const auto& row : storage::OutboxOf(session, id)) {
        if (row.topic == "lead_asked" && !row.copy) {
          standing_for[row.address] = row.payload.value("standing_for", "");
        }
      }
    });
    return standing_for;
  };
  using Told = std::map<std::string, std::string>;
  const std::string to_lea = DeskWorld::Email("lea"), to_denis = DeskWorld::Email("denis");
  EXPECT_EQ(told("Accueil", "numerique"), (Told{{to_lea, ""}, {to_denis, "lea"}}));
  EXPECT_EQ(told("Ailleurs", "achat").count(to_denis), 0U) << "not lent";
  world.Days(2);
  EXPECT_EQ(told("Après", "numerique"), (Told{{to_lea, ""}}));
}

TEST(Desk, MailsTellEachPersonOnce) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Grant("lea", "case_officer", "project:" + number);  // now in `to` and in `copy`
  world.Do(number, "paul", "check.accept");
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    std::string told;
    for (const auto& row : storage::OutboxOf(session, project.id)) {
      if (row.topic != "lead_asked") continue;
      told += row.address + (row.copy ? " copy" : "") + " " + row.payload.at("recipient").dump() +
              row.payload.at("next").dump() + row.payload.at("due").dump() + "\n";
    }
    EXPECT_EQ(told,
              "lea@exemple.invalid \"lea\"\"Valider le cadrage (chef de file de "
              "collection)\"\"14 décembre 2026\"\n");
  });
}

TEST(Desk, DsRowsCarryTheReason) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.ask", json{{"reason", "Il manque l’accord hiérarchique."}});
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    for (const auto& row : storage::OutboxOf(session, project.id)) {
      if (row.kind != "ds") continue;
      EXPECT_EQ(row.topic, "correction");
      EXPECT_EQ(row.payload.at("text"), "Il manque l’accord hiérarchique.");
      EXPECT_EQ(row.payload.at("dossier"), project.dossier);
      EXPECT_EQ(row.not_before, world.now + 10 * 60'000);
    }
  });
  DeskWorld alone({.ds_configured = false});
  const std::string other = alone.Intake("Accueil");
  alone.Do(other, "olga", "check.accept");
  EXPECT_NE(alone.Look(other).find("ds not_configured instruct\n"), std::string::npos);
}

}  // namespace
}  // namespace aiguillage::workflows
