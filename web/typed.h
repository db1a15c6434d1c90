// What somebody typed into a decision, on its way from the page to the desk and, when it cannot go
// on, back to the page.
//
//   Typed typed = TypedFromPost(visit);
//   if (!ReadAnswers(visit, form, points, typed)) …        // typed.errors, beside their fields
//   desk.Act(RequestOf(visit, typed))
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/points.h"
#include "forms/validate.h"
#include "web/visit.h"
#include "workflows/desk.h"

namespace aiguillage::web {

// What the page shows again when it cannot go on: nothing typed is lost.
struct Typed {
  nlohmann::json answers = nlohmann::json::object();
  std::vector<forms::FieldError> errors;
  std::string key, task, task_version, version;
  int blank_rows = 1;
  int status = 200;
  std::string told;          // why not, at the top
  bool changed = false;      // … because the project has moved
  bool found_draft = false;  // … typed before, and kept
  bool rehearsed = false;    // « Vérifier » was pressed and nothing is wrong
};

Typed TypedFromPost(const Visit& visit);
// From what was posted to answers and errors; `points`: those that a checklist of the form answers.
// True: nothing is wrong.
bool ReadAnswers(Visit& visit, const forms::Form* form, const std::vector<forms::Point>& points,
                 Typed& typed);
workflows::ActRequest RequestOf(const Visit& visit, const Typed& typed);
// As the visitor's draft of this action, valid or not; an empty one is thrown away. False: it is
// too large to be kept.
bool KeepAsDraft(const Visit& visit, const forms::Form& form, const Typed& typed);

}  // namespace aiguillage::web
