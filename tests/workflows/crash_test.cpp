// Processes of the desk that die in the midst of an act: at each statement and each write of it, by
// SIGKILL and by a power cut, and at random times with several people at work. 100 rounds of the
// latter; `./run crash` does 2,000 (AIGUILLAGE_CRASH=all). After each: all that was answered is
// there, no half act, and verify has nothing to say.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <set>
#include <thread>

#include "storage/outbox.h"
#include "storage/timers.h"
#include "tests/support/crash_point.h"
#include "tests/support/crash_site.h"
#include "tests/support/random_people.h"
#include "tests/support/seed.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::CrashSite;
using test::Ending;
using test::Teller;

constexpr int kPeopleAtWork = 4;

int RoundsAsked() {
  const char* asked = std::getenv("AIGUILLAGE_CRASH");
  return asked != nullptr && std::string(asked) == "all" ? 2000 : 100;
}

IntakeRequest Deposit(std::int64_t dossier, std::int64_t now) {
  IntakeRequest request;
  request.call = "demo-2026";
  request.title = "Accueil";
  request.collection = "numerique";
  request.holder_email = test::DeskWorld::Email("hugo");
  request.holder_name = "hugo";
  request.siret = "00000000100017";
  request.dossier = dossier;
  request.answers = {{"title", "Accueil"}};
  request.key = "ds:42:" + std::to_string(dossier);
  request.now = now;
  return request;
}

// ---------------------------------------------------------------- at each point of one act

enum class How { kKill, kPowerCut, kTornWrite, kWholeWrite };

std::string Name(How how) {
  static const char* kNames[] = {"killed", "power cut", "write cut in half", "write done"};
  return kNames[static_cast<int>(how)];
}

// Outlives the processes.
struct Where {
  char sql[64] = "";  // the statement at which the last one died
  bool done = false;  // before it, or after it
};

// « insert into outbox (kind, … » -> « insert into outbox ».
std::string PointName(const std::string& sql) {
  std::size_t end = 0;
  const int words = sql.starts_with("insert") ? 3 : 2;
  for (int word = 0; word < words && end != std::string::npos; ++word) end = sql.find(' ', end + 1);
  std::string name = sql.substr(0, end);
  return name.starts_with("select") || name.starts_with("with") ? "select" : name;
}

// Dies before the `point`-th statement from now on; the end of a COMMIT counts as one more. (After
// one and before the next is the same place otherwise.)
void DieAtStatement(Where& where, int point, How how) {
  static std::atomic<int> left;
  left = point;
  test::OnStatement([&where, point, how](std::string_view sql, bool done) {
    if ((done && sql != "commit") || left.fetch_sub(1) != 1) return;
    PointName(std::string(sql)).copy(where.sql, sizeof where.sql - 1);
    where.done = done;
    if (how == How::kPowerCut) test::CutPower(test::Seed() + static_cast<std::uint64_t>(point));
    test::Die();
  });
}

void DieAtPoint(Where& where, int point, How how) {
  if (how == How::kKill || how == How::kPowerCut) {
    DieAtStatement(where, point, how);
  } else {
    test::DieAt(point, how == How::kTornWrite);
  }
}

// The acts that are swept, each on a project of its own: what leads there, and the act itself.
using Script = std::vector<std::pair<const char*, const char*>>;  // who, action
const std::vector<Script> kScripts = {
    {{"olga", "check.accept"}},
    {{"olga", "check.accept"}, {"lea", "framing.validate"}, {"olga", "review.assign"}},
    {{"olga", "check.ask"}},
};

