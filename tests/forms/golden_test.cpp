// The rules that decide a project's fate, at the very places where they tip over.
#include <gtest/gtest.h>

#include <map>

#include "engine/expression.h"
#include "forms/computed.h"
#include "forms/scores.h"
#include "forms/view.h"
#include "tests/forms/form_helpers.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

// --- the quality grid

class QualityGrid : public testing::Test {
 protected:
  const Form form_ = ShippedForm("quality_review");

  // The first `conform` checks conform, the next `partial` partial, `not` not, the rest n.a.; the
  // blocking ones come last, so that a « not » of these never blocks.
  json Filled(int conform, int partial, int failing) const {
    json answers = {{"reviewed_version", "v1"}, {"comment", "Rien à ajouter."}};
    for (const bool blocking : {false, true}) {
      for (const auto& family : form_.fields) {
        for (const auto& check : family.widget == "grid" ? family.children : std::vector<Field>{}) {
          if (check.blocking != blocking) continue;
          const char* result = failing-- > 0   ? "not"
                               : partial-- > 0 ? "partial"
                               : conform-- > 0 ? "conform"
                                               : "na";
          answers[family.name][check.name] = {{"result", result}};
        }
      }
    }
    return answers;
  }

  json Computed(const json& answers) const {
    EXPECT_EQ(Told(Validate(form_, answers)), "");
    const auto computed = WithComputed(form_, answers);
    if (!computed) ADD_FAILURE() << computed.refusal().sentence;
    return computed ? computed.value() : json();
  }

  std::string Verdict(int conform, int partial, int failing) const {
    return Computed(Filled(conform, partial, failing)).value("verdict", "");
  }

  // The rule itself, for scores that 36 checks cannot reach exactly.
  std::string VerdictAt(double score) const {
    for (const auto& computed : form_.computed) {
      if (computed.name != "verdict") continue;
      const auto rule = engine::ParseExpression(computed.expression);
      return engine::Evaluate(rule.value(),
                              {{"answers", {{"score", score}, {"blocking_failures", 0}}}})
          .value()
          .get<std::string>();
    }
    return "";
  }
};

TEST_F(QualityGrid, TipsOverAtSixtyFiveAndEighty) {
  EXPECT_EQ(VerdictAt(64.9), "changes");
  EXPECT_EQ(VerdictAt(65), "reserves");
  EXPECT_EQ(VerdictAt(79.9), "reserves");
  EXPECT_EQ(VerdictAt(80), "accepted");
}

TEST_F(QualityGrid, TipsOverWithRealAnswers) {
  EXPECT_EQ(Verdict(17, 1, 9), "changes");   // 17.5 of 27: 64.8 %
  EXPECT_EQ(Verdict(13, 0, 7), "reserves");  // 13 of 20: 65 %
  EXPECT_EQ(Verdict(12, 2, 6), "reserves");  // 13 of 20: 65 %, two of them partial
  EXPECT_EQ(Verdict(25, 1, 6), "reserves");  // 25.5 of 32: 79.7 %
  EXPECT_EQ(Verdict(16, 0, 4), "accepted");  // 16 of 20: 80 %
  EXPECT_EQ(Verdict(28, 1, 7), "reserves");  // 28.5 of 36: 79.2 %
  EXPECT_EQ(Verdict(36, 0, 0), "accepted");  // all
}

TEST_F(QualityGrid, WithNothingApplicableProvesNothing) {
  const json computed = Computed(Filled(0, 0, 0));
  EXPECT_EQ(computed["applicable"], 0);
  EXPECT_EQ(computed["score"], 0);
  EXPECT_EQ(computed["verdict"], "changes");
}

TEST_F(QualityGrid, OneBlockingFailureIsEnough) {
  for (const auto& family : form_.fields) {
    for (const auto& check : family.widget == "grid" ? family.children : std::vector<Field>{}) {
      json answers = Filled(36, 0, 0);
      answers[family.name][check.name]["result"] = "not";
      const json computed = Computed(answers);
      EXPECT_EQ(computed["verdict"], check.blocking ? "changes" : "accepted") << check.title;
      EXPECT_EQ(computed["blocking_failures"], check.blocking ? 1 : 0) << check.title;
    }
  }
}

TEST_F(QualityGrid, PartialOnABlockingCheckDoesNotBlock) {
  json answers = Filled(36, 0, 0);
  answers["legal"]["privacy"]["result"] = "partial";
  EXPECT_EQ(Computed(answers)["verdict"], "accepted");
}

TEST_F(QualityGrid, KeepsTheVerdictAndNotTheScaffolding) {
  const json computed = Computed(Filled(36, 0, 0));
  EXPECT_FALSE(computed.contains("_results"));
  std::map<std::string, std::string> read;
  for (const auto& field : ReadView(form_, computed).fields) read[field.label] = field.display;
  EXPECT_EQ(read["Verdict"], "Acceptée");
  EXPECT_EQ(read["Note (%)"], "100");
}

TEST_F(QualityGrid, AScoreJustUnderIsNeverShownAsReached) {
  json answers = Filled(36, 0, 0);
  answers["score"] = 79.996;
  std::map<std::string, std::string> read;
  for (const auto& field : ReadView(form_, answers).fields) read[field.name] = field.display;
  EXPECT_EQ(read["score"], "79,99");
}

// --- the score sheets

class Scores : public testing::Test {
 protected:
  const Form form_ = ShippedForm("score_sheet");

