// The one writer of a process: acts queue up, each runs in its own SAVEPOINT, and one COMMIT (one
// fsync) makes the group durable. Nobody is answered before it, refused or not.
//
//   queue  a b c d ...           caller of b sees its own exception, after the COMMIT
//   BEGIN                        the only writing transaction of the record (dialect.h)
//     SAVEPOINT a RELEASE        a group of one needs none: what it throws ends its transaction
//     SAVEPOINT b throws -> ROLLBACK TO
//     SAVEPOINT c RELEASE
//     mark                       PostgreSQL: which group of which writer this is
//   COMMIT                       fails -> Trouble for a, b and c; d starts the next group
//
// There is no thread of its own: who comes while nobody writes leads, and does the work of all who
// queue meanwhile; then the first of those who came later leads. Somebody alone changes no thread.
// Those who were answered together come back together, not all at one instant: a leader waits for
// as many as were in the last group, for half the time that its COMMIT took. Otherwise the first to
// come back would keep the others waiting for an fsync of its own.
//
// Interrupted: the whole group runs again on a new connection, for ten seconds at most. If its
// COMMIT was under way, the mark tells whether it had gone through after all.
// First come, first served; SQLite's own busy handler is unfair and is never met inside a process.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/pool.h"
#include "storage/session.h"

namespace aiguillage::storage {

inline constexpr std::size_t kGroupMax = 64;

class Writer {
 public:
  using Job = std::function<void(Session&)>;

  Writer(SessionMaker make, std::unique_ptr<Session> session);

  void Run(const Job& job);  // returns after the COMMIT; rethrows what the job threw

 private:
  struct Ticket {
    const Job* job = nullptr;
    std::exception_ptr error;
    bool done = false, leads = false;
    std::condition_variable changed;
  };
  using Group = std::vector<Ticket*>;

  void Lead(std::unique_lock<std::mutex>& lock);
  void MakeDurable(Group& group);
  void Commit(Group& group);
  void OpenAgain() noexcept;
  bool WentThrough();  // this very group, before the connection was lost
  void Mark();
  void Try(Ticket& ticket);       // throws when the whole group is lost
  bool RunAlone(Ticket& ticket);  // of a group of one: false when nothing is to be committed
  void RunJob(Ticket& ticket);    // of a larger one, in a SAVEPOINT

  // Of whoever leads; the mutex hands them on.
  SessionMaker make_;
  std::unique_ptr<Session> session_;  // none after an interruption, until it can be opened again
  const std::string name_ = RandomHex(16);
  std::int64_t group_ = 0;                             // the number of the one at work
  bool committing_ = false;                            // it has asked for its COMMIT
  std::chrono::steady_clock::duration commit_time_{};  // of the last one

  std::mutex mutex_;  // guards what follows
  std::deque<Ticket*> queue_;
  bool led_ = false;        // somebody leads
  std::size_t wanted_ = 1;  // how many the leader waits for: as many as were in the last group
  std::condition_variable gathered_;
};

}  // namespace aiguillage::storage
