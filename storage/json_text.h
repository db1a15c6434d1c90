// JSON as the record keeps and digests it: the bytes of json::dump(), made in a third of its time,
// and read again in two thirds of json::parse()'s.
//
//   JsonText({{"b", 1}, {"a", "é"}})    {"a":"é","b":1}
//   JsonOf(R"({"a":"é","b":1})")        the value; the library reads what JsonText would not write
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace aiguillage::storage {

std::string JsonText(const nlohmann::json& value);  // json::type_error for text not in UTF-8
nlohmann::json JsonOf(const std::string& text);     // json::parse_error for what is no JSON

}  // namespace aiguillage::storage
