// The filters of the register, as an address says them; a figure of the pipeline is a link made of
// the same words, so that list and figure cannot disagree.
//
//   /projets?appel=mentor-2026&etat=lead_review&retard=1&page=2
#pragma once

#include <optional>
#include <string>

#include "storage/projects.h"
#include "web/visit.h"

namespace aiguillage::web {

inline constexpr int kRowsPerPage = 50;

struct RegisterQuery {
  storage::ProjectFilter filter;
  int page = 1;
};
// Unknown words are ignored; whoever is not staff lists what lives or is online, and their own.
RegisterQuery ReadFilters(const Visit& visit);
// The address of a list; page 1 and the usual order are left unsaid.
std::string RegisterAddress(const storage::ProjectFilter& filter, int page = 1);

}  // namespace aiguillage::web
