// Two sides that must end equal: an exchange whose every run may be a process of its own, killed at
// any request, and the independent peer with its faults, its churn and its log of what it was told.
//
//   InAnotherProcess({.at_request = 3}, [](Process& p) { Sync(p.context, false); });
//   Settle();  BothSidesAreEqual();  EachThingWasSaidOnce();
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/ds_peer.h"

namespace aiguillage::connectors {

// All that the peer can do to a request. Two of them take time: how long, in milliseconds.
struct FaultKind {
  const char* kind;
  int delay_ms = 0;
};
inline constexpr FaultKind kFaultKinds[] = {{"http500"},
                                            {"html502"},
                                            {"html503"},
                                            {"http429"},
                                            {"slow", 50},
                                            {"truncated"},
                                            {"reset"},
                                            {"partial"},
                                            {"timeout"},
                                            {"expired_token"},
                                            {"revoked_token"},
                                            {"forbidden_network"},
                                            {"applied_then_reset"},
                                            {"applied_then_502"},
                                            {"applied_then_slow", 2000},
                                            {"file_404"},
                                            {"file_corrupt"},
                                            {"file_truncated"}};

// When the power leaves a process.
struct Death {
  int at_request = 0;  // its n-th exchange with DS, 0: never
  bool done = false;   // before that exchange, or once it was carried out
  int after_us = 0;    // at that instant, wherever it is; 0: never
};

class Chaos : public testing::Test {
 protected:
  // Everything of one process; only `now_` and the record's file outlive it.
  struct Process {
    Process(Chaos& chaos, const Death& death);
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<storage::Database> database;
    workflows::Desk desk;
    SyncContext context;
  };

  void Meet(int dossiers);  // skips without a peer
  // True when it was killed.
  bool InAnotherProcess(const Death& death, const std::function<void(Process&)>& work);
  void Later() { now_ += 7 * 3'600'000; }  // whatever waited is due again
  void Arm(const FaultKind& fault, int after);

  // What the desk might want said of some projects: a few words, at most one decision each.
  void Want(Process& process, std::mt19937& random, int rows);
  void Settle();  // faults gone, runs until nothing is left to say

  void BothSidesAreEqual(Process& process);
  void EachThingWasSaidOnce(Process& process, int at_least);
  void ARunMoreWritesNothing(Process& process);

  std::unique_ptr<test::DsPeer> peer_;
  std::string agent_;
  test::TempDirectory directory_;
  std::int64_t now_ = 0;

 private:
  connectors::World Clock();
  void CompaniesAreKnownAgain();
  void Queue(storage::Session& session, const storage::Project& project, const std::string& effect,
             std::size_t n);
  std::vector<std::string> Written(Process& process);
  std::set<std::string> Conflicts(Process& process);
  void OneIsEqual(storage::Session& session, std::int64_t number, const nlohmann::json& there);
};

}  // namespace aiguillage::connectors
