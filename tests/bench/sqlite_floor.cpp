#include <fcntl.h>
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include "storage/sqlite_raw.h"
#include "tests/bench/floor.h"
#include "tests/bench/measure.h"

// Stands before the C library's for the whole program, SQLite included: what it calls to make a
// commit durable, and how long that takes.
namespace {
std::atomic<int> sync_delay = 0, syncs = 0;
std::atomic<bool> skip_sync = false;
std::atomic<long long> nanoseconds_inside = 0;
}  // namespace
extern "C" int fdatasync(int file) {
  ++syncs;
  if (skip_sync) return 0;
  if (sync_delay > 0) usleep(static_cast<useconds_t>(sync_delay));
  return static_cast<int>(syscall(SYS_fdatasync, file));
}

namespace aiguillage::bench {

std::size_t Recording::TextOf(const std::string& sql) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == sql) return i;
  }
  texts.push_back(sql);
  return texts.size() - 1;
}

std::size_t Recording::Commits() const {
  std::size_t count = 0;
  for (const Statement& statement : statements) count += texts[statement.sql] == "commit";
  return count;
}

namespace sqlite {
namespace {

std::mutex mutex;  // guards the three below
bool recording = false;
Recording caught;
int trouble = 0;

bool IsName(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// One literal as sqlite3_expanded_sql writes it, from `at`, which moves behind it.
Value LiteralAt(const std::string& text, std::size_t& at) {
  Value value;
  if (text.compare(at, 4, "NULL") == 0) {
    at += 4;
    return value;
  }
  if (text[at] != '\'') {
    std::size_t used = 0;
    value.kind = Value::kNumber;
    value.number = std::stoll(text.substr(at), &used);
    at += used;
    return value;
  }
  value.kind = Value::kText;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\'' && text[at + 1] != '\'') break;
    if (text[at] == '\'') ++at;
    value.text += text[at];
  }
  ++at;
  return value;
}

// The values bound to a statement: what stands in its expanded text where it names a parameter.
std::vector<Value> ValuesOf(const std::string& sql, const std::string& expanded) {
  std::vector<Value> values;
  bool quoted = false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    quoted = quoted != (sql[i] == '\'');
    if (quoted || sql[i] != ':' || !IsName(sql[i + 1])) {
      if (sql[i] != expanded.at(at++)) throw std::runtime_error("Expected the text of " + sql);
      continue;
    }
    while (i + 1 < sql.size() && IsName(sql[i + 1])) ++i;
    values.push_back(LiteralAt(expanded, at));
  }
  return values;
}

int Trace(unsigned kind, void*, void* prepared, void* text) {
  thread_local std::unordered_map<void*, double> begun;  // SQLite's own clock counts milliseconds
  if (kind == SQLITE_TRACE_PROFILE) {
    nanoseconds_inside += static_cast<long long>((ThreadSeconds() - begun[prepared]) * 1e9);
    return 0;
  }
  begun[prepared] = ThreadSeconds();
  const std::lock_guard lock(mutex);
  if (!recording || static_cast<const char*>(text)[0] == '-') return 0;  // a trigger's own
  auto* statement = static_cast<sqlite3_stmt*>(prepared);
  char* expanded = sqlite3_expanded_sql(statement);
  try {
    const std::string sql = sqlite3_sql(statement);
    caught.statements.push_back({caught.TextOf(sql), ValuesOf(sql, expanded)});
  } catch (const std::exception&) {
    ++trouble;  // SQLite is not to be thrown through: EndRecording says it
  }
  sqlite3_free(expanded);
  return 0;
}

int Attend(sqlite3* db, char**, const struct sqlite3_api_routines*) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, Trace, nullptr);
}

struct Closer {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Closer>;

void Check(sqlite3* db, int code, const std::string& what) {
  if (code == SQLITE_OK) return;
  throw std::runtime_error("Expected " + what + ", but: " + sqlite3_errmsg(db));
}

void Bind(sqlite3_stmt* statement, const std::vector<Value>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int at = static_cast<int>(i + 1);
    const Value& value = values[i];
    if (value.kind == Value::kNull) {
      sqlite3_bind_null(statement, at);
    } else if (value.kind == Value::kNumber) {
      sqlite3_bind_int64(statement, at, value.number);
    } else {
      sqlite3_bind_text(statement, at, value.text.data(), static_cast<int>(value.text.size()),
                        SQLITE_STATIC);
    }
  }
}

// Runs it to its end and reads what it answers.
std::size_t Run(sqlite3* db, sqlite3_stmt* statement) {
  std::size_t read = 0;
  int code = 0;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      if (sqlite3_column_text(statement, i) != nullptr) {
        read += static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
      }
    }
  }
  if (code != SQLITE_DONE) Check(db, code, sqlite3_sql(statement));
  sqlite3_reset(statement);
  return read;
}

}  // namespace

void Listen() {
  storage::sqlite_raw::Configure();
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(Attend));
}

void StartRecording() {
  const std::lock_guard lock(mutex);
  recording = true;
  caught = {};
}

Recording EndRecording() {
  const std::lock_guard lock(mutex);
  recording = false;
  if (trouble > 0) throw std::runtime_error("Expected to read every statement that was caught");
  return std::move(caught);
}

double Replay(const std::string& path, const Recording& from, int group) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Closer> db(opened);
  Check(opened, code, "to open " + path);
  sqlite3_trace_v2(opened, 0, nullptr, nullptr);
  for (const char* setting :
       {"foreign_keys = on", "synchronous = full", "temp_store = memory", "journal_mode = wal",
        "journal_size_limit = 67108864", "wal_autocheckpoint = 4000"}) {
    const std::string pragma = std::string("pragma ") + setting;
    Check(opened, sqlite3_exec(opened, pragma.c_str(), nullptr, nullptr, nullptr), pragma);
  }
  std::vector<Prepared> prepared;
  for (const std::string& sql : from.texts) {
    sqlite3_stmt* one = nullptr;
    Check(opened,
          sqlite3_prepare_v3(opened, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &one, nullptr),
          sql);
    prepared.emplace_back(one);
  }
  const std::size_t acts = from.Commits();
  std::size_t begun = 0, ended = 0;
  const auto joins =
      [&](const std::string& sql) {  // within a group: its first begins, its last ends
        if (sql.starts_with("begin")) return begun++ % static_cast<std::size_t>(group) != 0;
        if (sql == "commit") return ++ended % static_cast<std::size_t>(group) != 0 && ended != acts;
        return false;
      };
  const double start = WallSeconds();
  for (const Statement& statement : from.statements) {
    if (joins(from.texts[statement.sql])) continue;
    sqlite3_stmt* one = prepared[statement.sql].get();
    Bind(one, statement.values);
    Run(opened, one);
  }
  return WallSeconds() - start;
}

void DelaySync(int microseconds) { sync_delay = microseconds; }
void SkipSync(bool skip) { skip_sync = skip; }
int SyncsSoFar() { return syncs; }
double MillisecondsInside() { return static_cast<double>(nanoseconds_inside.exchange(0)) / 1e6; }

}  // namespace sqlite
}  // namespace aiguillage::bench
