#include "storage/database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/migrate.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/session.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

using test::TestRecord;

std::string Value(Database& database, const std::string& name) {
  return database.Read([&](Session& s) { return FindSetting(s, name).value_or("-"); });
}
void Save(Database& database, const std::string& name, const std::string& value) {
  database.Write([&](Session& s) { SaveSetting(s, name, value); });
}

TEST(DatabaseTest, WhatAWriteAnsweredIsThereAfterReopening) {
  TestRecord record;
  Save(*record, "a", "été");
  record.Reopen();
  EXPECT_EQ(Value(*record, "a"), "été");
  EXPECT_EQ(record->SchemaVersion(),
            NewestSchema(test::KindAsked() == test::Kind::kSqlite ? "sqlite" : "postgresql"));
}

TEST(DatabaseTest, TheFileIsItsOwnersOnly) {
  ONLY_ON_SQLITE("it looks at the file");
  TestRecord record;
  struct stat status {};
  ASSERT_EQ(stat(record.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST(DatabaseTest, AnotherSchemeOrNoFileIsSaidInWords) {
  EXPECT_THROW(Database::Open("mysql://root:secret@host/db"), Trouble);
  EXPECT_THROW(Database::Open("sqlite:"), Trouble);
  test::TempDirectory directory;
  EXPECT_THROW(Database::Open("sqlite:" + directory / "none.db", {.create = false}), Trouble);
  std::ofstream(directory / "letter.db")
      << "Ceci n'est pas une base, mais une lettre assez longue.";
  EXPECT_THROW(Database::Open("sqlite:" + directory / "letter.db"), Trouble);
  try {
    Database::Open("mysql://root:secret@host/db");
  } catch (const Trouble& trouble) {
    EXPECT_EQ(std::string(trouble.what()).find("secret"), std::string::npos);
  }
}

TEST(DatabaseTest, ARecordOfANewerProgramIsRefused) {
  TestRecord record;
  record->Write([](Session& s) {
    s.Execute("insert into schema_version (version, name, applied_at) values (999, 'later', 0)");
  });
  EXPECT_THROW(record.Reopen(), Trouble);
}

// Where a record may be made: a path without a file, or a database without a table.
class EmptyPlace {
 public:
  ~EmptyPlace() {
    if (!on_sqlite_) test::PostgresCluster::Shared().Drop(url);
  }

 private:
  test::TempDirectory directory_;
  const bool on_sqlite_ = test::KindAsked() == test::Kind::kSqlite;

 public:
  const std::string url = on_sqlite_ ? "sqlite:" + directory_ / "new.db"
                                     : test::PostgresCluster::Shared().NewDatabase();
};

TEST(DatabaseTest, WithoutMigrateAStaleRecordIsRefused) {
  EmptyPlace place;
  EXPECT_THROW(Database::Open(place.url, {.migrate = false}), Trouble);
  Database::Open(place.url);
  Database::Open(place.url, {.migrate = false});
}

TEST(DatabaseTest, EightMayOpenAnEmptyRecordAtOnce) {
  EmptyPlace place;
  std::vector<std::thread> threads;
  std::atomic<int> opened = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      auto database = Database::Open(place.url);
      Save(*database, "x", "1");
      ++opened;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(opened, 8);
}

TEST(DatabaseTest, AReadCannotWrite) {
  TestRecord record;
  EXPECT_THROW(record->Read([](Session& s) { SaveSetting(s, "a", "1"); }), Trouble);
  EXPECT_EQ(Value(*record, "a"), "-");
}

TEST(DatabaseTest, AWriteInsideAnotherIsSaidAtOnce) {
  TestRecord record;
  EXPECT_THROW(record->Write([&](Session&) { Save(*record, "a", "1"); }), std::logic_error);
  EXPECT_THROW(record->Read([&](Session&) { Save(*record, "a", "1"); }), std::logic_error);
  EXPECT_THROW(record->Read([&](Session&) { Value(*record, "a"); }), std::logic_error);
  Save(*record, "a", "1");
}

TEST(DatabaseTest, ThePoolServesAgainAfterAReaderThrew) {
  TestRecord record({.readers = 1});
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(record->Read([](Session&) { throw std::runtime_error("lost"); }),
                 std::runtime_error);
  }
  EXPECT_EQ(Value(*record, "a"), "-");
}

TEST(DatabaseTest, AReaderSeesOneInstant) {
  TestRecord record;
  Save(*record, "a", "1");
  record->Read([&](Session& s) {
    EXPECT_EQ(FindSetting(s, "a"), "1");
    std::thread([&] { Save(*record, "a", "2"); }).join();
    EXPECT_EQ(FindSetting(s, "a"), "1");
  });
  EXPECT_EQ(Value(*record, "a"), "2");
}

// 8 × 500 increments of one counter, each tenth of them refused: none is lost, none leaks.
TEST(DatabaseTest, EightWritersLoseNothing) {
  TestRecord record;
  Save(*record, "n", "0");
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        try {
          record->Write([&](Session& s) {
            SaveSetting(s, "n", std::to_string(std::stoi(*FindSetting(s, "n")) + 1));
            SaveSetting(s, "last" + std::to_string(t), std::to_string(i));
            if (i % 10 == 3) throw std::runtime_error("refused");
          });
        } catch (const std::runtime_error&) {
          ++refused;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 8 * 50);
  EXPECT_EQ(Value(*record, "n"), std::to_string(8 * 450));
}

// All jobs are queued behind a held one, so that they are one group; one of them throws in its
// midst.
TEST(DatabaseTest, AThrowingJobDoesNotDisturbItsGroup) {
  TestRecord record;
  std::atomic<int> queued = 0;
  std::atomic<int> threw = 0;
  std::thread holder([&] {
    record->Write([&](Session&) {
      while (queued < 6) std::this_thread::yield();
    });
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      ++queued;
      try {
        record->Write([&](Session& s) {
          SaveSetting(s, "job" + std::to_string(i), "done");
          if (i == 2) SaveSetting(s, "job" + std::to_string(i), std::string(1, '\0'));
        });
      } catch (const std::invalid_argument&) {
        ++threw;
      }
    });
  }
  holder.join();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(threw, 1);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(Value(*record, "job" + std::to_string(i)), i == 2 ? "-" : "done");
  }
}

