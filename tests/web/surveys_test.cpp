// Anonymous surveys: who opens one, what its link shows, what is kept of an answer, when results
// are told.
#include "web/surveys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/hash.h"
#include "storage/outbox.h"
#include "tests/web/counter.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Published {
  Counter counter;
  const std::string address = "/projets/" + counter.number(1) + "/enquetes";

  Published() { PutOnline("https://mentor.exemple.invalid/cours/1"); }

  void PutOnline(const std::string& url) {
    counter.database().Write([&](storage::Session& session) {
      auto project = storage::FindProject(session, counter.number(1)).value();
      const auto before = project;
      project.course_url = url;
      ++project.version;
      EXPECT_TRUE(storage::UpdateProject(session, before, project));
    });
  }

  // The path of the link that the page shows once.
  std::string LinkIn(const std::string& page) const {
    const std::string mark = "http://127.0.0.1:8080/enquete/";
    const auto at = page.find(mark);
    if (at == std::string::npos) return "";
    return "/enquete/" + page.substr(at + mark.size(), 32);
  }
  std::string Open(const std::string& form = "survey", const std::string& until = "") {
    const auto page = counter.Post(address, {{"form", form}, {"closes_on", until}}, "holder");
    EXPECT_EQ(page.status, 200) << page.body;
    return LinkIn(page.body);
  }
  storage::Survey Only() {
    return counter.database().Read([&](storage::Session& session) {
      const auto project = storage::FindProject(session, counter.number(1));
      return storage::SurveysOf(session, project->id).at(0);
    });
  }
  std::int64_t Count() {
    const auto id = Only().id;
    return counter.database().Read(
        [&](storage::Session& session) { return storage::CountAnswers(session, id); });
  }

  // As a browser that holds nothing of ours sends it.
  Response Send(const std::string& link, const Fields& fields, const Fields& headers = {},
                const std::string& client = "203.0.113.7") {
    std::string body;
    for (const auto& [name, value] : fields) {
      body += (body.empty() ? "" : "&") + PercentEncode(name) + "=" + PercentEncode(value);
    }
    RequestHead head{"POST",
                     link,
                     {{"Content-Type", "application/x-www-form-urlencoded"},
                      {"Content-Length", std::to_string(body.size())}},
                     client};
    head.headers.insert(head.headers.end(), headers.begin(), headers.end());
    return counter.Send(head, body);
  }
  static Fields Hot(const std::string& satisfaction, const std::string& comment,
                    const std::string& key) {
    return {{"cle", key},          {"satisfaction", satisfaction},
            {"objectives", "4"},   {"useful", "4"},
            {"length", "3"},       {"ease", "4"},
            {"media", "4"},        {"activities", "5"},
            {"accessible", "yes"}, {"recommend", "9"},
            {"comment", comment}};
  }
};

}  // namespace

TEST(Surveys, OpenForAPublishedTrainingByItsHolderOrThePilotOnly) {
  Published here;
  for (const char* who : {"lead", "officer", "auditor", "reviewer"}) {
    EXPECT_EQ(here.counter.Post(here.address, {{"form", "survey"}}, who).status, 403) << who;
    EXPECT_THAT(here.counter.Get(here.address, who).body, Not(HasSubstr("Ouvrir l’enquête")));
  }
  EXPECT_EQ(here.counter.Post(here.address, {{"form", "survey"}}, "other_holder").status, 403);
  EXPECT_EQ(here.counter.Get(here.address, "other_holder").status, 403);
  EXPECT_THAT(here.counter.Get(here.address, "holder").body, HasSubstr("Aucune enquête"));
  EXPECT_EQ(here.counter.Post(here.address, {{"form", "application"}}, "holder").status, 422);
  EXPECT_EQ(
      here.counter.Post(here.address, {{"form", "survey"}, {"closes_on", "2026-01-01"}}, "holder")
          .status,
      422);
  here.PutOnline("");
  const auto early = here.counter.Post(here.address, {{"form", "survey"}}, "holder");
  EXPECT_EQ(early.status, 422);
  EXPECT_THAT(early.body, HasSubstr("une fois la formation en ligne"));
  here.PutOnline("https://mentor.exemple.invalid/cours/1");
  EXPECT_EQ(here.counter.Post(here.address, {{"form", "cold_survey"}}, "pilot").status, 200);
}

