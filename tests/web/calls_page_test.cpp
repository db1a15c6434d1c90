// The pilot's page of calls: dates, the version of the rails and what it changes, who leads what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "tests/web/counter.h"
#include "web/versions.h"

namespace aiguillage::web {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

void Replace(std::string& text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
}

// The rails as they were: a step called otherwise, a form less, another form worded otherwise.
storage::Definition Earlier(const workflows::Definition& now) {
  storage::Definition earlier{"", now.name, 1, now.files};
  Replace(earlier.files["mentor.scxml"], "<state id=\"waitlisted\"",
          "<state id=\"old_step\" aap:label=\"Étape d’avant &lt;script&gt;alert(1)\"/>"
          "<state id=\"waitlisted\"");
  Replace(earlier.files["mentor.scxml"], " aap:survey=\"cold_survey\"", "");
  earlier.files.erase("forms/cold_survey.json");
  Replace(earlier.files["forms/survey.json"], "Êtes-vous satisfait", "Est-on satisfait");
  earlier.hash = workflows::ManifestHash(earlier.files);
  return earlier;
}

}  // namespace

// Refused, it was shown as a new call with the ids of the one it is.
TEST(CallsPage, RefusedChangeStaysWithItsCall) {
  Counter counter;
  const auto page = counter.Post(
      "/appels", {{"id", "mentor-2026"}, {"title", ""}, {"definition", "mentor"}}, "pilot");
  EXPECT_EQ(page.status, 422);
  EXPECT_THAT(page.body, HasSubstr("<a href=\"#title-mentor-2026\">"));
  const auto first = page.body.find("id=\"title-mentor-2026\"");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(page.body.find("id=\"title-mentor-2026\"", first + 1), std::string::npos);
}

TEST(CallsPage, TellsWhatTheNewVersionOfTheRailsChanges) {
  Counter counter;
  const auto now = counter.services().catalog.Newest("mentor");
  EXPECT_THAT(counter.Get("/appels", "pilot").body, Not(HasSubstr("Ce que change la version")));
  const auto earlier = Earlier(*now);
  counter.database().Write(
      [&](storage::Session& session) { storage::SaveDefinition(session, earlier); });
  const auto changes = counter.database().Read([&](storage::Session& session) {
    return CompareVersions(*counter.services().catalog.Pinned(session, earlier.hash), *now);
  });
  EXPECT_THAT(changes.states_added, IsEmpty());
  EXPECT_THAT(changes.states_removed, ElementsAre("Étape d’avant <script>alert(1)"));
  EXPECT_THAT(changes.forms_added, ElementsAre("Questionnaire d’évaluation à froid"));
  EXPECT_THAT(changes.forms_removed, IsEmpty());
  EXPECT_THAT(changes.forms_changed, ElementsAre("Questionnaire d’évaluation à chaud"));
  EXPECT_TRUE(changes.rules_changed);
  const auto same = CompareVersions(*now, *now);
  EXPECT_FALSE(same.rules_changed);
  EXPECT_THAT(same.forms_changed, IsEmpty());
  const auto page = counter.Get("/appels", "pilot").body;
  EXPECT_THAT(page, HasSubstr("Ce que change la version " + now->hash.substr(0, 8)));
  EXPECT_THAT(page, HasSubstr("Étape d’avant &lt;script&gt;"));
  EXPECT_FALSE(HoldsCanary(page));
}

TEST(CallsPage, SaysWhoLeadsWhatAndWhereNobodyDoes) {
  Counter counter;
  counter.database().Write([](storage::Session& session) {
    storage::SaveCollection(session, {"juridique", "", "Droit", "SG", "", 3});
    storage::SaveCollection(session, {"rh", "", "RH", "DGAFP", "", 4});
    storage::SaveCollection(session, {"metiers-rh", "rh", "Métiers RH", "DGAFP", "", 5});
    storage::SaveCollection(session, {"d-un-autre-appel", "", "Ailleurs", "SG", "", 6});
  });
  counter.services().desk.GrantRole(counter.PersonId("lead"), "collection_lead", "collection:rh",
                                    counter.now);
  const auto page = counter.Get("/appels", "pilot").body;
  EXPECT_THAT(page, HasSubstr("30 octobre 2026"));
  EXPECT_THAT(page, HasSubstr("pas encore fixé<"));  // the committee's day
  EXPECT_THAT(page, HasSubstr("href=\"/appels/mentor-2026/correspondance\""));
  EXPECT_THAT(page, HasSubstr("11\u00a0collections sans chef de file"));
  const auto row = [&](const std::string& label) {
    const auto at = page.find(label + "</th>");
    EXPECT_NE(at, std::string::npos) << label;
    return page.substr(at, page.find("</tr>", at) - at);
  };
  EXPECT_THAT(row("Langues"), HasSubstr("Dominique other_lead"));
  EXPECT_THAT(row("Droit"), HasSubstr("sans chef de file"));
  EXPECT_THAT(row("Métiers RH"), HasSubstr("celui de la collection au-dessus : Dominique lead"));
  EXPECT_THAT(page, Not(HasSubstr("Ailleurs")));
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_EQ(counter.Get("/appels", "officer").status, 403);
  EXPECT_THAT(counter.house().pages.Missing(), IsEmpty());
}

}  // namespace aiguillage::web
