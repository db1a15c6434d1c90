#include "notifications/dispatcher.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "tests/notifications/dispatcher_kit.h"
#include "tests/support/smtp_sink.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using storage::Session;
using Verdict = DeliveryResult::Verdict;

TEST_F(DispatcherTest, SendsWhatIsDueAndSaysSo) {
  const auto due = Queue("act:1");
  const auto waits_for_its_grace = Queue("act:2", kNow + 10 * kMinute);
  EXPECT_EQ(ToJson(Deliver(kNow)).dump(),
            R"({"failed":0,"later":0,"sent":1,"skipped":0,"uncertain":0,"unreachable":false})");
  const OutboxRow row = Row(due);
  EXPECT_EQ(row.status + " | " + row.detail, "sent | 250 OK");
  EXPECT_EQ(row.done_at, kNow);
  EXPECT_EQ(Row(waits_for_its_grace).status, "pending");
  EXPECT_EQ(Deliver(kNow).sent, 0);
  EXPECT_EQ(transport_.given.size(), 1U);
  EXPECT_EQ(transport_.rests, 2);
}

TEST_F(DispatcherTest, TriesAgainMoreAndMoreSeldomThenGivesUp) {
  const auto id = Queue("act:1");
  Answer(Verdict::kLater, 450, "450 greylisted");
  std::int64_t now = kNow;
  for (const std::int64_t pause : {5, 30, 120, 360, 1440}) {
    EXPECT_EQ(Deliver(now).later, 1);
    EXPECT_EQ(Row(id).not_before, now + pause * kMinute);
    EXPECT_EQ(Row(id).status, "pending");
    now += pause * kMinute;
    EXPECT_EQ(Deliver(now - 1).later, 0) << "a moment too early";
  }
  EXPECT_EQ(Deliver(now).failed, 1);
  EXPECT_EQ(Row(id).status + " | " + Row(id).detail,
            "failed | Abandonné après 6 essais : 450 greylisted");
  EXPECT_EQ(transport_.given.size(), 6U);
}

TEST_F(DispatcherTest, ARefusalIsTheEnd) {
  const auto id = Queue("act:1");
  Answer(Verdict::kRefused, 550, "550 no such mailbox");
  EXPECT_EQ(Deliver(kNow).failed, 1);
  EXPECT_EQ(Row(id).status + " | " + Row(id).detail, "failed | 550 no such mailbox");
  EXPECT_EQ(Deliver(kNow + 1440 * kMinute).failed, 0);
}

TEST_F(DispatcherTest, AnUncertainMailIsSentOnceMoreUnderTheSameId) {
  const auto id = Queue("act:1");
  Answer(Verdict::kUncertain, 0, "connexion perdue");
  EXPECT_EQ(Deliver(kNow).uncertain, 1);
  EXPECT_EQ(Row(id).status + " | " + Row(id).detail, "uncertain | connexion perdue");
  EXPECT_EQ(Deliver(kNow + 29 * kMinute).uncertain, 0);
  EXPECT_EQ(Deliver(kNow + 30 * kMinute).uncertain, 1);
  EXPECT_EQ(Row(id).status, "uncertain");
  EXPECT_EQ(Row(id).detail, "Renvoyé une fois après un envoi incertain : connexion perdue");
  EXPECT_EQ(Deliver(kNow + 9000 * kMinute).uncertain, 0) << "twice is enough";
  ASSERT_EQ(transport_.given.size(), 2U);
  EXPECT_EQ(transport_.given[0].message_id, transport_.given[1].message_id);
}

TEST_F(DispatcherTest, AnUncertainMailIsNotForgottenBehindThoseThatAreOver) {
  const auto id = Queue("act:first");
  Answer(Verdict::kUncertain, 0, "connexion perdue");
  EXPECT_EQ(Deliver(kNow).uncertain, 1);
  record_->Write([&](Session& session) {
    for (int i = 0; i < 250; ++i) {
      OutboxRow row = *FindOutbox(session, id);
      row.key = "act:" + std::to_string(i);
      row.done_at = kNow;
      InsertOutbox(session, row);
    }
  });
  Answer(Verdict::kSent, 250, "250 OK");
  EXPECT_EQ(Deliver(kNow + 30 * kMinute).sent, 1);
  EXPECT_EQ(Row(id).status, "sent");
}

TEST_F(DispatcherTest, WhatItHasHeldTooLongGoesBackUnsent) {
  const auto id = Queue("act:1");
  Dispatcher slow(*record_, *composer_, transport_, {.lease_ms = 0});
  EXPECT_EQ(slow.DeliverOnce(kNow).sent, 0);
  EXPECT_TRUE(transport_.given.empty()) << "another may hold it by now";
  EXPECT_EQ(Row(id).status, "pending");
  EXPECT_EQ(Row(id).attempts, 0);
}

TEST_F(DispatcherTest, AnUnreachableServerCostsNoMailATryAndIsLeftAloneForAWhile) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Queue("act:" + std::to_string(i)));
  Unreachable();
  Dispatcher dispatcher(*record_, *composer_, transport_, {});
  EXPECT_EQ(ToJson(dispatcher.DeliverOnce(kNow)).dump(),
            R"({"failed":0,"later":1,"sent":0,"skipped":0,"uncertain":0,"unreachable":true})");
  dispatcher.DeliverOnce(kNow + kMinute / 3);
  EXPECT_EQ(transport_.given.size(), 1U) << "asked again too soon";
  for (const auto id : ids) {
    EXPECT_EQ(Row(id).status, "pending");
    EXPECT_EQ(Row(id).attempts, 0);
  }
  EXPECT_EQ(Row(ids[0]).detail, "Failed to connect") << "whoever looks is told why it waits";
  Answer(Verdict::kSent, 250, "250 OK");
  EXPECT_EQ(dispatcher.DeliverOnce(kNow + kMinute).sent, 5);
}

