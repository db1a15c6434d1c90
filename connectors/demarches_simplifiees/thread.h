// What is said around a dossier in DS and is no field of it: messages, opinions, attestation; and
// who stands around it. Kept in the record with each reading, so that a page never asks DS.
//
//   Surroundings around = SurroundingsOf(session, 20000004);
//   around.messages[0].author, .at, .text       "usager@…", "2026-03-29T08:08:10+02:00", « … »
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/database.h"

namespace aiguillage::connectors {

struct ThreadMessage {
  std::string author;                    // e-mail
  std::string at;                        // ISO instant
  std::string text;                      // plain: DS's own notices come as HTML
  std::string correction;                // "" | incorrect | incomplete | outdated: it asks for one
  std::string resolved_at;               // of that correction, "" while it is pending
  std::vector<std::string> attachments;  // file names
};
struct ThreadOpinion {
  std::string claimant, expert;  // e-mails
  std::string question, answer;  // answer "" while it is awaited
  std::string asked_at, answered_at;
};
struct Surroundings {
  std::vector<ThreadMessage> messages;  // oldest first
  std::vector<ThreadOpinion> opinions;
  std::vector<std::string> labels, followers;  // names; e-mails of the agents who follow it
  std::string group;                           // groupe instructeur, its label
  std::string filer;                           // account that filed, when for somebody else …
  std::string filed_for;                       // … and for whom
  std::string siret, company;                  // of the demandeur
  std::string attestation;                     // file name, "" while there is none
  std::vector<std::pair<std::string, std::string>> scans;  // file name, virusScanResult
};
// Its messages alone: the dossier itself, which is long, is not read.
std::vector<ThreadMessage> MessagesAround(storage::Session& session, std::int64_t dossier);
Surroundings SurroundingsOf(storage::Session& session, std::int64_t dossier);

// As stored, without addresses: the part of a dossier that is its thread, "" when it came without
// one; and the dossier without it.
std::string ThreadText(const nlohmann::json& dossier);
std::string TextWithoutThread(const nlohmann::json& dossier);
// Files that DS shows the holder beside those of the form: attestation, attachments of messages.
std::vector<MappedFile> ThreadFiles(const nlohmann::json& dossier);

}  // namespace aiguillage::connectors
