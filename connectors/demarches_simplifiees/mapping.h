// How a dossier of Démarches Simplifiées becomes the answers of a form: read from the definition's
// mapping.json, by champDescriptorId, never by label.
//
//   auto mapping = ReadMapping(kit.mapping, "mentor/mapping.json",
//   &definition->forms.at("application")); Mapped mapped = Map(mapping.value(), dossier);
//   mapped.answers    {"title": "Écrire clair", "duration_minutes": 90, …}
//   mapped.problems   « Le champ « Titre du projet » est vide. »    -> quarantine
//
// fields: {champ, label, to, type, required, free, choices | rows}. Types: text choice choices
// linked integer decimal money minutes_from_hours date datetime boolean email phone siret address
// department files rows. A champ that does not convert is a problem, never a silent loss; one that
// is empty or not asked is simply unanswered; a choice that `choices` does not know stays empty.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "forms/form.h"

namespace aiguillage::connectors {

using Choices = std::map<std::string, std::string>;  // the démarche's word -> our slug

struct FieldRule {
  std::string champ, label, to, type;
  bool required = false;
  bool free = false;  // keep a word that `choices` does not know
  Choices choices;
  std::vector<FieldRule> rows;
};

struct AnnotationRule {
  std::string champ, label;
  std::string from;  // number | state | link | summary | FORM.FIELD
  Choices choices;   // read backwards: our slug -> the démarche's word
};

struct HolderRule {  // names of form fields; the address is usager.email
  std::string name, siret, administration;
  std::vector<std::string> co_holders;  // "field" or "table.column", e-mails
};

struct Mapping {
  std::string file;
  std::vector<FieldRule> fields;
  std::vector<AnnotationRule> annotations;
  HolderRule holder;
  std::set<std::string> ignored;      // champs that carry nothing for us
  std::set<std::string> form_fields;  // of the form it fills, empty when unknown
  std::string deleted_event = "ds.withdrawn";
  std::map<std::string, std::string> labels;   // state -> label that a dossier wears there
  std::map<std::string, std::int64_t> groups;  // collection -> groupe instructeur, its number
};
// Refused with the file, the entry and what was expected. `form` may be null (nothing to check).
engine::Outcome<Mapping> ReadMapping(const nlohmann::json& json, const std::string& file,
                                     const forms::Form* form);

// A file the dossier carries. The address is short-lived and never stored.
struct MappedFile {
  std::string field, name, type, md5, url, scan;
  std::int64_t size = 0;
};

MappedFile FileFrom(const nlohmann::json& file, const std::string& field);  // DS's File

struct Mapped {
  nlohmann::json answers = nlohmann::json::object();
  std::string title, collection, holder_email, holder_name, siret, administration;
  std::string filed_on;  // ISO date of the deposit in Paris, "" unknown
  std::vector<std::string> co_holders;
  std::vector<MappedFile> files;
  nlohmann::json completed = nlohmann::json::array();  // files that people sent instead of DS's:
                                                       // {field, hash, name, type, size}
  std::vector<std::string> problems;                   // French, one a field
  std::set<std::string> troubled;                      // the form fields they are about
};
// `corrected`: what a person completed, by form field; it stands where DS holds
// nothing that can be read, and gives way once DS does.
using Corrections = std::map<std::string, nlohmann::json>;
Mapped Map(const Mapping& mapping, const nlohmann::json& dossier,
           const Corrections& corrected = {});

// What holds DS's text in dossiers and descriptors.
std::string TextAt(const nlohmann::json& object, const char* member);  // "" when it is no text
// The member itself, or a null that lives for ever: never a copy.
const nlohmann::json& PartOf(const nlohmann::json& object, const char* member);
inline bool Mentions(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace aiguillage::connectors
