// Several score sheets of one project, read together; and several projects, ranked.
//
//   auto c = Consolidate(score_sheet, {sheet_of_anne, sheet_of_bruno});
//   c.total 71.5   c.criteria[0] {need, mean 3.5, spread 1}   c.third_reviewer_needed false
//
// The criteria are the rows of the form's group `scores`, each with its weight; marks are 0 to 5.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"

namespace aiguillage::forms {

inline constexpr char kScoreSheet[] = "score_sheet";  // the form's id, in every call
inline constexpr double kThreshold = 60.0;            // out of 100: at least
inline constexpr int kGap = 2;                        // between two reviewers on one criterion
inline constexpr int kLow = 1;                        // a mark to be looked at

struct Criterion {
  std::string id, title;
  int weight = 0;
  std::vector<int> marks;  // in the order of the sheets
  int min = 0, max = 0, spread = 0;
  double mean = 0;
  bool low = false;   // some mark is kLow or less
  bool wide = false;  // spread of kGap or more
};

struct Consolidation {
  std::vector<Criterion> criteria;
  std::vector<double> totals;          // one a sheet, 0-100
  double total = 0;                    // weighted mean, 0-100
  bool third_reviewer_needed = false;  // two sheets, and a gap
  bool passes = false;                 // total >= kThreshold
  double MeanOf(const std::string& criterion) const;
};
// What Consolidate needs of a sheet: a mark, 0 to 5, on each criterion of the form.
bool HasEveryMark(const Form& score_sheet, const nlohmann::json& sheet);
Consolidation Consolidate(const Form& score_sheet, const std::vector<nlohmann::json>& sheets);

// What the sheets say together, in plain French for somebody to go over: the same sheets give the
// same words. "" without a sheet.
std::string ProposedSynthesis(const Form& score_sheet, const std::vector<nlohmann::json>& sheets);

struct Ranked {
  std::string project;
  int rank = 0;  // equal ranks only when nothing separates them
  double total = 0, need = 0, reach = 0;
  bool passes = false;
};
struct Candidate {
  std::string project;
  Consolidation consolidation;
};
// By weighted mean; ties by `need`, then by `reach`.
std::vector<Ranked> Rank(const std::vector<Candidate>& candidates);
// For each of them why it stands there, where its total is shared: « 60 comme AIG-2026-0003 : … ».
// "" where the total alone decides.
std::vector<std::string> TieWords(const std::vector<Ranked>& ranked);

}  // namespace aiguillage::forms
