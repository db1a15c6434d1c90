// SOCI itself: a session, and its prepared statements with the cells they are bound to. Included by
// session.cpp, query.cpp and the dialects only (its headers are slow to compile, and sqlite3.h
// comes wrapped in a namespace: the plain C API lives in sqlite_raw.cpp).
#pragma once

#include <soci/soci.h>

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace aiguillage::storage {

// Where a parameter or a column lives; SOCI keeps its address, so a deque and never a vector.
struct Cell {
  std::string name;
  bool is_text = false;
  long long number = 0;
  std::string text;
  soci::indicator indicator = soci::i_ok;
};

struct Prepared {
  Prepared(soci::session& session, std::string_view sql_text) : sql(sql_text), statement(session) {}
  std::string sql;
  std::deque<Cell> ins, outs;
  soci::statement statement;  // after the cells: it goes before them
  bool ready = false;
};

struct Connection {
  Connection(const soci::backend_factory& factory, const std::string& parameters)
      : sql(factory, parameters) {}
  soci::session sql;
  std::unordered_map<std::string, std::unique_ptr<Prepared>> idle;  // goes before `sql`
  std::vector<std::unique_ptr<Prepared>> failed;  // dropped when the next transaction begins
};

}  // namespace aiguillage::storage
