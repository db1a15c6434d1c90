// Who may do what where, told as questions and answers.
#include "workflows/access.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/calls.h"
#include "tests/support/desk_world.h"
#include "workflows/delegation.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using storage::Session;
using test::DeskWorld;

std::string Held(DeskWorld& world, const std::string& number, const std::string& name) {
  const auto project = world.Project(number);
  const auto person = world.Person(name);
  return world.database().Read([&](Session& session) {
    std::string text;
    for (const auto& held : RolesIn(session, person, project, world.now)) {
      text += held.role + "@" + held.scope;
      if (held.on_behalf_of != 0) text += " for " + NameOf(session, held.on_behalf_of);
      text += "\n";
    }
    return text;
  });
}

std::string Assignee(DeskWorld& world, const std::string& number, const std::string& role) {
  const auto project = world.Project(number);
  return world.database().Read([&](Session& session) {
    const auto assignment = AssigneeFor(session, role, project);
    return assignment.assignee + (assignment.fell_back ? " (pilot)" : "");
  });
}

bool Sees(DeskWorld& world, const std::string& number, const std::string& name) {
  const auto project = world.Project(number);
  const auto person = world.Person(name);
  return world.database().Read(
      [&](Session& session) { return MaySee(session, person, project, world.now); });
}

TEST(Access, LeadOfACollectionLeadsItsSubCollections) {
  DeskWorld world;
  const std::string cyber = world.Intake("Mots de passe", "", "cyber");
  EXPECT_EQ(Held(world, cyber, "lea"), "collection_lead@collection:numerique\n");
  EXPECT_EQ(Assignee(world, cyber, "collection_lead"), "collection_lead@collection:numerique");
  world.Grant("cyril", "collection_lead", "collection:cyber");
  EXPECT_EQ(Assignee(world, cyber, "collection_lead"), "collection_lead@collection:cyber");
  const std::string achat = world.Intake("Clauses sociales", "", "achat");
  EXPECT_EQ(Held(world, achat, "lea"), "");
  EXPECT_EQ(Assignee(world, achat, "collection_lead"), "program_admin@ (pilot)");
}

TEST(Access, HolderHoldsByTheProjectItself) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(Held(world, number, "hugo"), "project_holder@project:" + number + "\n");
  EXPECT_EQ(Assignee(world, number, "project_holder"), "project_holder@project:" + number);
}

TEST(Access, OthersSeeNothing) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  const std::string achat = world.Intake("Clauses", "", "achat");
  world.Grant("adele", "auditor");
  world.Grant("rita", "reviewer");  // anywhere: one of a pool
  EXPECT_TRUE(Sees(world, number, "hugo"));
  EXPECT_TRUE(Sees(world, number, "lea"));
  EXPECT_FALSE(Sees(world, achat, "lea"));
  EXPECT_TRUE(Sees(world, achat, "adele"));
  EXPECT_FALSE(Sees(world, number, "rita"));
  world.Grant("rita", "reviewer", "project:" + number);
  EXPECT_TRUE(Sees(world, number, "rita"));
  EXPECT_FALSE(Sees(world, number, "nobody"));
}

TEST(Access, AbsenceLendsRolesForItsDatesAndScope) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  const auto lea = world.Person("lea"), denis = world.Person("denis");
  const std::int64_t day = 86'400'000;
  const auto declare = [&](const storage::Delegation& delegation) {
    return world.database().Write([&](Session& session) {
      const auto said = DeclareAbsence(session, delegation, world.now);
      return said ? std::string("ok") : said.refusal().code;
    });
  };
  EXPECT_EQ(declare({0, lea, lea, "", world.now, world.now + day}), "same_person");
  EXPECT_EQ(declare({0, lea, denis, "", world.now + day, world.now}), "bad_dates");
  EXPECT_EQ(declare({0, lea, denis, "numerique", world.now, world.now + day}), "bad_scope");
  EXPECT_EQ(declare({0, lea, 999, "", world.now, world.now + day}), "unknown_person");
  EXPECT_EQ(declare({0, lea, denis, "", world.now, world.now + 5 * day}), "ok");
  EXPECT_EQ(Held(world, number, "denis"), "collection_lead@collection:numerique for lea\n");
  const auto project = world.Project(number);
  const auto keys = world.database().Read(
      [&](Session& session) { return AssigneesIn(session, denis, project, world.now); });
  EXPECT_NE(std::find(keys.begin(), keys.end(), "collection_lead@collection:numerique"),
            keys.end());
  // A loan is not lent on: who stands in for the stand-in does not stand in for the absent.
  const auto emma = world.Person("emma");
  EXPECT_EQ(declare({0, denis, emma, "", world.now, world.now + 5 * day}), "ok");
  EXPECT_EQ(Held(world, number, "emma"), "");
  world.Days(6);
  EXPECT_EQ(Held(world, number, "denis"), "");
}

