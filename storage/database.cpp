#include "storage/database.h"

#include <stdexcept>

#include "storage/dialect.h"
#include "storage/error.h"
#include "storage/migrate.h"
#include "storage/pool.h"
#include "storage/writer.h"

namespace aiguillage::storage {
namespace {

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

void CheckSchema(Session& session, const OpenOptions& options) {
  int newest = NewestSchema(session.dialect().name());
  int found = SchemaVersion(session);
  if (found == newest) return;
  if (options.migrate) return Migrate(session);
  throw Trouble("Expected schema " + std::to_string(newest) + ", but the record has " +
                std::to_string(found) + ": run « aiguillage migrate ».");
}

class Record final : public Database {
 public:
  Record(const Dialect& dialect, std::string where, const OpenOptions& options)
      : dialect_(dialect), where_(std::move(where)), random_(options.random) {
    dialect_.Prepare(where_, options);
    auto session = Open(Use::kWrite);
    CheckSchema(*session, options);
    pool_ = std::make_unique<Pool>([this] { return Open(Use::kRead); }, options.readers);
    writer_ = std::make_unique<Writer>([this] { return Open(Use::kWrite); }, std::move(session));
  }

  void Backup(const std::string& path) override {
    auto session = Open(Use::kRead);
    dialect_.Backup(where_, session->connection(), path);
  }

  std::string Damage() override { return dialect_.Damage(Open(Use::kRead)->connection()); }

  int SchemaVersion() override {
    int version = 0;
    RunRead([&](Session& session) { version = storage::SchemaVersion(session); });
    return version;
  }

 protected:
  void RunRead(const Job& job) override {
    Busy busy;
    pool_->Run(job);
  }
  void RunWrite(const Job& job) override {
    Busy busy;
    writer_->Run(job);
  }

 private:
  std::unique_ptr<Session> Open(Use use) const {
    return OpenSession(dialect_, where_, use, random_);
  }

  const Dialect& dialect_;
  std::string where_;
  RandomSource random_;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace

std::unique_ptr<Database> Database::Open(const std::string& url, const OpenOptions& options) {
  const Dialect& dialect = DialectFor(url);
  return std::make_unique<Record>(dialect, dialect.Place(url), options);
}

}  // namespace aiguillage::storage
