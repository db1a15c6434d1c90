// Churn, faults and SIGKILL, then quiet: what we hold is what the peer holds, and it was told each
// thing once. First in any mix, then one fault at a time at every request there is.
#include "tests/connectors/chaos.h"

#include "tests/support/seed.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

TEST_F(Chaos, EndsWithBothSidesEqualAndEachThingSaidOnce) {
  Meet(400);
  if (!peer_) return;
  std::mt19937 random(static_cast<unsigned>(test::Seed()));
  int killed = 0;
  for (int round = 0; round < 40; ++round) {
    const auto seed = random();
    peer_->Admin("POST", "churn", {{"count", 30}, {"seed", seed}});
    for (auto i = random() % 4; i > 0; --i) {
      Arm(kFaultKinds[random() % std::size(kFaultKinds)], static_cast<int>(random() % 60));
    }
    Death death;
    if (random() % 2 == 0) {
      death = {static_cast<int>(1 + random() % 100), random() % 2 == 0, 0};
    } else if (random() % 2 == 0) {
      death.after_us = static_cast<int>(20'000 + random() % 600'000);
    }
    const bool died = InAnotherProcess(death, [&](Process& process) {
      Want(process, random, 8);
      Sync(process.context, random() % 5 == 0);
    });
    killed += died ? 1 : 0;
    random.discard(30);  // the child drew from its copy
  }
  EXPECT_GT(killed, 5);
  Settle();
  Process process(*this, {});
  ARunMoreWritesNothing(process);
  BothSidesAreEqual(process);
  EachThingWasSaidOnce(process, 40);
}

// A run in which something of each sort happens: holders' churn, words to say.
TEST_F(Chaos, EveryFaultAtEveryRequestUntilNoneIsMet) {
  Meet(12);
  if (!peer_) return;
  std::mt19937 random(static_cast<unsigned>(test::Seed()));
  int met = 0;
  const auto live = [&] {
    peer_->Admin("POST", "churn", {{"count", 4}, {"seed", random()}});
    peer_->Admin("POST", "dossiers", {{"state", "en_instruction"}});
    Process process(*this, {});
    Want(process, random, 3);
  };
  for (const FaultKind& fault : kFaultKinds) {
    for (int at = 0;; ++at) {
      live();
      Arm(fault, at);
      {
        Process process(*this, {});
        for (int run = 0; run < 2; ++run, Later()) Sync(process.context, false);
      }
      const json armed = peer_->Admin("GET", "faults")["faults"][0];
      peer_->Admin("DELETE", "faults");
      if (armed["fired"] == 0) break;
      ++met;
      ASSERT_LT(at, 200) << fault.kind;
    }
  }
  EXPECT_GT(met, 150);
  Settle();
  Process process(*this, {});
  ARunMoreWritesNothing(process);
  BothSidesAreEqual(process);
  EachThingWasSaidOnce(process, 100);
}

TEST_F(Chaos, ThePowerGoesAtEveryRequestOfPullAndPush) {
  Meet(12);
  if (!peer_) return;
  std::mt19937 random(static_cast<unsigned>(test::Seed()));
  int killed = 0;
  for (const bool done : {false, true}) {
    for (int at = 1;; ++at) {
      peer_->Admin("POST", "churn", {{"count", 4}, {"seed", random()}});
      peer_->Admin("POST", "dossiers", {{"state", "en_construction"}});
      const auto seed = random();
      const bool died = InAnotherProcess({at, done, 0}, [&](Process& process) {
        std::mt19937 drawn(static_cast<unsigned>(seed));
        Want(process, drawn, 3);
        Sync(process.context, false);
      });
      if (!died) break;
      ++killed;
      ASSERT_LT(at, 200);
    }
  }
  EXPECT_GT(killed, 20);
  Settle();
  Process process(*this, {});
  ARunMoreWritesNothing(process);
  BothSidesAreEqual(process);
  EachThingWasSaidOnce(process, 15);
}

}  // namespace
}  // namespace aiguillage::connectors
