// What is wrong with rails that can nevertheless be read: dead ends, roads that lead nowhere, names
// that nothing answers to. Each finding says where, what, and how to mend it.
//
//   CheckRails(*definition, kit)  ->  {{"mentor.scxml", 42, 7, "unreachable", "…"}, …}; {} = clean
#pragma once

#include <vector>

#include "workflows/catalog.h"

namespace aiguillage::workflows {

// Of a directory of definitions or one .scxml file: first what keeps them from being taken, else
// what is wrong with each.
std::vector<Finding> CheckDefinitions(const std::string& path);
std::vector<Finding> CheckRails(const Definition& definition, const Kit& kit);

}  // namespace aiguillage::workflows
