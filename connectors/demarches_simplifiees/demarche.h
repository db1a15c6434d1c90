// The démarche as its administrators set it up: title, form, groupes and who instructs in them.
//
//   auto demarche = ReadDemarche(client, 98765);
//   demarche.value().InstructeurFor(901, "a@dgafp.gouv.fr")  -> "SW5zdHJ1Y3RldXItMzEwMA=="
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/client.h"
#include "connectors/demarches_simplifiees/context.h"
#include "engine/outcome.h"
#include "storage/calls.h"

namespace aiguillage::connectors {

struct Instructeur {
  std::string id, email;
};

struct Demarche {
  std::int64_t number = 0;
  std::string title, opens, closes;  // ISO dates, "" when unknown
  nlohmann::json revision;           // the active one
  std::map<std::int64_t, std::vector<Instructeur>> groups;
  std::map<std::int64_t, std::string> group_ids;    // opaque
  std::map<std::string, std::string> labels;        // name -> opaque id
  std::map<std::string, std::string> group_labels;  // by number as text

  // The opaque id of the first of `wanted` (e-mails or ids, separated by spaces or commas) who
  // instructs in this groupe; "" when none does.
  std::string InstructeurFor(std::int64_t group, const std::string& wanted) const;
};

struct DemarcheAnswer {
  Demarche demarche;
  DsAnswer answer;  // not Ok: no démarche
};
DemarcheAnswer ReadDemarche(Client& client, std::int64_t number);

// The call of that démarche; made on options.definition when the record has none. The démarche's
// form is kept for the pilot's page.
storage::Call CallOf(SyncContext& context, const Demarche& demarche);

}  // namespace aiguillage::connectors
