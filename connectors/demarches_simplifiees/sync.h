// The pull: everything Démarches Simplifiées holds of one démarche becomes raw dossiers, projects
// and files here; then what is due is pushed.
//
//   SyncReport report = Sync(context, /*full=*/false);
//   {"seen": 249, "created": 249, "updated": 0, "unchanged": 0, "quarantined": 0, "files": 512, …}
//
// The cursor is stored with the page it ends, so that a run that is interrupted anywhere resumes.
// A run that finds nothing new writes nothing but cursors. `full` reads everything again and looks
// for what DS's lists never tell (dossiers that just disappear).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/context.h"

namespace aiguillage::connectors {

SyncReport Pull(SyncContext& context, bool full);
SyncReport Sync(SyncContext& context, bool full);  // Pull, then the push of what is due

// What the record holds, read once more by today's mapping; DS is not asked. Answers that come out
// differently are a new version of the project's document. A second replay writes nothing.
SyncReport Replay(SyncContext& context);

// Dossiers shaped like the fragment DossierParts, for a call that exists. Addresses are optional.
SyncReport Import(SyncContext& context, const std::string& call,
                  const std::vector<std::string>& files);

// One dossier of the quarantine, read again with the mapping and the corrections of now. DS is not
// asked: its files come with the next reading. created or updated is 1 once it went in.
SyncReport TakeUp(storage::Database& database, workflows::Desk& desk, workflows::Catalog& catalog,
                  const SyncOptions& options, std::int64_t number);

}  // namespace aiguillage::connectors
