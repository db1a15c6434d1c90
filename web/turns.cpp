#include "web/turns.h"

namespace aiguillage::web {

Turns::Turn Turns::Take() {
  std::unique_lock lock(mutex_);
  if (free_ > 0) {
    --free_;
    return Turn(this);
  }
  const auto own = waiting_.emplace(waiting_.end());
  const bool called = own->called.wait_for(lock, patience_, [&] { return own->has_turn; });
  waiting_.erase(own);
  return Turn(called ? this : nullptr);
}

// To who waits longest: a turn that were free for a moment would go to who came last.
void Turns::GiveBack() {
  const std::lock_guard lock(mutex_);
  for (Waiting& one : waiting_) {
    if (one.has_turn) continue;  // called, and not awake yet
    one.has_turn = true;
    one.called.notify_one();
    return;
  }
  ++free_;
}

}  // namespace aiguillage::web
