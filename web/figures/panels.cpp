#include "web/figures/panels.h"

#include <algorithm>

#include "web/figures/call.h"
#include "web/figures/flow.h"
#include "web/figures/forecast.h"
#include "web/figures/now.h"

namespace aiguillage::web {

const std::vector<Panel>& Panels() {
  static const std::vector<Panel> panels = {
      {"maintenant", "Maintenant", NowFigures}, {"flux", "Flux", FlowFigures},
      {"etapes", "Étapes", StepFigures},        {"previsions", "Prévisions", ForecastFigures},
      {"dossiers", "Dossiers", CallFigures},    {"offre", "Offre et évaluation", OfferFigures},
  };
  return panels;
}

const Panel* FindPanel(const std::string& id) {
  const auto& panels = Panels();
  const auto found =
      std::find_if(panels.begin(), panels.end(), [&](const Panel& one) { return one.id == id; });
  return found == panels.end() ? nullptr : &*found;
}

}  // namespace aiguillage::web
