// Requests as checklists. A request (« Demande de changements ») has a table of points, each tied
// to a part of a form by the widget `part`; whoever comes back answers them in a `checklist`.
//
//   "points": {"x-ui": {"widget": "table"}, "items": {… "part": {"x-ui": {"widget": "part"}} …}}
//       -> {"points": [{"part": "application.objectives", "expected": "Un verbe d’action."}]}
//   "points": {"x-ui": {"widget": "checklist"}, …}   in the form of the answer
//       -> {"points": [{"part": …, "asked": …, "done": true, "answer": "Repris."}]}
//
// Both are plain answers of plain forms: versions of documents, and so under the journal's seal.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"

namespace aiguillage::forms {

struct Point {
  std::string part;   // "application.objectives", "" for the whole
  std::string label;  // « Objectifs », « Ensemble du dossier »
  std::string asked;
  std::string importance;  // its label, "" where the request does not say
  bool done = false;
  std::string answer;
};

inline constexpr const char* kWholeFile = "Ensemble du dossier";

// Gives every `part` of these forms its choices: the fields and criteria of the others that people
// outside may read. Until then it takes any text.
void LinkParts(std::map<std::string, Form>& forms);

// The table of points of a request, the checklist of an answer; null in other forms.
const Field* AskingField(const Form& form);
const Field* ChecklistField(const Form& form);

// What a request asks; without points, its reason is the only one.
std::vector<Point> PointsAsked(const Form& request, const nlohmann::json& answers);
std::vector<Point> PointsAnswered(const Form& form, const nlohmann::json& answers);
// The answers with their checklist made of `points`: what was asked is not the answerer's to write.
// Ticks and answers are taken from the rows that name the same point.
nlohmann::json WithPoints(const Form& form, nlohmann::json answers,
                          const std::vector<Point>& points);

// A request as a list to be read anywhere: « 1. Objectifs : Un verbe d’action. »
// under its reason. "" when the form is no request.
std::string RequestText(const Form& request, const nlohmann::json& answers);

}  // namespace aiguillage::forms
