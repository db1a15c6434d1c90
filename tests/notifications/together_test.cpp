// Several mails of one person in one: who goes along, what it says, what becomes of each row.
#include <gmock/gmock.h>

#include "notifications/dispatcher.h"
#include "notifications/outbox_hand.h"
#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "tests/notifications/fixture.h"
#include "tests/support/test_record.h"
#include "workflows/mail_pace.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using storage::Session;
using ::testing::HasSubstr;
using Verdict = DeliveryResult::Verdict;

constexpr std::int64_t kOneMinute = 60'000;
constexpr std::int64_t kWhen = 1795442645000;

class Kept : public MailTransport {
 public:
  DeliveryResult Deliver(const MailMessage& mail) override {
    given.push_back(mail);
    return answer;
  }
  void Rest() override {}
  DeliveryResult answer{Verdict::kSent, 250, "250 OK"};
  std::vector<MailMessage> given;
};

class TogetherTest : public ::testing::Test {
 protected:
  TogetherTest() {
    record_.Seed();
    record_->Write([&](Session& session) {
      workflows::MakeUnsubscribeSecret(session);
      for (const char* title : {"Accueil", "Budget"}) {
        projects_.push_back(InsertProject(session, record_.NewProject(title), 2026).id);
      }
      OutboxRow row;
      row.kind = "mail";
      row.topic = "hello";
      row.address = "camille@example.fr";
      row.status = "pending";
      row.created_at = row.not_before = kWhen;
      base_ = row;
    });
  }

  std::int64_t Queue(const std::string& key, const std::string& pace, std::size_t project = 0,
                     std::int64_t not_before = kWhen, std::int64_t person = 1) {
    OutboxRow row = base_;
    row.key = key;
    row.pace = pace;
    row.project = projects_[project];
    row.person = person;
    row.copy = true;
    row.not_before = not_before;
    row.payload = {{"title", project == 0 ? "Accueil" : "Budget"}};
    return record_->Write([&](Session& session) { return InsertOutbox(session, row); });
  }
  std::string Status(std::int64_t id) {
    const auto row = *record_->Read([&](Session& session) { return FindOutbox(session, id); });
    return row.status + " | " + row.detail;
  }
  DeliveryCounts Deliver(std::int64_t now) {
    return Dispatcher(*record_, *composer_, transport_, {}).DeliverOnce(now);
  }

  test::TestRecord record_;
  OutboxRow base_;
  std::vector<std::int64_t> projects_;
  std::unique_ptr<Composer> composer_ = test::DemoComposer();
  Kept transport_;
};

TEST_F(TogetherTest, WhatIsDueOfOnePersonIsOneMail) {
  const auto first = Queue("act:1", "hourly"), second = Queue("act:2", "daily", 1),
             later = Queue("act:3", "hourly", 0, kWhen + 60 * kOneMinute),
             alone = Queue("act:4", "", 0);
  EXPECT_EQ(Deliver(kWhen).sent, 2);
  ASSERT_EQ(transport_.given.size(), 2U);
  const MailMessage& mail = transport_.given[0];
  EXPECT_EQ(mail.subject, "2 nouvelles de vos projets");
  EXPECT_EQ(mail.message_id, MessageIdFor("act:1", "exemple.invalid"));
  for (const auto& body : {mail.text, mail.html}) {
    EXPECT_THAT(body, HasSubstr("Accueil"));
    EXPECT_THAT(body, HasSubstr("Budget"));
    EXPECT_THAT(body, HasSubstr("/projets/AIG-2026-0001"));
    EXPECT_THAT(body, HasSubstr("/projets/AIG-2026-0002"));
    EXPECT_THAT(body, HasSubstr("/compte#courriels"));
  }
  EXPECT_EQ(Status(first), "sent | 250 OK");
  EXPECT_EQ(Status(second), "sent | 250 OK") << "carried: the same fate";
  EXPECT_EQ(Status(alone), "sent | 250 OK");
  EXPECT_EQ(Status(later), "pending | ");
}

TEST_F(TogetherTest, OfOneProjectItIsNamed) {
  Queue("act:1", "hourly");
  Queue("act:2", "hourly");
  Deliver(kWhen);
  ASSERT_EQ(transport_.given.size(), 1U);
  EXPECT_EQ(transport_.given[0].subject, "[AIG-2026-0001] 2 nouvelles : Accueil");
}

