// So many pages are made at once and the others wait in the order they came. With a thread a
// browser and no order, sixty-four people on two processors interrupt each other: a page took 20 ms
// on average and one in a hundred 107 and more; in turn, the hundredth takes 24 to 28 (`./run bench
// web`).
//
//   Turns turns(4, std::chrono::milliseconds(200));
//   {
//     const auto turn = turns.Take();      // waits for its turn …
//     response = Answer(…);
//   }                                      // … and gives it to who waits longest
//
// An order and no lock: who waited for `patience` goes in beside those who take so long, so that
// four exports of a minute keep nobody waiting. Any thread may call it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <utility>

namespace aiguillage::web {

class Turns {
 public:
  Turns(int at_once, std::chrono::milliseconds patience) : free_(at_once), patience_(patience) {}

  class Turn;
  Turn Take();

 private:
  struct Waiting {
    std::condition_variable called;
    bool has_turn = false;
  };
  void GiveBack();

  std::mutex mutex_;
  std::list<Waiting> waiting_;  // who came first is first
  int free_;
  const std::chrono::milliseconds patience_;
};

// Held while a page is made.
class Turns::Turn {
 public:
  explicit Turn(Turns* turns) : turns_(turns) {}  // nullptr: went in without one
  Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (turns_ != nullptr) turns_->GiveBack();
  }

 private:
  Turns* turns_;
};

}  // namespace aiguillage::web
