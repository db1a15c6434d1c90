// One piece of work at a time beside that of its owner, on a thread that lasts as long as it does.
//
//   Aside aside;
//   aside.Do([&] { Record(sent); });  // goes on at once
//   … send the next …
//   aside.Wait();                     // throws what the piece threw
//
// When it goes, it first comes to the end of its piece: what that refers to is declared before it.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace aiguillage::notifications {

class Aside {
 public:
  Aside() : thread_([this] { Work(); }) {}
  ~Aside();
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  void Do(std::function<void()> piece);
  void Wait();

 private:
  void Work();

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::function<void()> piece_;  // none: idle
  std::exception_ptr error_;
  bool over_ = false;

  std::thread thread_;  // last: it uses the others
};

}  // namespace aiguillage::notifications
