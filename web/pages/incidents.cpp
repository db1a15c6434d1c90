// Incidents: what went wrong, and what somebody of DGAFP did about it.
//
//   /pilotage/incidents?etat=clos&genre=timer&projet=AIG-2026-0042
#include "workflows/incidents.h"

#include "storage/dossiers.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/saved_views.h"
#include "web/table_file.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr int kIncidentsPerPage = 50;
constexpr int kIncidentsInFile = 50'000;

struct IncidentQuery {
  storage::IncidentFilter filter;
  std::string number;  // of the project asked for, as typed
  int page = 1;
};

// What was typed of one incident and could not be taken.
struct IncidentDraft {
  std::int64_t incident = 0;
  std::string reason, error;
};

IncidentQuery ReadIncidentFilters(Visit& visit, storage::Session& session) {
  IncidentQuery query;
  query.filter.closed = visit.request.Query("etat") == "clos";
  for (const auto& kind : workflows::IncidentKinds()) {
    if (visit.request.Query("genre") == kind.id) query.filter.kind = kind.id;
  }
  query.number = Trim(visit.request.Query("projet")).substr(0, 40);
  if (!IsCleanText(query.number)) query.number.clear();
  if (!query.number.empty()) {
    const auto project = storage::FindProject(session, query.number);
    query.filter.project = project ? project->id : -1;  // an unknown number has no incident
  }
  query.filter.calls = CallsFor(Rule::kSteering, *visit.visitor).Listed();
  query.page = PageAsked(visit);
  query.filter.limit = kIncidentsPerPage;
  query.filter.offset = (query.page - 1) * kIncidentsPerPage;
  return query;
}

std::string IncidentsQueryOf(const IncidentQuery& query, int page) {
  return QueryOf({{"etat", query.filter.closed ? "clos" : ""},
                  {"genre", query.filter.kind},
                  {"projet", query.number},
                  {"page", page > 1 ? std::to_string(page) : ""}});
}

std::string ChoiceWords(const std::string& choice) {
  if (choice == "retry") return "Réessayé";
  if (choice == "skip") return "Passé outre";
  return choice == "mended" ? "Réparé" : "Marqué comme réglé";
}

std::string ClosedBy(storage::Session& session, const storage::Incident& incident) {
  const auto person = storage::FindPerson(session, incident.closed_by);
  return person ? NameOf(*person) : "";
}

void AddIncident(View& view, storage::Session& session, const storage::Incident& incident,
                 const IncidentDraft& draft) {
  const auto& kind = workflows::KindOfIncident(incident.kind);
  const auto project = storage::FindProjectById(session, incident.project);
  const bool mine = draft.incident == incident.id;
  view.AddRow("incidents")
      .Set("inc_id", std::to_string(incident.id))
      .Set("inc_kind", kind.label)
      .Set("inc_sentence", incident.sentence)
      .Set("inc_date", workflows::FrenchInstant(incident.at))
      .Set("inc_number", project ? project->number : "")
      .Set("inc_project", project ? project->title : "")
      .Set("inc_open", incident.closed_at == 0)
      .Set("inc_retry", kind.retry)
      .Set("inc_skip", kind.skip)
      .Set("inc_error", mine ? draft.error : "")
      .Set("inc_reason", mine ? draft.reason : incident.reason)
      .Set("inc_choice", ChoiceWords(incident.choice))
      .Set("inc_who", ClosedBy(session, incident))
      .Set("inc_closed",
           incident.closed_at == 0 ? "" : workflows::FrenchInstant(incident.closed_at));
}

void AddIncidentFilters(View& view, const IncidentQuery& query) {
  view.SetList("kinds");
  for (const auto& kind : workflows::IncidentKinds()) {
    view.AddRow("kinds")
        .Set("option_value", kind.id)
        .Set("option_label", kind.label)
        .Set("option_selected", query.filter.kind == kind.id);
  }
  view.Set("closed", query.filter.closed)
      .Set("wanted_number", query.number)
      .Set("filtered", !query.filter.kind.empty() || !query.number.empty());
}

std::string DoneWords(const std::string& choice) {
  if (choice == "retry")
    return "C’est reparti : si cela échoue encore, un nouvel incident s’ouvrira.";
  if (choice == "mended") return "L’incident est clos : c’est réparé.";
  return choice == "skip" ? "L’incident est clos : on passe outre." : "";
}

