// Anonymous surveys: one open of a form, a secret that is a digest, answers that are nobody's.
#include "storage/surveys.h"

#include <gtest/gtest.h>

#include "storage/error.h"
#include "storage/hash.h"
#include "storage/projects.h"
#include "storage/purge.h"
#include "storage/session.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class SurveysTest : public testing::Test {
 protected:
  SurveysTest() {
    record_.Seed();
    record_->Write([&](Session& s) {
      project_ = InsertProject(s, record_.NewProject("a"), 2026);
      id_ = OpenSurvey(s, New("secret"));
    });
  }
  Survey New(const std::string& secret) const {
    Survey survey;
    survey.project = project_.id;
    survey.form = "survey";
    survey.definition = "d1";
    survey.token_hash = Sha256(secret);
    survey.opened_at = 10;
    survey.opened_by = 1;
    survey.closes_on = "2026-12-31";
    return survey;
  }
  test::TestRecord record_;
  Project project_;
  std::int64_t id_ = 0;
};

TEST_F(SurveysTest, OneOfAFormIsOpenAtATime) {
  EXPECT_THROW(record_->Write([&](Session& s) { OpenSurvey(s, New("other")); }), Conflict);
  record_->Write([&](Session& s) {
    Survey survey = *FindSurvey(s, id_);
    survey.closed_at = 20;
    survey.closed_by = 2;
    UpdateSurvey(s, survey);
    const auto next = OpenSurvey(s, New("other"));
    const auto all = SurveysOf(s, project_.id);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].id, next) << "newest first";
    EXPECT_EQ(all[1].closed_by, 2);
  });
}

TEST_F(SurveysTest, ItsEndIsAHandsOrADays) {
  record_->Read([&](Session& s) {
    Survey survey = *FindSurveyByToken(s, Sha256("secret"));
    EXPECT_FALSE(FindSurveyByToken(s, "secret")) << "the secret itself is not kept";
    EXPECT_TRUE(survey.IsOpen("2026-12-31")) << "its last day counts";
    EXPECT_FALSE(survey.IsOpen("2027-01-01"));
    survey.closes_on.clear();
    EXPECT_TRUE(survey.IsOpen("2099-01-01"));
    survey.closed_at = 5;
    EXPECT_FALSE(survey.IsOpen("2026-12-31"));
  });
}

TEST_F(SurveysTest, ASendingCountsOnceAndAnswersHaveADayOnly) {
  record_->Write([&](Session& s) {
    AddAnswer(s, id_, Sha256("a"), "2026-11-23", {{"satisfaction", 4}});
    AddAnswer(s, id_, Sha256("a"), "2026-11-23", {{"satisfaction", 1}});
    AddAnswer(s, id_, Sha256("b"), "2026-11-24", {{"satisfaction", 5}});
    EXPECT_EQ(CountAnswers(s, id_), 2);
    EXPECT_TRUE(AnswersOf(s, id_).empty()) << "told by groups of five";
    for (const char* key : {"c", "d", "e", "f"}) {
      AddAnswer(s, id_, Sha256(key), "2026-11-24", {{"satisfaction", 0}});
    }
    EXPECT_EQ(CountAnswers(s, id_), 6);
    ASSERT_EQ(AnswersOf(s, id_).size(), 5u) << "the sixth waits for four more";
    int total = 0;
    for (const auto& answer : AnswersOf(s, id_)) {
      EXPECT_EQ(answer.day.size(), 10u);
      total += answer.answers["satisfaction"].get<int>();
    }
    EXPECT_EQ(total, 9) << "the first sending stands";
  });
}

TEST_F(SurveysTest, AnErasedProjectTakesThemAlong) {
  record_->Write([&](Session& s) {
    AddAnswer(s, id_, Sha256("a"), "2026-11-23", {{"comment", "mot"}});
    EraseProject(s, project_.id);
    EXPECT_EQ(CountAnswers(s, id_), 0);
    EXPECT_TRUE(SurveysOf(s, project_.id).empty());
  });
}

}  // namespace
}  // namespace aiguillage::storage
