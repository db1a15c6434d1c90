// What a form works out by itself from the answers: the verdict of a grid, a total, marks.
//
//   "x-computed": {"blocking_defects": "answers.checks.filter(c => c.result === 'ko').length"}
//   WithComputed(form, answers) -> answers plus {"blocking_defects": 2}
//
// Expressions see `answers` with what was computed before them; a name that starts with « _ » is
// kept for the next ones only and not stored. Valid answers only: compute after Validate.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/outcome.h"
#include "forms/form.h"

namespace aiguillage::forms {

// Refused (code "computed") when an expression fails: says which, and why.
engine::Outcome<nlohmann::json> WithComputed(const Form& form, nlohmann::json answers);

}  // namespace aiguillage::forms