TEST_F(TogetherTest, ALoneOneIsItselfAndNewsCanBeEndedInOneClick) {
  Queue("act:1", "hourly");
  Deliver(kWhen);
  ASSERT_EQ(transport_.given.size(), 1U);
  const auto mime = ToMime(transport_.given[0]);
  ASSERT_TRUE(mime) << mime.refusal().sentence;
  EXPECT_THAT(mime.value(), HasSubstr("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  EXPECT_THAT(mime.value(), HasSubstr("List-Unsubscribe: <https://"));
  EXPECT_THAT(mime.value(), HasSubstr("/desabonnement/1-"));
}

TEST_F(TogetherTest, TriedAgainItCarriesTheSameUnderTheSameId) {
  const auto first = Queue("act:1", "hourly"), second = Queue("act:2", "hourly");
  transport_.answer = {Verdict::kLater, 450, "450 plus tard"};
  EXPECT_EQ(Deliver(kWhen).later, 1);
  EXPECT_EQ(Status(second), "sending | ") << "with the first, whatever becomes of it";
  const auto third = Queue("act:3", "hourly");
  transport_.answer = {Verdict::kSent, 250, "250 OK"};
  EXPECT_EQ(Deliver(kWhen + 5 * kOneMinute).sent, 2);
  ASSERT_EQ(transport_.given.size(), 3U);
  EXPECT_EQ(transport_.given[0].message_id, MessageIdFor("act:1", "exemple.invalid"));
  std::map<std::string, std::string> subjects;
  for (std::size_t i = 1; i < 3; ++i) {
    subjects[transport_.given[i].message_id] = transport_.given[i].subject;
  }
  EXPECT_THAT(subjects.at(MessageIdFor("act:1", "exemple.invalid")), HasSubstr("2 nouvelles"));
  EXPECT_EQ(subjects.count(MessageIdFor("act:3", "exemple.invalid")), 1U);
  for (const auto id : {first, second, third}) EXPECT_THAT(Status(id), HasSubstr("sent"));
}

// Nothing was said of any of them: each waits for itself, as what a later act may still replace.
TEST_F(TogetherTest, WithoutServerTheyWaitEachForItselfAndNoneIsLostWithTheFirst) {
  const auto first = Queue("act:1", "hourly"), second = Queue("act:2", "hourly"),
             third = Queue("act:3", "hourly");
  transport_.answer = {Verdict::kLater, 0, "Failed to connect", true};
  EXPECT_TRUE(Deliver(kWhen).unreachable);
  for (const auto id : {first, second, third}) EXPECT_THAT(Status(id), HasSubstr("pending | "));
  record_->Write([&](Session& session) {
    auto row = *FindOutbox(session, first);
    row.status = "withdrawn";  // by a later act
    row.done_at = kWhen;
    UpdateOutbox(session, row);
  });
  transport_.answer = {Verdict::kSent, 250, "250 OK"};
  EXPECT_EQ(Deliver(kWhen + 1440 * kOneMinute).sent, 1);
  EXPECT_THAT(Status(first), HasSubstr("withdrawn"));
  EXPECT_EQ(Status(second), "sent | 250 OK");
  EXPECT_EQ(Status(third), "sent | 250 OK");
}

TEST_F(TogetherTest, GivenBackBeforeTheirMailBeganTheyWaitEachForItself) {
  const auto first = Queue("act:1", "hourly"), second = Queue("act:2", "hourly");
  Dispatcher slow(*record_, *composer_, transport_, {.lease_ms = 0});
  EXPECT_EQ(slow.DeliverOnce(kWhen).sent, 0);
  EXPECT_EQ(Status(first) + Status(second), "pending | pending | ");
}

// The mail that is given up for its deaths takes along what it carried, whenever we die after that.
TEST_F(TogetherTest, OnesThatAreGivenUpLeaveNoneBehind) {
  const auto first = Queue("act:1", "hourly"), second = Queue("act:2", "hourly");
  struct Deadly : MailTransport {
    DeliveryResult Deliver(const MailMessage&) override { throw storage::Trouble("dies"); }
  } deadly;
  std::int64_t now = kWhen;
  for (int death = 1; death <= kDeathsMax; ++death, now += 22 * kOneMinute) {
    EXPECT_THROW(Dispatcher(*record_, *composer_, deadly, {}).DeliverOnce(now), storage::Trouble);
  }
  Dispatcher hurried(*record_, *composer_, transport_, {.lease_ms = 0});
  hurried.DeliverOnce(now);
  EXPECT_THAT(Status(first), HasSubstr("uncertain"));
  EXPECT_THAT(Status(second), HasSubstr("uncertain"));
}

TEST_F(TogetherTest, ARefusedOneTellsItOfEach) {
  const auto first = Queue("act:1", "hourly"), second = Queue("act:2", "hourly");
  transport_.answer = {Verdict::kRefused, 550, "550 inconnu"};
  EXPECT_EQ(Deliver(kWhen).failed, 1);
  EXPECT_EQ(Status(first), "failed | 550 inconnu");
  EXPECT_EQ(Status(second), "failed | 550 inconnu");
}

TEST_F(TogetherTest, ARefusedAddressIsMarkedAndATaskUntilAMailPasses) {
  const auto refused = [&] {
    return record_->Read([](Session& session) { return FindPerson(session, 1)->refused; });
  };
  const auto incidents = [&] {
    return record_->Read([](Session& session) {
      std::string text;
      for (const auto& one : OpenIncidents(session)) text += one.kind + ": " + one.sentence + "\n";
      return text;
    });
  };
  Queue("act:1", "");
  transport_.answer = {Verdict::kRefused, 0, "Objet illisible"};
  Deliver(kWhen);
  EXPECT_EQ(refused() + incidents(), "") << "it was our own words, not the address";
  Queue("act:2", "");
  transport_.answer = {Verdict::kRefused, 550, "550 inconnu ici"};
  Deliver(kWhen);
  EXPECT_EQ(refused(), "550 inconnu ici");
  EXPECT_THAT(incidents(), HasSubstr("mail_refused: "));
  EXPECT_THAT(incidents(), HasSubstr("550 inconnu ici"));
  Queue("act:3", "");
  transport_.answer = {Verdict::kSent, 250, "250 OK"};
  Deliver(kWhen);
  EXPECT_EQ(refused(), "") << "it takes mails again";
}

// There is one open task a project; what else is refused there is said in it, each address once.
TEST_F(TogetherTest, EachRefusedAddressOfAProjectIsTold) {
  transport_.answer = {Verdict::kRefused, 550, "550 inconnu ici"};
  Queue("act:1", "");
  Queue("act:2", "", 0, kWhen, 2);
  Queue("act:3", "");
  for (int i = 0; i < 3; ++i) Deliver(kWhen + i * 60 * kOneMinute);
  const auto open = record_->Read([](Session& session) { return OpenIncidents(session); });
  ASSERT_EQ(open.size(), 1U);
  for (const std::int64_t person : {1, 2}) {
    const std::string address =
        record_->Read([&](Session& session) { return FindPerson(session, person)->email; });
    const auto first = open[0].sentence.find("« " + address + " »");
    EXPECT_NE(first, std::string::npos) << open[0].sentence;
    EXPECT_EQ(open[0].sentence.find(address, first + 5), std::string::npos) << "said once";
  }
}

TEST_F(TogetherTest, DiscardedItLetsTheOthersLeaveAndHurriedItTakesThemAlong) {
  const auto first = Queue("act:1", "hourly"), second = Queue("act:2", "hourly");
  const Hand hand{1, "Paul Pilote", kWhen};
  transport_.answer = {Verdict::kLater, 450, "450 plus tard"};
  Deliver(kWhen);
  transport_.answer = {Verdict::kSent, 250, "250 OK"};
  record_->Write([&](Session& session) { EXPECT_TRUE(SendNow(session, first, hand)); });
  EXPECT_EQ(Deliver(kWhen).sent, 1);
  EXPECT_EQ(Status(first), "sent | 250 OK");
  EXPECT_EQ(Status(second), "sent | 250 OK") << "still in the same mail";

  const auto third = Queue("act:3", "hourly"), fourth = Queue("act:4", "hourly");
  transport_.answer = {Verdict::kLater, 450, "450 plus tard"};
  Deliver(kWhen);
  record_->Write([&](Session& session) { EXPECT_TRUE(Discard(session, third, hand, "Erreur.")); });
  transport_.answer = {Verdict::kSent, 250, "250 OK"};
  EXPECT_EQ(Deliver(kWhen).sent, 1);
  EXPECT_THAT(Status(third), HasSubstr("withdrawn"));
  EXPECT_EQ(Status(fourth), "sent | 250 OK") << "it is not lost with the one discarded";
}

TEST_F(TogetherTest, AHundredAtMostInOneMail) {
  for (int i = 0; i < 150; ++i) Queue("act:" + std::to_string(i), "hourly", i % 2);
  EXPECT_EQ(Deliver(kWhen).sent, 2);
  ASSERT_EQ(transport_.given.size(), 2U);
  EXPECT_EQ(transport_.given[0].subject, "101 nouvelles de vos projets");
  EXPECT_EQ(transport_.given[1].subject, "49 nouvelles de vos projets");
  record_->Read([](Session& session) {
    EXPECT_EQ(CountOutbox(session, {.kind = "mail", .status = "sent"}), 150);
  });
}

}  // namespace
}  // namespace aiguillage::notifications
