// The record: one SQLite file, or a PostgreSQL database that several processes share.
//
//   auto db = Database::Open("sqlite:data/aiguillage.db");       // or "postgresql://…"; Trouble
//   auto project = db->Read([&](Session& s) { return FindProject(s, "AIG-2026-0042"); });
//   db->Write([&](Session& s) { InsertPerson(s, person); });      // returns after COMMIT
//
// Reads lease a session of the pool and see one consistent snapshot. Writes queue up: one writer
// thread runs each in its own SAVEPOINT and commits the group with one fsync; Write() returns after
// that COMMIT. What the work throws rolls back its savepoint alone and is rethrown to its caller; a
// lost group is Trouble for all of it. When PostgreSQL breaks off, the work is run again from its
// start: it keeps nothing of its own between two runs. Never call Write() from inside Write() or
// Read().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "storage/hash.h"

namespace aiguillage::storage {

class Session;  // a connection in a transaction; storage/session.h, private to this room

struct OpenOptions {
  int readers = 8;
  bool create = true;
  bool migrate = true;  // bring the schema up to date; otherwise a stale schema is Trouble
  RandomSource random = RandomHex;  // salts; a seeded source makes two records equal
};

class Database {
 public:
  // url: sqlite:PATH or postgresql://USER@HOST/DATABASE. Unknown schemes are Trouble with the
  // expected forms.
  static std::unique_ptr<Database> Open(const std::string& url, const OpenOptions& options = {});
  virtual ~Database() = default;

  template <typename Work>
  auto Read(Work&& work) {
    return Run(std::forward<Work>(work), &Database::RunRead);
  }
  template <typename Work>
  auto Write(Work&& work) {
    return Run(std::forward<Work>(work), &Database::RunWrite);
  }

  // Copies the whole record to `path` while others write. Throws Trouble; where the database has a
  // tool of its own for that, its sentence (in French) names it.
  virtual void Backup(const std::string& path) = 0;
  virtual int SchemaVersion() = 0;
  // "" when the database finds its own files sound, else what is damaged, in its own words. Reads
  // all of SQLite's file; PostgreSQL has a tool of its own for that.
  virtual std::string Damage() = 0;

 protected:
  using Job = std::function<void(Session&)>;
  virtual void RunRead(const Job& job) = 0;
  virtual void RunWrite(const Job& job) = 0;

 private:
  template <typename Work>
  auto Run(Work&& work, void (Database::*run)(const Job&)) {
    using Result = std::invoke_result_t<Work, Session&>;
    if constexpr (std::is_void_v<Result>) {
      (this->*run)([&](Session& session) { work(session); });
    } else {
      std::optional<Result> result;
      (this->*run)([&](Session& session) { result.emplace(work(session)); });
      return std::move(*result);
    }
  }
};

}  // namespace aiguillage::storage
