// What an act wrote beside its journal row, held against what the journal says it did. A part of
// `verify`.
//
//   journal: act 3 wrote the mail « lead_asked » twice     outbox: one such row under act 3
//   -> "AIG-2026-0001, acte 3 (check.accept) : envois perdus ou en trop (mail lead_asked)"
#pragma once

#include <string>
#include <vector>

#include "storage/journal.h"
#include "storage/projects.h"
#include "workflows/catalog.h"

namespace aiguillage::workflows {

// The first row that is lost or too many: of the outbox, of the documents, of the timers that wait;
// "" when all are there. `rows`: the whole journal of a project that was not erased.
std::string WrongRows(storage::Session& session, const Definition& definition,
                      const storage::Project& project,
                      const std::vector<storage::JournalRow>& rows);

}  // namespace aiguillage::workflows
