// The news of a call: who asked and confirmed is told that it is published, and that it closes,
// once each, across restarts and downtime.
#include "notifications/call_news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/compose.h"
#include "storage/call_subscribers.h"
#include "storage/dossiers.h"
#include "storage/hash.h"
#include "storage/mail_paces.h"
#include "storage/outbox.h"
#include "tests/support/desk_world.h"
#include "workflows/delegation.h"
#include "workflows/mail_pace.h"

namespace aiguillage::notifications {
namespace {

using storage::Session;
using test::DeskWorld;
using ::testing::HasSubstr;
using ::testing::Not;

class CallNews : public testing::Test {
 protected:
  CallNews() : world_(Options()) {
    world_.database().Write([](Session& session) { workflows::MakeUnsubscribeSecret(session); });
    SetCall("2027-02-01", "2027-03-31");
  }

  static test::WorldOptions Options() {
    test::WorldOptions options;
    options.rails = "workflows/definitions";
    options.definition = "mentor";
    return options;
  }

  void SetCall(const std::string& opens, const std::string& closes,
               const std::string& status = "published", const std::string& id = "demo-2026",
               const std::string& definition = "mentor") {
    world_.database().Write([&](Session& session) {
      storage::Call call = storage::FindCall(session, id).value_or(storage::Call());
      call.id = id;
      call.title = "Appel " + id;
      call.definition = definition;
      call.opens = opens;
      call.closes = closes;
      call.status = status;
      storage::SaveCall(session, call);
    });
  }

  // The token of the mail that asks to confirm; "" when none left.
  std::string Ask(const std::string& name, const std::string& call = "demo-2026") {
    const auto count = Rows("call_subscription").size();
    world_.database().Write([&](Session& session) {
      AskForNews(session, storage::FindCall(session, call).value(), DeskWorld::Email(name),
                 world_.now);
    });
    const auto rows = Rows("call_subscription");
    return rows.size() == count ? "" : rows[0].payload["token"].get<std::string>();
  }

  void Subscribe(const std::string& name, const std::string& call = "demo-2026") {
    const std::string token = Ask(name, call);
    EXPECT_TRUE(world_.database().Write([&](Session& session) {
      return ConfirmNews(session, token, world_.now);
    })) << name;
  }

  // Newest first.
  std::vector<storage::OutboxRow> Rows(const std::string& topic) {
    storage::OutboxFilter filter;
    filter.limit = 2000;
    auto rows = world_.database().Read(
        [&](Session& session) { return storage::ListOutbox(session, filter); });
    std::erase_if(rows, [&](const auto& row) { return row.topic != topic; });
    return rows;
  }

  // What the clock tells at that instant: the mails that it queued, a line each.
  std::string TickAt(const std::string& instant) {
    world_.At(instant);
    storage::OutboxFilter all;
    all.limit = 2000;
    const auto list = [&](Session& session) { return storage::ListOutbox(session, all); };
    const auto before = world_.database().Read(list).size();
    TellOfCalls(world_.database(), world_.catalog(), world_.now, false);
    auto rows = world_.database().Read(list);
    rows.resize(rows.size() - before);
    std::string told;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
      told += row->topic + " > " + row->address.substr(0, row->address.find('@')) +
              (row->copy ? " (copy)" : "") + "\n";
    }
    return told;
  }

