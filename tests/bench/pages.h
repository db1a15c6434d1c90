// The pages that people open most, on a large record: rendered as the server renders them, without
// a socket, and how long they were in the database.
#pragma once

#include <cstdint>
#include <string>

#include "tests/bench/goals.h"

namespace aiguillage::bench {

void MeasurePages(const std::string& url, std::int64_t projects, Goals& goals);
// Those of the exchange: `held` dossiers that could not be read, `projects` among which a new one
// is looked for. Fills a record of its own in `folder`, by rows: neither is a matter of the desk.
void MeasureExchangePages(const std::string& folder, std::int64_t held, std::int64_t projects,
                          Goals& goals);

}  // namespace aiguillage::bench
