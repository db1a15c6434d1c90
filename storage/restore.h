// A copy made by `backup` becomes the record again, once it has been looked over.
//
//   Restore("sqlite:data/aiguillage.db", "copy.db", {.replace = true, .set_aside =
//   ".20261127-1130"},
//           [](Database& copy) { return …a Refusal, or nothing…; })
//     -> "data/aiguillage.db.20261127-1130", where the record it replaced now is; "" without one
//
// The copy is copied beside the record's place, checked there page by page, brought to this
// program's schema and shown to `look_over`; only then does it take the place, at once. Until then,
// and when it is refused, nothing has changed. Refusal codes: no_file, exists, in_use, damaged,
// newer, and look_over's own; on PostgreSQL always use_pg_restore.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/outcome.h"
#include "storage/database.h"

namespace aiguillage::storage {

struct RestoreOptions {
  bool replace = false;   // otherwise a record that is there is left there
  std::string set_aside;  // what its name ends with from now on
};
using LookOver = std::function<std::optional<engine::Refusal>(Database& copy)>;

// Trouble when the disk fails on the way.
engine::Outcome<std::string> Restore(const std::string& url, const std::string& file,
                                     const RestoreOptions& options, const LookOver& look_over);

// The same for a file of SQLite's; its dialect calls it.
engine::Outcome<std::string> RestoreFile(const std::string& place, const std::string& file,
                                         const RestoreOptions& options, const LookOver& look_over);

}  // namespace aiguillage::storage
