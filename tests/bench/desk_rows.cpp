#include "tests/bench/desk_rows.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include "storage/journal.h"
#include "storage/projects.h"
#include "tests/bench/course.h"
#include "tests/bench/floor.h"
#include "tests/bench/measure.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 5;
constexpr std::uint64_t kSeed = 2;

// One record, copied for each round, so that the same acts can be done again and again.
class Ground {
 public:
  virtual ~Ground() = default;
  virtual std::string Copy() = 0;  // URL of a new one
  virtual void StartRecording() = 0;
  virtual Recording EndRecording() = 0;
  virtual double Replay(const std::string& url, const Recording& recording) = 0;
  // So many acts a COMMIT: what groups could give at most. Not everywhere.
  virtual std::optional<double> ReplayGrouped(const std::string&, const Recording&, int) {
    return {};
  }
};

class SqliteGround : public Ground {
 public:
  SqliteGround(const fs::path& under, int projects) : folder_(under) {
    Course course("sqlite:" + (folder_ / "first.db"), 1);
    for (int i = 1; i <= projects; ++i) course.TakeIn(i);
    course.database().Backup(folder_ / "base.db");
  }
  std::string Copy() override {
    const std::string path = folder_ / (std::to_string(++copies_) + ".db");
    fs::copy_file(folder_ / "base.db", path);
    return "sqlite:" + path;
  }
  void StartRecording() override { sqlite::StartRecording(); }
  Recording EndRecording() override { return sqlite::EndRecording(); }
  double Replay(const std::string& url, const Recording& recording) override {
    return sqlite::Replay(url.substr(7), recording);
  }
  std::optional<double> ReplayGrouped(const std::string& url, const Recording& recording,
                                      int group) override {
    return sqlite::Replay(url.substr(7), recording, group);
  }

 private:
  test::TempDirectory folder_;
  int copies_ = 0;
};

class PostgresqlGround : public Ground {
 public:
  PostgresqlGround(const fs::path& under, int projects) : cluster_(/*fsync=*/true, under) {
    base_ = cluster_.NewDatabase();
    Course course(base_, 1);
    for (int i = 1; i <= projects; ++i) course.TakeIn(i);
  }
  std::string Copy() override { return cluster_.CopyOf(base_); }
  void StartRecording() override { postgresql::StartRecording(); }
  Recording EndRecording() override { return postgresql::EndRecording(); }
  double Replay(const std::string& url, const Recording& recording) override {
    return postgresql::Replay(url, recording);
  }

 private:
  test::PostgresCluster cluster_;
  std::string base_;
};

struct Rates {
  double floor = 0, alone = 0, together = 0;  // acts a second, the best of the rounds
  double grouped = 0;                         // the floor's statements, so many acts a COMMIT
  double statements = 0;                      // of one act
  std::vector<double> waits;                  // the longest of each round, in ms, in order
};

std::string Heads(storage::Database& database, int projects) {
  return database.Read([&](storage::Session& session) {
    std::string heads;
    for (int i = 1; i <= projects; ++i) {
      const auto project = storage::FindProject(session, Course::Number(i));
      heads += storage::LastJournal(session, project->id)->hash + "\n";
    }
    return heads;
  });
}

template <typename Work>
double PerSecond(const Stretch& stretch, Work work) {
  const double start = WallSeconds();
  work();
  return static_cast<double>(stretch.Acts()) / (WallSeconds() - start);
}

