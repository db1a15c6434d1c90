// Anonymous surveys of a published training: who opened which questionnaire until when, and the
// answers, which are nobody's. The link's secret is kept as a digest only.
//
//   OpenSurvey(session, {0, 7, "survey", "4f…", Sha256(secret), now, 12, "2027-03-31"})   -> its id
//   FindSurveyByToken(session, Sha256(secret))->form                                      "survey"
//   AddAnswer(session, 3, Sha256(secret + key), "2027-02-12", {{"satisfaction", 4}})
//
// An answer has no person, no address and no hour, only its day; its id tells nothing of the order
// in which answers came.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Survey {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::string form;        // id of the questionnaire
  std::string definition;  // hash of the rails it was taken from
  std::string token_hash;
  std::int64_t opened_at = 0;
  std::int64_t opened_by = 0;  // person
  std::string closes_on;       // ISO, its last day; "" without
  std::int64_t closed_at = 0;  // by hand, or when the next one was opened after its last day
  std::int64_t closed_by = 0;  // person; 0: its day had passed

  bool IsOpen(const std::string& today) const {
    return closed_at == 0 && (closes_on.empty() || today <= closes_on);
  }
};
std::int64_t OpenSurvey(Session&, const Survey&);  // Conflict: one of that form is open already
void UpdateSurvey(Session&, const Survey&);        // its secret and its end
std::optional<Survey> FindSurvey(Session&, std::int64_t id);
std::optional<Survey> FindSurveyByToken(Session&, const std::string& token_hash);
std::vector<Survey> SurveysOf(Session&, std::int64_t project);  // newest first

// Answers are told by groups of so many at least: whoever looks before and after a lone one came
// would read it in the difference.
inline constexpr int kAnswersTogether = 5;

struct SurveyAnswer {
  std::string day;  // ISO
  nlohmann::json answers;
  int part = 1;  // the group it came with, from 1
};
// `once`: hex digest of what makes this sending one: the same again writes nothing.
void AddAnswer(Session&, std::int64_t survey, const std::string& once, const std::string& day,
               const nlohmann::json& answers);
std::int64_t CountAnswers(Session&, std::int64_t survey);
// Those of full groups, group by group; within one in no order that means any.
std::vector<SurveyAnswer> AnswersOf(Session&, std::int64_t survey);

}  // namespace aiguillage::storage
