// A dispatcher that dies: what it had in its hands is in doubt, is sent again under the same
// Message-ID, and nothing else is.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "storage/error.h"
#include "tests/notifications/dispatcher_kit.h"
#include "tests/support/watched_record.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using storage::Session;
using Verdict = DeliveryResult::Verdict;

TEST_F(DispatcherTest, ACrashBetweenSendingAndRecordingIsAnUncertainMail) {
  const auto id = Queue("act:1");
  transport_.answer = [](const MailMessage&) -> DeliveryResult {
    throw storage::Trouble("the process dies here: the mail left, nothing was recorded");
  };
  EXPECT_THROW(Deliver(kNow), storage::Trouble);
  EXPECT_EQ(Row(id).status, "sending");
  Answer(Verdict::kSent, 250, "250 OK");
  EXPECT_EQ(Deliver(kNow + 5 * kMinute).sent, 0) << "the lease still runs";
  EXPECT_EQ(Deliver(kNow + kLeaseIsOver).sent, 1);
  EXPECT_EQ(Row(id).status + " | " + Row(id).detail,
            "sent | Renvoyé une fois après un envoi incertain : 250 OK");
  ASSERT_EQ(transport_.given.size(), 2U);
  EXPECT_EQ(transport_.given[0].message_id, transport_.given[1].message_id);
}

TEST_F(DispatcherTest, AMailThatProcessAfterProcessDiesOnIsLeftAlone) {
  const auto id = Queue("act:1");
  transport_.answer = [](const MailMessage&) -> DeliveryResult { throw storage::Trouble("dies"); };
  std::int64_t now = kNow;
  for (int death = 1; death <= 5; ++death, now += kLeaseIsOver) {
    EXPECT_THROW(Deliver(now), storage::Trouble) << death;
  }
  EXPECT_EQ(Deliver(now).uncertain, 1);
  EXPECT_EQ(Row(id).status, "uncertain");
  EXPECT_EQ(Deliver(now + 9000 * kMinute).uncertain, 0);
  EXPECT_EQ(transport_.given.size(), 5U);
}

TEST_F(DispatcherTest, ADeathLeavesItsBatchInDoubtAndOnlyTheMailInHandMayComeTwice) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(Queue("act:" + std::to_string(i)));
  const auto die_on_the_second = [&](std::size_t at) {
    transport_.answer = [this, at](const MailMessage&) -> DeliveryResult {
      if (transport_.given.size() == at) throw storage::Trouble("dies");
      return {Verdict::kSent, 250, "250 OK"};
    };
  };
  const auto fates = [&] {
    std::string text;
    for (const auto id : ids) {
      const OutboxRow row = Row(id);
      text += row.status + " | " + row.detail + " | " + std::to_string(row.attempts) + "\n";
    }
    return text;
  };
  die_on_the_second(2);
  EXPECT_THROW(Deliver(kNow), storage::Trouble);
  die_on_the_second(4);
  EXPECT_THROW(Deliver(kNow + kLeaseIsOver), storage::Trouble);
  EXPECT_EQ(fates(),
            "sent | 250 OK | 1\n"
            "sent | Renvoyé une fois après un envoi incertain : 250 OK | 2\n"
            "sending | Renvoyé une fois après un envoi incertain : envoi en cours | 2\n"
            "sending | Renvoyé une fois après un envoi incertain | 2\n");
  Answer(Verdict::kSent, 250, "250 OK");
  EXPECT_EQ(Deliver(kNow + 2 * kLeaseIsOver).sent, 2);
  EXPECT_EQ(fates(),
            "sent | 250 OK | 1\n"
            "sent | Renvoyé une fois après un envoi incertain : 250 OK | 2\n"
            "sent | Renvoyé une fois après un envoi incertain : 250 OK | 3\n"
            "sent | Renvoyé une fois après un envoi incertain : 250 OK | 2\n");
}

// The one before is being recorded while the next is sent: wherever death comes, no third is out.
TEST_F(DispatcherTest, ADeathLeavesAtMostTwoThatLeftInDoubt) {
  constexpr int kMails = 6;
  for (int writes = 1; writes <= kMails; ++writes) {  // the first takes the lease
    std::vector<std::int64_t> ids;
    for (int i = 0; i < kMails; ++i) {
      ids.push_back(Queue("act:" + std::to_string(writes) + ":" + std::to_string(i)));
    }
    transport_.given.clear();
    std::atomic<int> done = 0;
    test::WatchedRecord dying(*record_, [&](Session&) {
      if (++done > writes) throw storage::Trouble("the process dies here");
    });
    Dispatcher dispatcher(dying, *composer_, transport_, {});
    EXPECT_THROW(dispatcher.DeliverOnce(kNow), storage::Trouble);
    const auto recorded = std::count_if(ids.begin(), ids.end(),
                                        [&](std::int64_t id) { return Row(id).status == "sent"; });
    EXPECT_EQ(recorded, writes - 1);
    const auto left = std::min(kMails, writes + 1);
    EXPECT_EQ(transport_.given.size(), static_cast<std::size_t>(left));

    transport_.given.clear();
    EXPECT_EQ(Deliver(kNow + kLeaseIsOver).sent, kMails - recorded);
    for (const MailMessage& mail : transport_.given) {
      const auto key = std::find_if(ids.begin(), ids.end(), [&](std::int64_t id) {
        return MessageIdFor(Row(id).key, "exemple.invalid") == mail.message_id;
      });
      ASSERT_NE(key, ids.end());
      EXPECT_EQ(Row(*key).detail, "Renvoyé une fois après un envoi incertain : 250 OK");
    }
  }
}

// What fails beside a mail is no reason to forget that it left.
TEST_F(DispatcherTest, AMailIsRecordedThoughTheNextLeaseFailed) {
  const auto id = Queue("act:1");
  Queue("act:2");
  std::atomic<int> writes = 0;
  test::WatchedRecord record(*record_, [&](Session&) {
    if (++writes == 2) throw storage::Trouble("the disk is full for a moment");
  });
  Dispatcher dispatcher(record, *composer_, transport_, {.batch = 1});
  EXPECT_THROW(dispatcher.DeliverOnce(kNow), storage::Trouble);
  EXPECT_EQ(Row(id).status, "sent");
}

}  // namespace
}  // namespace aiguillage::notifications
