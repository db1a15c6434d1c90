// A record, the people of the small rails, and processes that end in the midst of their work. What
// a process was answered it tells through a pipe before anything else, so that the one that looks
// over what is left knows what must be there.
//
//   CrashSite site;
//   const auto told = site.Run([](Desk& desk, storage::Database& database, Teller& tell) { … });
//   site.Expect(told);     // nothing answered is missing, nothing half is there
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/desk_world.h"
#include "workflows/desk.h"

namespace aiguillage::test {

// One answered act, small enough to be written to a pipe at once.
struct Told {
  char act[33] = "", project[24] = "", key[40] = "";
};

class Teller {
 public:
  explicit Teller(int pipe) : pipe_(pipe) {}
  void operator()(const workflows::ActAnswer& answer, const std::string& key) const;

 private:
  int pipe_;
};

// How a process ended, and what it had been answered.
struct Ending {
  bool killed = false, failed = false;
  std::vector<Told> told;
};

class CrashSite {
 public:
  using Life =
      std::function<void(workflows::Desk& desk, storage::Database& database, const Teller& tell)>;

  CrashSite();

  // In a process of its own. `kill_after_us`: SIGKILL so long after its first answer; -1 never.
  Ending Run(const Life& life, std::int64_t kill_after_us = -1);

  // Opens the record as the next process would. "" when all that was ever told is there, at most
  // `untold` acts more than that, and verify finds nothing.
  std::string Judge(const Ending& ending, std::size_t untold);

  // Something done in this process, between two others.
  template <typename Work>
  auto Between(Work&& work) {
    const auto database = Open();
    workflows::Desk desk(*database, world_.catalog(), Options());
    return work(desk, *database);
  }

  DeskWorld& world() { return world_; }  // its record is closed: for requests and persons
  const std::string& url() { return world_.record().url(); }
  std::size_t acts() const { return known_; }

 private:
  std::unique_ptr<storage::Database> Open();
  workflows::DeskOptions Options() const;

  DeskWorld world_;
  std::map<std::string, std::string> answered_;  // act -> project
  std::size_t known_ = 0;                        // journal rows at the last look
};

}  // namespace aiguillage::test
