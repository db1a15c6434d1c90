// From what a browser posts to typed answers, and from JSON text to answers.
//
//   AnswersFrom(form, {{"title", " Écrire clair "}, {"lines.0.amount", "1 200,50"}})
//     -> {"title": "Écrire clair", "lines": [{"amount": 1200.5}]}
//
// Empty values are absent, rows left blank are dropped, line ends become \n. What is not of the
// type asked (« douze » for a number) stays as typed: Validate says it beside the field. Names that
// are no field of the form are ignored.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/outcome.h"
#include "forms/form.h"

namespace aiguillage::forms {

using Posted = std::vector<std::pair<std::string, std::string>>;

inline constexpr int kDepthMax = 64;
inline constexpr std::size_t kRowsMax = 500;  // of one table
inline constexpr std::size_t kFieldBytesMax = 100 * 1024;
inline constexpr std::size_t kAnswersBytesMax = 2 * 1024 * 1024;

// Refused (code "bad_input"): NUL, text that is not UTF-8, a value over kFieldBytesMax, a row
// number over kRowsMax, a name deeper than kDepthMax.
engine::Outcome<nlohmann::json> AnswersFrom(const Form& form, const Posted& posted);

// JSON from outside: at most kDepthMax levels, kAnswersBytesMax bytes, an object, UTF-8, no NUL.
engine::Outcome<nlohmann::json> AnswersFromJson(std::string_view text);

// The same laws on answers that are JSON already.
engine::Outcome<nlohmann::json> CheckedAnswers(nlohmann::json answers);

// Trimmed, \r\n -> \n, non-breaking spaces at both ends removed.
std::string Normalised(std::string_view text);

}  // namespace aiguillage::forms
