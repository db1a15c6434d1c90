// A fresh record, in a temporary file or in a database of the shared PostgreSQL cluster, and the
// few rows that every project leans on. Each test is written once: the program runs on SQLite, and
// on PostgreSQL where TEST_RECORD=postgresql says so.
//
//   TestRecord record;                        // schema ready, nothing in it
//   record.Seed();                            // call « demo-2026 », definition, collection, people
//   record->Write([&](Session& s) { InsertProject(s, record.NewProject("Accueil"), 2026); });
#pragma once

#include <memory>
#include <string>

#include "storage/database.h"
#include "storage/projects.h"
#include "tests/support/record_kind.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::test {

class PostgresCluster;

class TestRecord {
 public:
  explicit TestRecord(const storage::OpenOptions& options = {}, Kind kind = KindAsked());
  TestRecord(const storage::OpenOptions& options, PostgresCluster& cluster);
  ~TestRecord();

  storage::Database& operator*() { return *database_; }
  storage::Database* operator->() { return database_.get(); }
  const std::string& url() const { return url_; }
  std::string path() const { return directory_ / "record.db"; }  // SQLite's
  const TempDirectory& directory() const { return directory_; }

  void Reopen(const storage::OpenOptions& options = {});  // closes, then opens the same file
  void Close() { database_.reset(); }

  // Call « demo-2026 » on definition « demo » (hash « d1 »), collections « numerique » and its
  // child « cyber », people 1 « camille@example.fr » and 2 « dominique@example.fr ».
  void Seed();
  storage::Project NewProject(const std::string& title) const;  // not yet inserted

 private:
  TempDirectory directory_;
  PostgresCluster* cluster_ = nullptr;  // on PostgreSQL
  std::string url_;
  std::unique_ptr<storage::Database> database_;
};

}  // namespace aiguillage::test
