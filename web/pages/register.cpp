// The register: every project one may know of, filtered and searched, fifty a page.
#include <map>
#include <set>

#include "storage/calls.h"
#include "storage/projects.h"
#include "web/filters.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/access.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

void AddOptions(View& view, Visit& visit, storage::Session& session,
                const storage::ProjectFilter& filter) {
  view.SetList("calls").SetList("collections").SetList("states").SetList("holders");
  std::map<std::string, std::string> states;
  std::vector<std::string> order;
  std::set<std::string> turns;  // roles that the rails of some call wait for
  for (const auto& call : storage::Calls(session)) {
    view.AddRow("calls")
        .Set("option_value", call.id)
        .Set("option_label", call.title)
        .Set("option_selected", call.id == filter.call);
    const auto definition = visit.services.catalog.Newest(call.definition);
    if (!definition) continue;
    for (const auto& [id, label] : Rails(definition->chart).Columns()) {
      if (states.emplace(id, label).second) order.push_back(id);
    }
    for (const auto& state : definition->chart.states) {
      for (const auto& role : SplitWords(engine::Attribute(state, "turn"))) turns.insert(role);
    }
  }
  for (const auto& collection : storage::Collections(session)) {
    view.AddRow("collections")
        .Set("option_value", collection.slug)
        .Set("option_label", (collection.parent.empty() ? "" : "– ") + collection.label)
        .Set("option_selected", collection.slug == filter.collection);
  }
  for (const auto& id : order) {
    view.AddRow("states")
        .Set("option_value", id)
        .Set("option_label", states[id])
        .Set("option_selected", id == filter.state);
  }
  for (const auto& role : workflows::Roles()) {
    if (turns.count(role.id) == 0) continue;
    view.AddRow("holders")
        .Set("option_value", role.id)
        .Set("option_label", FirstUpper(role.label))
        .Set("option_selected", filter.file_holder == role.id);
  }
}

void AddRows(View& view, Visit& visit, storage::Session& session,
             const std::vector<storage::Project>& projects) {
  std::map<std::string, std::string> collections;
  for (const auto& collection : storage::Collections(session)) {
    collections[collection.slug] = collection.label;
  }
  view.SetList("rows");
  for (const auto& project : projects) {
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const bool open = workflows::MaySee(session, visit.visitor->person.id, project, visit.now);
    const auto found = collections.find(project.collection);
    view.AddRow("rows")
        .Set("row_href", open ? "/projets/" + project.number : "")
        .Set("row_number", project.number)
        .Set("row_title", project.title)
        .Set("row_collection", found == collections.end() ? "sans collection" : found->second)
        .Set("row_administration", project.administration)
        .Set("row_state", Rails(definition->chart).Labels(project.states, visit.visitor->IsStaff()))
        .Set("row_holder", project.file_holder.empty() ? "" : RoleLabel(project.file_holder))
        .Set("row_since", SinceWords(project.since_at, visit.now))
        .Set("row_due", DueWords(project.due_at, visit.now))
        .Set("row_tone", DueTone(project.due_at, visit.now));
  }
}

}  // namespace

Response RegisterPage(Visit& visit) {
  const RegisterQuery query = ReadFilters(visit);
  View view;
  std::int64_t count = 0;
  visit.services.database.Read([&](storage::Session& session) {
    count = storage::CountProjects(session, query.filter);
    AddRows(view, visit, session, storage::ListProjects(session, query.filter));
    AddOptions(view, visit, session, query.filter);
  });
  const auto pages = std::max<std::int64_t>(1, (count + kRowsPerPage - 1) / kRowsPerPage);
  const bool filtered = RegisterAddress(query.filter) != "/projets";
  view.Set("count", Plural(count, "projet", "projets"))
      .Set("text", query.filter.text)
      .Set("overdue", query.filter.overdue)
      .Set("filtered", filtered)
      .Set("staff", visit.visitor->IsStaff())
      .Set("page_words", "page " + std::to_string(query.page) + " sur " + std::to_string(pages))
      .Set("several_pages", pages > 1)
      .Set("previous", query.page > 1 ? RegisterAddress(query.filter, query.page - 1) : "")
      .Set("next", query.page < pages ? RegisterAddress(query.filter, query.page + 1) : "");
  return Page(visit, 200, "register", visit.visitor->IsStaff() ? "Les projets" : "Mes projets",
              std::move(view));
}

}  // namespace aiguillage::web
