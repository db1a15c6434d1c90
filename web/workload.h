// What a chef de file's collections hold, step by step: projects and what is late of them. Of
// steps, never of people: nobody is ranked.
//
//   AddWorkload(view, visit, session)      rows of `load_steps`, none for who leads no collection
//
// Each number is a link to exactly the projects it counts (filters.h). Ended projects are left out.
#pragma once

#include "storage/database.h"
#include "web/page.h"

namespace aiguillage::web {

void AddWorkload(View& view, const Visit& visit, storage::Session& session);

}  // namespace aiguillage::web
