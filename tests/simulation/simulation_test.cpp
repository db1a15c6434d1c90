// Ten thousand project-years of the shipped rails under chance, each step judged (oracle.h). What
// fails prints the seed of its world: SIMULATED_SEED=N SIMULATED_RAILS=R lives that world alone
// again. SIMULATED_YEARS says how many project-years to live: 10,000 in the release round of
// `./run test`, 500 under ASan, 60 where nobody says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/simulation/simulated_world.h"
#include "tests/support/seed.h"
#include "tests/support/shipped_rails.h"

// The record of a world is thrown away with it: nothing need reach the disk. (The flushes of
// SQLite, whose library finds these before the C library's.)
extern "C" int fsync(int) { return 0; }
extern "C" int fdatasync(int) { return 0; }

namespace aiguillage::simulation {
namespace {

constexpr double kYearsOfAWorld = 2000;
constexpr std::size_t kProjectsOfAWorld = 80;

std::string FromEnvironment(const char* name, const std::string& otherwise) {
  const char* asked = std::getenv(name);
  return asked != nullptr ? asked : otherwise;
}

void Tell(const Life& life) {
  std::printf(
      "%.0f project-years: %lld acts, %lld refused, %lld replies lost, %lld taken back,\n"
      "  %lld timers, %lld mails (%lld twice, their first reply lost), %lld words to DS,\n"
      "  %lld restarts, %lld power cuts, %lld jumps of the clock, %lld rows of journal\n",
      life.years, static_cast<long long>(life.acts), static_cast<long long>(life.refused),
      static_cast<long long>(life.lost_replies), static_cast<long long>(life.taken_back),
      static_cast<long long>(life.timers), static_cast<long long>(life.mails),
      static_cast<long long>(life.mails_twice), static_cast<long long>(life.told),
      static_cast<long long>(life.restarts), static_cast<long long>(life.power_cuts),
      static_cast<long long>(life.jumps), static_cast<long long>(life.journal));
}

TEST(Simulation, NoWorldBreaksAPromise) {
  const double wanted = std::stod(FromEnvironment("SIMULATED_YEARS", "60"));
  const bool one = std::getenv("SIMULATED_SEED") != nullptr;
  const std::uint64_t seed =
      std::stoull(FromEnvironment("SIMULATED_SEED", std::to_string(test::Seed())));
  const double whole = std::min(wanted, kYearsOfAWorld);
  Life all;
  for (std::uint64_t world = 0; all.years < wanted && (!one || world == 0); ++world) {
    Circumstances circumstances;
    circumstances.seed = seed + world;
    circumstances.rails = FromEnvironment("SIMULATED_RAILS", workflows::kRails[world % 3]);
    circumstances.years = whole;
    circumstances.projects = std::max<std::size_t>(
        10, static_cast<std::size_t>(kProjectsOfAWorld * whole / kYearsOfAWorld));
    try {
      all += SimulatedWorld(circumstances).Live();
    } catch (const Broken& broken) {
      FAIL() << broken.what() << " (SIMULATED_YEARS=" << wanted << ")";
    }
  }
  Tell(all);
}

TEST(Simulation, TheSameSeedLivesTheSameLife) {
  for (const auto& rails : workflows::kRails) {
    const Circumstances circumstances{test::Seed(), rails, 12, 8};
    const Life once = SimulatedWorld(circumstances).Live();
    const Life again = SimulatedWorld(circumstances).Live();
    EXPECT_EQ(once.digest, again.digest) << "seed " << test::Seed();
    EXPECT_EQ(once.journal, again.journal);
    const Life other = SimulatedWorld({test::Seed() + 1, rails, 12, 8}).Live();
    EXPECT_NE(once.digest, other.digest) << "the digest tells nothing";
  }
}

}  // namespace
}  // namespace aiguillage::simulation