  // Marks in the order of the criteria: need, reach, fit, pedagogy, feasibility, upkeep,
  // accessibility, innovation (weights 20 15 15 20 15 5 5 5).
  json Sheet(const std::vector<int>& marks) const {
    json sheet = {{"interest", "none"},
                  {"strengths", "Le besoin."},
                  {"weaknesses", "Le calendrier."},
                  {"recommendation", "select"}};
    std::size_t i = 0;
    for (const auto& criterion : FindField(form_, "scores")->children)
      sheet["scores"][criterion.name] = {{"score", marks.at(i++)}, {"comment", "Expliqué."}};
    EXPECT_EQ(Told(Validate(form_, sheet)), "");
    return sheet;
  }
};

TEST_F(Scores, AreWeighted) {
  const auto c = Consolidate(form_, {Sheet({5, 4, 3, 5, 2, 1, 0, 5})});
  // 100 + 60 + 45 + 100 + 30 + 5 + 0 + 25 = 365, out of 500
  EXPECT_DOUBLE_EQ(c.total, 73.0);
  EXPECT_EQ(WithComputed(form_, Sheet({5, 4, 3, 5, 2, 1, 0, 5})).value()["total"], 73);
}

TEST_F(Scores, TheMarksGoToTheRailsInTheOrderOfTheCriteria) {
  EXPECT_EQ(WithComputed(form_, Sheet({5, 4, 3, 5, 2, 1, 0, 5})).value()["marks"],
            (json{5, 4, 3, 5, 2, 1, 0, 5}));
}

TEST_F(Scores, TheExtremesAreExplained) {
  for (int mark = 0; mark <= 5; ++mark) {
    json sheet = Sheet({3, 3, 3, 3, 3, 3, 3, 3});
    sheet["scores"]["need"] = {{"score", mark}};
    const bool extreme = mark <= 1 || mark == 5;
    EXPECT_EQ(Told(Validate(form_, sheet)).substr(0, 21), extreme ? "scores.need.comment: " : "")
        << mark;
    sheet["scores"]["need"]["comment"] = "Voici pourquoi.";
    EXPECT_EQ(Told(Validate(form_, sheet)), "") << mark;
  }
}

TEST_F(Scores, AGapOfExactlyTwoAsksForAThirdReviewer) {
  const json base = Sheet({3, 3, 3, 3, 3, 3, 3, 3});
  EXPECT_FALSE(Consolidate(form_, {base, Sheet({4, 4, 4, 4, 4, 4, 4, 2})}).third_reviewer_needed);
  const auto c = Consolidate(form_, {base, Sheet({3, 3, 3, 3, 3, 3, 3, 5})});
  EXPECT_TRUE(c.third_reviewer_needed);
  EXPECT_EQ(c.criteria.back().spread, 2);
  EXPECT_TRUE(c.criteria.back().wide);
  const auto three =
      Consolidate(form_, {base, Sheet({3, 3, 3, 3, 3, 3, 3, 5}), Sheet({3, 3, 3, 3, 3, 3, 3, 4})});
  EXPECT_FALSE(three.third_reviewer_needed);
  EXPECT_TRUE(three.criteria.back().wide);  // the committee still sees it
}

TEST_F(Scores, AMarkOfOneOrLessIsFlagged) {
  const auto c =
      Consolidate(form_, {Sheet({1, 2, 3, 3, 3, 3, 3, 0}), Sheet({2, 2, 3, 3, 3, 3, 3, 1})});
  EXPECT_TRUE(c.criteria[0].low);
  EXPECT_FALSE(c.criteria[1].low);
  EXPECT_TRUE(c.criteria[7].low);
}

TEST_F(Scores, TheThresholdIsSixty) {
  const auto sixty = Consolidate(form_, {Sheet({3, 3, 3, 3, 3, 3, 3, 3})});
  EXPECT_EQ(sixty.total, 60.0);
  EXPECT_TRUE(sixty.passes);
  // Ten sheets, one of them one point lower on a criterion of weight 5: 59.9.
  std::vector<json> sheets(9, Sheet({3, 3, 3, 3, 3, 3, 3, 3}));
  sheets.push_back(Sheet({3, 3, 3, 3, 3, 3, 3, 2}));
  const auto below = Consolidate(form_, sheets);
  EXPECT_DOUBLE_EQ(below.total, 59.9);
  EXPECT_FALSE(below.passes);
  // Three sheets whose mean is 60 exactly, through thirds.
  EXPECT_TRUE(Consolidate(form_, {Sheet({3, 3, 3, 3, 3, 3, 3, 2}), Sheet({3, 3, 3, 3, 3, 3, 3, 2}),
                                  Sheet({3, 3, 3, 3, 3, 3, 3, 5})})
                  .passes);
}

TEST_F(Scores, NoSheetPassesNothing) {
  const auto none = Consolidate(form_, {});
  EXPECT_EQ(none.total, 0);
  EXPECT_FALSE(none.passes);
  EXPECT_FALSE(none.third_reviewer_needed);
}

std::string Told(const std::vector<Ranked>& ranked) {
  std::string out;
  for (const auto& r : ranked) out += std::to_string(r.rank) + " " + r.project + "; ";
  return out;
}

TEST_F(Scores, TiesGoToNeedThenToAudience) {
  const auto candidate = [&](const std::string& name, const std::vector<int>& marks) {
    return Candidate{name, Consolidate(form_, {Sheet(marks)})};
  };
  // All at 60: b has the better need (pedagogy pays), c the better audience (fit pays).
  EXPECT_EQ(
      Told(Rank({candidate("a", {3, 3, 3, 3, 3, 3, 3, 3}), candidate("c", {3, 4, 2, 3, 3, 3, 3, 3}),
                 candidate("b", {4, 3, 3, 2, 3, 3, 3, 3}), candidate("d", {3, 3, 3, 3, 3, 3, 3, 3}),
                 candidate("e", {3, 3, 3, 3, 3, 3, 3, 4})})),
      "1 e; 2 b; 3 c; 4 a; 4 d; ");
}

}  // namespace
}  // namespace aiguillage::forms
