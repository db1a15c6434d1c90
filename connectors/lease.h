// Work that one process does at a time, however long it takes: a short lease in the record, renewed
// by a thread of its own. Who dies keeps the others waiting for that short while only.
//
//   KeptLease lease(database, "ds.98765", 60'000);
//   if (!lease.held()) …                       // another process is at it
//   …                                          // give up when lease.lost(): another took it over
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "storage/database.h"

namespace aiguillage::connectors {

class KeptLease {
 public:
  KeptLease(storage::Database& database, std::string name, std::int64_t milliseconds);
  ~KeptLease();  // ends it
  KeptLease(const KeptLease&) = delete;
  KeptLease& operator=(const KeptLease&) = delete;

  bool held() const { return held_; }
  // We were held up for longer than the lease, and somebody else has it now.
  bool lost() const { return lost_; }

 private:
  bool Take();
  void Renew();

  storage::Database& database_;
  const std::string name_, holder_;
  const std::int64_t milliseconds_;
  bool held_ = false;
  std::atomic<bool> lost_ = false;
  std::mutex mutex_;
  std::condition_variable over_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace aiguillage::connectors
