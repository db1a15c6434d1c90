// Every form that ships: it reads, it can be filled in, it survives what people and robots send.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "forms/answers.h"
#include "forms/computed.h"
#include "forms/view.h"
#include "tests/forms/form_helpers.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

TEST(ShippedForms, AllRead) {
  ASSERT_GE(ShippedForms().size(), 41u);
  for (const auto& path : ShippedForms()) {
    const auto form = ParseForm(path.stem(), FileText(path), path.filename());
    ASSERT_TRUE(form) << form.refusal().sentence;
    EXPECT_FALSE(form.value().fields.empty());
  }
}

TEST(ShippedForms, AllTheDocumentsOfTheGuideAreThere) {
  std::set<std::string> ids;
  for (const auto& path : ShippedForms()) ids.insert(path.stem());
  for (const char* id :
       {"application", "admissibility", "framing_opinion", "score_sheet", "committee_decision",
        "commitment", "framing_note", "specification", "synopsis", "storyboard", "acceptance_sheet",
        "training_sheet", "session_sheet", "acceptance_report", "quality_review", "survey",
        "cold_survey", "evaluation_report", "communication_note"})
    EXPECT_TRUE(ids.contains(id)) << id;
}

TEST(ShippedForms, EachAcceptsFittingAnswersAndComputesFromThem) {
  for (const auto& path : ShippedForms()) {
    const Form form = ReadForm(path.stem(), FileText(path));
    const json answers = FittingAll(form.fields);
    EXPECT_EQ(Told(Validate(form, answers)), "") << path;
    const auto computed = WithComputed(form, answers);
    ASSERT_TRUE(computed) << path << ": " << computed.refusal().sentence;
    for (const auto& one : form.computed)
      EXPECT_EQ(computed.value().contains(one.name), !one.name.starts_with('_')) << one.name;
  }
}

TEST(ShippedForms, EachSaysWhichRequiredFieldIsMissing) {
  for (const auto& path : ShippedForms()) {
    const Form form = ReadForm(path.stem(), FileText(path));
    const auto errors = Validate(form, json::object());
    for (const auto& field : form.fields) {
      if (!field.required || field.show_if) continue;
      const auto told = [&](const FieldError& error) {
        return error.path == field.name || error.path.starts_with(field.name + ".");
      };
      EXPECT_TRUE(std::any_of(errors.begin(), errors.end(), told)) << path << " " << field.name;
    }
  }
}

TEST(ShippedForms, WhatIsPostedFromThePageIsWhatWasAnswered) {
  for (const auto& path : ShippedForms()) {
    const Form form = ReadForm(path.stem(), FileText(path));
    const json answers = FittingAll(form.fields);
    Posted posted;
    const std::function<void(const FieldView&)> post = [&](const FieldView& view) {
      for (const auto& child : view.children) post(child);
      if (!view.children.empty() || view.hidden || view.widget == "heading") return;
      if (view.widget == "checkboxes") {
        for (const auto& option : view.options)
          if (option.selected) posted.emplace_back(view.name, option.value);
      } else {
        posted.emplace_back(view.name, view.value);
      }
    };
    for (const auto& view : EditView(form, answers, {}).fields) post(view);
    const auto again = AnswersFrom(form, posted);
    ASSERT_TRUE(again) << again.refusal().sentence;
    EXPECT_EQ(again.value(), answers) << path;
  }
}

// 250 KiB in every field of every form: refused, never a crash.
TEST(ShippedForms, AQuarterOfAMegabyteInAnyFieldIsRefused) {
  const std::string flood(250 * 1024, 'a');
  for (const auto& path : ShippedForms()) {
    const Form form = ReadForm(path.stem(), FileText(path));
    for (const auto& field : form.fields) {
      EXPECT_FALSE(AnswersFrom(form, {{field.name, flood}})) << path << " " << field.name;
      EXPECT_FALSE(Validate(form, {{field.name, flood}}).empty()) << path << " " << field.name;
    }
  }
}

// Under the bound of a field, over what its schema allows: an error beside the field.
TEST(ShippedForms, ATextTooLongIsToldBesideItsField) {
  const std::string text(90 * 1024, 'a');
  for (const auto& path : ShippedForms()) {
    const Form form = ReadForm(path.stem(), FileText(path));
    for (const auto& field : form.fields) {
      if (field.kind != Kind::kText || field.show_if) continue;
      const auto answers = AnswersFrom(form, {{field.name, text}});
      ASSERT_TRUE(answers);
      const auto errors = Validate(form, answers.value());
      EXPECT_TRUE(std::any_of(errors.begin(), errors.end(),
                              [&](const FieldError& error) { return error.path == field.name; }))
          << path << " " << field.name;
    }
  }
}

