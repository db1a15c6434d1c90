// Every test program prints its seed first; AIGUILLAGE_SEED=N replays a run.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/support/seed.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::printf("seed %llu (AIGUILLAGE_SEED replays it)\n",
              static_cast<unsigned long long>(aiguillage::test::Seed()));
  std::fflush(stdout);
  return RUN_ALL_TESTS();
}