class Sweep {
 public:
  Sweep() {
    void* memory =
        mmap(nullptr, sizeof(Where), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("Expected shared memory");
    where_ = new (memory) Where;
  }
  ~Sweep() { munmap(where_, sizeof(Where)); }

  // Every point of the last act of `script`, until a process comes to its end.
  void Run(const Script& script, How how) {
    ActRequest request = Prepared(script);
    for (int point = 1;; ++point) {
      *where_ = {};
      const Ending ending = site_.Run([&](Desk& desk, storage::Database&, const Teller& tell) {
        test::CountWrites();
        DieAtPoint(*where_, point, how);
        const auto answer = desk.Act(request);
        test::DieAt(-1, false);
        test::OnStatement(nullptr);
        if (!answer) throw std::runtime_error(answer.refusal().sentence);
        tell(answer.value(), request.key);
      });
      const std::size_t before = site_.acts();
      ASSERT_EQ(site_.Judge(ending, 1), "")
          << Name(how) << " at point " << point << " of " << request.action << ", " << Place();
      const bool done = site_.acts() > before;
      if (!ending.killed) {
        EXPECT_TRUE(done);
        return;
      }
      ++kills;
      CheckCommit(how, done);
      if (done) request = Prepared(script);
    }
  }

  std::set<std::string> points;  // statements died at
  int kills = 0;

 private:
  std::string Place() const {
    return std::string(where_->done ? "after « " : "before « ") + where_->sql + " »";
  }

  // Nothing before its COMMIT is there, and all of it after.
  void CheckCommit(How how, bool done) {
    if (how == How::kTornWrite || how == How::kWholeWrite) return;
    const std::string sql = where_->sql;
    const bool committed = seen_commit_ || (sql == "commit" && where_->done);
    points.insert(sql);
    EXPECT_EQ(done, committed) << Name(how) << ' ' << Place();
    seen_commit_ = committed && !done;
  }

  ActRequest Prepared(const Script& script) {
    return site_.Between([&](Desk& desk, storage::Database&) {
      const std::int64_t now = site_.world().now;
      std::vector<test::Told> told;
      auto answer = desk.Intake(Deposit(++dossier_, now));
      const std::string number = answer.value().project;
      ActRequest request;
      for (const auto& [who, action] : script) {
        request = site_.world().Request(number, who, action, Data(action));
        request.key = number + ":" + action;
        if (action != script.back().second) answer = desk.Act(request);
        if (!answer) throw std::runtime_error(answer.refusal().sentence);
      }
      Ending prepared;
      EXPECT_EQ(site_.Judge(prepared, script.size()), "");
      return request;
    });
  }

  json Data(const std::string& action) { return test::DataFor(action, random_); }

  CrashSite site_;
  Where* where_ = nullptr;
  bool seen_commit_ = false;
  std::int64_t dossier_ = 1000;
  test::Random random_{std::mt19937_64(test::Seed())};
};

TEST(Crash, AtEachStatementOfAnActLeavesAllOfItOrNothing) {
  Sweep sweep;
  for (const Script& script : kScripts) {
    sweep.Run(script, How::kKill);
    if (test::KindAsked() == test::Kind::kSqlite) sweep.Run(script, How::kPowerCut);
  }
  // An act alone has no SAVEPOINT; those of a group are met under load.
  for (const char* point : {"select", "insert into task", "update project", "insert into outbox",
                            "insert into journal", "insert into act_key", "commit"}) {
    EXPECT_TRUE(sweep.points.contains(point)) << point;
  }
  std::printf("%d deaths at %zu named points\n", sweep.kills, sweep.points.size());
}

TEST(Crash, AtEachWriteOfAnActLeavesAllOfItOrNothing) {
  ONLY_ON_SQLITE("the kills count its writes to the file");
  Sweep sweep;
  for (const Script& script : kScripts) sweep.Run(script, How::kTornWrite);
  sweep.Run(kScripts[0], How::kWholeWrite);
  EXPECT_GT(sweep.kills, 4 * 10);
  std::printf("%d deaths\n", sweep.kills);
}

// ---------------------------------------------------------------- at random times, under load

// One of several people at work: what they may on some project, a new deposit, an act taken back.
struct PersonAtWork {
  Desk& desk;
  storage::Database& database;
  const Teller& tell;
  test::DeskWorld& world;
  std::string name;  // of this one's keys
  test::Random random;
  std::int64_t now;

  void Work(std::atomic<std::int64_t>& dossiers) {
    for (int i = 0;; ++i) {
      now += static_cast<std::int64_t>(random.Below(3)) * 60'000;
      if (i == 0 || random.Below(12) == 0) {
        const auto request = Deposit(++dossiers, now);
        Hear(desk.Intake(request), request.key);
      } else if (random.Below(10) == 0) {
        Deliver();
      } else {
        Act(name + ":" + std::to_string(i));
      }
    }
  }

  std::optional<storage::Project> SomeProject() {
    const auto id = static_cast<std::int64_t>(1 + random.Below(40));
    return database.Read([&](Session& session) {
      auto found = storage::FindProjectById(session, id);
      return found ? found : storage::FindProjectById(session, 1);
    });
  }

