// « Cela existe-t-il déjà ? »: projects and published trainings that resemble one which has just
// arrived, for the staff that looks at it first.
//
//   Resemblance({"Écrire clair pour tous", {"rédaction"}}, {"Écrire plus clair", {}})
//     -> « Titre : écrire, clair. »                       "" when they do not resemble
#pragma once

#include <string>
#include <vector>

#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

struct Topic {
  std::string title;
  std::vector<std::string> skills;
};
std::string Resemblance(const Topic& one, const Topic& other);

// Fills `has_similar` and `similar`; nothing to those who may not list projects, nor later on.
void AddSimilar(View& view, Visit& visit, storage::Session& session, const Sight& sight);

}  // namespace aiguillage::web
