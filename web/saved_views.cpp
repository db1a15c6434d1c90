#include "web/saved_views.h"

#include <algorithm>

#include "storage/saved_views.h"

namespace aiguillage::web {

namespace {

constexpr const char* kLists[] = {"/projets", "/courriels", "/pilotage/incidents"};
constexpr std::size_t kAddressMax = 1000;

std::string PathOf(const std::string& address) { return address.substr(0, address.find('?')); }

}  // namespace

bool IsListAddress(const std::string& address) {
  const bool known = std::any_of(std::begin(kLists), std::end(kLists),
                                 [&](const char* list) { return PathOf(address) == list; });
  return known && address.size() <= kAddressMax && OwnPath(address) == address;
}

void AddSavedViews(View& view, const Visit& visit, storage::Session& session,
                   const std::string& here) {
  view.Set("views_here", here).Set("views_max", std::to_string(kViewNameMax));
  view.Set("views_any", false).SetList("views");
  for (const auto& one : storage::ViewsOf(session, visit.visitor->person.id)) {
    if (PathOf(one.address) != PathOf(here)) continue;
    view.Set("views_any", true);
    view.AddRow("views")
        .Set("view_name", one.name)
        .Set("view_href", one.address)
        .Set("view_here", one.address == here)
        .Set("view_end", "/vues/" + std::to_string(one.id) + "/fin");
  }
}

}  // namespace aiguillage::web
