// `./run bench desk --million`: a record of a million projects, made by the desk itself, and what
// the same pages and acts cost on it.
//
//   FillMillion("build/bench/million", 1'000'000)     // said on stdout how long it took
//   MeasureMillion("build/bench/million", goals)
#pragma once

#include <cstdint>
#include <string>

#include "tests/bench/goals.h"

namespace aiguillage::bench {

void FillMillion(const std::string& folder, std::int64_t projects);
void MeasureMillion(const std::string& folder, std::int64_t projects, Goals& goals);

}  // namespace aiguillage::bench