// Records what the desk sends, then runs the floor and the desk in turn.
Rates Compare(Ground& ground, int projects, int actors) {
  const Stretch all{.first = 1, .end = projects + 1};
  const auto acts = static_cast<std::size_t>(all.Acts());
  Rates rates;
  Recording recording;
  std::string heads;
  {
    Course course(ground.Copy(), kSeed);
    ground.StartRecording();
    course.Run(all);
    recording = ground.EndRecording();
    heads = Heads(course.database(), projects);
  }
  if (recording.Commits() != acts) throw std::runtime_error("Expected a COMMIT an act");
  rates.statements = static_cast<double>(recording.statements.size()) / static_cast<double>(acts);
  for (int round = 0; round < kRounds; ++round) {
    const std::string copy = ground.Copy();
    rates.floor = std::max(rates.floor, static_cast<double>(acts) / ground.Replay(copy, recording));
    // The floor's record is the desk's, or it did less than the desk.
    if (Heads(Course(copy, kSeed).database(), projects) != heads) {
      throw std::runtime_error("Expected the replayed statements to make the desk's own journal");
    }
    if (const auto seconds = ground.ReplayGrouped(ground.Copy(), recording, actors)) {
      rates.grouped = std::max(rates.grouped, static_cast<double>(acts) / *seconds);
    }
    Course alone(ground.Copy(), kSeed), together(ground.Copy(), kSeed);
    rates.alone = std::max(rates.alone, PerSecond(all, [&] { alone.Run(all); }));
    rates.together = std::max(rates.together, PerSecond(all, [&] {
                                rates.waits.push_back(together.RunTogether(all, actors) * 1000);
                              }));
  }
  std::sort(rates.waits.begin(), rates.waits.end());
  return rates;
}

std::string Beside(double desk, const Rates& rates) {
  return Round(desk) + " acts/s beside " + Round(rates.floor);
}

double SyncMilliseconds(const fs::path& under) {
  test::TempDirectory folder(under);
  Course course("sqlite:" + (folder / "a.db"), 1);
  const int before = sqlite::SyncsSoFar();
  const double start = WallSeconds();
  for (int i = 0; i < 50; ++i) {
    course.database().Write([&](storage::Session& session) {
      storage::InsertActKey(session, {std::to_string(i), "", ""}, 1);
    });
  }
  return (WallSeconds() - start) * 1000 / (sqlite::SyncsSoFar() - before);
}

}  // namespace

void MeasureDesk(Goals& goals) {
  constexpr int kProjects = 96;  // 32 people have three each, 8 have twelve
  const fs::path disk = fs::temp_directory_path(), memory = "/dev/shm";
  goals.Said("an fsync of this disk, with the commit around it", SyncMilliseconds(disk), "ms");
  {
    SqliteGround ground(disk, kProjects);
    const Rates rates = Compare(ground, kProjects, 32);
    goals.Said("statements of an act", rates.statements, "");
    goals.AtLeast("SQLite FULL, one at a time", rates.alone / rates.floor, 0.4, "x floor",
                  Beside(rates.alone, rates));
    goals.AtLeast("32 people at once", rates.together / rates.floor, 1.5, "x floor",
                  Beside(rates.together, rates));
    goals.AtMost("worst wait of one act, 32 at once", rates.waits[kRounds / 2], 150, "ms",
                 "median of the rounds' worst");
  }
  {
    SqliteGround ground(memory, kProjects);
    const Rates bare = Compare(ground, kProjects, 32);
    goals.Said("no disk at all, one at a time", bare.alone / bare.floor, "x floor",
               Beside(bare.alone, bare));
    goals.Said("no disk at all, 32 at once", bare.together / bare.floor, "x floor",
               Beside(bare.together, bare));
    sqlite::DelaySync(3000);
    const Rates slow = Compare(ground, kProjects, 32);
    sqlite::DelaySync(0);
    goals.AtLeast("32 at once, an fsync of 3 ms", slow.together / slow.floor, 10, "x floor",
                  Beside(slow.together, slow));
    goals.Said("the bare statements in groups of 32", slow.grouped / slow.floor, "x floor",
               "what groups could give at most");
  }
  if (const auto why = test::PostgresCluster::Missing(); !why.empty()) {
    throw std::runtime_error("Expected PostgreSQL to measure on, but " + why);
  }
  PostgresqlGround ground(disk, kProjects);
  const Rates rates = Compare(ground, kProjects, 8);
  goals.Said("PostgreSQL, one at a time", rates.alone / rates.floor, "x floor",
             Beside(rates.alone, rates));
  goals.AtLeast("PostgreSQL, 8 at once", rates.together / rates.floor, 0.5, "x floor",
                Beside(rates.together, rates));
}

}  // namespace aiguillage::bench
