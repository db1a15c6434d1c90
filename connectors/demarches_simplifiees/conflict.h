// The two sides of a conflict, as a person must see them: what we decided, what DS says instead.
//
//   TheirSide(dossier)   {"state": "refuse", "motivation": "Hors sujet.", "by": "agent@…", "at": …}
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/projects.h"

namespace aiguillage::connectors {

// A row that meets a dossier decided otherwise; by: e-mail of who acted.
nlohmann::json OurSide(const storage::OutboxRow& row, const std::string& by);
// Nothing was said yet: where the project stands.
nlohmann::json OurSide(const storage::Project& project);
// The dossier with its history (traitements): who decided last, and when.
nlohmann::json TheirSide(const nlohmann::json& dossier);

// A version of a dossier that DS decided without us: the rails do not move by themselves, the pilot
// is asked. What still waits to be said meets the decision itself, and may agree with it.
void LookForDecision(storage::Session& session, const storage::Dossier& dossier,
                     const storage::Project& project, const nlohmann::json& node, std::int64_t now);

}  // namespace aiguillage::connectors
