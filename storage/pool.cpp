#include "storage/pool.h"

#include <chrono>

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

void Pool::Run(const std::function<void(Session&)>& job) {
  auto session = Take();
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
  session->Execute(session->dialect().BeginRead());
  job(*session);
}

}  // namespace aiguillage::storage
