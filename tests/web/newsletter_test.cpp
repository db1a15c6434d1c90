// The draft of the month's newsletter, and what hostile titles become in it.
#include "web/newsletter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "storage/calls.h"
#include "storage/documents.h"
#include "storage/projects.h"
#include "tests/support/node.h"
#include "tests/support/temp_directory.h"
#include "tests/web/counter.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NewsletterOf : public testing::Test {
 protected:
  void Publish(int number, const std::string& title, const std::string& day,
               const std::string& line = "", const std::string& collection = "numerique") {
    counter_.database().Write([&](storage::Session& session) {
      const auto before = storage::FindProject(session, counter_.number(number)).value();
      auto after = before;
      after.title = title;
      after.collection = collection;
      after.publication_on = day;
      after.course_url =
          "https://mentor.exemple.invalid/cours/" + std::to_string(number) + "?a=1&b=2";
      ++after.version;
      EXPECT_TRUE(storage::UpdateProject(session, before, after));
      if (line.empty()) return;
      storage::Document sheet;
      sheet.project = after.id;
      sheet.form = "training_sheet";
      sheet.answers = {{"catchphrase", line}};
      storage::InsertDocument(session, sheet);
    });
  }
  std::string Page(const std::string& month, const std::string& who = "pilot") {
    return counter_.Get("/pilotage/infolettre?mois=" + month, who).body;
  }
  std::string Markdown(const std::string& month) {
    return counter_.Get("/pilotage/infolettre.md?mois=" + month, "pilot").body;
  }
  std::string Html(const std::string& month) {
    return counter_.Get("/pilotage/infolettre.html?mois=" + month, "pilot").body;
  }

  Counter counter_;  // 21 September 2026
};

TEST_F(NewsletterOf, TellsWhatWasPublishedInTheMonthByCollection) {
  counter_.database().Write([](storage::Session& session) {
    auto collection = storage::FindCollection(session, "numerique").value();
    collection.label = "Numérique";
    storage::SaveCollection(session, collection);
  });
  Publish(1, "Données : premiers réflexes", "2026-08-31", "Lire,\n trier. Partager !");
  Publish(2, "Parler anglais", "2026-08-01", "", "langues");
  EXPECT_EQ(Markdown("2026-08"),
            "# Les formations publiées en août 2026\n"
            "\n## Numérique\n\n"
            "- [Données : premiers réflexes](<https://mentor.exemple.invalid/cours/1?a=1&b=2>)"
            " : Lire, trier. Partager \\! (en ligne depuis le 31 août 2026)\n"
            "\n## Langues\n\n"
            "- [Parler anglais](<https://mentor.exemple.invalid/cours/2?a=1&b=2>)"
            " (en ligne depuis le 1er août 2026)\n");
  EXPECT_THAT(
      Html("2026-08"),
      HasSubstr("<li><a href=\"https://mentor.exemple.invalid/cours/1?a=1&amp;b=2\">Données "
                ": premiers réflexes</a> : Lire, trier. Partager !"));
  const auto page = Page("2026-08");
  EXPECT_THAT(page, HasSubstr("Infolettre : août 2026"));
  EXPECT_THAT(page, HasSubstr("Lire, trier. Partager !"));
  EXPECT_EQ(Page(""), page) << "the last month that is over";
  for (const char* other : {"2026-07", "2026-09"}) {
    EXPECT_THAT(Page(other), Not(HasSubstr("Parler anglais"))) << other;
  }
}

TEST_F(NewsletterOf, AnEmptyMonthSaysSo) {
  EXPECT_THAT(Page("2026-08"), HasSubstr("Aucune formation n’a été publiée en août 2026."));
  EXPECT_THAT(Markdown("2026-08"), HasSubstr("Aucune formation n’a été publiée en août 2026."));
  EXPECT_THAT(Html("2026-08"), HasSubstr("<p>Aucune formation n’a été publiée en août 2026.</p>"));
}

TEST_F(NewsletterOf, WhatIsPlannedIsNotPublished) {
  Publish(1, "Bientôt", "2026-09-30");
  EXPECT_THAT(Page("2026-09"), Not(HasSubstr("Bientôt"))) << "online once, and coming out anew";
  EXPECT_THAT(Page("2026-09"), HasSubstr("Ce mois n’est pas fini"));
}

