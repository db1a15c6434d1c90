// JSON as the record keeps and digests it: the bytes of json::dump(), made in a third of its time.
//
//   JsonText({{"b", 1}, {"a", "é"}})    {"a":"é","b":1}
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace aiguillage::storage {

std::string JsonText(const nlohmann::json& value);  // json::type_error for text not in UTF-8
// Without the members of that name, however deep: what a copy without them would give.
std::string JsonTextWithout(const std::string& member, const nlohmann::json& value);

}  // namespace aiguillage::storage
