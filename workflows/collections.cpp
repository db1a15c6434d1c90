#include "workflows/collections.h"

#include <algorithm>

#include "storage/calls.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;

// First level then sub-collections, in the order of the list.
void Take(storage::Session& session, const json& entries, const std::string& parent,
          int& position) {
  for (const json& entry : entries) {
    storage::Collection collection;
    collection.slug = entry.value("slug", "");
    collection.parent = parent;
    collection.label = entry.value("label", collection.slug);
    collection.entity = entry.value("entity", "");
    collection.orientation = entry.value("orientation", "");
    collection.position = ++position;
    if (collection.slug.empty()) continue;
    if (!storage::FindCollection(session, collection.slug)) {
      storage::SaveCollection(session, collection);
    }
    Take(session, entry.value("sub", json::array()), collection.slug, position);
  }
}

void CollectSlugs(const json& entries, std::set<std::string>& slugs) {
  for (const json& entry : entries) {
    slugs.insert(entry.value("slug", ""));
    CollectSlugs(entry.value("sub", json::array()), slugs);
  }
}

}  // namespace

std::set<std::string> SlugsOf(const json& list) {
  std::set<std::string> slugs;
  if (list.is_object()) CollectSlugs(list.value("collections", json::array()), slugs);
  return slugs;
}

void TakeCollections(storage::Session& session, const json& list) {
  if (!list.is_object()) return;
  // Those of another call keep their places; new ones come after.
  int position = 0;
  for (const auto& known : storage::Collections(session)) {
    position = std::max(position, known.position);
  }
  Take(session, list.value("collections", json::array()), "", position);
}

}  // namespace aiguillage::workflows
