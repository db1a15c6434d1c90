// A dossier that could not be read, as the page that completes it works with it: the form reduced
// to what it lacks, what was typed and sent, and the corrections that become of it.
//
//   HeldDossier held = Understand(session, ReaderFor(session, services, 98765), row);
//   forms::Form form = FormToComplete(held);
//   Completed done = ReadCompleted(visit, form, held);      // errors, or answers to save
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/mapping.h"
#include "forms/form.h"
#include "forms/validate.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "web/visit.h"
#include "workflows/catalog.h"

namespace aiguillage::web {

struct HeldDossier {
  storage::Dossier row;
  nlohmann::json raw;
  std::string mapping_trouble;  // then nothing was mapped
  connectors::Mapped mapped;
  std::vector<storage::Correction> corrections;
  std::vector<storage::File> kept;  // files sent to complete it: of no project yet
  const forms::Form* form = nullptr;
  std::shared_ptr<const workflows::Definition> definition;  // holds the form
};

// How the dossiers of one démarche are read, made once however many there are.
struct HeldReader {
  std::string trouble;
  std::shared_ptr<const workflows::Definition> definition;
  std::optional<connectors::Mapping> mapping;
};
HeldReader ReaderFor(storage::Session& session, const Services& services, std::int64_t demarche);
HeldDossier Understand(storage::Session& session, const HeldReader& reader,
                       storage::Dossier dossier);

// What this dossier lacks, and what was completed before.
forms::Form FormToComplete(const HeldDossier& held);
// What the page begins with: what was completed, else what could be read of a table.
nlohmann::json ToEdit(const HeldDossier& held, const forms::Form& form);

struct Completed {
  nlohmann::json answers;
  std::vector<forms::FieldError> errors;
};
// What was posted, files kept under their hash and told to `held`. Throws HttpError.
Completed ReadCompleted(Visit& visit, const forms::Form& form, HeldDossier& held);
// What differs from what was completed before; an emptied field is taken back.
void SaveCorrections(Visit& visit, const HeldDossier& held, const forms::Form& form,
                     const nlohmann::json& answers);
std::string Shown(const HeldDossier& held, const storage::Correction& correction);

}  // namespace aiguillage::web
