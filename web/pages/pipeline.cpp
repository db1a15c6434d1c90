// The pipeline: how many projects stand where, what is late, what needs a decision of the pilot.
// Every number is a link to exactly the projects it counts (filters.h).
#include <algorithm>
#include <map>
#include <memory>

#include "storage/calls.h"
#include "storage/conflicts.h"
#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "web/deadlines.h"
#include "web/drawings.h"
#include "web/figures/shown.h"
#include "web/filters.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/rails.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr int kConflictsShown = 20;  // the oldest first

struct Cell {
  std::int64_t count = 0, overdue = 0;
  void Add(const Cell& other) {
    count += other.count;
    overdue += other.overdue;
  }
};

struct Row {
  std::string slug, label;
  bool child = false;
  std::map<std::string, Cell> cells;
  Cell total;
};

struct Board {
  std::string call;
  std::vector<std::pair<std::string, std::string>> columns;  // state, label; the reached ones
  std::vector<Row> rows;
  std::map<std::string, Cell> totals;
  Cell all;
};

std::string Link(const Board& board, const std::string& collection, const std::string& state,
                 bool overdue) {
  storage::ProjectFilter filter;
  filter.call = board.call;
  filter.collection = collection;
  filter.state = state;
  filter.overdue = overdue;
  return RegisterAddress(filter);
}

Board ReadBoard(Visit& visit, storage::Session& session, const std::string& call_id) {
  Board board;
  board.call = call_id;
  std::map<std::string, Row> rows;
  for (const auto& cell : storage::Pipeline(session, call_id, visit.now)) {
    const Cell value{cell.count, cell.overdue};
    Row& row = rows[cell.collection];
    row.cells[cell.state].Add(value);
    row.total.Add(value);
    board.totals[cell.state].Add(value);
    board.all.Add(value);
  }
  std::vector<std::pair<std::string, std::string>> columns;
  for (const auto& call : storage::Calls(session)) {
    if (!call_id.empty() && call.id != call_id) continue;
    const auto definition = visit.services.catalog.Newest(call.definition);
    if (!definition) continue;
    for (auto& column : Rails(definition->chart).Columns()) {
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
        columns.push_back(std::move(column));
      }
    }
  }
  for (auto& column : columns) {
    if (board.totals.count(column.first) > 0) board.columns.push_back(std::move(column));
  }
  for (const auto& collection : storage::Collections(session)) {
    const auto found = rows.find(collection.slug);
    if (found == rows.end()) continue;
    found->second.slug = collection.slug;
    found->second.label = collection.label;
    found->second.child = !collection.parent.empty();
    board.rows.push_back(std::move(found->second));
    rows.erase(found);
  }
  for (auto& [slug, row] : rows) {  // « sans collection », and what no list knows any more
    row.slug = slug;
    row.label = slug.empty() ? "Sans collection" : slug;
    board.rows.push_back(std::move(row));
  }
  return board;
}

void SetCell(View& view, const Cell& cell, const std::string& href, const std::string& late_href) {
  view.Set("cell_count", cell.count == 0 ? "" : std::to_string(cell.count))
      .Set("cell_href", href)
      .Set("cell_late", cell.overdue == 0 ? "" : std::to_string(cell.overdue))
      .Set("cell_late_href", late_href);
}

void AddBoard(View& view, const Board& board) {
  view.SetList("columns").SetList("rows").SetList("totals");
  for (const auto& [state, label] : board.columns) {
    view.AddRow("columns").Set("column_label", label);
    SetCell(view.AddRow("totals"), board.totals.at(state), Link(board, "", state, false),
            Link(board, "", state, true));
  }
  for (const auto& row : board.rows) {
    View& line = view.AddRow("rows");
    line.Set("row_label", row.label)
        .Set("row_child", row.child)
        .Set("row_total", std::to_string(row.total.count))
        .Set("row_href", row.slug.empty() ? "" : Link(board, row.slug, "", false));
    line.SetList("cells");
    for (const auto& [state, label] : board.columns) {
      const auto found = row.cells.find(state);
      const bool linked = !row.slug.empty();
      SetCell(line.AddRow("cells"), found == row.cells.end() ? Cell{} : found->second,
              linked ? Link(board, row.slug, state, false) : "",
              linked ? Link(board, row.slug, state, true) : "");
    }
  }
  view.Set("all_count", std::to_string(board.all.count))
      .Set("all_href", Link(board, "", "", false))
      .Set("late_count", std::to_string(board.all.overdue))
      .Set("late_href", Link(board, "", "", true))
      .Set("any_late", board.all.overdue > 0);
}

// « 5 projets en retard à l’étape Validation du cadrage, en Numérique. »
void AddAttention(View& view, const Board& board) {
  view.SetList("attention");
  struct Sentence {
    std::int64_t overdue;
    std::string words, href;
  };
  std::vector<Sentence> sentences;
  for (const auto& row : board.rows) {
    for (const auto& [state, label] : board.columns) {
      const auto found = row.cells.find(state);
      if (found == row.cells.end() || found->second.overdue == 0 || row.slug.empty()) continue;
      sentences.push_back({found->second.overdue,
                           Plural(found->second.overdue, "projet", "projets") +
                               " en retard à l’étape « " + label + " », collection " + row.label,
                           Link(board, row.slug, state, true)});
    }
  }
  std::stable_sort(sentences.begin(), sentences.end(),
                   [](const auto& a, const auto& b) { return a.overdue > b.overdue; });
  if (sentences.size() > 6) sentences.resize(6);
  for (const auto& sentence : sentences) {
    view.AddRow("attention").Set("att_words", sentence.words).Set("att_href", sentence.href);
  }
}

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
    AddAttention(view, board);
    AddWeek(view, visit, session,
            call_id.empty() ? shown.Listed() : std::optional(std::vector<std::string>{call_id}));
    AddExchange(view, visit, session, shown);
  });
  AddPilotTabs(view, "", AskedBy(visit));
  return Page(visit, 200, "pipeline", "Pilotage", std::move(view));
}

Response PipelineRails(Visit& visit) {
  std::map<std::string, Cell> counts;
  std::shared_ptr<const workflows::Definition> definition;
  visit.services.database.Read([&](storage::Session& session) {
    const auto call = storage::FindCall(session, visit.request.Query("appel"));
    if (!call) throw HttpError(404, "Cet appel n’existe pas.");
    if (!CallsFor(Rule::kSteering, *visit.visitor).Has(call->id)) {
      throw HttpError(403, "Cet appel n’est pas de ceux où vous avez un rôle.");
    }
    definition = visit.services.catalog.Newest(call->definition);
    for (const auto& standing : storage::CountByStates(session, call->id, visit.now)) {
      for (const auto& state : SplitWords(standing.states)) {
        counts[state].Add({standing.count, standing.overdue});
      }
    }
  });
  const std::string drawing = definition ? visit.house.drawings.Of(*definition, true) : "";
  if (drawing.empty()) throw HttpError(404, "Le dessin des rails n’est pas disponible.");
  std::map<std::string, workflows::StateMark> marks;
  for (const auto& [state, cell] : counts) {
    marks[state] = {workflows::RailMark::kCurrent, cell.count, cell.overdue};
  }
  Response response = Html(200, workflows::MarkRails(drawing, marks));
  response.type = "image/svg+xml";
  return response;
}

}  // namespace aiguillage::web