TEST(ShippedForms, TheQualityGridHasThirtySixChecksInNineFamilies) {
  const Form form = ShippedForm("quality_review");
  int families = 0, checks = 0;
  std::set<std::string> blocking;
  for (const auto& family : form.fields) {
    if (family.widget != "grid") continue;
    ++families;
    for (const auto& check : family.children) {
      ++checks;
      if (check.blocking) blocking.insert(family.name + "." + check.name);
    }
  }
  EXPECT_EQ(families, 9);
  EXPECT_EQ(checks, 36);
  EXPECT_EQ(blocking, (std::set<std::string>{
                          "editorial.collection", "editorial.law", "objectives.stated",
                          "scenario.modules", "assessment.feedback", "media.captions",
                          "media.rights", "accessibility.keyboard", "technical.trackers",
                          "legal.privacy", "legal.examples", "sheets.training", "sheets.survey"}));
  EXPECT_NE(form.notice.find("provisoire"), std::string::npos);
}

TEST(ShippedForms, TheWeightsOfTheScoreSheetAddUpToOneHundred) {
  for (const char* folder : {"mentor", "fep"}) {
    const Form form = ShippedForm("score_sheet", folder);
    int sum = 0;
    for (const auto& criterion : FindField(form, "scores")->children) sum += criterion.weight;
    EXPECT_EQ(sum, 100) << folder;
  }
}

// The money of the FEP: the file balances, the aid fits in its funding, two thousand five hundred
// euros at least (a bound of the form, to be changed there), cents compared as cents.
TEST(FepMoney, TheBudgetOfAnAdmissibleFileBalances) {
  const Form form = ShippedForm("admissibility", "fep");
  json answers = FittingAll(form.fields);
  answers["collection"] = "pfrh-bretagne";
  const auto judged = [&](double lines, double funding, double requested) {
    answers["lines_total"] = lines;
    answers["funding_total"] = funding;
    answers["requested_amount"] = requested;
    EXPECT_EQ(Told(Validate(form, answers)), "");
    return WithComputed(form, answers).value();
  };
  const json sound = judged(12000, 12000, 8000);
  EXPECT_EQ(sound["balanced"], true);
  EXPECT_EQ(sound["within_funding"], true);
  EXPECT_EQ(sound["branch"], "pfrh");
  EXPECT_EQ(judged(12000, 11999.99, 8000)["balanced"], false);
  EXPECT_EQ(judged(0.1 + 0.2 + 3000, 3000.3, 2500)["balanced"], true);
  EXPECT_EQ(judged(5000, 5000, 5000)["within_funding"], true);
  EXPECT_EQ(judged(5000, 5000, 5000.01)["within_funding"], false);
}

TEST(FepMoney, LessThanTheMinimumIsNotAdmissible) {
  const Form form = ShippedForm("admissibility", "fep");
  json answers = FittingAll(form.fields);
  EXPECT_EQ(FindField(form, "requested_amount")->minimum, 2500.0);
  answers["requested_amount"] = 2500;
  EXPECT_EQ(Told(Validate(form, answers)), "");
  answers["requested_amount"] = 2499.99;
  const auto errors = Validate(form, answers);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].path, "requested_amount");
}

TEST(FepMoney, TotalsAreThoseOfTheLines) {
  const Form application = ShippedForm("application", "fep");
  const auto totals = WithComputed(
      application,
      {{"title", "x"},
       {"lines", {{{"nature", "a"}, {"amount", 1200.5}}, {{"nature", "b"}, {"amount", 800}}}},
       {"funding", {{{"payer", "c"}, {"amount", 2000.5}}}}});
  EXPECT_EQ(totals.value()["lines_total"], 2000.5);
  EXPECT_EQ(totals.value()["funding_total"], 2000.5);
  EXPECT_EQ(WithComputed(application, {{"title", "x"}}).value()["lines_total"], 0);
  const auto report = WithComputed(
      ShippedForm("final_report", "fep"),
      {{"expenses", {{{"nature", "a"}, {"amount", 3000}}, {{"nature", "b"}, {"amount", 999.5}}}}});
  EXPECT_EQ(report.value()["spent_amount"], 3999.5);
}

TEST(ShippedForms, TheEvaluationReportWantsADecisionInEachOfTheFourDomains) {
  const Form form = ShippedForm("evaluation_report");
  json answers = FittingAll(form.fields);
  for (const char* domain : {"pedagogical", "technical", "organisational", "logistic"}) {
    json without = answers;
    without.erase(domain);
    EXPECT_EQ(Told(Validate(form, without)), std::string(domain) + ": Ce champ est à remplir.\n");
    without[domain] = json::array();
    EXPECT_EQ(Told(Validate(form, without)), std::string(domain) + ": Ce champ est à remplir.\n");
  }
}

TEST(ShippedForms, EachHasAPrintPageBlankAndFilledIn) {
  for (const auto& path : ShippedForms()) {
    const Form form = ReadForm(path.stem(), FileText(path));
    EXPECT_FALSE(BlankView(form).fields.empty()) << path;
    for (const auto& view : ReadView(form, FittingAll(form.fields)).fields)
      EXPECT_TRUE(!view.display.empty() || !view.children.empty() || !view.show_if_field.empty() ||
                  view.widget == "heading")
          << path << " " << view.name;
  }
}

}  // namespace
}  // namespace aiguillage::forms
