// A thread that repeats a piece of work until the process is to end.
//
//   StopFlag stop;
//   Loop mails("mails", 500ms, [] { … return false; }, stop, meters, log);   // false: nothing more
//   stop.Raise();                                                            // ends its pause too
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "web/log.h"
#include "web/meters.h"

namespace aiguillage::web {

inline std::int64_t MicrosSince(std::chrono::steady_clock::time_point started) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                               started)
      .count();
}

// A wait for DS, given up because the process ends; the next one takes the work up.
struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Set once, looked at by every round and by whoever waits in one.
class StopFlag {
 public:
  void Raise() {
    {
      const std::lock_guard lock(mutex_);
      raised_ = true;
    }
    wake_.notify_all();
  }
  bool Raised() const {
    const std::lock_guard lock(mutex_);
    return raised_;
  }
  // True when it was raised meanwhile.
  bool Wait(std::chrono::milliseconds pause) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, pause, [this] { return raised_; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool raised_ = false;
};

// A thread that repeats a piece of work, at once after some was done, else after a pause. Trouble
// is written in the log and the work goes on: what runs here must outlive a night without network.
class Loop {
 public:
  Loop(std::string name, std::chrono::milliseconds pause, std::function<bool()> work,
       StopFlag& stop, Meters& meters, const Log& log)
      : name_(std::move(name)),
        pause_(pause),
        work_(std::move(work)),
        stop_(stop),
        meters_(meters),
        log_(log),
        thread_([this] { Run(); }) {}
  ~Loop() { thread_.join(); }  // the flag is up by then

  const std::string& name() const { return name_; }
  bool running() const { return running_; }

 private:
  void Run() {
    for (;;) {
      running_ = true;
      const bool again = Round();
      running_ = false;
      if (stop_.Wait(again ? std::chrono::milliseconds(1) : pause_)) return;
    }
  }

  bool Round() {
    const auto started = std::chrono::steady_clock::now();
    bool again = false, trouble = false;
    try {
      again = work_();
    } catch (const std::exception& error) {
      trouble = true;
      auto fields = DescribeFailure(error);
      fields["name"] = name_;
      log_({LogLevel::kWarning, "worker", std::move(fields)});
    }
    meters_.Round(name_, trouble, MicrosSince(started));
    return again;
  }

  std::string name_;
  std::chrono::milliseconds pause_;
  std::function<bool()> work_;
  StopFlag& stop_;
  Meters& meters_;
  const Log& log_;
  std::atomic<bool> running_ = false;
  std::thread thread_;
};

}  // namespace aiguillage::web
