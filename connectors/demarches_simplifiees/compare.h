// Do Démarches Simplifiées and we say the same? A walk over both, for `sync --compare`.
//
//   Compare(context) -> {{"AIG-2026-0042", "état", "accepté", "en instruction"}}
//
// What still waits in the outbox, or was never to be told, is not drift.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/context.h"

namespace aiguillage::connectors {

struct Drift {
  std::string number;  // the project's, or the dossier's when we hold no project
  std::string what;    // état, motivation, annotation « … », étiquettes, groupe, contenu,
                       // pièce jointe « … », dossier, accès
  std::string here, there;
};
inline constexpr const char* kNoAccess = "accès";  // DS could not be read to the end
nlohmann::json ToJson(const std::vector<Drift>& drifts);

std::vector<Drift> Compare(SyncContext& context);

}  // namespace aiguillage::connectors
