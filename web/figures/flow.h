// The panel « Flux »: how many came how far, what stood where, what moved, where it waits.
// The panel « Étapes »: how long steps take, in whose hands, how often they are done at once.
#pragma once

#include <vector>

#include "web/figures/figure.h"

namespace aiguillage::web {

std::vector<Figure> FlowFigures(storage::Session& session, workflows::Catalog& catalog,
                                const FigureQuestion& question);
std::vector<Figure> StepFigures(storage::Session& session, workflows::Catalog& catalog,
                                const FigureQuestion& question);

}  // namespace aiguillage::web
