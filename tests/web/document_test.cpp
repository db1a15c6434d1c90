// Papers: what is handed over to whoever publishes on the platform.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/projects.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void Write(Counter& counter, const std::string& form, const nlohmann::json& answers) {
  counter.database().Write([&](storage::Session& session) {
    storage::Document document;
    document.project = storage::FindProject(session, counter.number(1))->id;
    document.form = form;
    document.person = counter.PersonId("holder");
    document.act = form + answers.dump();
    document.at = Counter::kNow;
    document.answers = answers;
    storage::InsertDocument(session, document);
  });
}

}  // namespace

TEST(HandOver, GivesTheLatestSheetsAndNothingElse) {
  Counter counter;
  const std::string uri = "/projets/" + counter.number(1) + "/fiches.json";
  EXPECT_EQ(counter.Get(uri, "pilot").status, 404);
  EXPECT_THAT(counter.Get("/projets/" + counter.number(1) + "?onglet=documents", "pilot").body,
              Not(HasSubstr("fiches.json")));
  Write(counter, "training_sheet", {{"name", "Avant"}});
  Write(counter, "training_sheet", {{"name", "Manager une équipe hybride"}});
  Write(counter, "synopsis", {{"title", "Ne part pas"}});
  const auto answer = counter.Get(uri, "pilot");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "application/json; charset=utf-8");
  const auto sheets = nlohmann::json::parse(answer.body);
  EXPECT_EQ(sheets["number"], counter.number(1));
  EXPECT_EQ(sheets["documents"].size(), 1U);
  EXPECT_EQ(sheets["documents"]["training_sheet"]["version"], 2);
  EXPECT_EQ(sheets["documents"]["training_sheet"]["answers"]["name"], "Manager une équipe hybride");
  EXPECT_THAT(counter.Get("/projets/" + counter.number(1) + "?onglet=documents", "pilot").body,
              HasSubstr("fiches.json"));
}

TEST(PublicCalendar, ListsWhatTheRailsAnnounceAndNothingElse) {
  Counter counter;
  counter.database().Write([&](storage::Session& session) {
    auto online = *storage::FindProject(session, counter.number(1));
    online.publication_on = "2026-09-08";
    online.course_url = "https://mentor.exemple.invalid/cours/1";
    ASSERT_TRUE(storage::UpdateProject(session, online, online.version));
    auto hidden = *storage::FindProject(session, counter.number(2));
    hidden.publication_on = "2026-10-06";
    hidden.state = "suspended";
    ASSERT_TRUE(storage::UpdateProject(session, hidden, hidden.version));
  });
  std::string page = counter.Get("/calendrier").body;
  EXPECT_THAT(page, HasSubstr("https://mentor.exemple.invalid/cours/1"));
  EXPECT_THAT(page, HasSubstr("8 septembre 2026"));
  EXPECT_THAT(page, Not(HasSubstr("2026-10-06")));
  counter.database().Write([&](storage::Session& session) {
    auto again = *storage::FindProject(session, counter.number(2));
    again.state = "publication";
    ASSERT_TRUE(storage::UpdateProject(session, again, again.version));
  });
  page = counter.Get("/calendrier").body;
  EXPECT_THAT(page, HasSubstr("2026-10-06"));
}

}  // namespace aiguillage::web
