// Pages are made in the order people came, so many at once, and nobody waits for ever.
#include "web/turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace aiguillage::web {
namespace {

using namespace std::chrono_literals;

TEST(Turns, GoToWhoCameFirst) {
  Turns turns(1, 60s);
  std::optional<Turns::Turn> first(turns.Take());
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> people;
  for (int person = 0; person < 8; ++person) {
    std::atomic<bool> came = false;
    people.emplace_back([&, person] {
      came = true;
      const auto turn = turns.Take();
      const std::lock_guard lock(mutex);
      order.push_back(person);
    });
    while (!came) std::this_thread::yield();
    std::this_thread::sleep_for(20ms);  // until it waits
  }
  EXPECT_TRUE(order.empty());
  first.reset();
  for (auto& person : people) person.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(Turns, AreSoManyAtOnceWhoeverComes) {
  Turns turns(3, 60s);
  std::atomic<int> inside = 0, most = 0, made = 0;
  std::vector<std::thread> people;
  for (int person = 0; person < 16; ++person) {
    people.emplace_back([&] {
      for (int page = 0; page < 200; ++page) {
        const auto turn = turns.Take();
        const int now = ++inside;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        ++made;
        --inside;
      }
    });
  }
  for (auto& person : people) person.join();
  EXPECT_EQ(made, 16 * 200);
  EXPECT_LE(most, 3);
  // All of them came back.
  std::vector<Turns::Turn> held;
  for (int i = 0; i < 3; ++i) held.push_back(turns.Take());
}

TEST(Turns, KeepNobodyWaitingForOneThatTakesLong) {
  Turns turns(1, 50ms);
  std::optional<Turns::Turn> export_of_a_minute(turns.Take());
  const auto before = std::chrono::steady_clock::now();
  {
    const auto beside = turns.Take();
    EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
  }
  // Who went in without a turn gave none back: the next one waits as well.
  const auto again = std::chrono::steady_clock::now();
  { const auto beside = turns.Take(); }
  EXPECT_GE(std::chrono::steady_clock::now() - again, 50ms);
  export_of_a_minute.reset();
  const auto free = std::chrono::steady_clock::now();
  { const auto turn = turns.Take(); }
  EXPECT_LT(std::chrono::steady_clock::now() - free, 40ms);
}

}  // namespace
}  // namespace aiguillage::web