TEST(Access, InactivePeopleHoldNothing) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.database().Write([&](Session& session) {
    auto lea = storage::FindPerson(session, world.Person("lea")).value();
    lea.active = false;
    storage::UpdatePerson(session, lea);
  });
  EXPECT_EQ(Held(world, number, "lea"), "");
  EXPECT_EQ(Assignee(world, number, "collection_lead"), "program_admin@ (pilot)");
}

TEST(Access, RolesSpeakFrench) {
  EXPECT_EQ(RoleLabels({"reviewer", "designer", "program_admin"}),
            "relecteur, concepteur ou administrateur pilote (DGAFP)");
  EXPECT_TRUE(IsRole("committee_chair"));
  EXPECT_FALSE(IsRole("chef"));
  EXPECT_TRUE(IsScope("collection:numerique"));
  EXPECT_FALSE(IsScope("collection:"));
  EXPECT_TRUE(SameSiren("00000000100017", "00000000100025"));
  EXPECT_FALSE(SameSiren("", ""));
}

// Rails bring a role of their own: it is one everywhere, and follows the rules of the one it is
// like.
TEST(Access, ADeclaredRoleIsARoleAndFollowsTheOneItIsLike) {
  EXPECT_EQ(DeclareRoles("relay:relais de branche:collection_lead"), "");
  EXPECT_EQ(DeclareRoles("relay:relais de branche:collection_lead"), "");  // read again
  EXPECT_TRUE(IsRole("relay"));
  EXPECT_EQ(RoleLabel("relay"), "relais de branche");
  EXPECT_EQ(RoleLike("relay"), "collection_lead");
  EXPECT_EQ(RoleLike("designer"), "designer");
  const auto roles = Roles();
  EXPECT_EQ(
      std::count_if(roles.begin(), roles.end(), [](const Role& one) { return one.id == "relay"; }),
      1);
}

TEST(Access, ADeclaredRoleThatCannotBeIsRefusedInWords) {
  EXPECT_NE(DeclareRoles("program_admin:chef:case_officer"), "");  // taken
  EXPECT_NE(DeclareRoles("system:machine:case_officer"), "");
  EXPECT_NE(DeclareRoles("juror:jurée"), "");            // like whom?
  EXPECT_NE(DeclareRoles("juror:jurée:nobody"), "");     // like nobody known
  EXPECT_NE(DeclareRoles("jury.1:jurée:reviewer"), "");  // not an id
  EXPECT_FALSE(IsRole("juror"));
}

// Whoever holds a role for a collection holds it for what is below: not only the lead.
TEST(Access, AnyRoleOnACollectionCoversItsSubCollections) {
  DeskWorld world;
  ASSERT_EQ(DeclareRoles("relay:relais de branche:collection_lead"), "");
  std::vector<std::string> keys;
  world.database().Write([&](Session& session) {
    storage::SaveCollection(session, {"pfrh", "", "PFRH", "", "", 90});
    storage::SaveCollection(session, {"pfrh-bretagne", "pfrh", "Bretagne", "", "", 91});
    storage::InsertGrant(session, {0, world.Person("lea"), "relay", "collection:pfrh", 0, 0});
    keys = AssigneesIn(session, world.Person("lea"), {}, 1);
  });
  EXPECT_NE(std::find(keys.begin(), keys.end(), "relay@collection:pfrh-bretagne"), keys.end());
}

}  // namespace
}  // namespace aiguillage::workflows
