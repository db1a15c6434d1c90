// The panel « Dossiers »: who applied, who was admitted and selected, by administration and
// collection, what documents tell of it, what reviewers did (by collection, never by name). The
// panel « Offre et évaluation »: what was published, what is due for a review, the quality grid by
// family, what agents said. Measures by groups under five answers are not told.
#pragma once

#include <vector>

#include "web/figures/figure.h"

namespace aiguillage::web {

std::vector<Figure> CallFigures(storage::Session& session, workflows::Catalog& catalog,
                                const FigureQuestion& question);
std::vector<Figure> OfferFigures(storage::Session& session, workflows::Catalog& catalog,
                                 const FigureQuestion& question);

}  // namespace aiguillage::web
