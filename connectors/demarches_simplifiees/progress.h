// How far a reading of DS has come: told to whoever follows it, and kept in the record for the
// pages of other processes.
//
//   Progress progress(context, "whole", /*expected=*/4200);
//   progress.Tell(report, {first, last});      // after each part; more is to come
//   progress.End(report);
//   PerSecond(run)  TimeLeftMs(run)            // 812.5   240000
//
// A reading that is over in two seconds and brought nothing leaves no row: most polls are that.
#pragma once

#include <cstdint>
#include <string>

#include "connectors/demarches_simplifiees/context.h"
#include "storage/exchange_runs.h"

namespace aiguillage::connectors {

class Progress {
 public:
  // Where in the order of changes a part lay, 0 unknown.
  struct Stretch {
    std::int64_t first = 0, last = 0;
  };

  Progress(SyncContext& context, std::string kind, std::int64_t expected);
  void Tell(const SyncReport& report, Stretch stretch);
  void End(const SyncReport& report);

 private:
  void Take(const SyncReport& report);
  void Save();

  SyncContext& context_;
  storage::ExchangeRun run_;
  std::int64_t saved_at_;
};

double PerSecond(const storage::ExchangeRun& run);
// By the dossiers that it will meet, when that is known; else by the dates of change it has gone
// through, as if changes came evenly until it began. -1: nothing can be said.
std::int64_t TimeLeftMs(const storage::ExchangeRun& run);

}  // namespace aiguillage::connectors
