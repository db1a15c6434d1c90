// The one seed of a test program: AIGUILLAGE_SEED, else drawn from the system. Printed by main().
//
//   std::mt19937_64 random(Seed());
#pragma once

#include <cstdint>

namespace aiguillage::test {

std::uint64_t Seed();

}  // namespace aiguillage::test
