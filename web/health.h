// Is the process alive, and is it ready for visitors? A thread of its own asks the record every
// second, so that the answer is at hand even while every session of the record is taken.
//
//   Health health([&] { database.SchemaVersion(); });
//   health.Look()   -> {ready true, why ""}   or   {ready false, why "record", since 14 s}
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace aiguillage::web {

struct HealthLook {
  bool ready = false;
  std::string why;  // "" ready; "record": it does not answer; "stopping": SIGTERM was received
  std::int64_t since_s = 0;  // how long it has not been ready
};

class Health {
 public:
  using Probe = std::function<void()>;  // asks the record; throws when it does not answer

  explicit Health(Probe probe);  // asks once before it returns
  ~Health();
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

  HealthLook Look() const;
  void Stopping();  // from now on not ready: what stands in front sends nobody here any more

 private:
  using Clock = std::chrono::steady_clock;
  void Ask();
  void Loop();

  Probe probe_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Clock::time_point answered_;  // the last time the record did
  bool failed_ = false;         // the last time it was asked
  bool stopping_ = false, ended_ = false;
  Clock::time_point stopping_since_;
  std::thread thread_;
};

}  // namespace aiguillage::web
