// A team invited by mail, and the dates one may expect.
#include <gmock/gmock.h>

#include "storage/calls.h"
#include "storage/people.h"
#include "tests/web/steps.h"
#include "workflows/access.h"
#include "workflows/road.h"

namespace aiguillage::web {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

TEST(Team, IsInvitedByMailAndAnUnknownAddressGetsAnAccess) {
  Counter counter;
  const std::string address = Action(counter, "team.assign");
  const auto page = counter.Get(address, "holder");
  ASSERT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("Co-porteurs"));
  const auto wrong =
      counter.Post(address, Filled(page.body, {{"co_holders", "pas une adresse"}}), "holder");
  EXPECT_EQ(wrong.status, 422);
  ASSERT_EQ(counter
                .Post(address,
                      Filled(page.body, {{"co_holders", "Neuve@exemple.invalid"},
                                         {"designers", "concept@exemple.invalid"}}),
                      "holder")
                .status,
            303);
  EXPECT_THAT(Told(counter, "co_holder_invited"), UnorderedElementsAre("neuve", "holder"));
  EXPECT_THAT(Told(counter, "team_assigned"), testing::Contains("concept"));
  const auto project = Row(counter);
  counter.database().Read([&](storage::Session& session) {
    const auto person = storage::FindPersonByEmail(session, "neuve@exemple.invalid");
    ASSERT_TRUE(person);
    EXPECT_TRUE(person->active);
    EXPECT_TRUE(workflows::MaySee(session, person->id, project, counter.now));
  });
  EXPECT_EQ(counter.Get(address, "reviewer").status, 403);
  EXPECT_EQ(counter.Post(address, {{"co_holders", "x@exemple.invalid"}, {"do", "act"}}, "reviewer")
                .status,
            403);
}

TEST(Expected, ReadsTheRoadOfTheRailsWithItsTimes) {
  Counter counter;
  const std::string tab = Project(counter) + "?onglet=dates";
  const auto page = counter.Get(tab, "holder").body;
  EXPECT_THAT(page, HasSubstr("Votre dossier est en cours de vérification <span class=\"tag\">en "
                              "cours</span>"));
  EXPECT_LT(page.find("Votre cadrage est étudié par le chef de file"),
            page.find("Des relecteurs évaluent votre projet"));
  EXPECT_THAT(page, HasSubstr("40 jours ouvrés"));
  EXPECT_THAT(page, HasSubstr("trop peu de projets"));
  EXPECT_EQ(counter.Get(tab, "other_holder").status, 403);
  const auto project = Row(counter);
  const auto road = counter.database().Read([&](storage::Session& session) {
    const auto definition = counter.services().catalog.Newest("mentor");
    return workflows::RoadAhead(definition->chart, project.states, project.due_at, counter.now,
                                *storage::FindCall(session, "mentor-2026"));
  });
  std::vector<std::string> states;
  std::int64_t before = 0;
  for (const auto& step : road) {
    states.push_back(step.state);
    EXPECT_GE(step.due_at, before) << step.state;
    before = step.due_at;
  }
  EXPECT_THAT(
      states,
      ElementsAre("admissibility_check", "lead_review", "expert_review", "committee", "selected",
                  "commitment", "framing_drafting", "framing_lead_validation", "scenario_drafting",
                  "scenario_validation", "production_contents_writing", "production_validation",
                  "integration_building", "integration_acceptance", "quality_reviewing",
                  "publication_preparing", "publication_scheduled", "evaluation_hot",
                  "evaluation_cold", "evaluation_reporting", "in_catalogue"));
}

}  // namespace
}  // namespace aiguillage::web
