#include "web/health.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <stdexcept>
#include <thread>

namespace aiguillage::web {
namespace {

using std::chrono::milliseconds;

// Looks until it says that, for five seconds at most.
HealthLook Until(const Health& health, const std::string& why) {
  HealthLook look = health.Look();
  for (int i = 0; i < 500 && look.why != why; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
    look = health.Look();
  }
  return look;
}

}  // namespace

TEST(Health, TellsReadyFromAliveAndWhyNot) {
  std::atomic<bool> broken{false};
  Health health([&] {
    if (broken) throw std::runtime_error("gone");
  });
  EXPECT_TRUE(health.Look().ready);
  broken = true;
  EXPECT_EQ(Until(health, "record").why, "record");
  broken = false;
  EXPECT_TRUE(Until(health, "").ready);
  health.Stopping();
  EXPECT_FALSE(health.Look().ready);
  EXPECT_EQ(health.Look().why, "stopping");
}

// A record that neither answers nor fails: whoever asks is answered at once all the same.
TEST(Health, IsToldAtOnceWhileTheRecordHangs) {
  std::atomic<bool> hangs{false};
  Health health([&] {
    while (hangs) std::this_thread::sleep_for(milliseconds(5));
  });
  hangs = true;
  const auto look = Until(health, "record");
  EXPECT_EQ(look.why, "record");
  EXPECT_GE(look.since_s, 3);
  const auto started = std::chrono::steady_clock::now();
  health.Look();
  EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(100));
  hangs = false;
}

}  // namespace aiguillage::web
