// Requests as checklists: what is asked, what is answered, and that neither can be rewritten.
#include "forms/points.h"

#include "forms/answers.h"
#include "forms/view.h"
#include "tests/forms/form_helpers.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

class Points : public testing::Test {
 protected:
  Points() {
    for (const char* id : {"change_request", "resubmission", "application", "framing_note",
                           "quality_review", "score_sheet"})
      forms_.emplace(id, ShippedForm(id));
    LinkParts(forms_);
  }
  const Form& Of(const std::string& id) const { return forms_.at(id); }
  std::map<std::string, Form> forms_;
  const json two_ = {{"points",
                      {{{"part", "application.objectives"},
                        {"expected", "Un verbe d’action."},
                        {"importance", "required"}},
                       {{"expected", "Relire l’orthographe."}}}},
                     {"reason", "Presque."}};
};

TEST_F(Points, AreTiedToWhatPeopleOutsideMayRead) {
  const Field* part = FindField(Of("change_request"), "points.0.part");
  ASSERT_NE(part, nullptr);
  std::map<std::string, std::string> labels;
  for (const auto& option : part->options) labels[option.value] = option.label;
  EXPECT_FALSE(labels["application.objectives"].empty());
  EXPECT_FALSE(labels["application.lines"].empty()) << "a table is one part";
  EXPECT_EQ(labels["quality_review.editorial.tone"], "Le ton est simple, direct et respectueux")
      << "a criterion";
  EXPECT_FALSE(labels.contains("application.h_title")) << "a heading asks nothing";
  for (const auto& [value, label] : labels) {
    EXPECT_FALSE(value.starts_with("score_sheet.")) << "its marks are nobody else’s: " << value;
    EXPECT_FALSE(value.starts_with("change_request.")) << value;
    EXPECT_FALSE(value.starts_with("resubmission.points")) << value;
  }
}

TEST_F(Points, OfARequestReadAsAList) {
  EXPECT_EQ(Told(Validate(Of("change_request"), two_)), "");
  const auto points = PointsAsked(Of("change_request"), two_);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].importance, "Indispensable");
  EXPECT_EQ(points[1].label, kWholeFile);
  EXPECT_EQ(RequestText(Of("change_request"), two_),
            "Presque.\n\n1. " + points[0].label +
                "\u00a0: Un verbe d’action. (indispensable)\n"
                "2. Ensemble du dossier\u00a0: Relire l’orthographe.");
  EXPECT_EQ(RequestText(Of("change_request"), {{"reason", "Tout."}}), "Tout.");
  EXPECT_EQ(PointsAsked(Of("change_request"), {{"reason", "Tout."}}).at(0).asked, "Tout.");
  EXPECT_EQ(RequestText(Of("resubmission"), {{"message", "Voilà."}}), "");
}

TEST_F(Points, OfSeveralFormsSayWhichForm) {
  const auto points = PointsAsked(Of("change_request"),
                                  {{"points",
                                    {{{"part", "application.objectives"}, {"expected", "a"}},
                                     {{"part", "framing_note.summary"}, {"expected", "b"}}}}});
  EXPECT_TRUE(points[0].label.starts_with(Of("application").title + " – ")) << points[0].label;
  EXPECT_TRUE(points[1].label.starts_with(Of("framing_note").title + " – ")) << points[1].label;
}

TEST_F(Points, ARequestAsksForSomething) {
  EXPECT_EQ(Told(Validate(Of("change_request"), json::object())),
            "points: Dites au moins une chose à reprendre : un point, ou une phrase.\n");
  EXPECT_EQ(Told(Validate(Of("change_request"), {{"positive", "Bravo"}})),
            "points: Dites au moins une chose à reprendre : un point, ou une phrase.\n");
  EXPECT_EQ(Told(Validate(Of("change_request"), {{"reason", "Tout."}})), "");
  EXPECT_EQ(Told(Validate(Of("change_request"),
                          {{"points", {{{"part", "application.nothing"}, {"expected", "a"}}}}})),
            "points.0.part: Choisissez une des réponses proposées.\n");
  EXPECT_EQ(Told(Validate(Of("change_request"), {{"points", {{{"part", "application.title"}}}}})),
            "points.0.expected: Ce champ est à remplir.\n");
}

// What was asked is the asker's: whoever answers may only tick and answer.
TEST_F(Points, AreAnsweredButNotRewritten) {
  const auto asked = PointsAsked(Of("change_request"), two_);
  const json posted = {{"message", "Voilà"},
                       {"points",
                        {{{"asked", "Relire l’orthographe."}, {"done", true}, {"answer", "Relu."}},
                         {{"asked", "Rien du tout."}, {"done", true}}}}};
  const json kept = WithPoints(Of("resubmission"), posted, asked);
  EXPECT_EQ(kept["message"], "Voilà");
  ASSERT_EQ(kept["points"].size(), 2U);
  const auto answered = PointsAnswered(Of("resubmission"), kept);
  EXPECT_EQ(answered[0].asked, "Un verbe d’action.");
  EXPECT_EQ(answered[0].part, "application.objectives");
  EXPECT_FALSE(answered[0].done);
  EXPECT_TRUE(answered[1].done);
  EXPECT_EQ(answered[1].answer, "Relu.");
  EXPECT_EQ(Told(Validate(Of("resubmission"), kept)), "");
  EXPECT_FALSE(WithPoints(Of("resubmission"), posted, {}).contains("points"));
  EXPECT_EQ(WithPoints(Of("framing_note"), {{"summary", "x"}}, asked)["points"].size(), 2U);
}

TEST_F(Points, OnPaperAreWrittenByHand) {
  for (const auto& field : BlankView(Of("change_request")).fields) {
    for (const auto& row : field.children)
      for (const auto& cell : row.children)
        EXPECT_TRUE(cell.widget != "part" || cell.options.empty());
  }
  for (const auto& field : BlankView(Of("resubmission")).fields)
    EXPECT_NE(field.widget, "checklist");
  EXPECT_TRUE(EditView(Of("resubmission"), json::object(), {}, 3).fields[0].children.empty())
      << "rows are not added by hand";
}

}  // namespace
}  // namespace aiguillage::forms
