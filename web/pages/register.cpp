// The register: every project one may know of, filtered and searched, fifty a page.
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "storage/calls.h"
#include "storage/projects.h"
#include "web/filters.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/rails.h"
#include "web/saved_views.h"
#include "web/table_file.h"
#include "web/words.h"
#include "workflows/access.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

constexpr int kFileRowsMax = 50'000;

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
  const auto all = storage::Collections(session);
  std::unordered_map<std::string_view, std::string_view> collections;
  for (const auto& collection : all) collections[collection.slug] = collection.label;
  // Most lines of a page stand where others do.
  std::map<std::pair<std::string, std::string>, std::string> labels;
  const workflows::Onlooker onlooker(session, visit.visitor->person.id, visit.now);
  view.SetList("rows");
  for (const auto& project : projects) {
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const bool open = onlooker.MaySee(project);
    const bool told = open || visit.visitor->IsStaff();  // whose turn it is, and by when
    const auto found = collections.find(project.collection);
    auto& label = labels[{project.definition, project.states}];
    if (label.empty()) {
      label = Rails(definition->chart).Labels(project.states, visit.visitor->IsStaff());
    }
    view.AddRow("rows")
        .Set("row_href", open ? "/projets/" + project.number : "")
        .Set("row_number", project.number)
        .Set("row_title", project.title)
        .Set("row_collection",
             found == collections.end() ? "sans collection" : std::string(found->second))
        .Set("row_administration", project.administration)
        .Set("row_state", label)
        .Set("row_holder",
             !told || project.file_holder.empty() ? "" : RoleLabel(project.file_holder))
        .Set("row_since", told ? SinceWords(project.since_at, visit.now) : "")
        .Set("row_due", told ? DueWords(project.due_at, visit.now) : "")
        .Set("row_tone", DueTone(project.due_at, visit.now));
  }
}

// What a figure asked for besides the fields of the form: said in words, and kept by it.
void AddReach(View& view, Visit& visit, const storage::ProjectFilter& filter) {
  const auto& reach = filter.reach;
  std::vector<std::string> words;
  view.SetList("kept").SetList("conditions");
  for (const char* name :
       {"phase", "issue", "administration", "recu_de", "recu_a", "sans_revue_depuis"}) {
    const std::string value = visit.request.Query(name);
    if (!value.empty()) view.AddRow("kept").Set("kept_name", name).Set("kept_value", value);
  }
  const auto label = [&](auto&& of) {
    for (const auto& name : visit.services.catalog.Names()) {
      const std::string found = of(Rails(visit.services.catalog.Newest(name)->chart));
      if (!found.empty()) return found;
    }
    return std::string();
  };
  std::string phases;
  for (const auto& phase : SplitList(reach.from_phases)) {
    phases += (phases.empty() ? "« " : " ou « ") +
              label([&](const Rails& rails) { return rails.PhaseLabel(phase); }) + " »";
  }
  if (!reach.phases.empty()) words.push_back("arrivés au moins à l’étape " + phases);
  if (!reach.outcome.empty()) {
    words.push_back("terminés ainsi : « " + label([&](const Rails& rails) {
                      return rails.Knows(reach.outcome) ? rails.Label(reach.outcome, true) : "";
                    }) +
                    " »");
  }
  if (reach.administration == storage::kNoCollection) {
    words.push_back("dont l’administration n’est pas renseignée");
  } else if (!reach.administration.empty()) {
    words.push_back("portés par « " + reach.administration + " »");
  }
  if (reach.from_day != 0)
    words.push_back("dont le dossier est arrivé depuis " + FrenchMonth(reach.from_day));
  if (reach.to_day != 0)
    words.push_back("dont le dossier est arrivé jusqu’à " + FrenchMonth(reach.to_day) + " inclus");
  if (reach.reviewed_to != 0) {
    words.push_back("en ligne, publiés et revus pour la dernière fois le " +
                    FrenchIsoDate(workflows::IsoDay(reach.reviewed_to)) + " ou avant");
  }
  if (filter.subcollections && !filter.collection.empty()) {
    words.push_back("sous-collections comprises");
  }
  for (const auto& one : words) view.AddRow("conditions").Set("condition", one);
}

