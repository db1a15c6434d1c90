// The two sides of a conflict, as a person must see them: what we decided, what DS says instead.
//
//   TheirSide(dossier)   {"state": "refuse", "motivation": "Hors sujet.", "by": "agent@…", "at": …}
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "storage/outbox.h"
#include "storage/projects.h"

namespace aiguillage::connectors {

// A row that meets a dossier decided otherwise; by: e-mail of who acted.
nlohmann::json OurSide(const storage::OutboxRow& row, const std::string& by);
// Nothing was said yet: where the project stands.
nlohmann::json OurSide(const storage::Project& project);
// The dossier with its history (traitements): who decided last, and when.
nlohmann::json TheirSide(const nlohmann::json& dossier);

}  // namespace aiguillage::connectors
