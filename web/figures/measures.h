// What figures.json beside the rails says of the numbers in documents, for the calls asked about.
//
//   Measures measures(session, catalog, question.calls);
//   measures.Of("evaluation")        {"satisfaction", « Agents satisfaits », percent, target 85} …
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "web/figures/figure.h"

namespace aiguillage::web {

inline constexpr std::int64_t kAnswersMin = 5;  // fewer would tell of single people
inline constexpr char kTooFew[] = "moins de 5 réponses";

struct Measure {
  std::string id, panel, kind, label;
  double target = 0;     // 0 without
  bool weighed = false;  // stands for the answers of people: those of a few are not told
};

class Measures {
 public:
  Measures(storage::Session& session, workflows::Catalog& catalog,
           const std::vector<std::string>& calls);
  std::vector<Measure> Of(const std::string& panel) const;
  // Those that follow from others too: "score", "quality_media.blocking"; null for no measure.
  const Measure* Find(const std::string& id) const;
  // From which phases on a project was admitted, was selected: one of each rails that say so.
  const std::vector<std::string>& admissible_from() const { return admissible_from_; }
  const std::vector<std::string>& selected_from() const { return selected_from_; }
  // « 18 mois »: a training online for longer is due for a review; "" where no rails ask for one.
  const std::string& review_within() const { return review_within_; }

 private:
  std::vector<Measure> measures_, derived_;
  std::vector<std::string> admissible_from_, selected_from_;
  std::string review_within_;
};

}  // namespace aiguillage::web
