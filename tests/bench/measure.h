// How the benches measure: medians of five, and bytes as the allocator counts them.
//
//   const double seconds = Median([&] { Work(); });
//   const std::size_t before = Allocated();   …   Allocated() - before
#pragma once

#include <malloc.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace aiguillage::bench {

// Large blocks are mapped apart: hblkhd counts those, uordblks does not.
inline std::size_t Allocated() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Seconds; one run before, which does not count, warms the caches.
template <typename Work>
double Median(Work work) {
  work();
  std::array<double, 5> times{};
  for (double& time : times) {
    const auto start = std::chrono::steady_clock::now();
    work();
    time = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  std::sort(times.begin(), times.end());
  return times[2];
}

}  // namespace aiguillage::bench
