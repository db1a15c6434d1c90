// Before and after of a document's fields, where it is linked from, and « Cela existe-t-il déjà ?
// ».
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "storage/documents.h"
#include "storage/projects.h"
#include "tests/support/seed.h"
#include "tests/web/counter.h"
#include "web/difference.h"
#include "web/similar.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Marked(const std::vector<Piece>& pieces) {
  std::string text;
  for (const auto& piece : pieces) text += piece.changed ? "[" + piece.text + "]" : piece.text;
  return text;
}

TEST(CompareWords, MarksTheWordsThatChanged) {
  const auto one = CompareWords("Écrire clair pour tous", "Écrire plus clair pour chacun");
  EXPECT_EQ(Marked(one.before), "Écrire clair pour [tous]");
  EXPECT_EQ(Marked(one.after), "Écrire [plus ]clair pour [chacun]");
  EXPECT_EQ(Marked(CompareWords("", "neuf").after), "[neuf]");
  EXPECT_TRUE(CompareWords("", "neuf").before.empty());
  EXPECT_EQ(Marked(CompareWords("a\nb", "a b").after), "a b");
}

// Whatever the texts: pieces put together are the text, what is not marked is the same on both
// sides, and texts without a word in common are marked whole.
TEST(CompareWords, LosesNothingOfRandomTexts) {
  std::mt19937 random(test::Seed());
  const auto text = [&](int most, const char* const* words) {
    std::string made;
    for (int n = static_cast<int>(random() % static_cast<unsigned>(most)); n > 0; --n) {
      made += words[random() % 5];
      made += random() % 7 == 0 ? "\n" : random() % 5 == 0 ? "  " : " ";
    }
    return made;
  };
  const char* const words[] = {"un", "deux", "trois", "quatre", "é"};
  const auto whole = [](const std::vector<Piece>& pieces, bool kept_only) {
    std::string made;
    for (const auto& piece : pieces) {
      if (!kept_only || !piece.changed) made += piece.text;
    }
    if (kept_only) std::erase_if(made, [](char c) { return c == ' ' || c == '\n'; });
    return made;
  };
  for (int round = 0; round < 300; ++round) {
    const std::string a = text(30, words), b = text(30, words);
    const auto both = CompareWords(a, b);
    EXPECT_EQ(whole(both.before, false), a);
    EXPECT_EQ(whole(both.after, false), b);
    EXPECT_EQ(whole(both.before, true), whole(both.after, true));
  }
  std::string longest, other;
  for (int i = 0; i < 40'000; ++i) {
    longest += "un ";
    other += "deux ";
  }
  EXPECT_EQ(CompareWords(longest, other).before.size(), 1U);
}

void NewVersion(Counter& counter, const nlohmann::json& changes) {
  const auto answers = counter.database().Read([&](storage::Session& session) {
    const auto project = storage::FindProject(session, counter.number(1))->id;
    return storage::LatestDocument(session, project, "application")->answers;
  });
  nlohmann::json changed = answers;
  changed.merge_patch(changes);
  counter.now += 60'000;
  counter.services().desk.RecordAnswers(counter.number(1), changed, counter.now);
}

TEST(Changes, AreToldFieldByFieldWhereverTheDossierIsRead) {
  Counter counter;
  NewVersion(counter, {{"objectives", "Savoir écrire " + kCanary},
                       {"modality", "online"},
                       {"partners", {{{"name", "DINUM"}, {"email", "a@b.fr"}}}},
                       {"context", nullptr}});
  NewVersion(counter, {{"objectives", "Savoir bien écrire " + kCanary}, {"modality", "blended"}});
  const std::string address =
      "/projets/" + counter.number(1) + "/documents/application/3/changements";
  for (const char* who : {"lead", "holder", "officer"}) {
    const std::string page = counter.Get(address, who).body;
    EXPECT_THAT(page, HasSubstr("Savoir <ins>bien </ins>écrire"));
    EXPECT_THAT(page, HasSubstr("<del>À distance</del>"));
    EXPECT_THAT(page, HasSubstr("<ins>Hybride</ins>"));
    EXPECT_THAT(page, Not(HasSubstr("DINUM")));  // it did not change
    EXPECT_FALSE(HoldsCanary(page));
  }
  const std::string all = counter.Get(address + "?depuis=1", "lead").body;
  EXPECT_THAT(all, HasSubstr("DINUM"));
  EXPECT_THAT(all, HasSubstr("sans réponse"));
  EXPECT_THAT(all, Not(HasSubstr("{")));  // never JSON
  EXPECT_EQ(counter.Get(address, "other_lead").status, 403);
  EXPECT_EQ(counter.Get(address + "?depuis=9", "lead").status, 404);
  EXPECT_EQ(counter.Get(address + "?depuis=x", "lead").status, 404);
  const std::string project = "/projets/" + counter.number(1);
  for (const auto& place : {project, project + "?onglet=documents", project + "?onglet=journal",
                            project + "/documents/application/3"}) {
    EXPECT_THAT(counter.Get(place, "officer").body, HasSubstr("href=\"" + address + "\"")) << place;
  }
  EXPECT_THAT(counter.Get(project + "?onglet=journal", "officer").body,
              HasSubstr("Dossier modifié dans Démarches Simplifiées"));
  EXPECT_THAT(counter.Get(project + "/actions/admissibility.accept", "officer").body,
              HasSubstr("href=\"" + address + "\""));
}

