#include "web/board.h"

#include <algorithm>

#include "storage/calls.h"
#include "storage/projects.h"
#include "web/figures/call_rails.h"
#include "web/filters.h"
#include "web/rails.h"

namespace aiguillage::web {

namespace {

void SetCell(View& view, const BoardCell& cell, const std::string& href,
             const std::string& late_href) {
  view.Set("cell_count", cell.count == 0 ? "" : std::to_string(cell.count))
      .Set("cell_href", href)
      .Set("cell_late", cell.overdue == 0 ? "" : std::to_string(cell.overdue))
      .Set("cell_late_href", late_href);
}

}  // namespace

std::string BoardLink(const Board& board, const std::string& collection, const std::string& state,
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
  std::map<std::string, BoardRow> rows;
  for (const auto& cell : storage::Pipeline(session, call_id, visit.now)) {
    const BoardCell value{cell.count, cell.overdue};
    BoardRow& row = rows[cell.collection];
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
  for (const auto& [state, cell] : board.totals) {
    const bool named = std::any_of(board.columns.begin(), board.columns.end(),
                                   [&, &id = state](const auto& one) { return one.first == id; });
    if (named) continue;
    board.columns.emplace_back(state, FormerLabel(session, visit.services.catalog, state));
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

void AddBoard(View& view, const Board& board) {
  view.SetList("columns").SetList("rows").SetList("totals");
  for (const auto& [state, label] : board.columns) {
    view.AddRow("columns").Set("column_label", label);
    SetCell(view.AddRow("totals"), board.totals.at(state), BoardLink(board, "", state, false),
            BoardLink(board, "", state, true));
  }
  for (const auto& row : board.rows) {
    View& line = view.AddRow("rows");
    line.Set("row_label", row.label)
        .Set("row_child", row.child)
        .Set("row_total", std::to_string(row.total.count))
        .Set("row_href", row.slug.empty() ? "" : BoardLink(board, row.slug, "", false));
    line.SetList("cells");
    for (const auto& [state, label] : board.columns) {
      const auto found = row.cells.find(state);
      const bool linked = !row.slug.empty();
      SetCell(line.AddRow("cells"), found == row.cells.end() ? BoardCell{} : found->second,
              linked ? BoardLink(board, row.slug, state, false) : "",
              linked ? BoardLink(board, row.slug, state, true) : "");
    }
  }
  view.Set("all_count", std::to_string(board.all.count))
      .Set("all_href", BoardLink(board, "", "", false))
      .Set("late_count", std::to_string(board.all.overdue))
      .Set("late_href", BoardLink(board, "", "", true))
      .Set("any_late", board.all.overdue > 0);
}

}  // namespace aiguillage::web
