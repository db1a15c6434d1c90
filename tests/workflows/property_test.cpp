// Random people do random things; whatever they do, the record stays lawful: legal configurations,
// replay equal to what is stored, a dry run that says what the act says, a take-back that restores.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/snapshot.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "tests/support/desk_world.h"
#include "tests/support/random_people.h"
#include "tests/support/seed.h"
#include "workflows/desk_rows.h"
#include "workflows/past.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DataFor;
using test::DeskWorld;
using test::Random;

// Everything of a project but its version, numbers of rows and dates of what was closed.
std::string Alive(DeskWorld& world, const std::string& number) {
  const auto project = world.Project(number);
  std::string text = project.states + "|" + project.state + "|" + project.file_holder + "|" +
                     std::to_string(project.due_at) + "|" + std::to_string(project.since_at) + "|" +
                     project.collection + "|" + project.snapshot.dump() + "\n";
  return world.database().Read([&](Session& session) {
    for (const auto& task : storage::OpenTasks(session, project.id)) {
      text += task.state + " " + task.role + " " + task.assignee + " " + task.label + " " +
              std::to_string(task.since_at) + " " + std::to_string(task.due_at) + "\n";
    }
    for (const auto& timer : storage::TimersOf(session, project.id)) {
      if (timer.status == "cancelled") continue;
      text += timer.event + " " + timer.status + " " + std::to_string(timer.due_at) + " " +
              std::to_string(timer.remaining_days) + "\n";
    }
    return text;
  });
}

void ExpectLawful(DeskWorld& world, const std::string& number) {
  const auto project = world.Project(number);
  const auto definition = world.catalog().Newest("demo");
  const auto snapshot = engine::Snapshot::FromJson(definition->chart, project.snapshot);
  ASSERT_EQ(IllegalConfiguration(definition->chart, snapshot), "");
}

struct Walk {
  DeskWorld& world;
  Random& random;
  std::vector<std::string> numbers;
  int done = 0, refused = 0, taken_back = 0;

  void Step() {
    world.Minutes(static_cast<int>(random.Below(60)));
    if (random.Below(8) == 0) world.Days(static_cast<int>(random.Below(9)));
    if (random.Below(5) == 0) world.Tick();
    const std::string number = random.Of(numbers);
    const auto [who, action] = test::Choose(world, random, number);
    auto request = world.Request(number, who, action, DataFor(action, random));
    const std::string before = Alive(world, number);
    request.dry_run = true;
    const auto rehearsed = world.desk().Act(request);
    ASSERT_EQ(Alive(world, number), before) << "a dry run wrote";
    request.dry_run = false;
    const auto answer = world.desk().Act(request);
    ASSERT_EQ(static_cast<bool>(rehearsed), static_cast<bool>(answer));
    if (!answer) {
      ++refused;
      ASSERT_EQ(rehearsed.refusal().sentence, answer.refusal().sentence);
      ASSERT_EQ(Alive(world, number), before) << "a refusal wrote";
      return;
    }
    ++done;
    json a = ToJson(rehearsed.value()), b = ToJson(answer.value());
    a.erase("act");
    b.erase("act");
    ASSERT_EQ(a, b);
    ExpectLawful(world, number);
    if (random.Below(3) == 0) Back(number, who, answer.value().act, before);
  }

  void Back(const std::string& number, const std::string& who, const std::string& act,
            const std::string& before) {
    const auto back = world.desk().TakeBack(number, act, {world.Person(who), ""}, world.now);
    if (!back) return;  // its own grace was 0
    ++taken_back;
    ASSERT_EQ(Alive(world, number), before);
  }
};

TEST(Property, RandomPeopleCannotBreakTheRecord) {
  DeskWorld world;
  Random random{std::mt19937_64(test::Seed())};
  Walk walk{world, random, {}};
  for (int i = 0; i < 4; ++i) walk.numbers.push_back(world.Intake("Projet"));
  for (int i = 0; i < 300; ++i) {
    walk.Step();
    if (testing::Test::HasFatalFailure()) FAIL() << "step " << i << " seed " << test::Seed();
    if (i % 30 == 0) walk.numbers.push_back(world.Intake("Projet"));
  }
  EXPECT_EQ(world.Broken(), "") << "seed " << test::Seed();
  EXPECT_GT(walk.done, 60);
  EXPECT_GT(walk.refused, 10);
  EXPECT_GT(walk.taken_back, 10);
  std::printf("%d done, %d refused, %d taken back\n", walk.done, walk.refused, walk.taken_back);
}

// What the counters say now, in PipelineAt's own shape and order.
std::vector<PastCount> StoredNow(DeskWorld& world) {
  auto cells = world.database().Read(
      [&](Session& session) { return storage::Pipeline(session, "", world.now); });
  std::vector<PastCount> counts;
  for (const auto& cell : cells) {
    counts.push_back({cell.call, cell.collection, cell.state, cell.count});
  }
  std::sort(counts.begin(), counts.end(), [](const PastCount& a, const PastCount& b) {
    return std::tie(a.call, a.collection, a.state) < std::tie(b.call, b.collection, b.state);
  });
  return counts;
}

TEST(Property, ThePipelineAtAPastInstantIsWhatWasStoredThen) {
  DeskWorld world;
  Random random{std::mt19937_64(test::Seed())};
  Walk walk{world, random, {}};
  std::map<std::int64_t, std::vector<PastCount>> stored;
  for (int i = 0; i < 150; ++i) {
    world.Minutes(1);
    if (i % 20 == 0) walk.numbers.push_back(world.Intake("Projet"));
    walk.Step();
    stored[world.now] = StoredNow(world);
  }
  std::size_t cells = 0;
  for (const auto& [at, counts] : stored) {
    const auto rebuilt = world.database().Read(
        [&](Session& session) { return PipelineAt(session, world.catalog(), at); });
    ASSERT_EQ(rebuilt, counts) << "at " << at << ", seed " << test::Seed();
    cells = std::max(cells, counts.size());
  }
  EXPECT_GT(cells, 3u);
  const auto before = world.database().Read(
      [&](Session& session) { return PipelineAt(session, world.catalog(), 1000); });
  EXPECT_TRUE(before.empty());
}

}  // namespace
}  // namespace aiguillage::workflows
