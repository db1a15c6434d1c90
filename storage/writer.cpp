#include "storage/writer.h"

#include <chrono>
#include <thread>

#include "storage/dialect.h"
#include "storage/error.h"

namespace aiguillage::storage {

namespace {

constexpr std::chrono::milliseconds kPauseMax(500);

// A full disk or a failed write may undo the whole transaction behind the job's back.
[[noreturn]] void Lost(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const Trouble&) {
    throw;  // says why
  } catch (...) {
    // The job's own refusal says nothing of what befell its group.
  }
  throw Trouble("Expected the record to hold what was written, but the database undid it all.");
}

bool IsInterrupted(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const Interrupted&) {
    return true;
  } catch (...) {
    // The job's own affair.
  }
  return false;
}

// One for each of the group: what one caller lets go of is not what another still reads.
std::exception_ptr OneMore(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Interrupted& interrupted) {
    return std::make_exception_ptr(Interrupted(std::string(interrupted.what())));
  } catch (const Trouble& trouble) {
    return std::make_exception_ptr(Trouble(std::string(trouble.what())));
  } catch (...) {
    return error;
  }
}

}  // namespace

Writer::Writer(SessionMaker make, std::unique_ptr<Session> session)
    : make_(std::move(make)), session_(std::move(session)) {}

void Writer::Run(const Job& job) {
  Ticket ticket;
  ticket.job = &job;
  std::unique_lock lock(mutex_);
  queue_.push_back(&ticket);
  if (led_) {
    if (queue_.size() >= wanted_) gathered_.notify_one();
    ticket.changed.wait(lock, [&] { return ticket.done || ticket.leads; });
  }
  if (!ticket.done) Lead(lock);
  lock.unlock();
  if (ticket.error) std::rethrow_exception(ticket.error);
}

// The leader's own ticket is the first of the queue.
void Writer::Lead(std::unique_lock<std::mutex>& lock) {
  led_ = true;
  gathered_.wait_for(lock, commit_time_ / 2, [&] { return queue_.size() >= wanted_; });
  Group group;
  while (!queue_.empty() && group.size() < kGroupMax) {
    group.push_back(queue_.front());
    queue_.pop_front();
  }
  lock.unlock();
  MakeDurable(group);
  lock.lock();
  wanted_ = group.size();
  for (Ticket* ticket : group) {
    ticket->done = true;
    ticket->changed.notify_one();  // under the lock: the ticket dies as soon as its caller wakes
  }
  led_ = !queue_.empty();
  if (!led_) return;
  queue_.front()->leads = true;
  queue_.front()->changed.notify_one();
}

void Writer::MakeDurable(Group& group) {
  using std::chrono::steady_clock;
  const auto until = steady_clock::now() + std::chrono::seconds(10);
  ++group_;
  committing_ = false;
  std::exception_ptr lost;
  for (std::chrono::milliseconds pause(10);; pause = std::min(2 * pause, kPauseMax)) {
    try {
      return Commit(group);
    } catch (const Interrupted&) {
      session_.reset();
      lost = std::current_exception();
      if (steady_clock::now() > until) break;
      std::this_thread::sleep_for(pause);
    } catch (...) {
      lost = std::current_exception();
      OpenAgain();
      break;
    }
  }
  // The group is gone, all of it: also those whose own work had gone well or been refused.
  for (Ticket* ticket : group) ticket->error = OneMore(lost);
}

// A connection after a lost group. The old one goes last: SQLite's log may hold that group whole,
// only not synced, and the first connection to a file takes what it finds there as committed.
void Writer::OpenAgain() noexcept {
  if (session_) session_->RollbackIfAny();
  try {
    session_ = make_();
  } catch (...) {
    // The disk still fails: the old connection knows what was lost, and is tried again.
  }
}

void Writer::Commit(Group& group) {
  if (!session_) session_ = make_();
  session_->Begin(Use::kWrite);
  if (committing_ && WentThrough()) return session_->Execute("rollback");
  committing_ = false;
  if (group.size() == 1) {
    if (!RunAlone(*group[0])) return;
  } else {
    for (Ticket* ticket : group) RunJob(*ticket);
  }
  Mark();
  committing_ = true;
  const auto start = std::chrono::steady_clock::now();
  session_->Execute("commit");
  commit_time_ = std::chrono::steady_clock::now() - start;
}

bool Writer::WentThrough() {
  const auto find = session_->dialect().FindMark();
  if (find.empty()) return false;
  std::int64_t mark = 0;
  Query query(*session_, find);
  query.In("writer", name_).Out(mark);
  return query.One() && mark == group_;
}

void Writer::Mark() {
  const auto write = session_->dialect().WriteMark();
  if (write.empty()) return;
  Query query(*session_, write);
  query.In("writer", name_).In("mark", group_).Run();
}

void Writer::Try(Ticket& ticket) {
  ticket.error = nullptr;
  try {
    (*ticket.job)(*session_);
  } catch (...) {
    ticket.error = std::current_exception();
  }
  if (!session_->InTransaction() || IsInterrupted(ticket.error)) Lost(ticket.error);
}

// Its transaction is its own: nobody else's work is to be kept when it fails.
bool Writer::RunAlone(Ticket& ticket) {
  Try(ticket);
  if (ticket.error) session_->Execute("rollback");
  return !ticket.error;
}

void Writer::RunJob(Ticket& ticket) {
  session_->Execute("savepoint job");
  Try(ticket);
  if (ticket.error) {
    session_->Execute("rollback to job");
    session_->memo().Forget();
  }
  session_->Execute("release job");
}

}  // namespace aiguillage::storage
