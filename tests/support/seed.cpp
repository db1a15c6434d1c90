#include "tests/support/seed.h"

#include <cstdlib>
#include <random>
#include <string>

namespace aiguillage::test {

std::uint64_t Seed() {
  static const std::uint64_t kSeed = [] {
    const char* given = std::getenv("AIGUILLAGE_SEED");
    return given ? std::stoull(given) : std::uint64_t{std::random_device{}()};
  }();
  return kSeed;
}

}  // namespace aiguillage::test
