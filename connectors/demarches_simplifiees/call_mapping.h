// Which mapping is in force for a call, and which pairs of DS type, conversion and form field
// exist.
//
//   nlohmann::json file = MappingInForce(session, catalog, call);   // saved by the pilot, else the
//                                                                   // definition's mapping.json
//   WhyNot({.type = "date"}, "TextChampDescriptor", field)
//     -> « Un texte court ne se lit pas comme une date. »             "" when the pair exists
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/mapping.h"
#include "engine/outcome.h"
#include "forms/form.h"
#include "storage/calls.h"
#include "workflows/catalog.h"

namespace aiguillage::connectors {

// The call that takes a démarche's dossiers: the published one before others; on that definition
// when one is named.
std::optional<storage::Call> CallTaking(storage::Session& session, std::int64_t demarche,
                                        const std::string& definition = "");

nlohmann::json MappingInForce(storage::Session& session, const workflows::Catalog& catalog,
                              const storage::Call& call);
// The same, read and judged against the call's form.
engine::Outcome<Mapping> ReadMappingOf(storage::Session& session, const workflows::Catalog& catalog,
                                       const storage::Call& call);

// What people completed of a dossier, the newest value of each field.
Corrections CorrectionsInForce(storage::Session& session, std::int64_t dossier);

// French names of what DS holds ("TextChampDescriptor" -> « texte court ») and of what we make of
// it ("minutes_from_hours" -> « durée en heures »); an unknown DS type is named as it is.
std::string DescriptorWords(const std::string& descriptor);
std::string ConversionWords(const std::string& conversion);

// Conversions that read such a champ, in the order they are offered.
std::vector<std::string> ConversionsOf(const std::string& descriptor);
// Those of them that give what the field takes.
bool Gives(const std::string& conversion, const forms::Field& field);
std::string WhyNot(const FieldRule& rule, const std::string& descriptor, const forms::Field& field);

}  // namespace aiguillage::connectors
