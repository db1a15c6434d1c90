// A reading of Démarches Simplifiées in French, the same on the terminal and on its page.
//
//   ProgressWords(run)    « 12 300 dossiers lus, 810 par seconde, encore 4 minutes environ »
#pragma once

#include <cstdint>
#include <string>

#include "storage/exchange_runs.h"

namespace aiguillage::web {

std::string ProgressWords(const storage::ExchangeRun& run);
// « 4 minutes », « 1 heure 5 minutes », « moins d’une minute »
std::string DurationWords(std::int64_t ms);

}  // namespace aiguillage::web
