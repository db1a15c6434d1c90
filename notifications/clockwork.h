// Fires what is due: deadlines, delayed sends and the steps of ladders of reminders, in due order.
//
//   TickReport report = Clockwork(database, desk).Tick(now, false);
//   report.fired == 2, report.firings[0] == {"AIG-2026-0042", "lead_review.late", …}
//
// Each timer fires exactly once: the desk marks its row in the transaction of the act, and the act
// carries a key made from the timer, so that a repeated tick finds the first answer. After days of
// downtime the overdue ones fire once each. What the desk refuses is set aside with an incident.
//
// Steps of ladders that are due together are told in one mail a person: each joins the one that
// waits. A calendar or a date of a call that changed has the deadlines of its projects counted
// again, before anything fires.
//
// The end of a call is told here too: once its closing date is over (23:59:59 in Paris), each of
// its projects gets the event `call.closed`, those that are read from DS later included.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/timers.h"
#include "workflows/desk.h"

namespace aiguillage::notifications {

struct Firing {
  std::string project, event;
  std::int64_t due_at = 0;
  std::vector<std::string> states;  // after
  std::vector<std::string> mails;   // templates that leave
  std::string refused;              // "" when it fired (or would)
  std::string act;                  // "" when nothing there waited for it
  std::vector<std::string> told;    // of a step of a ladder: who is reminded, by address
};

struct TickReport {
  int fired = 0, refused = 0, reminded = 0, moved = 0;
  bool more = false;  // stopped at the limit: tick again
  std::vector<Firing> firings;
};
nlohmann::json ToJson(const TickReport& report);

struct TickOptions {
  int firings_max = 10'000;  // of one tick: a chart that delays to now would never end
  std::function<bool()> stop = [] { return false; };  // asked before each: true ends the tick
};

class Clockwork {
 public:
  Clockwork(storage::Database& database, workflows::Desk& desk, TickOptions options = {});

  // dry_run: the same report, each timer against the projects as they are now; nothing is written.
  TickReport Tick(std::int64_t now, bool dry_run);

 private:
  void TellOfClosedCalls(std::int64_t now, bool dry_run, TickReport& report);
  struct Due {
    storage::Timer timer;
    bool rung = false;
  };
  using Queue = std::multimap<std::int64_t, Due>;        // by instant
  using Moved = std::map<std::int64_t, storage::Timer>;  // by id
  // A rehearsal writes nothing: it answers how the deadlines that move would be.
  Moved CountAgain(std::int64_t now, bool dry_run, TickReport& report);
  static void PutMoved(Queue& queue, const Moved& moved, std::int64_t now);
  // Both kinds of what is due, the earliest `limit` of them.
  Queue DueNow(std::int64_t now, int limit);
  // Of one: false once the limit is reached. What it makes due in its turn is put in the queue.
  bool Handle(std::int64_t now, bool dry_run, Queue& queue, TickReport& report);
  void Remind(const storage::Timer& timer, std::int64_t now, bool dry_run, TickReport& report);
  // Acts; what is refused or breaks is told in the firing. Only trouble of the record is thrown.
  Firing Raise(const workflows::ActRequest& request, std::int64_t due_at);
  Firing Fire(const storage::Timer& timer, std::int64_t now, bool dry_run);
  // Cancels a timer that still waits; with a sentence, opens an incident too.
  void SetAside(const storage::Timer& timer, const std::string& sentence, std::int64_t now);

  storage::Database& database_;
  workflows::Desk& desk_;
  const TickOptions options_;
};

}  // namespace aiguillage::notifications