  DeskWorld world_;
};

TEST_F(CallNews, IsToldOnceEachToWhoConfirmedAndToTheLeads) {
  Subscribe("ana");
  Ask("bob");
  EXPECT_EQ(TickAt("2027-02-01T07:59"), "");
  EXPECT_EQ(TickAt("2027-02-01T08:00"), "call_published > lea (copy)\ncall_published > ana\n");
  EXPECT_EQ(TickAt("2027-02-01T08:00"), "") << "after a restart too: the record says so";
  Subscribe("cleo");
  EXPECT_EQ(TickAt("2027-03-16T07:59"), "") << "who came later knows that it is published";
  EXPECT_EQ(TickAt("2027-03-16T08:00"),
            "call_closing > lea (copy)\ncall_closing > ana\ncall_closing > cleo\n");
  EXPECT_EQ(TickAt("2027-03-27T23:00"), "");
  EXPECT_EQ(TickAt("2027-03-28T08:00"),
            "call_closing > lea (copy)\ncall_closing > ana\ncall_closing > cleo\n")
      << "in summer time since that night";
  EXPECT_EQ(TickAt("2027-03-31T23:59"), "");
  EXPECT_EQ(TickAt("2027-04-30T08:00"), "");
}

TEST_F(CallNews, WhoStandsInForALeadIsToldInTheirPlace) {
  const auto lea = world_.Person("lea"), denis = world_.Person("denis");
  world_.At("2027-01-15T08:00");
  world_.database().Write([&](Session& session) {
    ASSERT_TRUE(workflows::DeclareAbsence(
        session,
        {0, lea, denis, "collection:numerique", world_.now, world_.now + 30LL * 86'400'000},
        world_.now));
  });
  EXPECT_EQ(TickAt("2027-02-01T08:00"),
            "call_published > lea (copy)\ncall_published > denis (copy)\n");
  EXPECT_EQ(Rows("call_published")[0].payload.value("standing_for", ""), "lea");
  EXPECT_EQ(TickAt("2027-03-16T08:00"), "call_closing > lea (copy)\n") << "lea is back";
}

TEST_F(CallNews, AfterDowntimeIsToldOnceAndNotAfterTheEnd) {
  Subscribe("ana");
  TickAt("2027-02-01T08:00");
  EXPECT_EQ(TickAt("2027-03-29T10:00"), "call_closing > lea (copy)\ncall_closing > ana\n")
      << "fifteen days and three days before fell while the machine was down";
  EXPECT_EQ(TickAt("2027-03-30T10:00"), "");
}

TEST_F(CallNews, OfAShortCallIsThatItIsPublished) {
  SetCall("2027-02-01", "2027-02-10");
  Subscribe("ana");
  EXPECT_EQ(TickAt("2027-02-02T08:00"), "call_published > lea (copy)\ncall_published > ana\n");
  EXPECT_EQ(TickAt("2027-02-07T08:00"), "call_closing > lea (copy)\ncall_closing > ana\n");
  EXPECT_EQ(TickAt("2027-02-11T08:00"), "");
}

TEST_F(CallNews, OfACallThatClosedOrIsADraftIsNone) {
  Subscribe("ana");
  SetCall("2027-02-01", "2027-03-31", "draft");
  EXPECT_EQ(TickAt("2027-03-20T08:00"), "");
  SetCall("2027-02-01", "2027-03-31", "closed");
  EXPECT_EQ(TickAt("2027-03-20T08:00"), "");
  SetCall("2026-02-01", "2027-12-31");
  EXPECT_EQ(TickAt("2027-03-20T08:00"), "") << "that it opened a year ago is no news";
}

TEST_F(CallNews, AClosingDateThatMovesIsToldAgain) {
  Subscribe("ana");
  TickAt("2027-02-01T08:00");
  TickAt("2027-03-28T08:00");
  SetCall("2027-02-01", "2027-04-30");
  EXPECT_EQ(TickAt("2027-03-29T08:00"), "");
  EXPECT_EQ(TickAt("2027-04-15T08:00"), "call_closing > lea (copy)\ncall_closing > ana\n");
}

TEST_F(CallNews, GoesToWhoAskedOfAnEarlierCallOfItsKind) {
  Subscribe("ana");
  Subscribe("bob");
  SetCall("2026-06-01", "2026-06-30", "closed");
  SetCall("2028-02-01", "2028-03-31", "published", "mentor-2028", "mentor-cadrage-apres");
  SetCall("2028-02-01", "2028-03-31", "published", "fep-2028", "fep");
  Subscribe("bob", "mentor-2028");
  Subscribe("fred", "fep-2028");
  EXPECT_EQ(TickAt("2028-02-01T08:00"),
            "call_published > fred\n"
            "call_published > lea (copy)\ncall_published > ana\ncall_published > bob\n")
      << "each address once a call, and not of calls of another kind";
}

TEST_F(CallNews, ManyAreToldByBatchesAndABreakGoesOnWhereItStopped) {
  std::vector<std::int64_t> ids;
  world_.database().Write([&](Session& session) {
    for (int i = 0; i < 450; ++i) {
      const auto id =
          storage::AskSubscription(session, "demo-2026", DeskWorld::Email("p" + std::to_string(i)),
                                   storage::Sha256(std::to_string(i)), world_.now);
      storage::ConfirmSubscription(session, id, world_.now);
      ids.push_back(id);
    }
    // As a process left it that died after the first batch.
    storage::SaveSetting(session, "call.news.demo-2026",
                         "1 0 " + std::to_string(ids[199]) + " 2027-03-31");
  });
  TickAt("2027-02-01T08:00");
  const auto rows = Rows("call_published");
  EXPECT_EQ(rows.size(), 250U);
  EXPECT_EQ(rows[0].address, DeskWorld::Email("p449"));
  EXPECT_EQ(TickAt("2027-02-02T08:00"), "");
}

TEST_F(CallNews, ARehearsalSaysWhoWouldBeToldAndWritesNothing) {
  Subscribe("ana");
  world_.At("2027-02-01T08:00");
  for (int again = 0; again < 2; ++again) {
    const auto firings = TellOfCalls(world_.database(), world_.catalog(), world_.now, true);
    ASSERT_EQ(firings.size(), 1U);
    EXPECT_EQ(firings[0].event, "call.published demo-2026");
    EXPECT_THAT(firings[0].told, testing::ElementsAre(DeskWorld::Email("lea"), "1 abonnés"));
  }
  EXPECT_TRUE(Rows("call_published").empty());
}

TEST_F(CallNews, AnAddressIsConfirmedByItsLinkAndInTime) {
  const std::string token = Ask("ana");
  EXPECT_EQ(token.size(), 64U);
  const auto confirm = [&](const std::string& by) {
    return world_.database().Write(
        [&](Session& session) { return ConfirmNews(session, by, world_.now).value_or(""); });
  };
  EXPECT_EQ(confirm(std::string(64, '0')), "");
  world_.Days(4);
  EXPECT_EQ(confirm(token), "") << "three days are over";
  const std::string fresh = Ask("ana");
  EXPECT_EQ(confirm(token), "") << "a new link ends the one before";
  EXPECT_EQ(confirm(fresh), "demo-2026");
  EXPECT_EQ(confirm(fresh), "demo-2026") << "twice is once";
  EXPECT_EQ(Ask("ana"), "") << "who is told already gets no other mail";
}

TEST_F(CallNews, ThreeMailsADayAreEnoughForAnAddress) {
  for (int i = 0; i < 3; ++i) EXPECT_NE(Ask("ana"), "");
  EXPECT_EQ(Ask("ana"), "");
  world_.Days(2);
  EXPECT_NE(Ask("ana"), "");
}

TEST_F(CallNews, EndedByItsLinkLeavesNothingBehind) {
  Subscribe("ana");
  TickAt("2027-02-01T08:00");
  const auto row = Rows("call_published").at(0);
  const auto composer =
      Composer::Load(world_.catalog(), {.public_url = "https://aap.exemple.invalid",
                                        .from = {"Aiguillage", "aap@exemple.invalid"},
                                        .reply_to = ""});
  ASSERT_TRUE(composer) << composer.refusal().sentence;
  const auto compose = [&] {
    return world_.database().Read(
        [&](Session& session) { return composer.value()->Compose(session, row, world_.now); });
  };
  const auto mail = compose();
  ASSERT_TRUE(mail) << mail.refusal().sentence;
  EXPECT_EQ(mail.value().to.address, DeskWorld::Email("ana"));
  EXPECT_EQ(mail.value().subject, "Appel à projets publié : Appel demo-2026");
  EXPECT_THAT(mail.value().text, HasSubstr("https://aap.exemple.invalid/appels/demo-2026\n"));
  EXPECT_THAT(mail.value().text, HasSubstr("jusqu’au 31 mars 2027 à 23 h 59"));
  std::string link;
  for (const auto& [name, value] : mail.value().headers) {
    if (name == "List-Unsubscribe") link = value;
  }
  const std::string start = "<https://aap.exemple.invalid/annonces/";
  ASSERT_EQ(link.rfind(start, 0), 0U) << link;
  EXPECT_THAT(mail.value().text, HasSubstr(link.substr(1, link.size() - 2)));
  const std::string token = link.substr(start.size(), link.size() - start.size() - 5);
  const auto end = [&] {
    return world_.database().Write(
        [&](Session& session) { return EndNews(session, token).value_or(""); });
  };
  EXPECT_EQ(end(), "demo-2026");
  EXPECT_EQ(end(), "") << "nothing is left to end";
  EXPECT_EQ(compose().refusal().code, "inactive") << "what waited does not leave";
  EXPECT_EQ(TickAt("2027-03-16T08:00"), "call_closing > lea (copy)\n");
  EXPECT_EQ(world_.Broken(), "");
}

TEST_F(CallNews, ALeadWhoMutedNewsIsNotTold) {
  world_.database().Write([&](Session& session) {
    storage::SetPace(session, world_.Person("lea"), workflows::kNews, workflows::kNeverSent);
  });
  EXPECT_EQ(TickAt("2027-02-01T08:00"), "");
}

}  // namespace
}  // namespace aiguillage::notifications
