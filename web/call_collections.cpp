#include "web/call_collections.h"

#include "storage/people.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/roles.h"

namespace aiguillage::web {

std::vector<storage::Person> LeadsOf(storage::Session& session, const std::string& collection) {
  std::vector<storage::Person> leads;
  for (const auto& role : workflows::Roles()) {
    if (role.like != "collection_lead") continue;
    const auto found = storage::Holders(session, role.id, workflows::CollectionScope(collection));
    leads.insert(leads.end(), found.begin(), found.end());
  }
  return leads;
}

void AddLeads(notifications::View& view, storage::Session& session, const std::string& collection,
              const std::string& label) {
  view.SetList("leads");
  for (const auto& person : LeadsOf(session, collection)) {
    const auto at = person.email.find('@');
    view.AddRow("leads")
        .Set("lead_name", NameOf(person))
        .Set("lead_href", "mailto:" + PercentEncode(person.email.substr(0, at)) + "@" +
                              PercentEncode(person.email.substr(at + 1)) +
                              "?subject=" + PercentEncode("Collection " + label));
  }
}

}  // namespace aiguillage::web
