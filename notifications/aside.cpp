#include "notifications/aside.h"

#include <stdexcept>
#include <utility>

namespace aiguillage::notifications {

Aside::~Aside() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Aside::Do(std::function<void()> piece) {
  {
    const std::lock_guard lock(mutex_);
    if (piece_) throw std::logic_error("Expected the piece before to be waited for.");
    piece_ = std::move(piece);
  }
  changed_.notify_all();
}

void Aside::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !piece_; });
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Aside::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return piece_ || over_; });
    if (!piece_) return;
    lock.unlock();
    std::exception_ptr error;
    try {
      piece_();
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    error_ = error;
    piece_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace aiguillage::notifications
