#include "connectors/demarches_simplifiees/night.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "connectors/demarches_simplifiees/sync.h"
#include "connectors/lease.h"
#include "tests/support/ds_exchange.h"
#include "workflows/calendar.h"

namespace aiguillage::connectors {
namespace {

using test::DsStandIn;
using test::Exchange;

bool IsDue(Exchange& exchange) {
  return exchange.database->Read([&](storage::Session& session) {
    return NightIsDue(session, DsStandIn::kDemarche, exchange.now);
  });
}

DriftReport Kept(Exchange& exchange) {
  return exchange.database->Read(
      [](storage::Session& session) { return LastReport(session, DsStandIn::kDemarche); });
}

TEST(Night, ReadsAndComparesOnceADayFromTwoOclockInParis) {
  Exchange exchange({.dossiers = 3});
  const auto at = [&](const char* instant) {
    exchange.now = workflows::ParseInstant(instant).value();
    return IsDue(exchange);
  };
  ASSERT_TRUE(at("2026-03-02T10:00"));
  EXPECT_FALSE(RunNight(exchange.context).stopped);
  EXPECT_GE(Kept(exchange).at, workflows::ParseInstant("2026-03-02T10:00").value());
  EXPECT_TRUE(Kept(exchange).drifts.empty());
  EXPECT_FALSE(at("2026-03-02T23:59"));
  EXPECT_FALSE(at("2026-03-03T01:59"));
  ASSERT_TRUE(at("2026-03-03T02:00"));
  // Decided in DS behind our back: the pull notes it, the comparison lists it.
  exchange.ds.Decide(exchange.ds.At(exchange.ds.Numbers()[0]), "refuse", "Non.");
  EXPECT_FALSE(RunNight(exchange.context).stopped);
  ASSERT_EQ(Kept(exchange).drifts.size(), 1U);
  EXPECT_EQ(Kept(exchange).drifts[0].what, "état");
  EXPECT_EQ(Kept(exchange).drifts[0].there, "refusé");
  EXPECT_FALSE(IsDue(exchange));
  // The night of the spring change has no two o'clock; it comes all the same.
  EXPECT_FALSE(at("2026-03-03T12:00"));
  EXPECT_TRUE(at("2026-03-29T03:00"));
}

TEST(Night, IsDueAgainWhenDsWasDown) {
  Exchange exchange({.dossiers = 3});
  exchange.ds.Arm({.kind = "http500", .on = "Deleted", .count = 100});
  EXPECT_TRUE(RunNight(exchange.context).stopped);
  EXPECT_TRUE(IsDue(exchange));
  EXPECT_EQ(Kept(exchange).at, 0);
}

TEST(Lease, IsKeptForAsLongAsTheWorkLastsThenFree) {
  test::TempDirectory directory;
  const auto database = storage::Database::Open("sqlite:" + directory / "record.db");
  {
    const KeptLease lease(*database, "ds.1", 300);
    ASSERT_TRUE(lease.held());
    EXPECT_TRUE(KeptLease(*database, "ds.2", 300).held()) << "another démarche";
    std::this_thread::sleep_for(std::chrono::milliseconds(900));
    EXPECT_FALSE(KeptLease(*database, "ds.1", 300).held()) << "though of the same process";
    EXPECT_FALSE(lease.lost());
  }
  EXPECT_TRUE(KeptLease(*database, "ds.1", 300).held());
}

TEST(Lease, OfWhoWasHeldUpIsTakenOverAndHeKnows) {
  test::TempDirectory directory;
  const auto database = storage::Database::Open("sqlite:" + directory / "record.db");
  const KeptLease lease(*database, "ds.1", 300);
  database->Write([](storage::Session& session) {
    const std::int64_t later = RealWorld().now() + 10'000;
    EXPECT_TRUE(storage::TakeLease(session, "ds.1", "another", later, later + 60'000));
  });
  for (int i = 0; i < 100 && !lease.lost(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(lease.lost());
}

}  // namespace
}  // namespace aiguillage::connectors
