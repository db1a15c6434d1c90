// What our rails say of a project, told to Démarches Simplifiées: the rows of the outbox of kind
// ds, one at a time for each dossier, in order.
//
//   PushReport report = PushDue(context, now);     {pushed 3, failed 0, later 1}
//
// DS has no idempotency key. So the dossier is read before anything is sent and after every
// doubtful answer; a message carries a reference and is looked for before it is sent again. A row
// ends sent, failed (with an incident for the pilot), not_deliverable, or goes back to pending for
// later.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/context.h"

namespace aiguillage::connectors {

struct PushReport {
  std::int64_t pushed = 0, failed = 0, later = 0;
  bool stopped = false;            // the token or the network must be mended first
  std::vector<std::string> words;  // French
};
PushReport PushDue(SyncContext& context, std::int64_t now);

}  // namespace aiguillage::connectors
