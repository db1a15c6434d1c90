// From one champ of a dossier to one answer: total conversions. Every pair of DS type and mapping
// type either converts, is unanswered (null), or is refused with a reason.
//
//   Convert({.label = "Durée", .type = "minutes_from_hours"}, {"__typename": "DecimalNumberChamp",
//            "decimal": 1.5}) -> 90
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "connectors/demarches_simplifiees/mapping.h"
#include "engine/outcome.h"

namespace aiguillage::connectors {

bool IsConversion(const std::string& type);  // a type Convert knows (files and rows apart)
engine::Outcome<nlohmann::json> Convert(const FieldRule& rule, const nlohmann::json& champ);

// The démarche describes its champs by type; « TextChampDescriptor » -> « Text ».
std::string StemOf(const std::string& descriptor);
bool IsLayout(const std::string& descriptor);  // a heading or an explanation: holds no answer
// Whether what such a champ holds can be read so. A type we have never heard of gives its words,
// and so can be read by whatever reads words.
bool Reads(const std::string& conversion, const std::string& descriptor);

}  // namespace aiguillage::connectors
