// The collections that a definition lists become rows; what people changed since stays.
//
//   TakeCollections(session, kit.collections);   // {"collections": [{"slug", "label", "sub":
//   […]}]}
//   SlugsOf(kit.collections)                     {"numerique", "langues"}
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "storage/database.h"

namespace aiguillage::workflows {

// All of them, of both levels.
std::set<std::string> SlugsOf(const nlohmann::json& list);
void TakeCollections(storage::Session& session, const nlohmann::json& list);

}  // namespace aiguillage::workflows
