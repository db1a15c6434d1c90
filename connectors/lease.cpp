#include "connectors/lease.h"

#include <chrono>
#include <exception>
#include <utility>

#include "storage/dossiers.h"
#include "storage/hash.h"

namespace aiguillage::connectors {

KeptLease::KeptLease(storage::Database& database, std::string name, std::int64_t milliseconds)
    : database_(database),
      name_(std::move(name)),
      holder_(storage::RandomHex(16)),
      milliseconds_(milliseconds),
      held_(Take()) {
  if (held_) thread_ = std::thread([this] { Renew(); });
}

KeptLease::~KeptLease() {
  if (!held_) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  over_.notify_all();
  thread_.join();
  try {
    database_.Write([&](storage::Session& s) { storage::EndLease(s, name_, holder_); });
  } catch (const std::exception&) {  // then it runs out by itself
  }
}

bool KeptLease::Take() {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  return database_.Write([&](storage::Session& s) {
    return storage::TakeLease(s, name_, holder_, now, now + milliseconds_);
  });
}

// A record in trouble for a moment is no loss: the next turn renews, or finds another holder.
void KeptLease::Renew() {
  std::unique_lock lock(mutex_);
  while (!over_.wait_for(lock, std::chrono::milliseconds(milliseconds_ / 3),
                         [this] { return done_; })) {
    lock.unlock();
    try {
      lost_ = !Take();
    } catch (const std::exception&) {
    }
    lock.lock();
    if (lost_) return;
  }
}

}  // namespace aiguillage::connectors
