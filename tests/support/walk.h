// A walk: a story told to the rails, and what they answered, as a text that people can read.
//
//   # Le cadrage revient une fois, puis il est validé
//   rails mentor
//   act intake by system {"ds_state": "en_construction"}
//     states: active admissibility_check
//     tasks: case_officer>admissibility.accept
//     mails: acknowledgement>project_holder+case_officer
//     deadlines: admissibility.late in 10 jours ouvrés
//
// Lines that start at the margin are told; indented ones are the answer, compared literally. A
// machine's act is `by system`; `by reviewer:anne` is one person among several. An act that is not
// offered to that role, or is locked, is not done: `refused: …`.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/chart.h"
#include "engine/effect.h"

namespace aiguillage::workflows {

struct WalkResult {
  std::string rails;
  std::string transcript;  // as told, with the answers of this run
  std::set<int> lines;     // of the transitions taken
  std::vector<engine::CustomEffect> effects;
  std::set<std::string> mail_templates;
  std::vector<std::string> incidents;
};

WalkResult RunWalk(const std::string& text);

}  // namespace aiguillage::workflows
