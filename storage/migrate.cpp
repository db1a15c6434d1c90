#include "storage/migrate.h"

#include <chrono>
#include <stdexcept>

#include "storage/dialect.h"
#include "storage/error.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

// "0002_search.sqlite.sql" -> "sqlite"; "0001_record.sql" -> "".
std::string_view DialectOf(std::string_view name) {
  std::string_view stem = name.substr(0, name.rfind('.'));
  auto dot = stem.find('.');
  return dot == std::string_view::npos ? std::string_view() : stem.substr(dot + 1);
}

// Where a comment or quoted text that starts at `at` ends; `at` itself elsewhere.
std::size_t SkipQuoted(std::string_view sql, std::size_t at) {
  char c = sql[at];
  if (c == '-' && sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
  if (c != '\'' && c != '"') return at;
  auto end = sql.find(c, at + 1);
  if (end == std::string_view::npos) throw std::logic_error("Expected quoted text to end.");
  return end + 1;
}

bool OnlySpace(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::int64_t NowMs() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             system_clock::now().time_since_epoch())
      .count();
}

void Apply(Session& session, const Step& step) {
  for (const std::string& statement : SplitStatements(step.migration.sql)) {
    session.Execute(session.dialect().Schema(statement));
  }
  Query query(session,
              "insert into schema_version (version, name, applied_at) values (:v, :name, :at)");
  query.In("v", step.number).In("name", step.migration.name).In("at", NowMs()).Run();
}

void Missing(Session& session) {
  if (const auto groundwork = session.dialect().Groundwork(); !groundwork.empty()) {
    session.Execute(groundwork);
  }
  session.Execute(session.dialect().Schema(
      "create table if not exists schema_version (version integer not null primary key,"
      " name text not null, applied_at integer not null)"));
  int version = SchemaVersion(session);
  auto steps = StepsFor(EmbeddedMigrations(), session.dialect().name());
  if (version > static_cast<int>(steps.size())) {
    throw Trouble("Expected a record of schema " + std::to_string(steps.size()) +
                  " at most, but it has " + std::to_string(version) +
                  ": it was written by a newer version of the program.");
  }
  for (const Step& step : steps) {
    if (step.number > version) Apply(session, step);
  }
}

}  // namespace

std::vector<Step> StepsFor(const std::vector<Migration>& migrations, std::string_view dialect) {
  std::vector<Step> steps;
  for (const Migration& migration : migrations) {
    std::string_view only = DialectOf(migration.name);
    if (!only.empty() && only != dialect) continue;
    int number = std::stoi(std::string(migration.name.substr(0, 4)));
    if (number != static_cast<int>(steps.size()) + 1) {
      throw std::logic_error("Expected migrations 1, 2, 3 …, but found " +
                             std::string(migration.name) + ".");
    }
    steps.push_back({number, migration});
  }
  return steps;
}

std::vector<std::string> SplitStatements(std::string_view sql) {
  std::vector<std::string> statements;
  std::string statement;
  for (std::size_t at = 0; at < sql.size();) {
    std::size_t end = SkipQuoted(sql, at);
    if (end != at) {
      if (sql[at] != '-') statement += sql.substr(at, end - at);
      at = end;
    } else if (sql[at] == ';') {
      if (!OnlySpace(statement)) statements.push_back(std::move(statement));
      statement.clear();
      ++at;
    } else {
      statement += sql[at++];
    }
  }
  if (!OnlySpace(statement)) throw std::logic_error("Expected « ; » after the last statement.");
  return statements;
}

void Migrate(Session& session) {
  session.Begin(Use::kWrite);
  try {
    Missing(session);
    session.Execute("commit");
  } catch (...) {
    session.RollbackIfAny();
    throw;
  }
}

int SchemaVersion(Session& session) {
  std::int64_t there = 0;
  Query table(session, session.dialect().HasTable());
  table.In("name", "schema_version").Out(there).One();
  if (there == 0) return 0;
  int version = 0;
  Query query(session, "select coalesce(max(version), 0) from schema_version");
  query.Out(version).One();
  return version;
}

int NewestSchema(std::string_view dialect) {
  return static_cast<int>(StepsFor(EmbeddedMigrations(), dialect).size());
}

}  // namespace aiguillage::storage
