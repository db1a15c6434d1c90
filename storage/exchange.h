// What people and the démarche's administrators say of the exchange: corrections of dossiers that
// could not be read, mappings saved for a call, the démarche's form as last read.
//
//   InsertCorrection(session, {0, 30000001, "title", "Écrire clair", 17, now});
//   CorrectionsOf(session, 30000001).back().value     // "Écrire clair"
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Correction {
  std::int64_t id = 0;
  std::int64_t number = 0;  // of the dossier
  std::string field;        // of the form it fills
  nlohmann::json value;     // null takes an earlier one back
  std::int64_t person = 0;
  std::int64_t at = 0;
};
void InsertCorrection(Session&, const Correction&);
std::vector<Correction> CorrectionsOf(Session&, std::int64_t number);  // oldest first

struct MappingVersion {
  std::string call;
  int version = 0;         // 1, 2, 3 … per call
  nlohmann::json mapping;  // null: the definition's own file
  std::int64_t person = 0;
  std::int64_t at = 0;
};
MappingVersion InsertMapping(Session&, MappingVersion);                     // fills version
std::vector<MappingVersion> MappingsOf(Session&, const std::string& call);  // newest first
std::optional<MappingVersion> NewestMapping(Session&, const std::string& call);

struct Descriptor {
  std::int64_t demarche = 0;
  nlohmann::json revision;  // as DS tells it: champDescriptors, annotationDescriptors
  std::int64_t at = 0;      // when it was first read as it is
};
std::optional<Descriptor> FindDescriptor(Session&, std::int64_t demarche);
void SaveDescriptor(Session&, const Descriptor&);

// What differed between here and DS when it was last looked at, as `sync --compare --json` says it.
struct Comparison {
  std::int64_t at = 0;                            // 0: never
  std::int64_t asked_at = 0;                      // after `at`: somebody waits for a new one
  nlohmann::json rows = nlohmann::json::array();  // {number, what, here, there}
};
Comparison FindComparison(Session&, std::int64_t demarche);
void AskForComparison(Session&, std::int64_t demarche, std::int64_t now);
void SaveComparison(Session&, std::int64_t demarche, std::int64_t at, const nlohmann::json& rows);

}  // namespace aiguillage::storage
