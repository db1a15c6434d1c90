// The collections that the rails of a call list, and who leads each.
//
//   SlugsOf(kit.collections)                    {"numerique", "langues"}
//   LeadsOf(session, "numerique")[0].name       « Anne Martin »
//   AddLeads(row, session, "numerique", "Numérique")     lead_name, lead_href: one writes to them
#pragma once

#include <string>
#include <vector>

#include "notifications/view.h"
#include "storage/database.h"
#include "storage/people.h"
#include "workflows/collections.h"

namespace aiguillage::web {

using workflows::SlugsOf;
std::vector<storage::Person> LeadsOf(storage::Session& session, const std::string& collection);
// The same, each with the address of a mail to them, as `leads`; only where somebody is logged in.
void AddLeads(notifications::View& view, storage::Session& session, const std::string& collection,
              const std::string& label);

}  // namespace aiguillage::web
