// Is the record what the journal says? The file itself, chain, replay of every project that is not
// erased, tasks against the configuration, what each act wrote against its journal row, counters,
// orphans, attached files against their hashes. `verify` prints it; exit 1 when broken. `restore`
// lets nothing else take the record's place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"
#include "workflows/catalog.h"

namespace aiguillage::workflows {

struct VerifyReport {
  std::int64_t projects = 0, journal = 0, erased = 0;
  std::vector<std::string> broken;  // sentences naming project and row
};
VerifyReport Verify(storage::Database& database, Catalog& catalog, const std::string& files_dir);

// Purge (design: « Erasing »): which finished projects have outlived their duration.
struct PurgePlan {
  std::vector<std::string> numbers;
  std::string refused;  // `--before` too late: says until when; then numbers is empty
};
struct Retention {  // months after the end, by kind of end (domain.md §15)
  int unsuccessful_months = 24;
  int completed_months = 60;
};
PurgePlan PlanPurge(storage::Database& database, const Retention& retention, std::int64_t now,
                    std::int64_t before);  // before 0 = each kind's duration alone
int CarryOutPurge(storage::Database& database, const PurgePlan& plan, const std::string& files_dir);

}  // namespace aiguillage::workflows