TEST(Surveys, AreToldToTheHolderAndTheLeadsButNotToWhoOpensThem) {
  Published published;
  Counter& counter = published.counter;
  const auto told = [&](const std::string& who, const std::string& form) {
    const auto page =
        counter.Post(published.address, {{"form", form}, {"closes_on", "2027-03-31"}}, who);
    EXPECT_EQ(page.status, 200);
    const auto rows = counter.database().Read([&](storage::Session& session) {
      const auto project = storage::FindProject(session, counter.number(1));
      return storage::OutboxOf(session, project->id, "mail");
    });
    std::string text;
    for (const auto& row : rows) {
      if (row.topic != "survey_opened" || row.payload["items"][0]["value"] == "") continue;
      text += row.address + (row.copy ? " (copy) " : " ") + row.payload.value("due", "") + "\n";
      EXPECT_THAT(row.payload.dump(), Not(HasSubstr(published.LinkIn(page.body))));
    }
    return text;
  };
  const std::string first =
      "holder@exemple.invalid 31 mars 2027\nlead@exemple.invalid (copy) 31 mars 2027\n";
  EXPECT_EQ(told("pilot", "survey"), first);
  EXPECT_EQ(told("holder", "cold_survey"), first + "lead@exemple.invalid (copy) 31 mars 2027\n");
}

TEST(Surveys, TheLinkIsShownOnceAndOnlyItsDigestIsKept) {
  Published here;
  const std::string link = here.Open();
  const std::string secret = link.substr(std::string("/enquete/").size());
  ASSERT_EQ(secret.size(), 32u) << "128 bits in hex";
  EXPECT_EQ(here.Only().token_hash, storage::Sha256(secret));
  EXPECT_THAT(here.counter.Get(here.address, "holder").body, Not(HasSubstr(secret)));
  const auto again = here.counter.Post(here.address, {{"form", "survey"}}, "holder");
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.body, HasSubstr("déjà ouverte"));
  const std::string one = here.address + "/" + std::to_string(here.Only().id);
  EXPECT_EQ(here.counter.Post(one + "/lien", {}, "lead").status, 403);
  const auto renewed = here.counter.Post(one + "/lien", {}, "holder");
  const std::string fresh = here.LinkIn(renewed.body);
  EXPECT_NE(fresh, link);
  EXPECT_EQ(here.counter.Get(link).status, 404) << "the old one opens nothing any more";
  EXPECT_EQ(here.counter.Get(fresh).status, 200);
}

TEST(Surveys, AnAnswerIsNobodys) {
  Published here;
  const std::string link = here.Open();
  // Whoever is logged in is not recognised there, and no cookie is set.
  const auto page = here.counter.Get(link, "holder");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.cookies.empty());
  EXPECT_THAT(page.body, HasSubstr("Êtes-vous satisfait"));
  EXPECT_THAT(page.body, Not(HasSubstr("Dominique holder")));
  EXPECT_THAT(page.body, Not(HasSubstr("csrf")));
  EXPECT_FALSE(HoldsCanary(page.body));
  here.counter.logged.clear();
  const auto done =
      here.Send(link, here.Hot("4", "mot-secret", "k1"),
                {{"Cookie", "__Host-session=token-holder"}, {"Sec-Fetch-Site", "cross-site"}});
  EXPECT_EQ(done.status, 200);
  EXPECT_TRUE(done.cookies.empty());
  EXPECT_THAT(done.body, HasSubstr("votre réponse est enregistrée"));
  ASSERT_FALSE(here.counter.logged.empty());
  for (const auto& line : here.counter.logged) {
    EXPECT_THAT(line, Not(HasSubstr("mot-secret")));
    EXPECT_THAT(line, Not(HasSubstr("203.0.113.7")));
    EXPECT_THAT(line, Not(HasSubstr("\"person\"")));
    EXPECT_THAT(line, Not(HasSubstr(link.substr(10))));
  }
  here.Send(link, here.Hot("4", "mot-secret", "k1"));
  EXPECT_EQ(here.Count(), 1) << "sent twice, it is one answer";
  for (int i = 0; i < 4; ++i) here.Send(link, here.Hot("4", "mot-secret", std::to_string(i)));
  const auto kept = here.counter.database().Read(
      [&](storage::Session& session) { return storage::AnswersOf(session, 1); });
  ASSERT_EQ(kept.size(), 5u);
  EXPECT_EQ(kept[0].day, "2026-09-21");
  EXPECT_EQ(kept[0].answers["comment"], "mot-secret");
  EXPECT_FALSE(kept[0].answers.contains("cle"));
}

TEST(Surveys, WhatIsMissingIsSaidAndWhatWasTypedStays) {
  Published here;
  const std::string link = here.Open();
  auto fields = here.Hot("", "Très " + kCanary, "k");
  const auto page = here.Send(link, fields);
  EXPECT_EQ(page.status, 422);
  EXPECT_THAT(page.body, HasSubstr("Il reste des points à corriger"));
  EXPECT_THAT(page.body, HasSubstr("Très &lt;script&gt;"));
  EXPECT_FALSE(HoldsCanary(page.body));
  EXPECT_EQ(here.Count(), 0);
}

