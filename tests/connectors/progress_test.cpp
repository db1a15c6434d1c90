// How far a reading has come, as others see it: rows that it writes while it goes on.
#include "connectors/demarches_simplifiees/progress.h"

#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/sync.h"
#include "tests/support/ds_exchange.h"

namespace aiguillage::connectors {
namespace {

using test::DsStandIn;
using test::Exchange;

// DS takes five seconds to give a page, and the power may go at one.
class SlowDs : public HttpClient {
 public:
  struct PowerCut {};
  SlowDs(HttpClient& ds, std::int64_t& now) : ds_(ds), now_(now) {}
  HttpResponse Send(const HttpRequest& request) override {
    const bool page = request.body.find("\"DossiersPage\"") != std::string::npos;
    if (page && --pages_left == 0) throw PowerCut();
    if (page) now_ += page_ms;
    return ds_.Send(request);
  }
  int pages_left = 1000;
  std::int64_t page_ms = 5000;

 private:
  HttpClient& ds_;
  std::int64_t& now_;
};

struct ProgressTest : testing::Test {
  ProgressTest() {
    exchange.context.progress = [&](const storage::ExchangeRun& run) { told.push_back(run); };
  }
  std::vector<storage::ExchangeRun> Runs() {
    return exchange.database->Read(
        [](storage::Session& session) { return storage::RunsOf(session, DsStandIn::kDemarche); });
  }
  SyncReport Read(bool full = false) {
    SyncContext context{
        *exchange.database,       exchange.desk,          test::ShippedCatalog(),   slow,
        exchange.context.options, exchange.context.world, exchange.context.progress};
    return Pull(context, full);
  }

  Exchange exchange{{.dossiers = 250}};
  SlowDs slow{exchange.ds, exchange.now};
  std::vector<storage::ExchangeRun> told;
};

TEST_F(ProgressTest, IsToldAfterEachPageAndKeptForOtherProcesses) {
  std::vector<std::int64_t> kept;
  exchange.context.progress = [&](const storage::ExchangeRun& run) {
    told.push_back(run);
    kept.push_back(Runs().empty() ? -1 : Runs().front().seen);  // as another process would
  };
  Read();
  ASSERT_EQ(told.size(), 2U);  // after the third page there is nothing left to tell
  EXPECT_EQ(told[0].seen, 100);
  EXPECT_EQ(told[1].seen, 200);
  EXPECT_EQ(told[1].created + told[1].held, 200);
  EXPECT_DOUBLE_EQ(PerSecond(told[1]), 20);
  EXPECT_EQ(kept, (std::vector<std::int64_t>{-1, 100}));  // told first, written then
  ASSERT_EQ(Runs().size(), 1U);
  EXPECT_EQ(Runs().front().outcome, "done");
  EXPECT_EQ(Runs().front().seen, 250);
  EXPECT_EQ(Runs().front().kind, "changes");
}

TEST_F(ProgressTest, AReadingThatBroughtNothingLeavesNoRow) {
  Read();
  slow.page_ms = 0;
  EXPECT_EQ(Read().created, 0);
  EXPECT_EQ(Runs().size(), 1U);
}

TEST_F(ProgressTest, AWholeReadingKnowsHowManyItMeetsAtLeast) {
  Read();
  told.clear();
  Read(/*full=*/true);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].expected, 250);
  EXPECT_EQ(TimeLeftMs(told[0]), 7500);
  EXPECT_EQ(TimeLeftMs(told[1]), 2500);
  EXPECT_EQ(Runs().front().kind, "whole");  // it took a while
}

TEST_F(ProgressTest, WhatWasCutOffIsSaidSoByTheNextOne) {
  slow.pages_left = 3;
  EXPECT_THROW(Read(), SlowDs::PowerCut);
  ASSERT_EQ(Runs().size(), 1U);
  EXPECT_EQ(Runs()[0].outcome, "running");
  EXPECT_EQ(Runs()[0].seen, 200);
  slow.pages_left = 1000;
  EXPECT_EQ(Read().seen, 50);  // it goes on where the other was
  ASSERT_EQ(Runs().size(), 2U);
  EXPECT_EQ(Runs()[0].outcome, "done");
  EXPECT_EQ(Runs()[1].outcome, "cut_off");
}

TEST_F(ProgressTest, SaysWhyItWasStopped) {
  exchange.ds.Arm({.kind = "revoked_token", .on = "DossiersPage", .count = 1, .after = 1});
  EXPECT_TRUE(Read().stopped);
  ASSERT_EQ(Runs().size(), 1U);
  EXPECT_EQ(Runs()[0].outcome, "stopped");
  EXPECT_NE(Runs()[0].words.find("jeton"), std::string::npos);
}

TEST_F(ProgressTest, AReplayTellsToo) {
  Read();
  told.clear();
  Replay(exchange.context);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].kind, "replay");
  EXPECT_EQ(told[0].expected, 250);
}

TEST(Progress, ReckonsByDatesOfChangeWhenNobodyKnowsHowManyThereAre) {
  storage::ExchangeRun run;
  run.started_at = 1'000'000;
  run.told_at = run.started_at + 60'000;
  run.seen = 300;
  EXPECT_EQ(TimeLeftMs(run), -1);
  run.first_at = 200'000;  // changes began there; a quarter of the time since has been read
  run.reached_at = 400'000;
  EXPECT_EQ(TimeLeftMs(run), 180'000);
  run.reached_at = run.first_at;
  EXPECT_EQ(TimeLeftMs(run), -1);
}

}  // namespace
}  // namespace aiguillage::connectors