TEST(Changes, AFirstVersionHasNone) {
  Counter counter;
  const std::string project = "/projets/" + counter.number(1);
  EXPECT_THAT(counter.Get(project + "/documents/application/1/changements", "lead").body,
              HasSubstr("C’est la première version"));
  EXPECT_THAT(counter.Get(project, "lead").body, Not(HasSubstr("/changements")));
}

TEST(Similar, IsToldByTitleAndSkillsWithItsReason) {
  EXPECT_EQ(Resemblance({"Écrire clair pour tous", {}}, {"Écrire plus clair", {}}),
            "Dans les deux titres : « clair », « Écrire ».");
  EXPECT_EQ(Resemblance({"Écrire clair", {}}, {"Conduire une réunion", {}}), "");
  EXPECT_EQ(Resemblance({"La formation pour tous", {}}, {"Une formation pour les agents", {}}), "");
  EXPECT_EQ(Resemblance({"Accessibilité", {}}, {"Accessibilité numérique", {}}),
            "Dans les deux titres : « Accessibilité ».");
  EXPECT_EQ(Resemblance({"A", {"Rédaction", "Écoute"}}, {"B", {"redaction", "écoute"}}),
            "Mêmes compétences : « Rédaction », « Écoute ».");
  EXPECT_EQ(Resemblance({"A", {"Rédaction"}}, {"B", {"Rédaction"}}), "");
}

TEST(Similar, IsShownToStaffOnArrivalOnly) {
  Counter counter;
  workflows::IntakeRequest request;
  request.call = "mentor-2026";
  request.title = "Écrire plus clair " + kCanary;
  request.collection = "numerique";
  request.holder_email = "other_holder@exemple.invalid";
  request.dossier = 4003;
  request.answers = {{"title", request.title}};
  request.key = "intake-4003";
  request.now = counter.now;
  const auto made = counter.services().desk.Intake(request);
  ASSERT_TRUE(made);
  const std::string address = "/projets/" + made.value().project;
  for (const char* who : {"pilot", "officer", "lead"}) {
    const auto page = counter.Get(address, who).body;
    EXPECT_THAT(page, HasSubstr("Cela existe-t-il déjà")) << who;
    EXPECT_THAT(page, HasSubstr("href=\"/projets/" + counter.number(1) + "\"")) << who;
    EXPECT_THAT(page, HasSubstr("Dans les deux titres : « alert")) << who;
    EXPECT_FALSE(HoldsCanary(page));
  }
  EXPECT_THAT(counter.Get(address, "other_holder").body, Not(HasSubstr("existe-t-il")));
  EXPECT_THAT(counter.Get("/projets/" + counter.number(2), "pilot").body,
              Not(HasSubstr("existe-t-il")));
  counter.database().Write([&](storage::Session& session) {
    storage::Project project = *storage::FindProject(session, made.value().project);
    project.state = "committee";
    ++project.version;
    ASSERT_TRUE(storage::UpdateProject(session, project, project.version - 1));
  });
  EXPECT_THAT(counter.Get(address, "pilot").body, Not(HasSubstr("existe-t-il")));
}

TEST(Timeline, ShowsWhatIsAskedAndSaysHowMuchOfEach) {
  Counter counter;
  const std::string journal = "/projets/" + counter.number(1) + "?onglet=journal";
  const auto whole = counter.Get(journal, "officer").body;
  EXPECT_THAT(whole, HasSubstr("Dossier reçu"));
  EXPECT_THAT(whole, HasSubstr("aria-current=\"true\">Tout (1)"));
  EXPECT_THAT(whole, HasSubstr("&amp;fil=machine#onglets\">Automatique (1)"));
  EXPECT_THAT(whole, Not(HasSubstr("Actes des personnes"))) << "none yet";
  EXPECT_THAT(counter.Get(journal + "&fil=machine", "officer").body, HasSubstr("Dossier reçu"));
  const auto none = counter.Get(journal + "&fil=personnes", "officer").body;
  EXPECT_THAT(none, Not(HasSubstr("Dossier reçu")));
  EXPECT_THAT(none, HasSubstr("Rien de tel dans ce journal"));
  const auto hostile = counter.Get(journal + "&fil=" + PercentEncode(kCanary), "officer").body;
  EXPECT_FALSE(HoldsCanary(hostile));
  EXPECT_THAT(hostile, HasSubstr("Dossier reçu")) << "an unknown filter hides nothing";
}

}  // namespace
}  // namespace aiguillage::web
