// The pipeline: how many projects stand where, what is late, what needs a decision of the pilot.
// Every number is a link to exactly the projects it counts (filters.h).
#include <algorithm>
#include <map>
#include <memory>

#include "storage/calls.h"
#include "storage/conflicts.h"
#include "storage/dossiers.h"
#include "storage/flow.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "web/attention.h"
#include "web/board.h"
#include "web/deadlines.h"
#include "web/drawings.h"
#include "web/figures/ages.h"
#include "web/figures/call_rails.h"
#include "web/figures/shown.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

constexpr int kConflictsShown = 20;  // the oldest first

// What the exchange with Démarches Simplifiées last met, a démarche at a time.
void AddDemarches(View& view, storage::Session& session, const CallsShown& shown) {
  view.SetList("demarches").SetList("broken_demarches");
  storage::OutboxFilter waiting;
  waiting.kind = "ds";
  waiting.status = "pending";
  waiting.calls = shown.Listed();
  for (const auto& call : shown.Demarches(session)) {
    const auto standing = storage::FindExchangeStanding(session, call.demarche);
    if (standing.failing_since != 0) {
      const std::int64_t pending = storage::CountOutbox(session, waiting);
      view.AddRow("broken_demarches")
          .Set("dem_number", std::to_string(call.demarche))
          .Set("dem_since", workflows::FrenchInstant(standing.failing_since))
          .Set("dem_trouble", standing.trouble)
          .Set("dem_waiting", pending == 0 ? ""
                                           : Plural(pending, "envoi attend la reprise",
                                                    "envois attendent la reprise"));
    }
    view.AddRow("demarches")
        .Set("dem_number", std::to_string(call.demarche))
        .Set("dem_read", standing.read_at == 0 ? "" : workflows::FrenchInstant(standing.read_at));
  }
}

void AddExchange(View& view, Visit& visit, storage::Session& session, const CallsShown& shown) {
  AddDemarches(view, session, shown);
  view.SetList("incidents");
  for (const auto& incident : storage::OpenIncidents(session)) {
    const auto project = storage::FindProjectById(session, incident.project);
    if (!shown.Has(project ? project->call : "")) continue;
    view.AddRow("incidents")
        .Set("inc_href", "/pilotage/incidents#incident-" + std::to_string(incident.id))
        .Set("inc_sentence", incident.sentence)
        .Set("inc_date", workflows::FrenchInstant(incident.at))
        .Set("inc_number", project ? project->number : "");
  }
  view.SetList("conflicts");
  for (const auto& conflict : storage::OpenConflicts(session, kConflictsShown)) {
    const auto project = storage::FindProjectById(session, conflict.project);
    if (!shown.Has(project ? project->call : "")) continue;
    view.AddRow("conflicts")
        .Set("con_number", project ? project->number : "")
        .Set("con_date", workflows::FrenchInstant(conflict.opened_at));
  }
  const auto held = storage::CountQuarantined(session, shown.DemarchesListed(session));
  view.Set("held", held == 0
                       ? ""
                       : Plural(held, "dossier de Démarches Simplifiées attend d’être complété",
                                "dossiers de Démarches Simplifiées attendent d’être complétés"));
  const auto count = [&](const char* status) {
    storage::OutboxFilter filter;
    filter.status = status;
    filter.calls = shown.Listed();
    return storage::CountOutbox(session, filter);
  };
  view.Set("mails_failed", std::to_string(count("failed") + count("uncertain")))
      .Set("any_failed", count("failed") + count("uncertain") > 0)
      .Set("may_close", !CheckRule(Rule::kOffice, visit.visitor));
}

