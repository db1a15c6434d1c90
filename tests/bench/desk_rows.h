// The rows of `./run bench desk`: what the desk does in a second, beside the floor of each
// database.
#pragma once

#include "tests/bench/goals.h"

namespace aiguillage::bench {

void MeasureDesk(Goals& goals);

}  // namespace aiguillage::bench
