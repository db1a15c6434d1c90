// Files that wait for the antivirus: looked at again until it answers.
//
//   ScanHeld(services)   -> {looked_at, clean, infected}; stops at the first that nobody can judge
#pragma once

#include "storage/documents.h"
#include "web/services.h"

namespace aiguillage::web {

struct HeldReport {
  int clean = 0, infected = 0;
  std::string trouble;  // why the rest still waits
};
HeldReport ScanHeld(Services& services);

// Opens an incident for the pilot, in the project's own words.
void TellOfVirus(storage::Session& session, std::int64_t project, const std::string& file,
                 const std::string& virus, std::int64_t now);
// « en attente d’analyse », « refusé : logiciel malveillant », "" for what may be opened.
std::string HeldWords(const storage::File& file);

}  // namespace aiguillage::web
