#include "web/call_collections.h"

#include "storage/people.h"
#include "web/words.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

void CollectSlugs(const nlohmann::json& entries, std::set<std::string>& slugs) {
  for (const auto& entry : entries) {
    slugs.insert(entry.value("slug", ""));
    CollectSlugs(entry.value("sub", nlohmann::json::array()), slugs);
  }
}

}  // namespace

std::set<std::string> SlugsOf(const nlohmann::json& list) {
  std::set<std::string> slugs;
  if (list.is_object()) CollectSlugs(list.value("collections", nlohmann::json::array()), slugs);
  return slugs;
}

std::string LeadsOf(storage::Session& session, const std::string& collection) {
  std::string leads;
  for (const auto& role : workflows::Roles()) {
    if (role.like != "collection_lead") continue;
    const std::string scope = workflows::CollectionScope(collection);
    for (const auto& person : storage::Holders(session, role.id, scope)) {
      leads += (leads.empty() ? "" : ", ") + NameOf(person);
    }
  }
  return leads;
}

}  // namespace aiguillage::web