TEST(DatabaseTest, AConflictLeavesTheSessionUsable) {
  TestRecord record;
  record.Seed();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(record->Write([&](Session& s) {
      Project project = record.NewProject("x");
      project.call = "unknown";
      InsertProject(s, project, 2026);
    }),
                 Conflict);
  }
  record->Write([&](Session& s) { InsertProject(s, record.NewProject("x"), 2026); });
}

// In a failed transaction PostgreSQL refuses to forget a statement: it must be told later.
TEST(DatabaseTest, ConflictsLeaveNoStatementWithTheServer) {
  if (test::KindAsked() != test::Kind::kPostgresql) GTEST_SKIP() << "PostgreSQL only: its server";
  TestRecord record;
  record.Seed();
  const auto held = [&] {
    return record->Write([](Session& s) {
      std::int64_t count = 0;
      Query query(s, "select count(*) from pg_prepared_statements");
      query.Out(count).One();
      return count;
    });
  };
  const auto conflict = [&] {
    EXPECT_THROW(
        record->Write([](Session& s) { InsertPerson(s, {.email = "camille@example.fr"}); }),
        Conflict);
  };
  conflict();
  held();
  const auto before = held();
  for (int i = 0; i < 20; ++i) conflict();
  EXPECT_EQ(held(), before);
}

TEST(DatabaseTest, OpeningTakesLessThanATenthOfASecond) {
  TestRecord record;
  record.Seed();
  record->Write([&](Session& s) {
    for (int i = 0; i < 300; ++i) InsertProject(s, record.NewProject("x"), 2026);
  });
  std::int64_t best = 1'000'000;
  for (int i = 0; i < 5; ++i) {
    record.Close();
    auto start = std::chrono::steady_clock::now();
    record.Reopen();
    EXPECT_EQ(Value(*record, "a"), "-");
    auto took = std::chrono::steady_clock::now() - start;
    best = std::min<std::int64_t>(
        best, std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  }
  EXPECT_LT(best, 100);
}

}  // namespace
}  // namespace aiguillage::storage
