// The pipeline as a table: how many projects of each collection stand in each state, how many of
// them are late. Each number is a link to exactly the projects it counts.
//
//   Board board = ReadBoard(visit, session, "mentor-2026");
//   board.rows[0].cells["lead_review"]        {12 projects, 3 late}
//   BoardLink(board, "numerique", "lead_review", true)   the three
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "web/page.h"
#include "web/visit.h"

namespace aiguillage::web {

struct BoardCell {
  std::int64_t count = 0, overdue = 0;
  void Add(const BoardCell& other) {
    count += other.count;
    overdue += other.overdue;
  }
};

struct BoardRow {
  std::string slug, label;
  bool child = false;
  std::map<std::string, BoardCell> cells;
  BoardCell total;
};

struct Board {
  std::string call;  // "" = all
  // State and label: the reached ones in the order of the rails, then those that only
  // former rails name.
  std::vector<std::pair<std::string, std::string>> columns;
  std::vector<BoardRow> rows;
  std::map<std::string, BoardCell> totals;
  BoardCell all;
};

Board ReadBoard(Visit& visit, storage::Session& session, const std::string& call);
// "" for every collection or state; `overdue`: the late ones only.
std::string BoardLink(const Board& board, const std::string& collection, const std::string& state,
                      bool overdue);
void AddBoard(View& view, const Board& board);

}  // namespace aiguillage::web