// How many stand in each state of the drawing, and for how long; an end is no wait.
std::map<std::string, workflows::StateMark> RailMarks(Visit& visit, storage::Session& session,
                                                      const std::string& call) {
  std::map<std::string, workflows::StateMark> marks;
  for (const auto& standing : storage::CountByStates(session, call, visit.now)) {
    for (const auto& state : SplitWords(standing.states)) {
      marks[state].mark = workflows::RailMark::kCurrent;
      marks[state].count += standing.count;
      marks[state].late += standing.overdue;
    }
  }
  const CallRails rails(session, visit.services.catalog, {call});
  storage::FlowFilter filter;
  filter.calls = {call};
  for (const auto& step : rails.steps()) {
    const bool waits = marks.count(step.id) > 0 && !step.final;
    if (waits) filter.states.push_back(step.id);
  }
  std::map<std::string, Ages> ages;
  if (!filter.states.empty()) {
    ages = AgesByState(storage::LastingByDay(session, filter), workflows::ParisDay(visit.now));
  }
  for (const auto& step : rails.steps()) {
    const auto marked = marks.find(step.id);
    if (marked == marks.end()) continue;
    workflows::StateMark& mark = marked->second;
    const auto found = ages.find(step.id);
    if (found != ages.end()) {
      mark.heat = HeatOf(found->second.median, step.target);
      mark.age = Grouped(found->second.median) + " j";
    }
    mark.words =
        step.label + " : " +
        StandingWords(mark.count, found == ages.end() ? nullptr : &found->second, mark.late);
  }
  return marks;
}

// The drawing in words, for who does not see it.
void AddStandings(View& view, Visit& visit, storage::Session& session, const Board& board) {
  view.SetList("standings");
  if (board.call.empty()) return;  // no drawing either
  const CallRails rails(session, visit.services.catalog, {board.call});
  storage::FlowFilter filter;
  filter.calls = {board.call};
  const auto ages =
      AgesByState(storage::FlowByDay(session, filter), workflows::ParisDay(visit.now));
  for (const auto& [state, label] : board.columns) {
    const BoardCell& cell = board.totals.at(state);
    const auto found = rails.IsFinal(state) ? ages.end() : ages.find(state);
    view.AddRow("standings")
        .Set("stand_label", label)
        .Set("stand_href", BoardLink(board, "", state, false))
        .Set("stand_words",
             StandingWords(cell.count, found == ages.end() ? nullptr : &found->second,
                           cell.overdue));
  }
}

}  // namespace

Response PipelinePage(Visit& visit) {
  View view;
  const auto shown = CallsFor(Rule::kSteering, *visit.visitor);
  visit.services.database.Read([&](storage::Session& session) {
    auto calls = storage::Calls(session);
    std::erase_if(calls, [&](const auto& call) { return !shown.Has(call.id); });
    std::string call_id = visit.request.Query("appel");
    const bool known = std::any_of(calls.begin(), calls.end(),
                                   [&](const auto& call) { return call.id == call_id; });
    // Who has some calls only looks at one of them at a time.
    if (!known) call_id = shown.all ? "" : *shown.ids.begin();
    view.Set("all_calls", shown.all);
    view.SetList("calls");
    std::string title = "Tous les appels";
    for (const auto& call : calls) {
      view.AddRow("calls")
          .Set("option_value", call.id)
          .Set("option_label", call.title)
          .Set("option_selected", call.id == call_id);
      if (call.id == call_id) title = call.title;
    }
    view.Set("board_title", title).Set("rails_call", PercentEncode(call_id));
    const Board board = ReadBoard(visit, session, call_id);
    AddBoard(view, board);
    AddAttention(view, visit, session, board);
    AddStandings(view, visit, session, board);
    AddWeek(view, visit, session,
            call_id.empty() ? shown.Listed() : std::optional(std::vector<std::string>{call_id}));
    AddExchange(view, visit, session, shown);
  });
  AddPilotTabs(view, "", AskedBy(visit));
  return Page(visit, 200, "pipeline", "Pilotage", std::move(view));
}

Response PipelineRails(Visit& visit) {
  std::map<std::string, workflows::StateMark> marks;
  std::shared_ptr<const workflows::Definition> definition;
  visit.services.database.Read([&](storage::Session& session) {
    const auto call = storage::FindCall(session, visit.request.Query("appel"));
    if (!call) throw HttpError(404, "Cet appel n’existe pas.");
    if (!CallsFor(Rule::kSteering, *visit.visitor).Has(call->id)) {
      throw HttpError(403, "Cet appel n’est pas de ceux où vous avez un rôle.");
    }
    definition = visit.services.catalog.Newest(call->definition);
    marks = RailMarks(visit, session, call->id);
  });
  const std::string drawing = definition ? visit.house.drawings.Of(*definition, true) : "";
  if (drawing.empty()) throw HttpError(404, "Le dessin des rails n’est pas disponible.");
  Response response = Html(200, workflows::MarkRails(drawing, marks));
  response.type = "image/svg+xml";
  return response;
}

}  // namespace aiguillage::web
