// Several people at once: nothing is lost, nothing is done twice, conflicts are answered in words.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "storage/journal.h"
#include "tests/support/desk_world.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;

constexpr int kWriters = 8;

template <typename Work>
void InParallel(Work&& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) threads.emplace_back([&work, i] { work(i); });
  for (auto& thread : threads) thread.join();
}

std::int64_t Rows(DeskWorld& world, const std::string& number) {
  const auto id = world.Project(number).id;
  return world.database().Read([&](Session& session) {
    return static_cast<std::int64_t>(storage::JournalOf(session, id).size());
  });
}

TEST(Concurrency, OneProjectEightWritersExpectingTheSameVersion) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  auto request = world.Request(number, "olga", "check.note");
  request.expected_version = 1;
  std::atomic<int> done = 0, stale = 0;
  InParallel([&](int) {
    const auto answer = world.desk().Act(request);
    if (answer) {
      ++done;
    } else if (answer.refusal().code == "stale") {
      ++stale;
    }
  });
  EXPECT_EQ(done, 1);
  EXPECT_EQ(stale, kWriters - 1);
  EXPECT_EQ(world.Project(number).version, 2);
}

TEST(Concurrency, ADoubleClickIsOneAct) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  auto request = world.Request(number, "olga", "check.accept");
  request.key = "k";
  std::atomic<int> first = 0, again = 0;
  InParallel([&](int) {
    const auto answer = world.desk().Act(request);
    ASSERT_TRUE(answer);
    (answer.value().repeated ? again : first)++;
  });
  EXPECT_EQ(first, 1);
  EXPECT_EQ(again, kWriters - 1);
  EXPECT_EQ(Rows(world, number), 2);
}

TEST(Concurrency, EightWritersTwoHundredActsEach) {
  constexpr int kActs = 200, kProjects = 5;
  DeskWorld world;
  std::vector<std::string> numbers;
  for (int i = 0; i < kProjects; ++i) numbers.push_back(world.Intake("Projet"));
  std::vector<ActRequest> requests;
  for (const auto& number : numbers) {
    requests.push_back(world.Request(number, "olga", "check.note"));
  }
  std::atomic<int> done = 0;
  InParallel([&](int writer) {
    for (int i = 0; i < kActs; ++i) {
      auto request = requests[static_cast<std::size_t>((writer + i) % kProjects)];
      request.key = std::to_string(writer) + ":" + std::to_string(i / 2);  // each key twice
      request.project = requests[static_cast<std::size_t>((writer + i / 2) % kProjects)].project;
      const auto answer = world.desk().Act(request);
      ASSERT_TRUE(answer) << answer.refusal().sentence;
      if (!answer.value().repeated) ++done;
    }
  });
  EXPECT_EQ(done, kWriters * kActs / 2);
  std::int64_t rows = 0;
  for (const auto& number : numbers) {
    EXPECT_EQ(world.Project(number).version, Rows(world, number));
    rows += Rows(world, number);
  }
  EXPECT_EQ(rows, kProjects + kWriters * kActs / 2);
  EXPECT_EQ(world.Broken(), "");
}

TEST(Concurrency, ReadersSeeWholeActs) {
  DeskWorld world;
  const std::string number = world.Intake("Accueil");
  auto note = world.Request(number, "olga", "check.note");
  const std::int64_t person = world.Person("olga");
  InParallel([&](int writer) {
    for (int i = 0; i < 25; ++i) {
      if (writer % 2 == 0) {
        ASSERT_TRUE(world.desk().Act(note));
        continue;
      }
      world.database().Read([&](Session& session) {
        const auto project = storage::FindProject(session, number).value();
        const auto rows = storage::JournalOf(session, project.id);
        ASSERT_EQ(project.version, static_cast<std::int64_t>(rows.size()));
        ASSERT_FALSE(world.desk().ActionsFor(session, project, person, note.now).empty());
      });
    }
  });
}

}  // namespace
}  // namespace aiguillage::workflows
