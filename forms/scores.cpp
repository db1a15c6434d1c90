#include "forms/scores.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace aiguillage::forms {
namespace {

constexpr int kBest = 5;

const Field* ScoresOf(const Form& form) {
  const Field* scores = FindField(form, "scores");
  return scores != nullptr && scores->kind == Kind::kGroup ? scores : nullptr;
}

int MarkOf(const nlohmann::json& sheet, const std::string& criterion) {
  return sheet.at("scores").at(criterion).at("score").get<int>();
}

Criterion Gather(const Field& field, const std::vector<nlohmann::json>& sheets) {
  Criterion criterion{field.name, field.title, field.weight, {}, 0, 0, 0, 0, false, false};
  for (const auto& sheet : sheets) criterion.marks.push_back(MarkOf(sheet, field.name));
  if (criterion.marks.empty()) return criterion;
  const auto [least, most] = std::minmax_element(criterion.marks.begin(), criterion.marks.end());
  criterion.min = *least;
  criterion.max = *most;
  criterion.spread = *most - *least;
  criterion.mean = std::accumulate(criterion.marks.begin(), criterion.marks.end(), 0.0) /
                   static_cast<double>(criterion.marks.size());
  criterion.low = criterion.min <= kLow;
  criterion.wide = criterion.spread >= kGap;
  return criterion;
}

// Sums of whole numbers, divided once at the end: 60 is 60, never 59.999….
double Weighted(long long sum, long long weights, std::size_t sheets) {
  if (weights == 0 || sheets == 0) return 0;
  return static_cast<double>(sum) * 100.0 /
         static_cast<double>(weights * kBest * static_cast<long long>(sheets));
}

}  // namespace

double Consolidation::MeanOf(const std::string& criterion) const {
  const auto found = std::find_if(criteria.begin(), criteria.end(),
                                  [&](const Criterion& c) { return c.id == criterion; });
  return found == criteria.end() ? 0 : found->mean;
}

bool HasEveryMark(const Form& score_sheet, const nlohmann::json& sheet) {
  const Field* scores = ScoresOf(score_sheet);
  if (scores == nullptr) return false;
  return std::all_of(scores->children.begin(), scores->children.end(), [&](const Field& field) {
    const auto at = nlohmann::json::json_pointer("/scores") / field.name / "score";
    if (!sheet.is_object() || !sheet.contains(at) || !sheet.at(at).is_number_integer())
      return false;
    const auto mark = sheet.at(at).get<std::int64_t>();
    return mark >= 0 && mark <= kBest;
  });
}

Consolidation Consolidate(const Form& score_sheet, const std::vector<nlohmann::json>& sheets) {
  Consolidation all;
  const Field* scores = ScoresOf(score_sheet);
  if (scores == nullptr) return all;
  long long weights = 0, sum = 0;
  std::vector<long long> sums(sheets.size(), 0);
  for (const auto& field : scores->children) {
    all.criteria.push_back(Gather(field, sheets));
    weights += field.weight;
    for (std::size_t i = 0; i < sheets.size(); ++i)
      sums[i] += static_cast<long long>(field.weight) * all.criteria.back().marks[i];
  }
  for (const long long one : sums) {
    all.totals.push_back(Weighted(one, weights, 1));
    sum += one;
  }
  all.total = Weighted(sum, weights, sheets.size());
  const bool wide = std::any_of(all.criteria.begin(), all.criteria.end(),
                                [](const Criterion& c) { return c.wide; });
  all.third_reviewer_needed = wide && sheets.size() < 3;
  all.passes = !sheets.empty() && all.total >= kThreshold;
  return all;
}

std::vector<Ranked> Rank(const std::vector<Candidate>& candidates) {
  std::vector<Ranked> ranked;
  for (const auto& [project, c] : candidates)
    ranked.push_back({project, 0, c.total, c.MeanOf("need"), c.MeanOf("reach"), c.passes});
  const auto merit = [](const Ranked& r) { return std::tie(r.total, r.need, r.reach); };
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](const Ranked& a, const Ranked& b) { return merit(a) > merit(b); });
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const bool same = i > 0 && merit(ranked[i]) == merit(ranked[i - 1]);
    ranked[i].rank = same ? ranked[i - 1].rank : static_cast<int>(i) + 1;
  }
  return ranked;
}

}  // namespace aiguillage::forms
