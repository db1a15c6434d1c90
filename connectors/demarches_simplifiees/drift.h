// Where a call's mapping and the live form of its démarche no longer agree: an alarm, kept in the
// record and mailed to the pilots once, before a dossier is read by it.
//
//   MappingDrift drift = CompareWithRevision(mapping, revision);
//   {{"retyped", "Q2hhbXAtNDExMQ==", "Budget demandé (euros)", "TextChampDescriptor"}}
//   RaiseDrift(database, call, drift, now);                // writes nothing when nothing is new
//   DriftAlarm alarm = StandingDrift(session, 98765);      // what a page shows, without asking DS
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/calls.h"
#include "storage/database.h"

namespace aiguillage::connectors {

struct FieldDrift {
  std::string kind;   // removed | unmapped | retyped | renamed | annotation (removed or retyped)
  std::string champ;  // champDescriptorId
  std::string label;  // the mapping's; DS's when it is unmapped
  std::string live;   // renamed: the label in DS; retyped: its __typename there; else ""

  friend bool operator==(const FieldDrift&, const FieldDrift&) = default;
};
std::string Sentence(const FieldDrift& drift);  // French

struct MappingDrift {
  std::vector<FieldDrift> fields;
  bool fatal = false;  // the title can no longer be read: the mapping is another démarche's
};
// `revision` is DS's Revision, with the descriptors of champs and annotations.
MappingDrift CompareWithRevision(const Mapping& mapping, const nlohmann::json& revision);

struct DriftAlarm {
  std::int64_t since = 0;  // of the newest of them; 0: mapping and démarche agree
  std::vector<FieldDrift> fields;
};
DriftAlarm StandingDrift(storage::Session& session, std::int64_t demarche);
// Keeps the drift; what was not there before is mailed to each pilot of the call.
void RaiseDrift(storage::Database& database, const storage::Call& call, const MappingDrift& drift,
                std::int64_t now);

}  // namespace aiguillage::connectors
