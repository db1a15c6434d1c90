#include "storage/writer.h"

#include "storage/dialect.h"
#include "storage/error.h"

namespace aiguillage::storage {

namespace {

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

}  // namespace

Writer::Writer(SessionMaker make, std::unique_ptr<Session> session)
    : make_(std::move(make)), session_(std::move(session)), thread_([this] { Loop(); }) {}

Writer::~Writer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    queued_.notify_one();
  }
  thread_.join();
}

void Writer::Run(const Job& job) {
  Ticket ticket;
  ticket.job = &job;
  std::unique_lock lock(mutex_);
  queue_.push_back(&ticket);
  queued_.notify_one();
  ticket.answered.wait(lock, [&] { return ticket.done; });
  lock.unlock();
  if (ticket.error) std::rethrow_exception(ticket.error);
}

void Writer::Loop() {
  for (;;) {
    Group group;
    {
      std::unique_lock lock(mutex_);
      queued_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      while (!queue_.empty() && group.size() < kGroupMax) {
        group.push_back(queue_.front());
        queue_.pop_front();
      }
    }
    try {
      Commit(group);
    } catch (...) {
      // The group is gone, all of it: also those whose own work had gone well or been refused.
      for (Ticket* ticket : group) ticket->error = std::current_exception();
      session_.reset();
    }
    Answer(group);
  }
}

void Writer::Commit(Group& group) {
  if (!session_) session_ = make_();
  session_->Execute(session_->dialect().BeginWrite());
  for (Ticket* ticket : group) RunJob(*ticket);
  session_->Execute("commit");
}

void Writer::RunJob(Ticket& ticket) {
  session_->Execute("savepoint job");
  try {
    (*ticket.job)(*session_);
  } catch (...) {
    ticket.error = std::current_exception();
  }
  if (!session_->InTransaction()) Lost(ticket.error);
  if (ticket.error) session_->Execute("rollback to job");
  session_->Execute("release job");
}

void Writer::Answer(Group& group) {
  std::lock_guard lock(mutex_);
  for (Ticket* ticket : group) {
    ticket->done = true;
    ticket->answered.notify_one();  // under the lock: the ticket dies as soon as its caller wakes
  }
}

}  // namespace aiguillage::storage
