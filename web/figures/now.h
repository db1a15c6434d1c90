// « Maintenant »: how many projects stand at each step and in each collection, and how many of
// them are late, from the counters that every act keeps (storage::Pipeline).
#pragma once

#include <vector>

#include "web/figures/figure.h"

namespace aiguillage::web {

std::vector<Figure> NowFigures(storage::Session& session, workflows::Catalog& catalog,
                               const FigureQuestion& question);

}  // namespace aiguillage::web
