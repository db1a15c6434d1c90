#include "web/saved_views.h"

#include <algorithm>

#include "storage/saved_views.h"
#include "web/figures/shown.h"

namespace aiguillage::web {

namespace {

constexpr const char* kLists[] = {"/projets", "/courriels", "/pilotage/incidents"};
constexpr std::size_t kAddressMax = 1000;

std::string PathOf(const std::string& address) { return address.substr(0, address.find('?')); }

bool IsOfFigures(const std::string& path) { return path.starts_with(kFiguresRoot); }

// The panels of figures show each other's views: one goes from one to the next by tabs.
bool ShareViews(const std::string& path, const std::string& other) {
  return path == other || (IsOfFigures(path) && IsOfFigures(other));
}

bool IsPanel(const std::string& path) {
  if (!IsOfFigures(path)) return false;
  const std::string id = path.substr(std::string(kFiguresRoot).size());
  return id == kEveryPanel || FindPanel(id) != nullptr;
}

}  // namespace

bool IsListAddress(const std::string& address) {
  const bool known = std::any_of(std::begin(kLists), std::end(kLists),
                                 [&](const char* list) { return PathOf(address) == list; });
  return (known || IsPanel(PathOf(address))) && address.size() <= kAddressMax &&
         OwnPath(address) == address;
}

void AddSavedViews(View& view, const Visit& visit, storage::Session& session,
                   const std::string& here) {
  view.Set("views_here", here).Set("views_max", std::to_string(kViewNameMax));
  const bool figures = IsOfFigures(PathOf(here));
  view.Set("views_what", figures ? "ces chiffres" : "cette liste")
      .Set("views_of", figures ? "Chiffres gardés" : "Listes gardées")
      .Set("views_named", figures ? "Nom de ces chiffres, tels qu’ils sont demandés"
                                  : "Nom de la liste, telle qu’elle est filtrée");
  view.Set("views_any", false).SetList("views");
  for (const auto& one : storage::ViewsOf(session, visit.visitor->person.id)) {
    if (!ShareViews(PathOf(one.address), PathOf(here))) continue;
    view.Set("views_any", true);
    view.AddRow("views")
        .Set("view_name", one.name)
        .Set("view_href", one.address)
        .Set("view_here", one.address == here)
        .Set("view_end", "/vues/" + std::to_string(one.id) + "/fin");
  }
}

}  // namespace aiguillage::web
