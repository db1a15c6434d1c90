// Deadlines on the pages: whom one may nudge, what one may extend, whose hands the file was in, and
// for those who steer, what falls due in the week to come.
#pragma once

#include "storage/journal.h"
#include "web/page.h"
#include "web/sight.h"
#include "web/visit.h"
#include "workflows/catalog.h"

namespace aiguillage::web {

// _deadlines: of the project's page.
void AddDeadlines(View& view, Visit& visit, storage::Session& session,
                  const workflows::Definition& definition,
                  const std::vector<storage::JournalRow>& journal);

// Of these calls only, or of all; day by day, seven of them.
void AddWeek(View& view, Visit& visit, storage::Session& session,
             const std::optional<std::vector<std::string>>& calls);

}  // namespace aiguillage::web
