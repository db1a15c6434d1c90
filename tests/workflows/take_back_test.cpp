// Taking an act back: what comes back, and when it is too late.
#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/drafts.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "tests/support/desk_world.h"
#include "tests/support/drawn_rails.h"
#include "workflows/past.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;

const json kWithdrawn = {{"reason", "Il manque l’accord hiérarchique."}};

TEST(TakeBack, RestoresTheProjectAndWithdrawsWhatWaits) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Days(2);
  EXPECT_EQ(world.Do(number, "olga", "check.ask", kWithdrawn), "active completing");
  const std::string act = world.last_act;
  world.Minutes(10);
  EXPECT_EQ(world.TakeBack(number, "olga", act), "active check");
  EXPECT_EQ(world.Look(number),
            "v3 active check | case_officer | due 2026-12-07\n"
            "task Vérifier la recevabilité -> case_officer@, due 2026-12-07\n"
            "mail pending acknowledgement -> hugo\n"
            "mail pending acknowledgement -> olga (copy)\n"
            "ds withdrawn correction\n"
            "mail withdrawn asked -> hugo\n")
      << "the first dates came back";
  const auto project = world.Project(number);
  world.database().Read([&](Session& session) {
    const auto documents = storage::DocumentsOf(session, project.id);
    EXPECT_TRUE(documents.back().taken_back);
    const auto draft = storage::FindDraft(session, project.id, "check.ask", world.Person("olga"));
    EXPECT_EQ(draft.value().answers, kWithdrawn) << "what was typed is not lost";
  });
  EXPECT_EQ(world.Broken(), "");
  EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review");
  EXPECT_EQ(world.Broken(), "");
}

TEST(TakeBack, GivesBackRoles) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "hugo", "team.assign", {{"designers", {DeskWorld::Email("dora")}}});
  EXPECT_EQ(world.TakeBack(number, "hugo", world.last_act), "active check");
  world.database().Read([&](Session& session) {
    EXPECT_TRUE(storage::Holders(session, "designer", "project:" + number).empty());
  });
}

// The instant between an act and its taking back is past like any other.
TEST(TakeBack, ThePastBeforeItCanStillBeTold) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  const std::int64_t between = world.now;
  const auto pipeline = [&] {
    return world.database().Read(
        [&](Session& session) { return PipelineAt(session, world.catalog(), between); });
  };
  const auto then = pipeline();
  ASSERT_EQ(then.size(), 1U);
  world.Minutes(1);
  world.TakeBack(number, "olga", world.last_act);
  EXPECT_EQ(pipeline(), then);
}

TEST(TakeBack, IsRefusedInWords) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  const std::string intake = world.last_act;
  EXPECT_EQ(world.Do(number, "olga", "check.ask", kWithdrawn), "active completing");
  const std::string act = world.last_act;
  EXPECT_EQ(world.TakeBack(number, "paul", act),
            "not_yours: Seule la personne qui a agi peut reprendre cet acte.");
  world.Minutes(11);
  EXPECT_EQ(world.TakeBack(number, "olga", act),
            "too_late: Le délai de 10 minutes pour reprendre cet acte est passé.");
  EXPECT_EQ(world.Do(number, "hugo", "resubmit"), "active check");
  EXPECT_EQ(world.TakeBack(number, "olga", act).substr(0, 8), "not_last");
  const std::string resubmit = world.last_act;
  EXPECT_EQ(world.TakeBack(number, "hugo", resubmit), "active completing");
  EXPECT_EQ(world.TakeBack(number, "hugo", world.last_act),
            "too_late: Cet acte ne se reprend pas.");
  EXPECT_EQ(world.Do(number, "hugo", "resubmit"), "active check");
  EXPECT_EQ(world.Do(number, "olga", "check.note"), "active check");
  EXPECT_EQ(world.TakeBack(number, "olga", world.last_act), "too_late: Cet acte ne se reprend pas.")
      << "its own grace is 0";
}