// In the pace of smtp.per_minute: a relay that was away for a day is not flooded on its return.
TEST_F(DispatcherTest, AfterADayWithoutServerEachLeavesOnceAndInPace) {
  constexpr int kMails = 95, kPace = 20;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < kMails; ++i) {
    ids.push_back(Queue("act:" + std::to_string(i), kNow + i * 15 * kMinute));
  }
  Dispatcher dispatcher(*record_, *composer_, transport_, {.per_minute = kPace});
  Unreachable();
  std::int64_t now = kNow;
  for (; now < kNow + 1440 * kMinute; now += 10 * kMinute) dispatcher.DeliverOnce(now);
  const std::size_t asked = transport_.given.size();
  EXPECT_EQ(asked, 144U) << "one mail a round, whatever waits";
  Answer(Verdict::kSent, 250, "250 OK");
  std::string pace;
  std::vector<std::size_t> left = {asked};
  for (int round = 0; round < 20; ++round, now += 31'000) {
    dispatcher.DeliverOnce(now);
    left.push_back(transport_.given.size());
    if (left.back() > left[left.size() - 2]) {
      pace += std::to_string(left.back() - left[left.size() - 2]) + " ";
    }
  }
  EXPECT_EQ(pace, "20 20 20 20 15 ");
  std::map<std::string, int> times;
  for (std::size_t i = asked; i < transport_.given.size(); ++i) {
    times[transport_.given[i].message_id] += 1;
  }
  EXPECT_EQ(times.size(), static_cast<std::size_t>(kMails));
  for (const auto id : ids) {
    EXPECT_EQ(Row(id).status + " | " + Row(id).detail, "sent | 250 OK");
    EXPECT_EQ(Row(id).attempts, 1);
  }
}

TEST_F(DispatcherTest, ALogInLinkDoesNotStayInTheRecord) {
  const auto person = *record_->Read([](Session& session) { return FindPerson(session, 2); });
  record_->Write([&](Session& session) {
    QueueLoginMail(session, person, "login-0f3c", "https://aap.exemple.invalid/connexion/s3cret",
                   kNow + 15 * kMinute, kNow);
  });
  EXPECT_EQ(Deliver(kNow).sent, 1);
  EXPECT_NE(transport_.given.at(0).text.find("/connexion/s3cret"), std::string::npos);
  const auto rows = record_->Read([](Session& session) {
    return ListOutbox(session, {"mail", "", "", 9, 0});
  });
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].payload.dump().find("s3cret"), std::string::npos);
}

TEST_F(DispatcherTest, TellsNobodyWhoseAccountIsClosedAndRefusesForgedAddresses) {
  const auto closed = Queue("act:1");
  record_->Write([&](Session& session) {
    auto person = *storage::FindPerson(session, 1);
    person.active = false;
    storage::UpdatePerson(session, person);
  });
  EXPECT_EQ(Deliver(kNow).skipped, 1);
  EXPECT_EQ(Row(closed).status + " | " + Row(closed).detail,
            "skipped | Le compte du destinataire est fermé.");
  record_->Write([&](Session& session) {
    auto person = *storage::FindPerson(session, 1);
    person.active = true;
    person.email = "a@b>\r\nrcpt to:<c@d";
    storage::UpdatePerson(session, person);
  });
  test::SmtpSink sink(record_.directory() / "mails");
  auto smtp = OpenTransport({.url = sink.Url()});
  const auto forged = Queue("act:2");
  EXPECT_EQ(Dispatcher(*record_, *composer_, *smtp.value(), {}).DeliverOnce(kNow).failed, 1);
  EXPECT_EQ(Row(forged).status + " | " + Row(forged).detail,
            "failed | Adresse invalide avant « @ » : « a@b> rcpt to:<c@d »");
  EXPECT_TRUE(sink.Mails().empty());
}

TEST_F(DispatcherTest, ARealServerThatDropsAfterTheMailGetsItTwiceUnderOneId) {
  record_->Write([&](Session& session) {
    auto person = *storage::FindPerson(session, 1);
    person.email = "drop-after+1@exemple.invalid";
    storage::UpdatePerson(session, person);
  });
  test::SmtpSink sink(record_.directory() / "mails");
  auto smtp = OpenTransport({.url = sink.Url()});
  Dispatcher dispatcher(*record_, *composer_, *smtp.value(), {});
  const auto id = Queue("act:1");
  EXPECT_EQ(dispatcher.DeliverOnce(kNow).uncertain, 1);
  EXPECT_EQ(dispatcher.DeliverOnce(kNow + 31 * kMinute).sent, 1);
  EXPECT_EQ(Row(id).status, "sent");
  const auto mails = sink.Mails();
  ASSERT_EQ(mails.size(), 2U);
  for (const auto& mail : mails) {
    EXPECT_NE(mail.text.find("\nMessage-ID: <act_3a1@exemple.invalid>\n"), std::string::npos);
  }
}

TEST_F(DispatcherTest, TwoDispatchersConcurrentlySendEachMailOnce) {
  for (int i = 0; i < 60; ++i) Queue("act:" + std::to_string(i));
  const auto run = [&] { Deliver(kNow); };
  std::thread one(run), two(run);
  one.join();
  two.join();
  std::map<std::string, int> times;
  for (const MailMessage& mail : transport_.given) times[mail.message_id] += 1;
  EXPECT_EQ(times.size(), 60U);
  EXPECT_EQ(transport_.given.size(), 60U);
  EXPECT_EQ(record_->Read([](Session& session) {
    return CountOutbox(session, {"mail", "sent", "", 0, 0});
  }),
            60);
}

}  // namespace
}  // namespace aiguillage::notifications
