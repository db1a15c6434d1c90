#include "web/health.h"

namespace aiguillage::web {
namespace {

constexpr std::chrono::seconds kPause(1);
// A probe that waits is not yet a record that is down: an act may hold a session for a while.
constexpr std::chrono::seconds kPatience(3);

std::int64_t SecondsOf(std::chrono::steady_clock::duration span) {
  return std::chrono::duration_cast<std::chrono::seconds>(span).count();
}

}  // namespace

Health::Health(Probe probe) : probe_(std::move(probe)), answered_(Clock::now()) {
  Ask();
  thread_ = std::thread([this] { Loop(); });
}

Health::~Health() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

HealthLook Health::Look() const {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (stopping_) return {false, "stopping", SecondsOf(now - stopping_since_)};
  if (failed_ || now - answered_ > kPatience) return {false, "record", SecondsOf(now - answered_)};
  return {true, "", 0};
}

void Health::Stopping() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  stopping_since_ = Clock::now();
}

void Health::Ask() {
  bool failed = false;
  try {
    probe_();
  } catch (...) {  // whatever it was, the record did not answer
    failed = true;
  }
  const std::lock_guard lock(mutex_);
  failed_ = failed;
  if (!failed) answered_ = Clock::now();
}

void Health::Loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, kPause, [this] { return ended_; })) return;
    }
    Ask();
  }
}

}  // namespace aiguillage::web