TEST_F(NewsletterOf, AMonthThatIsNoneIsSaidInWords) {
  for (const std::string wrong : {"2026", "2026-13", "08-2026", "aout", "2026-08-01", "%3Cb%3E"}) {
    const auto page = counter_.Get("/pilotage/infolettre?mois=" + wrong, "pilot");
    EXPECT_EQ(page.status, 422) << wrong;
    EXPECT_THAT(page.body, HasSubstr("Un mois s’écrit comme 2027-05.")) << wrong;
    EXPECT_EQ(counter_.Get("/pilotage/infolettre.md?mois=" + wrong, "pilot").status, 422) << wrong;
  }
}

TEST_F(NewsletterOf, IsTheOfficesAndOfItsCallsOnly) {
  Publish(1, "Accueil", "2026-08-12");
  for (const char* who : {"lead", "holder", "reviewer", "auditor"}) {
    EXPECT_EQ(counter_.Get("/pilotage/infolettre", who).status, 403) << who;
    EXPECT_EQ(counter_.Get("/pilotage/infolettre.md", who).status, 403) << who;
  }
  EXPECT_EQ(counter_.Get("/pilotage/infolettre").status, 303);
  counter_.AddPerson("fep_pilot");
  counter_.services().desk.GrantRole(counter_.PersonId("fep_pilot"), "program_admin",
                                     "call:fep-2026", counter_.now);
  EXPECT_THAT(Page("2026-08", "fep_pilot"), Not(HasSubstr("Accueil")));
  EXPECT_THAT(Page("2026-08", "officer"), HasSubstr("Accueil"));
  EXPECT_THAT(counter_.Get("/pilotage", "pilot").body, HasSubstr("/pilotage/infolettre"));
}

// What people typed is text in both, as a reader of Markdown that is not ours makes it.
TEST_F(NewsletterOf, HostileTitlesAreTextAndNothingElse) {
  if (!test::HasNode("marked")) GTEST_SKIP() << "no node, or no tests/node_modules";
  const std::vector<std::string> hostile = {
      kCanary,
      "[ici](https://ailleurs.exemple) ![x](https://ailleurs.exemple/p.png)",
      "](https://ailleurs.exemple) <https://ailleurs.exemple>",
      "https://ailleurs.exemple WWW.ailleurs.exemple a@ailleurs.exemple http://x.fr",
      "**gras** _et_ ~~barré~~ `code` # titre | a | b |",
      "\\](https://ailleurs.exemple) \\\\[x]\\",
      "&lt;script&gt; &copy; &#60;",
      "ligne\n\n# titre\n- liste\n<script>alert(1)</script>",
  };
  for (const auto& title : hostile) {
    Publish(1, title, "2026-08-12", title);
    const test::TempDirectory folder;
    std::ofstream(folder / "letter.md") << Markdown("2026-08");
    const std::string read = test::SaidByNode("tests/web/markdown.cjs", {folder / "letter.md"});
    for (const std::string& text : {read, Html("2026-08")}) {
      EXPECT_FALSE(HoldsCanary(text)) << text;
      for (const char* sign :
           {"<script", "<img", "<em>", "<strong>", "<del>", "<code>", "<table"}) {
        EXPECT_THAT(text, Not(HasSubstr(sign))) << title;
      }
      std::size_t links = 0, heads = 0, lines = 0;
      for (auto at = text.find("<a "); at != std::string::npos; at = text.find("<a ", at + 1)) {
        ++links;
        EXPECT_EQ(text.compare(at, 46, "<a href=\"https://mentor.exemple.invalid/cours/"), 0)
            << text;
      }
      for (auto at = text.find("<h"); at != std::string::npos; at = text.find("<h", at + 1)) {
        heads += text[at + 2] == '1' || text[at + 2] == '2' ? 1 : 0;
      }
      for (auto at = text.find("<li>"); at != std::string::npos; at = text.find("<li>", at + 1)) {
        ++lines;
      }
      EXPECT_EQ(links, 1U) << title << "\n" << text;
      EXPECT_EQ(heads, 2U) << title << "\n" << text;
      EXPECT_EQ(lines, 1U) << title << "\n" << text;
    }
  }
}

}  // namespace
}  // namespace aiguillage::web
