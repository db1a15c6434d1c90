// Power cuts, full disks, copies taken while others write.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "storage/database.h"
#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/session.h"
#include "tests/support/seed.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

using test::TestRecord;

std::string SettingOf(Database& database, const std::string& name) {
  return database.Read([&](Session& s) { return FindSetting(s, name).value_or("-"); });
}

// Two rows that every act writes alike: a half act would show as a difference.
void SavePair(Session& s, const std::string& name, const std::string& value) {
  SaveSetting(s, "left." + name, value);
  SaveSetting(s, "right." + name, value);
}

// Four threads write for ever; each answered write is told through the pipe.
[[noreturn]] void WriteUntilKilled(const std::string& url, int pipe) {
  auto database = Database::Open(url);
  std::vector<std::thread> threads;
  for (char t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 1;; ++i) {
        database->Write(
            [&](Session& s) { SavePair(s, std::string(1, char('a' + t)), std::to_string(i)); });
        int answered[2] = {t, i};
        if (write(pipe, answered, sizeof answered) != sizeof answered) _exit(1);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  _exit(0);
}

TEST(FaultsTest, AKilledProcessLeavesEveryAnsweredWriteAndNoHalfOne) {
  std::mt19937_64 random(test::Seed());
  TestRecord record;
  std::map<int, int> answered;
  for (int round = 0; round < 5; ++round) {
    record.Close();
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      WriteUntilKilled(record.url(), ends[1]);
    }
    close(ends[1]);
    answered.clear();
    int heard[2];
    auto until = static_cast<int>(50 + random() % 300);
    for (int i = 0; read(ends[0], heard, sizeof heard) == sizeof heard; ++i) {
      answered[heard[0]] = heard[1];
      if (i == until) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "round " << round;
    record.Reopen();
    for (auto [thread, last] : answered) {
      std::string name(1, static_cast<char>('a' + thread));
      int stored = std::stoi(SettingOf(*record, "left." + name));
      EXPECT_GE(stored, last) << "an answered write was lost";
      EXPECT_LE(stored, last + 1);
      EXPECT_EQ(SettingOf(*record, "right." + name), std::to_string(stored));
    }
  }
}

TEST(FaultsTest, AFullRecordIsTroubleAndTheNextWriteWorks) {
  ONLY_ON_SQLITE("a page limit of its own");
  TestRecord record;
  record->Write([](Session& s) { s.Execute("pragma max_page_count = 150"); });
  auto fill = [&](int i) {
    record->Write([&](Session& s) { SavePair(s, std::to_string(i), std::string(100'000, 'x')); });
  };
  int written = 0;
  try {
    for (; written < 100; ++written) fill(written);
    FAIL() << "Expected the record to be full";
  } catch (const Trouble& trouble) {
    EXPECT_NE(std::string(trouble.what()).find("the disk is full"), std::string::npos)
        << trouble.what();
    EXPECT_EQ(std::string(trouble.what()).find("xxx"), std::string::npos);
  }
  EXPECT_EQ(SettingOf(*record, "left." + std::to_string(written)), "-");
  record->Write([](Session& s) { s.Execute("pragma max_page_count = 100000"); });
  fill(written);
  EXPECT_EQ(SettingOf(*record, "right." + std::to_string(written)).size(), 100'000u);
}

// The files of this process may not grow beyond `bytes`: what a full disk does to write().
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(FaultsTest, WhatADiskRefusedWasAnsweredAsFailedAllOfIt) {
  ONLY_ON_SQLITE("this process writes the file");
  TestRecord record;
  std::mutex mutex;
  std::vector<std::string> done, failed;
  {
    FileLimit limit(2'000'000);
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 60; ++i) {
          std::string name = std::to_string(t) + "." + std::to_string(i);
          std::string value(20'000, static_cast<char>('a' + t));
          bool good = true;
          try {
            record->Write([&](Session& s) { SavePair(s, name, value); });
          } catch (const Trouble&) {
            good = false;
          }
          std::lock_guard lock(mutex);
          (good ? done : failed).push_back(name);
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  ASSERT_FALSE(done.empty());
  ASSERT_FALSE(failed.empty());
  record->Write([](Session& s) { SavePair(s, "after", "works"); });
  record.Reopen();
  EXPECT_EQ(SettingOf(*record, "right.after"), "works");
  for (const auto& name : done)
    EXPECT_EQ(SettingOf(*record, "left." + name).size(), 20'000u) << name;
  for (const auto& name : failed) EXPECT_EQ(SettingOf(*record, "right." + name), "-") << name;
}

TEST(FaultsTest, ACopyTakenWhileOthersWriteIsOneInstant) {
  ONLY_ON_SQLITE("the file is copied");
  TestRecord record;
  record->Write([](Session& s) { SavePair(s, "n", "0"); });
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1; !stop; ++i) {
      record->Write([&](Session& s) { SavePair(s, "n", std::to_string(i)); });
    }
  });
  int before = 0;
  for (int i = 0; i < 5; ++i) {
    std::string path = record.directory() / ("copy" + std::to_string(i) + ".db");
    int first = std::stoi(SettingOf(*record, "left.n"));
    record->Backup(path);
    EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(path + ".part"));
    auto copy = Database::Open("sqlite:" + path, {.create = false});
    EXPECT_EQ(SettingOf(*copy, "left.n"), SettingOf(*copy, "right.n"));
    EXPECT_GE(std::stoi(SettingOf(*copy, "left.n")), first);
    before = first;
  }
  stop = true;
  writer.join();
  EXPECT_GE(std::stoi(SettingOf(*record, "left.n")), before);
}

TEST(FaultsTest, ACopyReplacesAnOlderOneButNeverTheRecord) {
  ONLY_ON_SQLITE("the file is copied");
  TestRecord record;
  std::string path = record.directory() / "copy.db";
  std::ofstream(path) << "older";
  record->Backup(path);
  EXPECT_EQ(Database::Open("sqlite:" + path)->SchemaVersion(), record->SchemaVersion());
  EXPECT_THROW(record->Backup(record.path()), Trouble);
  EXPECT_THROW(record->Backup(record.directory() / "nowhere/copy.db"), Trouble);
}

}  // namespace
}  // namespace aiguillage::storage