TEST(TakeBack, IsTooLateOnceSomethingLeft) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.ask", kWithdrawn);
  const std::string act = world.last_act;
  world.Minutes(10);
  world.database().Write([&](Session& session) {
    ASSERT_FALSE(storage::LeaseOutbox(session, "mail", world.now, world.now + 60'000, 10).empty());
  });
  EXPECT_EQ(world.TakeBack(number, "olga", act).substr(0, 7), "sending");
}

// Found by the simulation: the deadline that the act had started was taken for the state's own.
TEST(TakeBack, LeavesTheDeadlineOfAStateThatWasEnteredAgain) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  const std::string before = world.LookTasks(number);
  world.Days(3);
  world.Do(number, "paul", "collection.reassign", {{"collection", "cyber"}});
  EXPECT_NE(world.LookTasks(number), before) << "its deadline started again";
  world.TakeBack(number, "paul", world.last_act);
  EXPECT_EQ(world.LookTasks(number), before);
  world.Do(number, "hugo", "team.assign", {{"designers", {DeskWorld::Email("dora")}}});
  EXPECT_EQ(world.LookTasks(number), before) << "the next act reads the deadlines again";
}

TEST(TakeBack, LeavesWhatWasLeftOfAStoppedDeadline) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  world.Days(8);
  world.Do(number, "olga", "check.ask", kWithdrawn);
  world.Do(number, "hugo", "resubmit");
  const std::string resumed = world.LookTasks(number);
  EXPECT_EQ(resumed, "task Vérifier la recevabilité -> case_officer@, due 2026-12-07\n");
  world.TakeBack(number, "hugo", world.last_act);
  EXPECT_EQ(world.Do(number, "hugo", "resubmit"), "active check");
  EXPECT_EQ(world.LookTasks(number), resumed) << "not ten days afresh";
}

TEST(TakeBack, BringsAFinishedProjectBackToLife) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  const std::string before = world.LookTasks(number);
  EXPECT_EQ(world.Do(number, "hugo", "withdraw"), "withdrawn");
  EXPECT_EQ(world.TakeBack(number, "hugo", world.last_act), "active check");
  EXPECT_EQ(world.LookTasks(number), before);
  EXPECT_EQ(world.Project(number).ended_at, 0);
  world.Days(20);
  EXPECT_EQ(world.Tick(), "check.late: active check\n") << "its deadline runs again";
  EXPECT_EQ(world.Broken(), "");
}

// A state that one act enters twice starts its deadline, and its delayed event, twice: the first of
// each is cancelled within the act, and stays so.
TEST(TakeBack, LeavesNothingOfAStateThatTheActEnteredTwice) {
  const test::DrawnRails rails(
      R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:aap="urn:aiguillage:aap:1" version="1.0"
 datamodel="ecmascript" name="drawn" initial="arriving" aap:title="Deux fois">
<datamodel><data id="n" expr="0"/></datamodel>
<state id="arriving" aap:label="Arrivée"><transition event="intake" target="waiting"/></state>
<state id="waiting" aap:label="Attente" aap:turn="project_holder">
<transition event="go" target="twice" aap:label="Avancer" aap:by="project_holder"/></state>
<state id="twice" aap:label="Deux fois" aap:turn="project_holder">
<onentry><aap:deadline in="3 jours" event="late"/><send event="soon" id="soon" delay="60s"/></onentry>
<onexit><cancel sendid="soon"/></onexit>
<transition cond="n &lt; 1" target="twice"><assign location="n" expr="n + 1"/></transition>
<transition event="late"><aap:mail template="late" to="project_holder"/></transition>
<transition event="soon"/>
<transition event="end" target="end" aap:label="Finir" aap:by="project_holder"/></state>
<final id="end" aap:label="Fin"/></scxml>)");
  test::WorldOptions options;
  options.rails = rails.path();
  options.definition = "drawn";
  DeskWorld world(options);
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(world.Do(number, "hugo", "go"), "twice");
  EXPECT_EQ(world.TakeBack(number, "hugo", world.last_act), "waiting");
  EXPECT_EQ(world.Broken(), "");
  world.Days(10);
  EXPECT_EQ(world.Tick(), "") << "nothing waits";
}

}  // namespace
}  // namespace aiguillage::workflows
