#include "web/workload.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/calls.h"
#include "storage/projects.h"
#include "web/filters.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

struct Load {
  std::int64_t count = 0, overdue = 0;
};
using Loads = std::map<std::string, std::map<std::string, Load>>;  // state, collection

// The collections one leads, their sub-collections with them, in the order of the register.
std::vector<storage::Collection> LedCollections(const Visitor& visitor, storage::Session& session) {
  std::set<std::string> scopes;
  for (const auto& held : visitor.roles) {
    if (workflows::RoleLike(held.role) == "collection_lead") scopes.insert(held.scope);
  }
  std::vector<storage::Collection> led;
  for (auto& one : storage::Collections(session)) {
    const bool own = scopes.contains(workflows::CollectionScope(one.slug));
    const bool above =
        !one.parent.empty() && scopes.contains(workflows::CollectionScope(one.parent));
    if (own || above) led.push_back(std::move(one));
  }
  return led;
}

void SetCell(View& cell, const std::string& collection, const std::string& state,
             const Load& load) {
  storage::ProjectFilter filter;
  filter.collection = collection;
  filter.state = state;
  cell.Set("cell_count", load.count == 0 ? "" : std::to_string(load.count))
      .Set("cell_href", RegisterAddress(filter));
  filter.overdue = true;
  cell.Set("cell_late", load.overdue == 0 ? "" : std::to_string(load.overdue))
      .Set("cell_late_href", RegisterAddress(filter));
}

// Steps in the order of the rails, those that end a project left out.
std::vector<std::pair<std::string, std::string>> Steps(const Visit& visit,
                                                       storage::Session& session) {
  std::vector<std::pair<std::string, std::string>> steps;
  for (const auto& call : storage::Calls(session)) {
    const auto definition = visit.services.catalog.Newest(call.definition);
    if (!definition) continue;
    const Rails rails(definition->chart);
    for (auto& column : rails.Columns()) {
      const bool known = std::any_of(steps.begin(), steps.end(),
                                     [&](const auto& one) { return one.first == column.first; });
      if (!known && !rails.IsFinal(column.first)) steps.push_back(std::move(column));
    }
  }
  return steps;
}

}  // namespace

void AddWorkload(View& view, const Visit& visit, storage::Session& session) {
  view.SetList("load_collections").SetList("load_steps").Set("load_any", false);
  auto led = LedCollections(*visit.visitor, session);
  if (led.empty()) return;
  Loads loads;
  std::set<std::string> filled;
  for (const auto& cell : storage::Pipeline(session, "", visit.now)) {
    auto& load = loads[cell.state][cell.collection];
    load.count += cell.count;
    load.overdue += cell.overdue;
    if (cell.count > 0) filled.insert(cell.collection);
  }
  std::erase_if(led, [&](const auto& one) { return !filled.contains(one.slug); });
  for (const auto& one : led) view.AddRow("load_collections").Set("load_collection", one.label);
  for (const auto& [state, label] : Steps(visit, session)) {
    auto& of_state = loads[state];
    const bool any = std::any_of(led.begin(), led.end(),
                                 [&](const auto& one) { return of_state[one.slug].count > 0; });
    if (!any) continue;
    view.Set("load_any", true);
    View& row = view.AddRow("load_steps");
    row.Set("load_step", label);
    for (const auto& one : led) SetCell(row.AddRow("cells"), one.slug, state, of_state[one.slug]);
  }
}

}  // namespace aiguillage::web
