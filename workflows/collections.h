// The collections that a definition lists become rows; what people changed since stays.
//
//   TakeCollections(session, kit.collections);   // {"collections": [{"slug", "label", "sub":
//   […]}]}
#pragma once

#include <nlohmann/json.hpp>

#include "storage/database.h"

namespace aiguillage::workflows {

void TakeCollections(storage::Session& session, const nlohmann::json& list);

}  // namespace aiguillage::workflows
