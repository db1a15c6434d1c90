// A world in which projects live: the shipped rails, the desk and its workers on a real record, a
// Démarches Simplifiées and a mail relay that fail, people who act at random, and a clock that only
// the world moves. One seed makes all of it, on one thread (but for the record's own writer, which
// the world waits for): the same seed gives the same journal.
//
//   Life life = SimulatedWorld({.seed = 1, .rails = "mentor", .projects = 100, .years =
//   250}).Live(); life.years, life.acts, life.digest                  throws Broken when a promise
//   is broken
//
// A project-year is one project living one year of the world's time, from its arrival to its end or
// to the end of the run; what the clock of our machine jumps, forward or back, is not counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/context.h"
#include "notifications/clockwork.h"
#include "notifications/dispatcher.h"
#include "tests/simulation/oracle.h"
#include "tests/support/ds_standin.h"
#include "tests/support/random_people.h"
#include "tests/support/temp_directory.h"
#include "tests/support/watched_record.h"

namespace aiguillage::simulation {

struct Circumstances {
  std::uint64_t seed = 1;
  std::string rails = "mentor";
  std::size_t projects = 100;  // arriving in the two months that the call is open
  double years = 250;          // project-years to live, at the least
};

struct Life {
  double years = 0;
  std::int64_t acts = 0, refused = 0, lost_replies = 0, taken_back = 0, timers = 0, mails = 0,
               mails_twice = 0, told = 0, restarts = 0, power_cuts = 0, jumps = 0, journal = 0;
  std::string digest;  // of every journal and of what was said
  Life& operator+=(const Life& other);
};

class SimulatedWorld {
 public:
  explicit SimulatedWorld(const Circumstances& circumstances);
  ~SimulatedWorld();
  Life Live();

 private:
  using Outcome = engine::Outcome<workflows::ActAnswer>;
  struct Moment {
    std::int64_t at = 0, order = 0;
    std::function<void()> what;
    bool operator<(const Moment& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  // simulated_world.cpp: the machine and its time
  void MakeCall();
  void MakePeople();
  void TakeUp();   // desk and workers, from the record alone
  void Restart();  // everything in memory dropped
  std::int64_t Now() const { return kStart + elapsed_ + skew_; }
  void Pass(std::int64_t until);
  void Later(std::int64_t ms, std::function<void()> what);
  void Jump();
  void ChangeHands();
  void VerifyNowAndThen();
  bool SomebodyLives() const;
  void EndCalmly();
  void Count();

  // simulated_rounds.cpp: what the workers do
  void Round(bool faults);
  void TickRound();
  void DsRound();
  void Arrive();
  void MeetArrivals();
  std::int64_t Unseen();
  void LookIfMoved();
  bool QuietNight();
  void JudgeDs();
  void VerifyRecord();
  void JudgeEverything();
  void JudgeMessage(const KnownProject& project, const storage::OutboxRow& row);
  void JudgeMail(const storage::OutboxRow& row);
  Mood RelayMood();

  // simulated_people.cpp: what people do
  void Visit(std::size_t index);
  bool AnswerInDs(const KnownProject& project, const engine::Snapshot& snapshot);
  workflows::ActRequest Wish(const KnownProject& project, const engine::Snapshot& snapshot);
  std::int64_t SomebodyWith(const std::vector<std::string>& roles, const KnownProject& project);
  void Act(KnownProject& project, workflows::ActRequest request);
  void SendAgain(KnownProject& project, workflows::ActRequest request, const Outcome& first);
  void TakeBack(KnownProject& project, const workflows::ActRequest& request,
                const std::string& act);
  int Look(KnownProject& project);

  static constexpr std::int64_t kStart = 1'767'600'000'000;  // 5 January 2026
  bool OneIn(std::size_t n) { return random_.Below(n) == 0; }

  const Circumstances circumstances_;
  test::Random random_;
  test::TempDirectory directory_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<workflows::Desk> desk_;
  std::unique_ptr<notifications::Clockwork> clockwork_;
  std::unique_ptr<test::WatchedRecord> dispatchers_;  // the record as the dispatcher sees it
  std::unique_ptr<notifications::Dispatcher> dispatcher_;
  MailRelay relay_;
  test::DsStandIn ds_;
  Oracle oracle_;
  storage::RandomSource numbers_;
  std::vector<KnownProject> projects_;
  std::map<std::int64_t, std::size_t> by_id_;
  std::vector<std::int64_t> arrivals_;  // dossiers filed, not yet projects
  std::vector<std::int64_t> staff_;
  std::map<std::string, std::int64_t> leads_;  // collection -> grant
  std::priority_queue<Moment> moments_;
  std::int64_t elapsed_ = 0, skew_ = 0, order_ = 0, keys_ = 0, lived_ = 0, last_act_ = 0;
  std::size_t ds_log_seen_ = 0;
  bool faults_ = true, ds_changed_ = false, left_ = false;
  Life life_;
};

}  // namespace aiguillage::simulation
