// Has the dossier changed for somebody else than us? A digest of what its people and other agents
// wrote, without what moves by itself (file addresses, dates) and without the echo of what we said.
//
//   ContentHash(dossier, echo)    the same before and after our own « passer en instruction »
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/outbox.h"

namespace aiguillage::connectors {

// What comes back to us because we said it.
struct Echo {
  struct Said {
    std::string event;       // of a traitement: passe_en_instruction, accepte, …
    std::string motivation;  // of a decision
  };
  std::vector<Said> said;
  std::set<std::string> annotations;  // champs that we fill in
  std::set<std::string> labels;       // names of those that we put on and take off
  bool groups = false;                // it is we who choose the groupe instructeur
};
// What the mapping makes ours, without anything said yet.
Echo EchoOf(const Mapping& mapping);
// … with the rows of the project: the push writes in payload.did what it is about to cause, before
// it sends: [{"event": "accepte", "motivation": "…"}].
Echo EchoOf(const std::vector<storage::OutboxRow>& rows, Echo ours);

std::string ContentHash(const nlohmann::json& dossier, const Echo& echo);

// A part of the dossier as it may be stored: addresses of files are secrets that expire.
std::string TextWithoutAddresses(const nlohmann::json& part);

}  // namespace aiguillage::connectors
