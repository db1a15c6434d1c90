// What the reviewers said, as its reader may see it: the whole, or nothing; with names, or without.
//
//   lead, chair, DGAFP     names and marks
//   committee member       marks, « Relecteur 1 »
//   reviewer               the same, once their own sheet is given
//   the project's side     nothing
#pragma once

#include <string>

#include "web/page.h"
#include "web/sight.h"
#include "workflows/panel.h"

namespace aiguillage::web {

// "" when this person may see the panel, else why not.
std::string PanelRefusal(const Sight& sight, const workflows::Panel& panel);
std::string PanelRefusal(const Visit& visit, storage::Session& session);  // of its project
// « Anne Martin », « Vous », « Relecteur 2 »: `index` counts from 0.
std::string ReviewerName(storage::Session& session, const Sight& sight, std::int64_t person,
                         std::size_t index);
// « 71,5 », a mean or total with at most two decimals.
std::string Mark(double mark);

// The table, who said what, what is missing: every name the partial _panel.html asks for.
void AddPanel(View& view, storage::Session& session, const Sight& sight,
              const storage::Project& project, const workflows::Panel& panel);
// Fills panel_href and panel_words, both "" where there is nothing this person may see.
void AddPanelLink(View& view, storage::Session& session, const Sight& sight,
                  const workflows::Definition& definition, const storage::Project& project);

}  // namespace aiguillage::web
