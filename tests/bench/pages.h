// The pages that people open most, on a large record: rendered as the server renders them, without
// a socket, and how long they were in the database.
#pragma once

#include <cstdint>
#include <string>

#include "tests/bench/goals.h"

namespace aiguillage::bench {

void MeasurePages(const std::string& url, std::int64_t projects, Goals& goals);

}  // namespace aiguillage::bench