  void Act(const std::string& key) {
    const auto project = SomeProject();
    if (!project) return;
    const std::string who = random.Of(test::kPeople);
    std::vector<std::string> offered;
    database.Read([&](Session& session) {
      for (const auto& one : desk.ActionsFor(session, *project, world.Person(who), now)) {
        if (one.mine) offered.push_back(one.action.id);
      }
    });
    const std::string action = offered.empty() ? random.Of(test::kActions) : random.Of(offered);
    auto request = world.Request(project->number, who, action, test::DataFor(action, random));
    request.now = now;
    request.key = key;
    const auto answer = desk.Act(request);
    Hear(answer, key);
    if (answer && random.Below(5) == 0) {
      Hear(desk.TakeBack(project->number, answer.value().act, request.actor, now), "");
    }
  }

  // As the dispatcher does, and the clockwork beside it.
  void Deliver() {
    database.Write([&](Session& session) {
      for (auto& row : storage::LeaseOutbox(session, "mail", now, now + 60'000, 5)) {
        row.status = "sent";
        storage::UpdateOutbox(session, row);
      }
    });
    const auto due = database.Read([&](Session& session) {
      std::pair<std::string, std::string> found;  // number, event
      for (const auto& timer : storage::DueTimers(session, now, 1)) {
        found = {storage::FindProjectById(session, timer.project)->number, timer.event};
      }
      return found;
    });
    if (due.first.empty()) return;
    auto request = world.Request(due.first, "timer", due.second);
    request.now = now;
    Hear(desk.Act(request), "");
  }

  void Hear(const engine::Outcome<ActAnswer>& answer, const std::string& key) const {
    if (answer && !answer.value().act.empty()) tell(answer.value(), key);
  }
};

struct Round {
  std::uint64_t seed;
  bool power_cut;
  std::int64_t after_us;
};

Ending WorkUntilTheEnd(CrashSite& site, const Round& round) {
  const auto life = [&](Desk& desk, storage::Database& database, const Teller& tell) {
    if (round.power_cut) test::CountWrites();
    std::atomic<std::int64_t> dossiers = static_cast<std::int64_t>(round.seed % 1'000'000) * 1000;
    std::vector<std::thread> people;
    for (int i = 0; i < kPeopleAtWork; ++i) {
      people.emplace_back([&, i] {
        const auto seed = round.seed + static_cast<std::uint64_t>(i);
        PersonAtWork{desk,
                     database,
                     tell,
                     site.world(),
                     std::to_string(seed),
                     {std::mt19937_64(seed)},
                     site.world().now}
            .Work(dossiers);
      });
    }
    usleep(static_cast<useconds_t>(round.after_us + 20'000));
    if (round.power_cut) test::CutPower(round.seed);
    for (auto& person : people) person.join();
  };
  return site.Run(life, round.power_cut ? -1 : round.after_us);
}

TEST(Crash, AtRandomTimesUnderLoadLosesNothingAnswered) {
  constexpr int kRoundsOfARecord = 10;  // verify reads all of it after each
  std::mt19937_64 random(test::Seed());
  std::unique_ptr<CrashSite> site;
  std::size_t acts = 0;
  int cuts = 0;
  for (int i = 0; i < RoundsAsked(); ++i) {
    if (i % kRoundsOfARecord == 0) site = std::make_unique<CrashSite>();
    const bool cut = test::KindAsked() == test::Kind::kSqlite && i % 2 == 1;
    const Round round{random() >> 16, cut, static_cast<std::int64_t>(random() % 50'000)};
    const Ending ending = WorkUntilTheEnd(*site, round);
    ASSERT_TRUE(ending.killed) << "round " << i;
    ASSERT_EQ(site->Judge(ending, 2 * kPeopleAtWork), "")
        << "round " << i << (cut ? ", power cut" : ", killed");
    acts += ending.told.size();
    cuts += cut;
  }
  EXPECT_GT(acts, static_cast<std::size_t>(RoundsAsked()));
  std::printf("%d rounds, %d of them power cuts; %zu acts answered before\n", RoundsAsked(), cuts,
              acts);
}

}  // namespace
}  // namespace aiguillage::workflows
