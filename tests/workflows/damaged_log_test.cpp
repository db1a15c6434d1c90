// SQLite's log (-wal) cut at any byte, at its pages, or with a byte changed, as a machine may leave
// it: the record opens, holds the first acts whole and in order, and verify has nothing to say.
// What the log had lost cannot be known from the file: only the copy kept elsewhere has it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "storage/journal.h"
#include "tests/support/desk_world.h"
#include "tests/support/random_people.h"
#include "tests/support/seed.h"
#include "workflows/verify.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;
using storage::Session;
using test::DeskWorld;

constexpr std::size_t kLogHead = 32, kFrame = 24 + 4096;

std::string BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string DamagedLog(const std::string& log, int kind, test::Random& random) {
  std::string damaged = log;
  const std::size_t frames = (log.size() - kLogHead) / kFrame;
  switch (kind) {
    case 0:
      damaged.resize(random.Below(log.size()));
      break;
    case 1:
      damaged.resize(kLogHead + random.Below(frames) * kFrame);
      break;
    case 2:
      damaged[random.Below(log.size())] ^= static_cast<char>(1U << random.Below(8));
      break;
    case 3:
      damaged.resize(random.Below(kLogHead + 1));
      break;
    default:  // a page that the disk never wrote
      damaged.replace(kLogHead + random.Below(frames) * kFrame, kFrame, std::string(kFrame, '\0'));
  }
  return damaged;
}

TEST(DamagedLog, LeavesTheFirstActsWholeAndInOrder) {
  ONLY_ON_SQLITE("its log is damaged");
  DeskWorld world;
  test::Random random{std::mt19937_64(test::Seed())};
  std::vector<std::string> numbers, acts;
  for (int i = 0; i < 3; ++i) numbers.push_back(world.Intake("Projet"));
  for (int i = 0; i < 25; ++i) {
    world.Do(random.Of(numbers), "olga", i % 9 == 8 ? "check.accept" : "check.note");
    if (acts.empty() || acts.back() != world.last_act) acts.push_back(world.last_act);
  }
  const std::string file = BytesOf(world.record().path());
  const std::string log = BytesOf(world.record().path() + "-wal");
  ASSERT_GT(log.size(), 50 * kFrame);

  test::TempDirectory folder;
  const std::string path = folder / "record.db";
  std::set<std::size_t> lengths;
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    fs::remove(path + "-shm");
    std::ofstream(path, std::ios::binary) << file;
    std::ofstream(path + "-wal", std::ios::binary) << DamagedLog(log, round % 5, random);
    const auto database = storage::Database::Open("sqlite:" + path);
    EXPECT_EQ(Verify(*database, world.catalog(), "").broken, std::vector<std::string>{});
    std::set<std::string> found;
    database->Read([&](Session& session) {
      for (const auto& number : numbers) {
        const auto project = storage::FindProject(session, number);
        if (!project) continue;  // its intake was in what is lost
        for (const auto& row : storage::JournalOf(session, project->id)) {
          if (row.action != "intake") found.insert(row.act);
        }
      }
    });
    lengths.insert(found.size());
    EXPECT_EQ(found, std::set<std::string>(
                         acts.begin(), acts.begin() + static_cast<std::ptrdiff_t>(found.size())));
  }
  EXPECT_GT(lengths.size(), 5U) << "cut at many places";
}

}  // namespace
}  // namespace aiguillage::workflows
