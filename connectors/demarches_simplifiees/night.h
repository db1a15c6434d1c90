// The full comparison, once a night: everything is read again, for what DS's lists never tell, then
// both sides are compared and the drift is kept where a page reads it.
//
//   if (database.Read([&](Session& s) { return NightIsDue(s, 98765, now); })) RunNight(context);
//   DriftReport report = LastReport(session, 98765);   // {at, drifts}; at 0: never compared
#pragma once

#include <cstdint>
#include <vector>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/context.h"

namespace aiguillage::connectors {

struct DriftReport {
  std::int64_t at = 0;
  std::vector<Drift> drifts;
};
DriftReport LastReport(storage::Session& session, std::int64_t demarche);
// Compares now and keeps what it found, unless DS could not be read to the end.
std::vector<Drift> CompareAndKeep(SyncContext& context);

// From two hours after midnight in Paris until it was done for that day, whoever did it.
bool NightIsDue(storage::Session& session, std::int64_t demarche, std::int64_t now);
// The caller holds the lease of the démarche. Stopped before its end, it is due again.
SyncReport RunNight(SyncContext& context);

}  // namespace aiguillage::connectors
