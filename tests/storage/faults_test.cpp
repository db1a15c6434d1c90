// Power cuts, disks that are full, fail or may only be read, copies taken while others write. The
// desk's own deaths are in tests/workflows/crash_test.cpp, the program's on a failing disk in
// tests/web/disk_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
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
#include <set>
#include <thread>

#include "storage/database.h"
#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/session.h"
#include "tests/support/crash_point.h"
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

// What eight people wrote at once, and what they were answered.
struct Crowd {
  std::mutex mutex;
  std::vector<std::string> done, failed;
  std::set<std::string> words;  // of the refusals

  void Write(Database& database, const std::string& round, int each, std::size_t bytes) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < each; ++i) {
          One(database, round + "." + std::to_string(t) + "." + std::to_string(i), bytes);
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  void One(Database& database, const std::string& name, std::size_t bytes) {
    std::string trouble;
    try {
      database.Write([&](Session& s) { SavePair(s, name, std::string(bytes, 'x')); });
    } catch (const Trouble& error) {
      trouble = error.what();
    }
    const std::lock_guard lock(mutex);
    (trouble.empty() ? done : failed).push_back(name);
    if (!trouble.empty()) words.insert(trouble);
  }
  // Also after a restart: what was answered as failed does not come back.
  void Expect(Database& database) const {
    EXPECT_EQ(database.Damage(), "");
    for (const auto& name : done) EXPECT_NE(SettingOf(database, "right." + name), "-") << name;
    for (const auto& name : failed) EXPECT_EQ(SettingOf(database, "left." + name), "-") << name;
  }
};

TEST(FaultsTest, AGroupThatCannotBeSyncedIsAnsweredAsFailedAllOfIt) {
  ONLY_ON_SQLITE("this process writes the file");
  TestRecord record;
  Crowd crowd;
  crowd.Write(*record, "before", 5, 100);
  EXPECT_EQ(crowd.failed.size(), 0U);
  test::FailSyncs(true);
  crowd.Write(*record, "during", 5, 100);
  test::FailSyncs(false);
  EXPECT_EQ(crowd.failed.size(), 40U);
  for (const auto& words : crowd.words) {
    EXPECT_THAT(words, testing::HasSubstr("the disk failed (SQLite 10)"));
    EXPECT_THAT(words, testing::HasSubstr(record.path()));
  }
  crowd.Write(*record, "after", 5, 100);
  EXPECT_EQ(crowd.done.size(), 80U);
  crowd.Expect(*record);
  record.Reopen();
  crowd.Expect(*record);
}

// A disk of its own, where this machine lets us make one.
class OwnDisk {
 public:
  ~OwnDisk() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  std::string path() const { return directory_.path().string(); }
  bool Small(const std::string& size) {
    return mounted_ = mount("tmpfs", path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  bool Grow(const std::string& size) const {
    return mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()) == 0;
  }
  bool ReadOnly(bool only) {
    unsigned long flags = MS_REMOUNT | MS_BIND;
    if (only) flags |= MS_RDONLY;
    if (!mounted_) mounted_ = mount(path().c_str(), path().c_str(), "", MS_BIND, nullptr) == 0;
    return mounted_ && mount("", path().c_str(), "", flags, nullptr) == 0;
  }

 private:
  test::TempDirectory directory_;
  bool mounted_ = false;
};

TEST(FaultsTest, AFullDiskRefusesAndWritingResumesWhenThereIsRoom) {
  ONLY_ON_SQLITE("the file is on that disk");
  OwnDisk disk;
  if (!disk.Small("3m")) GTEST_SKIP() << "no right to mount a small disk here";
  const std::string url = "sqlite:" + disk.path() + "/record.db";
  auto database = Database::Open(url);
  Crowd crowd;
  crowd.Write(*database, "before", 40, 10'000);
  ASSERT_FALSE(crowd.done.empty());
  ASSERT_FALSE(crowd.failed.empty());
  EXPECT_THAT(*crowd.words.begin(), testing::HasSubstr("the disk is full (SQLite 13)"));
  EXPECT_THAT(*crowd.words.begin(), testing::HasSubstr("libérer de la place"));
  crowd.Expect(*database);
  ASSERT_TRUE(disk.Grow("30m"));
  const std::size_t done = crowd.done.size();
  crowd.Write(*database, "after", 5, 10'000);
  EXPECT_EQ(crowd.done.size(), done + 40) << "the same process, once there is room";
  crowd.Expect(*database);
  database.reset();
  database = Database::Open(url);
  crowd.Expect(*database);
}

// The one case that wants a restart: a process does not begin on a record that it cannot write.
TEST(FaultsTest, AReadOnlyDiskIsSaidAtOnce) {
  ONLY_ON_SQLITE("the file is on that disk");
  OwnDisk disk;
  const std::string file = disk.path() + "/record.db", url = "sqlite:" + file;
  Database::Open(url)->Write([](Session& s) { SavePair(s, "n", "1"); });
  if (!disk.ReadOnly(true)) GTEST_SKIP() << "no right to make a disk read-only here";
  try {
    Database::Open(url)->Write([](Session& s) { SavePair(s, "n", "2"); });
    FAIL() << "Expected a refusal";
  } catch (const Trouble& trouble) {
    EXPECT_THAT(trouble.what(), testing::HasSubstr("its file cannot be opened (SQLite 14)"));
    EXPECT_THAT(trouble.what(), testing::HasSubstr(file));
    EXPECT_THAT(trouble.what(), testing::HasSubstr("accessibles en écriture"));
  }
  ASSERT_TRUE(disk.ReadOnly(false));
  const auto database = Database::Open(url);
  EXPECT_EQ(SettingOf(*database, "left.n"), "1");
  EXPECT_EQ(database->Damage(), "");
  database->Write([](Session& s) { SavePair(s, "n", "2"); });
}

TEST(FaultsTest, ADamagedFileNamesItselfAndItsRemedy) {
  ONLY_ON_SQLITE("the file is damaged");
  TestRecord record;
  for (int i = 0; i < 50; ++i) {
    record->Write([&](Session& s) { SavePair(s, std::to_string(i), std::string(3000, 'x')); });
  }
  record.Close();
  {
    std::fstream file(record.path(), std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 1; page < 100; ++page) {
      file.seekp(page * 4096);
      file << std::string(64, '\x7f');
    }
  }
  try {
    record.Reopen();
    EXPECT_NE(record->Damage(), "");
    SettingOf(*record, "left.7");
    FAIL() << "Expected a refusal";
  } catch (const Trouble& trouble) {
    EXPECT_THAT(trouble.what(), testing::HasSubstr("its file is damaged"));
    EXPECT_THAT(trouble.what(), testing::HasSubstr(record.path()));
    EXPECT_THAT(trouble.what(), testing::HasSubstr("aiguillage restore --replace"));
  }
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