// The whole list as filtered, for whoever works on it elsewhere.
TableFile TableOf(Visit& visit, storage::ProjectFilter filter) {
  TableFile table{"Projets",
                  {"Numéro", "Titre", "Appel", "Collection", "Administration", "Étape", "Chez qui",
                   "Depuis le", "Échéance", "Arrivé le", "Publication", "Adresse de la formation"},
                  {}};
  filter.limit = kFileRowsMax + 1;
  filter.offset = 0;
  const bool staff = visit.visitor->IsStaff();  // others are not told whose turn it is, nor by when
  const auto day = [](std::int64_t at) {
    return TableCell::Day(at == 0 ? "" : workflows::ParisDate(at));
  };
  visit.services.database.Read([&](storage::Session& session) {
    std::map<std::string, std::string> collections, calls;
    for (const auto& one : storage::Collections(session)) collections[one.slug] = one.label;
    for (const auto& one : storage::Calls(session)) calls[one.id] = one.title;
    for (const auto& project : storage::ListProjects(session, filter)) {
      const auto definition = visit.services.catalog.Pinned(session, project.definition);
      table.rows.push_back(
          {project.number, project.title, calls[project.call], collections[project.collection],
           project.administration, Rails(definition->chart).Labels(project.states, staff),
           !staff || project.file_holder.empty() ? "" : RoleLabel(project.file_holder),
           day(staff ? project.since_at : 0), day(staff ? project.due_at : 0),
           day(project.created_at), TableCell::Day(project.publication_on), project.course_url});
    }
  });
  if (table.rows.size() > kFileRowsMax) {
    throw HttpError(422, "Cette liste a plus de 50 000 lignes : filtrez-la avant de l’exporter.");
  }
  return table;
}

}  // namespace

Response RegisterCsv(Visit& visit) {
  return AnswerWith(TableOf(visit, ReadFilters(visit).filter), "csv", "projets");
}

Response RegisterXlsx(Visit& visit) {
  return AnswerWith(TableOf(visit, ReadFilters(visit).filter), "xlsx", "projets");
}

Response RegisterPage(Visit& visit) {
  const RegisterQuery query = ReadFilters(visit);
  View view;
  std::int64_t count = 0;
  visit.services.database.Read([&](storage::Session& session) {
    count = storage::CountProjects(session, query.filter);
    AddRows(view, visit, session, storage::ListProjects(session, query.filter));
    AddOptions(view, visit, session, query.filter);
    AddReach(view, visit, query.filter);
    AddSavedViews(view, visit, session, RegisterAddress(query.filter));
  });
  const auto pages = std::max<std::int64_t>(1, (count + kRowsPerPage - 1) / kRowsPerPage);
  const std::string whole = query.filter.person == 0 ? "/projets" : "/projets?mes=1";
  const bool filtered = RegisterAddress(query.filter) != whole;
  const std::string files = RegisterAddress(query.filter).substr(std::string("/projets").size());
  view.Set("csv_href", "/projets.csv" + files)
      .Set("xlsx_href", "/projets.xlsx" + files)
      .Set("mine", query.filter.person != 0)
      .Set("with_below", query.filter.subcollections)
      .Set("whole", whole)
      .Set("count", Plural(count, "projet", "projets"))
      .Set("text", query.filter.text)
      .Set("overdue", query.filter.overdue)
      .Set("filtered", filtered)
      .Set("staff", visit.visitor->IsStaff())
      .Set("page_words", "page " + std::to_string(query.page) + " sur " + std::to_string(pages))
      .Set("several_pages", pages > 1)
      .Set("previous", query.page > 1 ? RegisterAddress(query.filter, query.page - 1) : "")
      .Set("next", query.page < pages ? RegisterAddress(query.filter, query.page + 1) : "");
  return Page(visit, 200, "register", query.filter.person == 0 ? "Les projets" : "Mes projets",
              std::move(view));
}

}  // namespace aiguillage::web
