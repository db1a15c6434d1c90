// Deciding: the form, its errors, what is kept, what moved meanwhile, what may be sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/journal.h"
#include "storage/projects.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Reject(Counter& counter, int project = 1) {
  return "/projets/" + counter.number(project) + "/actions/admissibility.reject";
}

// The value of a hidden field of a page.
std::string Hidden(const std::string& page, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const auto at = page.find(mark);
  if (at == std::string::npos) return "";
  const auto from = at + mark.size();
  return page.substr(from, page.find('"', from) - from);
}

Fields FormOf(const std::string& page, const Fields& answers) {
  Fields fields = answers;
  for (const char* name : {"cle", "tache", "tache_version", "projet_version", "lignes"}) {
    fields.emplace_back(name, Hidden(page, name));
  }
  fields.emplace_back("do", "act");
  return fields;
}

std::string StatesOf(Counter& counter, int project = 1) {
  return counter.database()
      .Read([&](storage::Session& session) {
        return storage::FindProject(session, counter.number(project));
      })
      ->states;
}

}  // namespace

TEST(Decision, IsTakenWithItsFormAndCanBeTakenBack) {
  Counter counter;
  const auto page = counter.Get(Reject(counter), "officer");
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body, HasSubstr("Ce qui va se passer"));
  const auto wrong = counter.Post(Reject(counter), FormOf(page.body, {}), "officer");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("Il reste des points à corriger"));
  EXPECT_THAT(wrong.body, HasSubstr("aria-invalid"));
}

TEST(Decision, KeepsWhatWasTypedBesideItsErrors) {
  Counter counter;
  const std::string address = "/projets/" + counter.number(1) + "/actions/completion.request";
  const auto page = counter.Get(address, "officer");
  ASSERT_EQ(page.status, 200);
  const auto again = counter.Post(
      address, FormOf(page.body, {{"reason", ""}, {"items.0.what", "Le budget détaillé"}}),
      "officer");
  EXPECT_EQ(again.status, 422);
  EXPECT_FALSE(HoldsCanary(again.body));
}

TEST(Decision, OfSomebodyElseIsExplained) {
  Counter counter;
  const auto page = counter.Get(Reject(counter), "holder");
  EXPECT_EQ(page.status, 403);
  EXPECT_THAT(page.body, HasSubstr("Qui peut le faire"));
  EXPECT_EQ(counter.Post(Reject(counter), {{"do", "act"}}, "holder").status, 403);
  EXPECT_EQ(counter.Get("/projets/" + counter.number(1) + "/actions/nulle.part", "officer").status,
            409);
  EXPECT_THAT(StatesOf(counter), HasSubstr("admissibility_check"));
}

// A page opened before somebody else's decision says who decided, and writes nothing.
TEST(Decision, OnAProjectThatMovedTellsWhoMovedIt) {
  Counter counter;
  const std::string start = "/projets/" + counter.number(1) + "/actions/admissibility.start";
  const auto first = counter.Get(start, "officer");
  const auto second = counter.Get(start, "pilot");
  ASSERT_EQ(first.status, 200);
  ASSERT_EQ(second.status, 200);
  EXPECT_EQ(counter.Post(start, FormOf(first.body, {}), "officer").status, 303);
  const auto late = counter.Post(start, FormOf(second.body, {}), "pilot");
  EXPECT_GE(late.status, 400);
  EXPECT_LT(late.status, 500);
  EXPECT_THAT(late.body, HasSubstr("Commencer l’examen"));
}

TEST(Decision, SentTwiceIsDoneOnce) {
  Counter counter;
  const std::string start = "/projets/" + counter.number(1) + "/actions/admissibility.start";
  const auto fields = FormOf(counter.Get(start, "officer").body, {});
  const auto first = counter.Post(start, fields, "officer");
  ASSERT_EQ(first.status, 303);
  const auto journal = [&] {
    return counter.database().Read([&](storage::Session& session) {
      return storage::JournalOf(session, storage::FindProject(session, counter.number(1))->id)
          .size();
    });
  };
  const auto rows = journal();
  counter.Post(start, fields, "officer");
  EXPECT_EQ(journal(), rows);
}

TEST(Decision, IsTakenBackFromTheListOfWhatOneDid) {
  Counter counter;
  const std::string start = "/projets/" + counter.number(1) + "/actions/admissibility.start";
  const auto done = counter.Post(start, FormOf(counter.Get(start, "officer").body, {}), "officer");
  ASSERT_EQ(done.status, 303);
  const auto tasks = counter.Get(*done.FindHeader("Location"), "officer");
  EXPECT_THAT(tasks.body, HasSubstr("c’est fait"));
  const auto last = counter.database().Read([&](storage::Session& session) {
    return storage::LastJournal(session, storage::FindProject(session, counter.number(1))->id);
  });
  const auto back =
      counter.Post("/projets/" + counter.number(1) + "/annuler/" + last->act, {}, "officer");
  EXPECT_EQ(back.status, 303) << back.body;
}

TEST(Decision, SurvivesAnEnormousAnswerInEveryField) {
  Counter counter;
  const std::string huge(250 * 1024, 'a');
  for (const char* action :
       {"admissibility.accept", "admissibility.reject", "completion.request"}) {
    const std::string address = "/projets/" + counter.number(1) + "/actions/" + action;
    const auto page = counter.Get(address, "officer");
    ASSERT_EQ(page.status, 200) << action;
    std::size_t at = 0;
    int tried = 0;
    while ((at = page.body.find(" name=\"", at)) != std::string::npos) {
      at += 7;
      const std::string name = page.body.substr(at, page.body.find('"', at) - at);
      const auto answer = counter.Post(address, {{name, huge}, {"do", "act"}}, "officer");
      EXPECT_TRUE(answer.status == 413 || answer.status == 422 || answer.status == 403)
          << action << " " << name << " " << answer.status;
      ++tried;
    }
    EXPECT_GT(tried, 5) << action;
  }
  EXPECT_THAT(StatesOf(counter), HasSubstr("admissibility_check"));
}

TEST(Draft, IsKeptForItsAuthorAlone) {
  Counter counter;
  const auto page = counter.Get(Reject(counter), "officer");
  auto fields = FormOf(page.body, {{"reason", "Hors du champ de l’appel"}});
  fields.back().second = "draft";
  EXPECT_EQ(counter.Post(Reject(counter), fields, "officer").status, 303);
  EXPECT_THAT(counter.Get(Reject(counter), "officer").body, HasSubstr("Hors du champ de l’appel"));
  EXPECT_THAT(counter.Get(Reject(counter), "pilot").body,
              Not(HasSubstr("Hors du champ de l’appel")));
}

}  // namespace aiguillage::web
