// Two databases, one behaviour: the same seeded run on SQLite and on PostgreSQL gives the same
// answers, and journals that are equal byte by byte.
#include <gtest/gtest.h>

#include <cstdlib>

#include "storage/error.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "tests/support/desk_world.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/random_people.h"
#include "tests/support/seed.h"
#include "workflows/verify.h"

namespace aiguillage::workflows {
namespace {

using storage::Session;
using test::DeskWorld;

constexpr int kActsWanted = 2000;

// Every column of every journal, a line each.
std::string JournalsOf(storage::Database& database) {
  return database.Read([&](Session& session) {
    std::string text;
    for (std::int64_t project = 1; storage::FindProjectById(session, project); ++project) {
      for (const auto& r : storage::JournalOf(session, project)) {
        for (const std::int64_t number : {r.project, r.seq, r.at, r.person, r.on_behalf_of}) {
          text += std::to_string(number) + " ";
        }
        for (const auto* word : {&r.act, &r.action, &r.role, &r.states, &r.definition, &r.digest,
                                 &r.previous, &r.hash, &r.salt}) {
          text += *word + "|";
        }
        text += r.body.dump() + "\n";
      }
    }
    return text;
  });
}

std::string MailsThere(DeskWorld& world) {
  return world.database().Read([&](Session& session) {
    std::string text;
    for (const auto& row : storage::ListOutbox(session, {.limit = 100'000})) {
      text += std::to_string(row.id) + " " + row.key + " " + row.status + " " + row.address + " " +
              row.payload.dump() + "\n";
    }
    return text;
  });
}

// One script, drawn beside what the first world offers, played in both.
struct Twins {
  DeskWorld sqlite, postgresql;
  test::Random random;
  std::vector<std::string> numbers;
  int done = 0, refused = 0, rehearsed = 0, taken_back = 0;

  explicit Twins(std::uint64_t seed)
      : sqlite({.kind = test::Kind::kSqlite, .seed = seed}),
        postgresql({.kind = test::Kind::kPostgresql, .seed = seed}),
        random{std::mt19937_64(seed)} {
    for (const char* name : test::kPeople) {
      Both([&](DeskWorld& world) { return std::to_string(world.Person(name)); });
    }
  }

  template <typename Play>
  std::string Both(Play&& play) {
    const std::string one = play(sqlite), other = play(postgresql);
    EXPECT_EQ(one, other);
    return one;
  }

  // Somebody, from one drawn on, and what they may do now.
  std::pair<std::string, std::string> Offered(const std::string& number) {
    const auto project = sqlite.Project(number);
    const std::size_t first = random.Below(test::kPeople.size());
    for (std::size_t i = 0; i < test::kPeople.size(); ++i) {
      const std::string who = test::kPeople[(first + i) % test::kPeople.size()];
      const auto person = sqlite.Person(who);
      std::vector<std::string> actions;
      for (const auto& one : sqlite.database().Read([&](Session& session) {
             return sqlite.desk().ActionsFor(session, project, person, sqlite.now);
           })) {
        if (one.mine && one.action.id != "withdraw") actions.push_back(one.action.id);
      }
      if (!actions.empty()) return {who, random.Of(actions)};
    }
    return {random.Of(test::kPeople), random.Of(test::kActions)};
  }

  void Pass() {
    const auto minutes = static_cast<int>(random.Below(60));
    const auto days = random.Below(20) == 0 ? static_cast<int>(random.Below(9)) : 0;
    const bool tick = random.Below(10) == 0;
    Both([&](DeskWorld& world) {
      world.Minutes(minutes);
      world.Days(days);
      return tick ? world.Tick() : "";
    });
    if (random.Below(25) == 0 || numbers.empty()) {
      numbers.push_back(Both([](DeskWorld& world) { return world.Intake("Projet"); }));
    }
  }

  void Step() {
    Pass();
    // The younger ones: old projects have mostly come to their end.
    const std::string number =
        numbers[numbers.size() - 1 - random.Below(std::min<std::size_t>(numbers.size(), 8))];
    auto [who, action] = Offered(number);
    if (random.Below(8) == 0) action = random.Of(test::kActions);
    const auto data = test::DataFor(action, random);
    const bool dry = random.Below(5) == 0, back = random.Below(6) == 0;
    const std::string said = Both([&](DeskWorld& world) {
      auto request = world.Request(number, who, action, data);
      request.dry_run = dry;
      request.key = "step " + std::to_string(done + refused);
      return world.Said(world.desk().Act(request));
    });
    if (said.find(": ") != std::string::npos) {
      ++refused;
    } else if (dry) {
      ++rehearsed;
    } else {
      ++done;
      if (!back) return;
      const auto act = sqlite.last_act;
      taken_back += Both([&](DeskWorld& world) {
                      return world.TakeBack(number, who, act);
                    }).find(": ") == std::string::npos;
    }
  }
};

TEST(TwoDatabases, TheSameSeedGivesTheSameJournalsByteByByte) {
  if (test::KindAsked() == test::Kind::kPostgresql) GTEST_SKIP() << "told with the SQLite tests";
  if (const auto why = test::PostgresCluster::Missing(); !why.empty()) GTEST_SKIP() << why;
  Twins twins(test::Seed());
  for (int i = 0; twins.done < kActsWanted; ++i) {
    twins.Step();
    if (HasFailure()) FAIL() << "step " << i << " seed " << test::Seed();
  }
  const std::string journals = JournalsOf(twins.sqlite.database());
  EXPECT_TRUE(journals == JournalsOf(twins.postgresql.database())) << "seed " << test::Seed();
  EXPECT_TRUE(MailsThere(twins.sqlite) == MailsThere(twins.postgresql)) << "seed " << test::Seed();
  EXPECT_EQ(twins.sqlite.Broken(), "");
  EXPECT_EQ(twins.postgresql.Broken(), "");
  EXPECT_GT(twins.refused, 100);
  EXPECT_GT(twins.rehearsed, 100);
  EXPECT_GT(twins.taken_back, 50);
  std::printf("%d acts, %d refused, %d rehearsed, %d taken back, %zu projects; %zu bytes alike\n",
              twins.done, twins.refused, twins.rehearsed, twins.taken_back, twins.numbers.size(),
              journals.size());
}

// What the manual says to do instead of « backup », and that it is whole.
TEST(TwoDatabases, ACopyByPgDumpIsWhole) {
  if (test::KindAsked() != test::Kind::kPostgresql) GTEST_SKIP() << "PostgreSQL only: its own tool";
  DeskWorld world;
  const std::string number = world.Intake("L’égalité");
  world.Do(number, "olga", "check.accept");
  try {
    world.database().Backup("copie.dump");
    FAIL() << "expected to be told of pg_dump";
  } catch (const storage::Trouble& told) {
    EXPECT_NE(std::string(told.what()).find("pg_dump --format=custom --file=copie.dump"),
              std::string::npos);
  }
  test::TempDirectory directory;
  const std::string file = directory / "copie.dump";
  auto& cluster = test::PostgresCluster::Shared();
  const std::string copy = cluster.NewDatabase();
  const auto run = [](const std::string& tool, const std::string& rest) {
    return std::system((test::PostgresCluster::Program(tool) + " " + rest).c_str());
  };
  ASSERT_EQ(run("pg_dump", "--format=custom --file=" + file + " '" + world.record().url() + "'"),
            0);
  ASSERT_EQ(run("pg_restore", "--no-owner --dbname='" + copy + "' " + file), 0);
  {
    const auto database = storage::Database::Open(copy, {.migrate = false});
    EXPECT_EQ(Verify(*database, world.catalog(), "").broken, std::vector<std::string>{});
    EXPECT_EQ(JournalsOf(*database), JournalsOf(world.database()));
    // It goes on where the record was, searches included.
    database->Write([](Session& session) {
      const auto last = static_cast<std::int64_t>(storage::People(session).size());
      EXPECT_EQ(storage::InsertPerson(session, {.email = "new@exemple.invalid"}), last + 1);
      EXPECT_EQ(storage::CountProjects(session, {.text = "egalite"}), 1);
    });
  }
  cluster.Drop(copy);
}

}  // namespace
}  // namespace aiguillage::workflows
