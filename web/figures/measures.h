// What figures.json beside the rails says of the numbers in documents, for the calls asked about.
//
//   Measures measures(session, catalog, question.calls);
//   measures.Of("evaluation")        {"satisfaction", « Agents satisfaits », percent, target 85} …
#pragma once

#include <string>
#include <vector>

#include "web/figures/figure.h"

namespace aiguillage::web {

struct Measure {
  std::string id, panel, kind, label;
  double target = 0;  // 0 without
};

class Measures {
 public:
  Measures(storage::Session& session, workflows::Catalog& catalog,
           const std::vector<std::string>& calls);
  std::vector<Measure> Of(const std::string& panel) const;
  // From which phase on a project was admitted, was selected; "" where no rails say.
  const std::string& admissible_from() const { return admissible_from_; }
  const std::string& selected_from() const { return selected_from_; }

 private:
  std::vector<Measure> measures_;
  std::string admissible_from_, selected_from_;
};

}  // namespace aiguillage::web
