// The panels of figures: what the pages, the files, the API and the command line show, in this
// order. A panel always gives the same figures, empty ones too (Figure::empty), so that the method
// page knows them all.
//
//   for (const Panel& panel : Panels()) panel.make(session, catalog, question)
#pragma once

#include <string>
#include <vector>

#include "web/figures/figure.h"

namespace aiguillage::web {

struct Panel {
  const char* id;     // in the address: /pilotage/chiffres/ID
  const char* title;  // French, of its tab
  std::vector<Figure> (*make)(storage::Session&, workflows::Catalog&, const FigureQuestion&);
};

const std::vector<Panel>& Panels();
const Panel* FindPanel(const std::string& id);  // null when there is none

}  // namespace aiguillage::web
