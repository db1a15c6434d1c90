// JSON Schema (draft 7) by valijson, behind one function: its headers cost 14 s of compilation, so
// they are read by one .cpp and nowhere else.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace aiguillage::forms {

// Paths ("lines.0.amount", "" for the whole) at which the answers break the schema. The schema is a
// Form's: no `pattern` (std::regex crashes on long texts), no `format`, depth already bounded.
std::vector<std::string> BrokenPaths(const nlohmann::json& schema, const nlohmann::json& answers);

}  // namespace aiguillage::forms
