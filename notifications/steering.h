// The pilot's monthly mail: on the first working day of a month at 8:00, where the projects of each
// of their calls stand, what moved in the month that ended, what is late. One a person, once a
// month, whatever stopped in between.
//
//   TellOfTheMonth(database, catalog, now, false)     what left, as the clockwork tells it
//
// Down for a week, it leaves late, once; down for months, only the last month is told. A record
// that begins waits for its next month.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "notifications/clockwork.h"
#include "storage/database.h"
#include "workflows/catalog.h"

namespace aiguillage::notifications {

// 8:00 on the first working day of « 2027-05 ».
std::int64_t SteeringDue(const std::string& month);
// dry_run: the same, nothing is written.
std::vector<Firing> TellOfTheMonth(storage::Database& database, workflows::Catalog& catalog,
                                   std::int64_t now, bool dry_run);

}  // namespace aiguillage::notifications
