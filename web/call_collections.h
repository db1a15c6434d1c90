// The collections that the rails of a call list, and who leads each.
//
//   SlugsOf(kit.collections)                    {"numerique", "langues"}
//   LeadsOf(session, "numerique")               « Anne Martin, Bruno Petit », "" without
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "storage/database.h"

namespace aiguillage::web {

std::set<std::string> SlugsOf(const nlohmann::json& list);
std::string LeadsOf(storage::Session& session, const std::string& collection);

}  // namespace aiguillage::web
