// OnStatement of crash_point.h: SQLite tells its statements itself; libpq's functions are found
// here before libpq's own, which they call.
#include <dlfcn.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <map>
#include <mutex>
#include <string>

#include "tests/support/crash_point.h"

namespace aiguillage::test {
namespace {

std::function<void(std::string_view, bool)> told_of;

std::mutex prepared_mutex;
std::map<std::pair<const PGconn*, std::string>, std::string> prepared;  // name -> sql

void Tell(std::string_view sql, bool done) {
  if (told_of) told_of(sql, done);
}

int TellSqlite(unsigned event, void*, void* statement, void*) {
  const char* sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
  if (sql != nullptr) Tell(sql, event == SQLITE_TRACE_PROFILE);
  return 0;
}

int TraceConnection(sqlite3* db, const char**, const void*) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, TellSqlite, nullptr);
}

template <typename Function>
Function Libpqs(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

template <typename Call>
PGresult* Told(const std::string& sql, Call&& call) {
  Tell(sql, false);
  PGresult* result = call();
  Tell(sql, true);
  return result;
}

}  // namespace

void OnStatement(std::function<void(std::string_view, bool)> told) {
  told_of = std::move(told);
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(TraceConnection));
}

}  // namespace aiguillage::test

extern "C" {

PGresult* PQexec(PGconn* connection, const char* sql) {
  static const auto kCall = aiguillage::test::Libpqs<decltype(&PQexec)>("PQexec");
  return aiguillage::test::Told(sql, [&] { return kCall(connection, sql); });
}

PGresult* PQprepare(PGconn* connection, const char* name, const char* sql, int count,
                    const Oid* types) {
  using namespace aiguillage::test;
  static const auto kCall = Libpqs<decltype(&PQprepare)>("PQprepare");
  {
    const std::lock_guard lock(prepared_mutex);
    prepared[{connection, name}] = sql;
  }
  return kCall(connection, name, sql, count, types);
}

PGresult* PQexecPrepared(PGconn* connection, const char* name, int count, const char* const* values,
                         const int* lengths, const int* formats, int result_format) {
  using namespace aiguillage::test;
  static const auto kCall = Libpqs<decltype(&PQexecPrepared)>("PQexecPrepared");
  std::string sql;
  {
    const std::lock_guard lock(prepared_mutex);
    sql = prepared[{connection, name}];
  }
  return Told(
      sql, [&] { return kCall(connection, name, count, values, lengths, formats, result_format); });
}

}  // extern "C"
