// A record in front of another one, which looks at each write before its COMMIT: what it throws
// undoes that write, as when the process dies there.
//
//   WatchedRecord dying(*record, [&](Session&) { if (++writes > 3) throw PowerCut{}; });
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "storage/database.h"

namespace aiguillage::test {

class WatchedRecord : public storage::Database {
 public:
  WatchedRecord(storage::Database& record, std::function<void(storage::Session&)> look)
      : record_(record), look_(std::move(look)) {}

  void Backup(const std::string& path) override { record_.Backup(path); }
  int SchemaVersion() override { return record_.SchemaVersion(); }
  std::string Damage() override { return record_.Damage(); }

 protected:
  void RunRead(const Job& job) override { record_.Read(job); }
  void RunWrite(const Job& job) override {
    record_.Write([&](storage::Session& session) {
      job(session);
      look_(session);
    });
  }

 private:
  storage::Database& record_;
  const std::function<void(storage::Session&)> look_;
};

}  // namespace aiguillage::test
