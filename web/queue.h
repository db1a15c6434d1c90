// One's tasks one after the other, in the order of « Mes tâches »: by risk of lateness.
//
//   AddQueue(view, visit, session)      « Tâche 2 sur 5 », the one before, the one after
//   NextTask(visit, session)            where the first task of another project is decided, or ""
#pragma once

#include <string>

#include "storage/database.h"
#include "storage/tasks.h"
#include "web/page.h"
#include "web/visit.h"

namespace aiguillage::web {

// Around the visit's project and {action}; says nothing when they are none of one's tasks.
void AddQueue(View& view, const Visit& visit, storage::Session& session);
std::string NextTask(const Visit& visit, storage::Session& session);
// "/projets/N/actions/A?tache=ID"; what no state asks has a page of its own.
std::string AddressOfTask(const storage::TaskLine& line);

}  // namespace aiguillage::web
