// What is wrong with rails that can nevertheless be read: dead ends, roads that lead nowhere, names
// that nothing answers to. Each finding says where, what, and how to mend it.
//
//   CheckRails(*definition, kit)  ->  {{"mentor.scxml", 42, 7, "unreachable", "…"}, …}; {} = clean
#pragma once

#include <vector>

#include "workflows/catalog.h"

namespace aiguillage::workflows {

std::vector<Finding> CheckRails(const Definition& definition, const Kit& kit);

}  // namespace aiguillage::workflows
