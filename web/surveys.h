// Anonymous surveys of a published training: which questionnaires there are, who may open them,
// what their answers say once there are enough of them.
//
//   SurveyForms(definition)                 the forms that a state names in aap:survey
//   ResultsOf(form, answers)[0].mean        4.2, with how often each answer was given
//
// Under five answers nothing is told but how many are missing: a person would be recognised. The
// same holds for each question by itself, for the words people typed, and for what came since one
// last looked: what is told grows by five answers to the question at least.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/surveys.h"
#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

inline constexpr std::int64_t kAnswersToShow = storage::kAnswersTogether;
inline constexpr std::int64_t kAnswersMax = 20'000;  // of one survey
inline constexpr int kAnswersAnHourPerSource = 100;  // a training room behind one address

struct SurveyForm {
  std::string id;
  const forms::Form* form = nullptr;
};
std::vector<SurveyForm> SurveyForms(const workflows::Definition& definition);  // in chart's order

// A training that is online; the pilot, its holder and co-holders.
bool IsPublished(const storage::Project& project);
bool MayOpenSurveys(const Sight& sight);

struct Counted {
  std::string label;
  std::int64_t count = 0;
};
struct QuestionResult {
  std::string label;
  std::int64_t answered = 0;
  std::int64_t missing = 0;        // answers to this question before anything of it is told
  std::vector<Counted> options;    // of a choice
  std::optional<double> mean;      // of a number
  std::string share;               // of a scale from 1 to 5: « 4 et 5 : 80 % »
  std::vector<std::string> texts;  // by the alphabet: their order tells nothing
};
// Empty under kAnswersToShow answers.
std::vector<QuestionResult> ResultsOf(const forms::Form& form,
                                      const std::vector<storage::SurveyAnswer>& answers);

}  // namespace aiguillage::web
