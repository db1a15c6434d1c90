// Every test program prints its seed first; AIGUILLAGE_SEED=N replays a run. TEST_RECORD=postgresql
// runs it on PostgreSQL, or skips all of it, visibly, where there is none.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/support/postgres_cluster.h"
#include "tests/support/record_kind.h"
#include "tests/support/seed.h"

namespace {

class WhereTheRecordIs : public testing::Environment {
  void SetUp() override {
    using aiguillage::test::PostgresCluster;
    if (aiguillage::test::KindAsked() != aiguillage::test::Kind::kPostgresql) return;
    if (!PostgresCluster::Missing().empty()) GTEST_SKIP() << PostgresCluster::Missing();
  }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new WhereTheRecordIs);
  std::printf("seed %llu (AIGUILLAGE_SEED replays it)\n",
              static_cast<unsigned long long>(aiguillage::test::Seed()));
  std::fflush(stdout);
  return RUN_ALL_TESTS();
}
