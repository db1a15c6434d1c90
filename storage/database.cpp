#include "storage/database.h"

#include <filesystem>
#include <stdexcept>

#include "storage/dialect.h"
#include "storage/error.h"
#include "storage/migrate.h"
#include "storage/pool.h"
#include "storage/sqlite_raw.h"
#include "storage/writer.h"

namespace aiguillage::storage {
namespace {

constexpr std::string_view kSqliteScheme = "sqlite:";

// A Write inside a Write would wait for itself for ever: said at once instead.
thread_local bool busy_here = false;

struct Busy {
  Busy() {
    if (busy_here)
      throw std::logic_error("Expected no Read or Write inside another, but found one.");
    busy_here = true;
  }
  ~Busy() { busy_here = false; }
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, const OpenOptions& options);

  void Backup(const std::string& path) override;
  int SchemaVersion() override;

 protected:
  void RunRead(const Job& job) override {
    Busy busy;
    pool_->Run(job);
  }
  void RunWrite(const Job& job) override {
    Busy busy;
    writer_->Run([&](Session& session) {
      Busy inside;
      job(session);
    });
  }

 private:
  std::unique_ptr<Session> Open(Use use) const {
    return OpenSession(Sqlite(), path_, use, random_);
  }

  std::string path_;
  RandomSource random_;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Writer> writer_;
};

void Prepare(const std::string& path, const OpenOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return;
  if (!options.create) throw Trouble("Expected a record in " + path + ", but there is none.");
  auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  sqlite_raw::CreatePrivately(path);
}

void CheckSchema(Session& session, const OpenOptions& options) {
  int newest = NewestSchema(session.dialect().name());
  int found = SchemaVersion(session);
  if (found == newest) return;
  if (options.migrate) return Migrate(session);
  throw Trouble("Expected schema " + std::to_string(newest) + ", but the record has " +
                std::to_string(found) + ": run « aiguillage migrate ».");
}

SqliteDatabase::SqliteDatabase(std::string path, const OpenOptions& options)
    : path_(std::move(path)), random_(options.random) {
  Prepare(path_, options);
  auto session = Open(Use::kWrite);
  CheckSchema(*session, options);
  pool_ = std::make_unique<Pool>([this] { return Open(Use::kRead); }, options.readers);
  writer_ = std::make_unique<Writer>([this] { return Open(Use::kWrite); }, std::move(session));
}

void SqliteDatabase::Backup(const std::string& path) {
  std::error_code error;
  if (std::filesystem::equivalent(path, path_, error)) {
    throw Trouble("Expected another name than the record's own for its copy.");
  }
  auto session = Open(Use::kRead);
  Sqlite().Backup(session->connection(), path);
}

int SqliteDatabase::SchemaVersion() {
  int version = 0;
  RunRead([&](Session& session) { version = storage::SchemaVersion(session); });
  return version;
}

}  // namespace

std::unique_ptr<Database> Database::Open(const std::string& url, const OpenOptions& options) {
  if (url.starts_with(kSqliteScheme) && url.size() > kSqliteScheme.size()) {
    return std::make_unique<SqliteDatabase>(url.substr(kSqliteScheme.size()), options);
  }
  throw Trouble("Expected sqlite:PATH for the record, but got « " + url.substr(0, url.find(':')) +
                " ».");
}

}  // namespace aiguillage::storage
