// Sessions for reading: each leased to one reader at a time, opened when first needed.
//
//   pool.Run([&](Session& session) { … });    // one consistent snapshot, rolled back afterwards
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/session.h"

namespace aiguillage::storage {

using SessionMaker = std::function<std::unique_ptr<Session>()>;

class Pool {
 public:
  Pool(SessionMaker make, int size) : make_(std::move(make)), free_places_(size) {}

  // Trouble when no session gets free within ten seconds, or the database answers none that long. A
  // connection that dies in the midst of a job is Trouble at once: the job may have said things.
  void Run(const std::function<void(Session&)>& job);

 private:
  std::unique_ptr<Session> Take();
  std::unique_ptr<Session> TakeBegun();
  void GiveBack(std::unique_ptr<Session> session);  // nullptr: only its place

  SessionMaker make_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Session>> idle_;
  int free_places_;
};

}  // namespace aiguillage::storage
