// How the benches measure: medians of five, and bytes as the allocator counts them.
//
//   const double seconds = Median([&] { Work(); });
//   const std::size_t before = Allocated();   …   Allocated() - before
#pragma once

#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <array>

namespace aiguillage::bench {

// Large blocks are mapped apart: hblkhd counts those, uordblks does not.
inline std::size_t Allocated() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Of the processor, not of the wall: what else the machine does shall count as little as it can.
inline double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

inline double WallSeconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Seconds; one run before, which does not count, warms the caches.
template <typename Work>
double Median(Work work) {
  work();
  std::array<double, 5> times{};
  for (double& time : times) {
    const double start = ThreadSeconds();
    work();
    time = ThreadSeconds() - start;
  }
  std::sort(times.begin(), times.end());
  return times[2];
}

}  // namespace aiguillage::bench