Response ShowIncidents(Visit& visit, int status, const IncidentDraft& draft) {
  View view;
  std::int64_t count = 0;
  IncidentQuery query;
  visit.services.database.Read([&](storage::Session& session) {
    query = ReadIncidentFilters(visit, session);
    count = storage::CountIncidents(session, query.filter);
    view.SetList("incidents");
    for (const auto& incident : storage::ListIncidents(session, query.filter)) {
      AddIncident(view, session, incident, draft);
    }
    AddSavedViews(view, visit, session, "/pilotage/incidents" + IncidentsQueryOf(query, 1));
  });
  AddIncidentFilters(view, query);
  const auto pages = std::max<std::int64_t>(1, (count + kIncidentsPerPage - 1) / kIncidentsPerPage);
  const std::string files = IncidentsQueryOf(query, 1);
  const std::string list = "/pilotage/incidents";
  view.Set("count", Plural(count, "incident", "incidents"))
      .Set("may_act", !CheckRule(Rule::kOffice, visit.visitor))
      .Set("error", draft.error)
      .Set("error_href", "#raison-" + std::to_string(draft.incident))
      .Set("done", DoneWords(visit.request.Query("fait")))
      .Set("csv_href", list + ".csv" + files)
      .Set("xlsx_href", list + ".xlsx" + files)
      .Set("several_pages", pages > 1)
      .Set("page_words", "page " + std::to_string(query.page) + " sur " + std::to_string(pages))
      .Set("previous", query.page > 1 ? list + IncidentsQueryOf(query, query.page - 1) : "")
      .Set("next", query.page < pages ? list + IncidentsQueryOf(query, query.page + 1) : "");
  return Page(visit, status, "incidents", draft.error.empty() ? "Incidents" : "Erreur : Incidents",
              std::move(view));
}

TableFile IncidentTable(Visit& visit) {
  TableFile table{
      "Incidents",
      {"Genre", "Incident", "Projet", "Ouvert le", "Clos le", "Comment", "Par", "Pourquoi"},
      {}};
  visit.services.database.Read([&](storage::Session& session) {
    IncidentQuery query = ReadIncidentFilters(visit, session);
    query.filter.limit = kIncidentsInFile;
    query.filter.offset = 0;
    for (const auto& incident : storage::ListIncidents(session, query.filter)) {
      const auto project = storage::FindProjectById(session, incident.project);
      const bool over = incident.closed_at != 0;
      table.rows.push_back({std::string(workflows::KindOfIncident(incident.kind).label),
                            incident.sentence, project ? project->number : std::string(),
                            TableCell::Day(workflows::ParisDate(incident.at)),
                            TableCell::Day(over ? workflows::ParisDate(incident.closed_at) : ""),
                            over ? ChoiceWords(incident.choice) : std::string(),
                            ClosedBy(session, incident), incident.reason});
    }
  });
  return table;
}

}  // namespace

Response IncidentsPage(Visit& visit) { return ShowIncidents(visit, 200, {}); }
Response IncidentsCsv(Visit& visit) { return AnswerWith(IncidentTable(visit), "csv", "incidents"); }
Response IncidentsXlsx(Visit& visit) {
  return AnswerWith(IncidentTable(visit), "xlsx", "incidents");
}

Response EndIncidentAct(Visit& visit) {
  const auto id = IdIn(visit.Parameter("incident"));
  if (!id) throw HttpError(404, "Cet incident n’existe pas.");
  workflows::IncidentEnd end;
  end.incident = *id;
  end.choice = visit.request.Field("choice");
  end.reason = Trim(visit.request.Field("reason"));
  end.person = visit.visitor->person.id;
  end.now = visit.now;
  const auto done = visit.services.database.Write(
      [&](storage::Session& session) { return workflows::EndIncident(session, end); });
  if (done) return SeeOther("/pilotage/incidents" + QueryOf({{"fait", end.choice}}));
  const auto& refusal = done.refusal();
  if (refusal.code == "unknown") throw HttpError(404, refusal.sentence);
  if (refusal.code == "over") throw HttpError(409, refusal.sentence);
  return ShowIncidents(visit, 422, {end.incident, end.reason, refusal.sentence});
}

}  // namespace aiguillage::web
