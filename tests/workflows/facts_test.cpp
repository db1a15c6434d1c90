// What documents tell in numbers, by the shipped figures.json and forms.
#include "workflows/facts.h"

#include <gtest/gtest.h>

#include "tests/support/shipped_rails.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Document;

Document Of(const std::string& form, const json& answers, std::int64_t person = 1) {
  Document document;
  document.form = form;
  document.answers = answers;
  document.person = person;
  return document;
}

std::string Told(const std::string& rails, const std::vector<Document>& documents) {
  static const auto loaded = Catalog::Load(DefinitionsDir().string());
  const Catalog& catalog = *loaded.value();
  const auto definition = catalog.Newest(rails);
  std::string text;
  for (const auto& fact : FactsOf(catalog.KitOf(rails).figures, *definition, documents)) {
    text +=
        fact.name + " " + std::to_string(fact.value) + " x" + std::to_string(fact.weight) + "\n";
  }
  return text;
}

TEST(Facts, AreNumbersAndYesOrNo) {
  EXPECT_EQ(
      Told("mentor", {Of("application", {{"interministerial", true}, {"title", "Accueil"}}),
                      Of("hot_results",
                         {{"satisfaction", 86.5}, {"respondents", 40}, {"participants", 55}})}),
      "interministerial 100 x1\n"
      "satisfaction 8650 x40\n"
      "respondents 4000 x40\n"
      "participants 5500 x40\n");
  EXPECT_EQ(
      Told("fep", {Of("application", {{"requested_amount", 12'500.5}, {"audience_size", 300}})}),
      "requested_amount 1250050 x1\naudience_size 30000 x1\n");
}

TEST(Facts, AreThoseOfTheLastVersionThatStands) {
  auto last = Of("application", {{"interministerial", false}});
  auto undone = Of("application", {{"interministerial", true}});
  undone.taken_back = true;
  EXPECT_EQ(Told("mentor", {Of("application", {{"interministerial", true}}), last, undone}),
            "interministerial 0 x1\n");
}

TEST(Facts, CountAGridByItsPointsAndNameWhatBlocks) {
  const json points = {{"collection", {{"result", "not"}}},  // blocking
                       {"title", {{"result", "conform"}}},  {"tone", {{"result", "partial"}}},
                       {"jargon", {{"result", "not"}}},     {"sources", {{"result", "na"}}},
                       {"law", {{"result", "conform"}}}};
  EXPECT_EQ(Told("mentor", {Of("quality_review", {{"editorial", points}})}),
            "quality_editorial 5000 x1\nquality_editorial.blocking 100 x1\n");
}

TEST(Facts, ReadSheetsOfReviewersTogether) {
  const auto sheet = [](int mark) {
    json scores;
    for (const char* id : {"need", "reach", "fit", "pedagogy", "feasibility", "upkeep",
                           "accessibility", "innovation"}) {
      scores[id] = {{"score", mark}};
    }
    return json{{"scores", scores}};
  };
  EXPECT_EQ(Told("mentor", {Of("score_sheet", sheet(2), 7), Of("score_sheet", sheet(5), 8),
                            Of("score_sheet", sheet(4), 7)}),
            "score 9000 x1\nsheets 200 x1\nwide_gap 0 x1\n")
      << "the last sheet of each";
}

// Of a project that came from other rails, whose reviewers marked other criteria.
TEST(Facts, LeaveOutSheetsThatLackAMark) {
  const json need = {{"score", 4}};
  EXPECT_EQ(Told("mentor", {Of("score_sheet", json::object()), Of("score_sheet", 7),
                            Of("score_sheet", {{"scores", {{"need", need}}}}),
                            Of("score_sheet", {{"scores", "élevées"}})}),
            "");
}

TEST(Facts, LeaveOutWhatIsNoNumber) {
  EXPECT_EQ(Told("mentor",
                 {Of("hot_results",
                     {{"satisfaction", "beaucoup"}, {"respondents", -4}, {"completion", 1e300}}),
                  Of("quality_review", {{"editorial", "oui"}}), Of("inconnu", 7)}),
            "respondents -400 x0\n");
}

}  // namespace
}  // namespace aiguillage::workflows