TEST(Surveys, ResultsAreToldFromFiveAnswersOnly) {
  Published here;
  const std::string link = here.Open();
  const std::string results = here.address + "/" + std::to_string(here.Only().id);
  for (int i = 0; i < 4; ++i) {
    here.Send(link, here.Hot("4", "mot-secret" + kCanary, "k" + std::to_string(i)));
  }
  for (const char* who : {"holder", "pilot", "lead"}) {
    const auto few = here.counter.Get(results, who).body;
    EXPECT_THAT(few, HasSubstr("encore 1.")) << who;
    EXPECT_THAT(few, Not(HasSubstr("mot-secret")));
    EXPECT_THAT(few, Not(HasSubstr("moyenne")));
  }
  here.Send(link, here.Hot("1", "", "k5"));
  const auto enough = here.counter.Get(results, "holder").body;
  EXPECT_THAT(enough, HasSubstr("moyenne 3,4 · 4 et 5 : 80\u00a0%"));
  EXPECT_THAT(enough,
              HasSubstr("<th scope=\"row\">4 – plutôt oui</th><td class=\"number\">4</td>"));
  EXPECT_THAT(enough, Not(HasSubstr("mot-secret"))) << "four wrote: their words wait for a fifth";
  for (int i = 6; i < 11; ++i) {
    const auto before = here.counter.Get(results, "holder").body;
    EXPECT_THAT(before, HasSubstr("moyenne 3,4")) << "a lone answer would be the difference";
    EXPECT_THAT(before, Not(HasSubstr("une phrase")));
    if (i == 7) {
      EXPECT_THAT(before, HasSubstr("Dont 1\u00a0réponse depuis"));
    }
    here.Send(link, here.Hot("5", i == 10 ? "une phrase" : "", "k" + std::to_string(i)));
  }
  const auto words = here.counter.Get(results, "holder").body;
  EXPECT_THAT(words, HasSubstr("moyenne 4,2"));
  EXPECT_THAT(words, Not(HasSubstr("Dont ")));
  EXPECT_THAT(words, HasSubstr("mot-secret&lt;script&gt;"));
  EXPECT_THAT(words, HasSubstr("une phrase"));
  EXPECT_FALSE(HoldsCanary(words));
  EXPECT_EQ(here.counter.Get(results, "other_holder").status, 403);
  EXPECT_EQ(here.counter.Get("/projets/" + here.counter.number(2) + "/enquetes/1", "pilot").status,
            404)
      << "another project's survey is not found under this one";
}

TEST(Surveys, CloseByHandOrAtTheirDay) {
  Published here;
  const std::string link = here.Open("survey", "2026-09-22");
  const std::string one = here.address + "/" + std::to_string(here.Only().id);
  here.counter.now += 2 * 86'400'000LL;
  EXPECT_EQ(here.counter.Get(link).status, 404);
  EXPECT_EQ(here.Send(link, here.Hot("4", "", "k")).status, 404);
  EXPECT_EQ(here.Count(), 0);
  here.counter.now = Counter::kNow;
  EXPECT_EQ(here.counter.Get(link).status, 200);
  EXPECT_EQ(here.counter.Post(one + "/fin", {}, "lead").status, 403);
  EXPECT_EQ(here.counter.Get(link).status, 200);
  EXPECT_EQ(here.counter.Post(one + "/fin", {}, "holder").status, 303);
  EXPECT_EQ(here.counter.Get(link).status, 404);
  EXPECT_EQ(here.Only().closed_by, here.counter.PersonId("holder"));
  EXPECT_EQ(here.counter.Post(one + "/lien", {}, "holder").status, 409);
  EXPECT_THAT(here.Open(), Not(::testing::IsEmpty())) << "another wave";
}

TEST(Surveys, OneSourceCannotFloodALink) {
  Published here;
  const std::string link = here.Open();
  for (int i = 0; i < kAnswersAnHourPerSource; ++i) {
    ASSERT_EQ(here.Send(link, here.Hot("4", "", "k" + std::to_string(i))).status, 200) << i;
  }
  EXPECT_EQ(here.Send(link, here.Hot("4", "", "more")).status, 429);
  EXPECT_EQ(here.Send(link, here.Hot("4", "", "other"), {}, "203.0.113.8").status, 200);
  EXPECT_EQ(here.Count(), kAnswersAnHourPerSource + 1);
  here.counter.now += 3'600'001;
  EXPECT_EQ(here.Send(link, here.Hot("4", "", "later")).status, 200);
}

TEST(Surveys, AProjectThatIsOnlineLeadsThere) {
  Published here;
  const std::string project = "/projets/" + here.counter.number(1);
  EXPECT_THAT(here.counter.Get(project, "holder").body, HasSubstr("href=\"" + here.address));
  EXPECT_THAT(here.counter.Get("/projets/" + here.counter.number(2), "pilot").body,
              Not(HasSubstr("/enquetes")));
  EXPECT_THAT(here.counter.house().pages.Missing(), ::testing::IsEmpty());
}

}  // namespace aiguillage::web
