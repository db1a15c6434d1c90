// Several processes on one record, and a PostgreSQL that stops in the midst: no update is lost,
// each key is one act, what was answered is there.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "storage/error.h"
#include "storage/journal.h"
#include "tests/support/desk_world.h"
#include "tests/support/postgres_cluster.h"

namespace aiguillage::workflows {
namespace {

using storage::Session;
using test::DeskWorld;

constexpr int kThreads = 3, kProjects = 4;

std::vector<ActRequest> NotesOn(DeskWorld& world) {
  std::vector<ActRequest> requests;
  for (int i = 0; i < kProjects; ++i) {
    requests.push_back(world.Request(world.Intake("Projet"), "olga", "check.note"));
  }
  return requests;
}

// All act ids of the projects but their intakes, in no order; versions must be as many as rows.
std::multiset<std::string> ActsOf(DeskWorld& world, const std::vector<ActRequest>& requests) {
  std::multiset<std::string> acts;
  for (const auto& request : requests) {
    const auto project = world.Project(request.project);
    const auto rows = world.database().Read(
        [&](Session& session) { return storage::JournalOf(session, project.id); });
    EXPECT_EQ(project.version, static_cast<std::int64_t>(rows.size()));
    for (const auto& row : rows) {
      if (row.action != "intake") acts.insert(row.act);
    }
  }
  return acts;
}

// A process of its own with its own desk: `count` notes a thread, told through the pipe as
// answered. The keys are the same in every process.
pid_t BeginProcess(const std::string& url, const std::vector<ActRequest>& requests, int count,
                   const int (&ends)[2]) {
  const pid_t child = fork();
  if (child != 0) return child;
  close(ends[0]);
  std::atomic<bool> good = true;
  {
    const auto database = storage::Database::Open(url);
    auto catalog =
        Catalog::Load(std::filesystem::path(AIGUILLAGE_SOURCE_DIR) / "tests/workflows/rails")
            .value();
    Desk desk(*database, *catalog, {});
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < count; ++i) {
          auto request = requests[static_cast<std::size_t>((t + i) % kProjects)];
          request.key = std::to_string(t) + ":" + std::to_string(i);
          const auto answer = desk.Act(request);
          if (!answer || answer.value().act.size() != 32) {
            good = false;
            return;
          }
          if (write(ends[1], answer.value().act.data(), 32) != 32) _exit(2);
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  _exit(good ? 0 : 1);
}

std::multiset<std::string> Heard(int from) {
  std::multiset<std::string> acts;
  char act[32];
  while (read(from, act, sizeof act) == sizeof act) acts.emplace(act, sizeof act);
  return acts;
}

TEST(SeveralProcesses, LoseNoUpdateAndDoEachKeyOnce) {
  constexpr int kCount = 40, kProcesses = 2;
  DeskWorld world;
  const auto requests = NotesOn(world);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.push_back(BeginProcess(world.record().url(), requests, kCount, ends));
  }
  close(ends[1]);
  const auto heard = Heard(ends[0]);
  close(ends[0]);
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  const auto acts = ActsOf(world, requests);
  EXPECT_EQ(acts.size(), std::size_t{kThreads * kCount});
  EXPECT_EQ(heard.size(), acts.size() * kProcesses);
  for (const auto& act : acts) EXPECT_EQ(heard.count(act), std::size_t{kProcesses}) << act;
  EXPECT_EQ(world.Broken(), "");
}

TEST(SeveralProcesses, OneKilledAtWorkLeavesTheOthersAndTheRecordWhole) {
  DeskWorld world;
  const auto requests = NotesOn(world);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t killed = BeginProcess(world.record().url(), requests, 100'000, ends);
  close(ends[1]);
  std::multiset<std::string> heard;
  char act[32];
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(read(ends[0], act, sizeof act), ssize_t{sizeof act});
    heard.emplace(act, sizeof act);
    if (i % 10 == 0) {
      EXPECT_TRUE(world.desk().Act(requests[0]));
    }
  }
  kill(killed, SIGKILL);
  heard.merge(Heard(ends[0]));
  close(ends[0]);
  waitpid(killed, nullptr, 0);
  EXPECT_TRUE(world.desk().Act(requests[0]));
  const auto acts = ActsOf(world, requests);
  for (const auto& answered : heard) EXPECT_EQ(acts.count(answered), 1U) << answered;
  EXPECT_EQ(world.Broken(), "");
}

// People at work without a pause until told to stop; acts without a key, so that nothing but the
// record itself can keep them from being done twice.
struct AtWork {
  DeskWorld& world;
  const std::vector<ActRequest>& requests;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::multiset<std::string> answered;
  std::vector<std::string> failed;  // acts
  int unread = 0;                   // pages that said « un instant »
  std::vector<std::thread> threads;

