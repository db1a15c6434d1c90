#include "storage/pool.h"

#include <chrono>
#include <thread>

#include "storage/dialect.h"
#include "storage/error.h"

namespace aiguillage::storage {

std::unique_ptr<Session> Pool::Take() {
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, std::chrono::seconds(10), [&] { return free_places_ > 0; })) {
      throw Trouble("Expected a free reader of the record, but all were busy for ten seconds.");
    }
    --free_places_;
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  try {
    return make_();
  } catch (...) {
    GiveBack(nullptr);
    throw;
  }
}

void Pool::GiveBack(std::unique_ptr<Session> session) {
  std::lock_guard lock(mutex_);
  if (session) idle_.push_back(std::move(session));
  ++free_places_;
  freed_.notify_one();
}

// In its transaction. What lay idle while the database restarted is dropped, one after the other.
std::unique_ptr<Session> Pool::TakeBegun() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (;;) {
    std::unique_ptr<Session> session;
    try {
      session = Take();
      session->Begin(Use::kRead);
      return session;
    } catch (const Interrupted&) {
      if (session) GiveBack(nullptr);
      if (std::chrono::steady_clock::now() > until) throw;
      if (!session) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    } catch (...) {
      if (session) GiveBack(nullptr);
      throw;
    }
  }
}

void Pool::Run(const std::function<void(Session&)>& job) {
  auto session = TakeBegun();
  // Whatever happens, the place comes back, and no transaction is left open for the next reader.
  struct Return {
    Pool& pool;
    std::unique_ptr<Session>& session;
    ~Return() {
      session->RollbackIfAny();
      if (session->InTransaction()) session.reset();
      pool.GiveBack(std::move(session));
    }
  } give_back{*this, session};
  job(*session);
}

}  // namespace aiguillage::storage
