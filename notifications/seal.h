// The journal's daily seal, made once the day is over in Paris and mailed to the pilots: whoever
// would rewrite the record would have to rewrite their mailboxes too.
//
//   SealYesterday(database, now)   // true: a seal was made; cheap when there is nothing to do
#pragma once

#include <cstdint>

#include "storage/database.h"

namespace aiguillage::notifications {

bool SealYesterday(storage::Database& database, std::int64_t now);

}  // namespace aiguillage::notifications
