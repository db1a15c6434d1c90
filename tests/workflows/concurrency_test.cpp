// Several people at once: nothing is lost, nothing is done twice, conflicts are answered in words.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "storage/journal.h"
#include "tests/support/desk_world.h"
#include "tests/support/seed.h"

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

// What one writer of the thousand-acts test saw.
struct Tally {
  int done = 0, again = 0, stale = 0, elsewhere = 0, reused = 0;
  std::map<std::string, std::string> acts;  // key -> act
  Tally& operator+=(const Tally& other) {
    done += other.done, again += other.again, stale += other.stale;
    elsewhere += other.elsewhere, reused += other.reused;
    acts.insert(other.acts.begin(), other.acts.end());
    return *this;
  }
};

// Somebody who writes notes, some of them strictly against the version they read, and sends a part
// of them twice.
class NoteWriter {
 public:
  NoteWriter(DeskWorld& world, const std::vector<ActRequest>& notes, int number, Tally& tally)
      : world_(world),
        notes_(notes),
        number_(number),
        random_(test::Seed() + unsigned(number)),
        tally_(tally) {}

  void Act() {
    auto request = notes_[random_() % notes_.size()];
    request.key = std::to_string(number_) + ":" + std::to_string(++keys_);
    if (random_() % 3 == 0) request.expected_version = VersionOf(request.project);
    if (random_() % 8 == 0) request.action = "team.assign";  // not olga's: told in words
    const auto answer = world_.desk().Act(request);
    if (!answer) return Refused(answer.refusal());
    ASSERT_FALSE(answer.value().repeated);
    ++tally_.done;
    tally_.acts[request.key] = answer.value().act;
    if (random_() % 4 == 0) Again(request, answer.value());
  }

 private:
  std::int64_t VersionOf(const std::string& number) {
    return world_.database().Read(
        [&](Session& session) { return storage::FindProject(session, number)->version; });
  }

  void Refused(const engine::Refusal& refusal) {
    EXPECT_FALSE(refusal.sentence.empty());
    if (refusal.code == "stale") {
      ++tally_.stale;
      EXPECT_NE(refusal.sentence.find("Dernier acte : «"), std::string::npos) << refusal.sentence;
    } else {
      ++tally_.elsewhere;
      EXPECT_EQ(refusal.code, "not_yours") << refusal.sentence;
    }
  }

  void Again(ActRequest request, const ActAnswer& first) {
    const auto again = world_.desk().Act(request);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again.value().repeated);
    EXPECT_EQ(again.value().act, first.act);
    EXPECT_EQ(again.value().version, first.version);
    ++tally_.again;
    request.data = {{"autre", "corps"}};
    const auto other = world_.desk().Act(request);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.refusal().code, "key_reused");
    ++tally_.reused;
  }

  DeskWorld& world_;
  const std::vector<ActRequest>& notes_;
  const int number_;
  std::mt19937_64 random_;
  Tally& tally_;
  int keys_ = 0;
};

// Each writer goes on until a thousand of its acts are done; on fifty projects, they meet.
TEST(Concurrency, EightWritersAThousandActsEachOnFiftyProjects) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  constexpr int kActs = 250, kProjects = 50;  // a thousand take minutes there, and were clean
#else
  constexpr int kActs = 1000, kProjects = 50;
#endif
  DeskWorld world;
  std::vector<ActRequest> notes;
  for (int i = 0; i < kProjects; ++i) {
    notes.push_back(world.Request(world.Intake("Projet"), "olga", "check.note"));
  }
  std::vector<Tally> tallies(kWriters);
  InParallel([&](int number) {
    auto& tally = tallies[static_cast<std::size_t>(number)];
    NoteWriter writer(world, notes, number, tally);
    while (tally.done < kActs && !testing::Test::HasFatalFailure()) writer.Act();
  });
  Tally all;
  for (const auto& tally : tallies) all += tally;
  EXPECT_EQ(all.done, kWriters * kActs);
  std::set<std::string> written;
  std::int64_t rows = 0;
  for (const auto& note : notes) {
    const auto project = world.Project(note.project);
    const auto journal = world.database().Read(
        [&](Session& session) { return storage::JournalOf(session, project.id); });
    EXPECT_EQ(project.version, static_cast<std::int64_t>(journal.size())) << "an update was lost";
    rows += project.version;
    for (const auto& row : journal) written.insert(row.act);
  }
  EXPECT_EQ(rows, kProjects + kWriters * kActs);
  EXPECT_EQ(written.size(), static_cast<std::size_t>(rows)) << "an act was written twice";
  for (const auto& [key, act] : all.acts) EXPECT_TRUE(written.contains(act)) << key;
  EXPECT_EQ(all.acts.size(), static_cast<std::size_t>(all.done));
  EXPECT_GT(all.stale, 0) << "nobody was in another's way";
  EXPECT_EQ(world.Broken(), "");
  std::printf("%d done, %d again, %d stale, %d not theirs, %d with another body\n", all.done,
              all.again, all.stale, all.elsewhere, all.reused);
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
