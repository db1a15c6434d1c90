// The panel « Prévisions »: when the trainings of a call will be online, how many each month, and
// what these dates rest on. Method: workflows/forecast.h.
#pragma once

#include <vector>

#include "web/figures/figure.h"
#include "workflows/forecast.h"

namespace aiguillage::web {

std::vector<Figure> ForecastFigures(storage::Session& session, workflows::Catalog& catalog,
                                    const FigureQuestion& question);
const char* BasisWords(workflows::Basis basis);  // « la même collection », …

}  // namespace aiguillage::web
