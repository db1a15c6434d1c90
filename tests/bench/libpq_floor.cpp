#include <dlfcn.h>
#include <libpq-fe.h>

#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "tests/bench/floor.h"
#include "tests/bench/measure.h"

namespace aiguillage::bench {
namespace {

std::mutex mutex;  // guards the three below
bool recording = false;
Recording caught;
std::map<std::pair<const PGconn*, std::string>, std::string> prepared_texts;

void Catch(const std::string& sql, int count, const char* const* values) {
  const std::lock_guard lock(mutex);
  if (!recording) return;
  Statement statement{caught.TextOf(sql), {}};
  for (int i = 0; i < count; ++i) {
    const bool null = values == nullptr || values[i] == nullptr;
    statement.values.push_back({null ? Value::kNull : Value::kText, 0, null ? "" : values[i]});
  }
  caught.statements.push_back(std::move(statement));
}

// libpq's own, behind the one of the same name here.
template <typename Function>
Function Own(const char* name, Function) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace
}  // namespace aiguillage::bench

using namespace aiguillage::bench;  // NOLINT: what stands before libpq has its names

extern "C" PGresult* PQprepare(PGconn* connection, const char* name, const char* query, int count,
                               const Oid* types) {
  static const auto own = Own("PQprepare", &PQprepare);
  {
    const std::lock_guard lock(mutex);
    prepared_texts[{connection, name}] = query;
  }
  return own(connection, name, query, count, types);
}

extern "C" PGresult* PQexecPrepared(PGconn* connection, const char* name, int count,
                                    const char* const* values, const int* lengths,
                                    const int* formats, int format) {
  static const auto own = Own("PQexecPrepared", &PQexecPrepared);
  std::string text;
  {
    const std::lock_guard lock(mutex);
    text = prepared_texts[{connection, name}];
  }
  Catch(text, count, values);
  return own(connection, name, count, values, lengths, formats, format);
}

extern "C" PGresult* PQexecParams(PGconn* connection, const char* command, int count,
                                  const Oid* types, const char* const* values, const int* lengths,
                                  const int* formats, int format) {
  static const auto own = Own("PQexecParams", &PQexecParams);
  Catch(command, count, values);
  return own(connection, command, count, types, values, lengths, formats, format);
}

extern "C" PGresult* PQexec(PGconn* connection, const char* query) {
  static const auto own = Own("PQexec", &PQexec);
  if (std::string(query).starts_with("DEALLOCATE")) return own(connection, query);
  Catch(query, 0, nullptr);
  return own(connection, query);
}

namespace aiguillage::bench::postgresql {
namespace {

struct Closer {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Closer>;

void Check(PGconn* connection, const Result& result, const std::string& sql) {
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  throw std::runtime_error("Expected " + sql + ", but: " + PQerrorMessage(connection));
}

}  // namespace

void StartRecording() {
  const std::lock_guard lock(mutex);
  recording = true;
  caught = {};
}

Recording EndRecording() {
  const std::lock_guard lock(mutex);
  recording = false;
  return std::move(caught);
}

double Replay(const std::string& url, const Recording& from) {
  const std::unique_ptr<PGconn, Closer> connection(PQconnectdb(url.c_str()));
  PGconn* server = connection.get();
  if (PQstatus(server) != CONNECTION_OK) throw std::runtime_error("Expected to open " + url);
  for (std::size_t i = 0; i < from.texts.size(); ++i) {
    const Result ready(
        PQprepare(server, std::to_string(i).c_str(), from.texts[i].c_str(), 0, nullptr));
    Check(server, ready, from.texts[i]);
  }
  const double start = WallSeconds();
  std::vector<const char*> values;
  for (const Statement& statement : from.statements) {
    values.clear();
    for (const Value& value : statement.values) {
      values.push_back(value.kind == Value::kNull ? nullptr : value.text.c_str());
    }
    const Result result(PQexecPrepared(server, std::to_string(statement.sql).c_str(),
                                       static_cast<int>(values.size()), values.data(), nullptr,
                                       nullptr, 0));
    Check(server, result, from.texts[statement.sql]);
  }
  return WallSeconds() - start;
}

}  // namespace aiguillage::bench::postgresql
