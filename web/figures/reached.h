// How far projects came, as an address of the register, and sums of what they tell.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "storage/facts.h"
#include "web/figures/figure.h"

namespace aiguillage::web {

inline constexpr std::size_t kAdministrationsMax = 60;  // rows of a table, the largest first

// Projects that came to that phase, or to one of « framing_review,relay », or beyond, all of them
// without; of one administration. `alone`:
// the question's collection without those below it.
std::string ReachedAddress(const FigureQuestion& question, const std::string& phases,
                           const std::string& administration = "", bool alone = false);
// Over their collections, one row a name.
std::vector<storage::FactSum> AddedUp(const std::vector<storage::FactSum>& sums);

}  // namespace aiguillage::web