  void Begin() {
    for (std::size_t t = 0; t < 2 * kThreads; ++t) threads.emplace_back([this, t] { Work(t); });
  }
  void End() {
    stop = true;
    for (auto& thread : threads) thread.join();
  }
  std::size_t Count() {
    const std::lock_guard lock(mutex);
    return answered.size();
  }
  // Waits until a few more acts were answered; false when none comes.
  bool GoOn() {
    const std::size_t wanted = Count() + 5;
    for (int i = 0; i < 3000 && Count() < wanted; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return Count() >= wanted;
  }
  void Work(std::size_t from) {
    for (std::size_t i = from; !stop; ++i) {
      Act(requests[i % kProjects]);
      try {
        world.Project(requests[0].project);
      } catch (const storage::Trouble&) {
        const std::lock_guard lock(mutex);
        ++unread;
      }
    }
  }
  void Act(const ActRequest& request) {
    std::string act, trouble;
    try {
      const auto answer = world.desk().Act(request);
      (answer ? act : trouble) = answer ? answer.value().act : answer.refusal().sentence;
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    const std::lock_guard lock(mutex);
    if (trouble.empty()) {
      answered.insert(act);
    } else {
      failed.push_back(trouble);
    }
  }
};

void Wait(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

TEST(SeveralProcesses, AServerThatStopsInTheMidstLosesNothingAnswered) {
  if (test::KindAsked() != test::Kind::kPostgresql) GTEST_SKIP() << "PostgreSQL only: its server";
  test::PostgresCluster cluster(/*fsync=*/true);
  DeskWorld world({.cluster = &cluster});
  const auto requests = NotesOn(world);
  AtWork people{.world = world, .requests = requests};
  people.Begin();
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(people.GoOn()) << "before stop " << round;
    cluster.StopAtOnce();
    Wait(50);
    cluster.Start();
  }
  for (int round = 0; round < 20; ++round) {
    EXPECT_TRUE(people.GoOn()) << "before end of connections " << round;
    cluster.Ask("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'plain'");
  }
  EXPECT_TRUE(people.GoOn());
  people.End();
  const auto acts = ActsOf(world, requests);
  EXPECT_TRUE(people.answered == acts) << acts.size() << " recorded";
  EXPECT_EQ(people.failed, std::vector<std::string>{});
  EXPECT_EQ(world.Broken(), "");
  std::printf("%zu acts answered, %d pages said « un instant »\n", people.answered.size(),
              people.unread);
}

// The server waits for a standby that is not there: the act is committed, its COMMIT unanswered.
// Then the connection is closed, and only the record can tell whether to do the act again.
TEST(SeveralProcesses, ACommitWhoseAnswerIsLostIsNotDoneTwice) {
  if (test::KindAsked() != test::Kind::kPostgresql) GTEST_SKIP() << "PostgreSQL only: its server";
  test::PostgresCluster cluster(/*fsync=*/true);
  DeskWorld world({.cluster = &cluster});
  const auto requests = NotesOn(world);
  const auto standby = [&](const std::string& set) {
    cluster.Ask("alter system " + set);
    cluster.Ask("select pg_reload_conf()");
  };
  const std::string waiting = " from pg_stat_activity where wait_event = 'SyncRep'";
  standby("set synchronous_standby_names = 'nobody'");
  std::string act;
  std::thread actor([&] { act = world.desk().Act(requests[0]).value().act; });
  while (cluster.Ask("select count(*)" + waiting) != "1") Wait(10);
  cluster.Ask("select pg_terminate_backend(pid)" + waiting);
  standby("reset synchronous_standby_names");
  actor.join();
  EXPECT_EQ(ActsOf(world, requests), std::multiset<std::string>{act});
  EXPECT_TRUE(world.desk().Act(requests[0]));
  EXPECT_EQ(world.Broken(), "");
}

}  // namespace
}  // namespace aiguillage::workflows
