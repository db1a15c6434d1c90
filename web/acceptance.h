// What the acceptance sheets of a training say of its defects, over all the sheets there are: a
// defect keeps its number, so that one that comes back is seen to be reopened.
//
//   sheet 1: n° 3 open, blocking · sheet 2: n° 3 closed · sheet 3: n° 3 open
//   -> « n° 3, rouvert, bloquant »: the acceptance is locked
//
// A sheet is any form that has rows named `defects` with number, severity and state.
#pragma once

#include <string>
#include <vector>

#include "storage/documents.h"
#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

struct Defect {
  std::int64_t number = 0;
  std::string area, description, severity;  // labels of the form
  bool blocking = false;
  bool open = false;
  bool reopened = false;   // was closed on an earlier sheet
  bool dropped = false;    // open on an earlier sheet, and not on the last one
  std::int64_t since = 0;  // of the sheet that last changed its state
};

// Of one form's versions, oldest first; those that block first, then the open ones, then the rest.
std::vector<Defect> DefectsOf(const forms::Form& form,
                              const std::vector<storage::Document>& sheets);

// Fills `has_sheet`, `sheet_words`, `sheet_blocked`, `sheet_href`, `defects`.
void AddAcceptance(View& view, storage::Session& session, const Sight& sight,
                   const workflows::Definition& definition, const storage::Project& project);

}  // namespace aiguillage::web
