// To be told of calls without an account: the form, the link that confirms, the one that ends.
#include "notifications/call_news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/call_subscribers.h"
#include "storage/calls.h"
#include "storage/outbox.h"
#include "tests/web/counter.h"
#include "workflows/mail_pace.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string CallOf(Counter& counter) {
  return counter.database().Read(
      [](storage::Session& session) { return storage::Calls(session).at(0).id; });
}

std::vector<storage::OutboxRow> AskMails(Counter& counter) {
  auto rows = counter.database().Read(
      [](storage::Session& session) { return storage::ListOutbox(session, {}); });
  std::erase_if(rows, [](const auto& row) { return row.topic != "call_subscription"; });
  return rows;
}

std::vector<storage::CallSubscriber> Subscribers(Counter& counter) {
  return counter.database().Read([&](storage::Session& session) {
    return storage::SubscribersOf(session, storage::Calls(session).at(0).id);
  });
}

TEST(CallNewsPages, AnAddressIsConfirmedByTheButtonNotByALook) {
  Counter counter;
  const std::string call = "/appels/" + CallOf(counter);
  EXPECT_THAT(counter.Get(call).body, HasSubstr("Être prévenu"));
  const auto said = counter.Post(call + "/annonces", {{"adresse", " Ana@Exemple.invalid "}});
  EXPECT_EQ(said.status, 200);
  EXPECT_THAT(said.body, HasSubstr("Si cette adresse n’est pas déjà inscrite"));
  ASSERT_EQ(AskMails(counter).size(), 1U);
  const auto mail = AskMails(counter)[0];
  EXPECT_EQ(mail.address, "ana@exemple.invalid");
  EXPECT_TRUE(Subscribers(counter).empty());
  const std::string link = "/annonces/" + mail.payload["token"].get<std::string>();
  EXPECT_THAT(counter.Get(link).body, HasSubstr("Confirmer mon adresse"));
  EXPECT_TRUE(Subscribers(counter).empty()) << "mail scanners follow links";
  EXPECT_THAT(counter.Post(link, {}).body, HasSubstr("C’est confirmé"));
  ASSERT_EQ(Subscribers(counter).size(), 1U);
  EXPECT_EQ(counter.Post(call + "/annonces", {{"adresse", "ana@exemple.invalid"}}).body, said.body)
      << "who is known already is not told apart";
  EXPECT_EQ(AskMails(counter).size(), 1U);
}

TEST(CallNewsPages, EndWithOneClickOfAMailReader) {
  Counter counter;
  const std::string token = counter.database().Write([&](storage::Session& session) {
    workflows::MakeUnsubscribeSecret(session);
    const auto id = storage::AskSubscription(session, storage::Calls(session).at(0).id,
                                             "ana@exemple.invalid", "hash", counter.now);
    storage::ConfirmSubscription(session, id, counter.now);
    return workflows::SubscriberToken(session, id);
  });
  const std::string link = "/annonces/" + token + "/fin";
  EXPECT_THAT(counter.Get(link).body, HasSubstr("Ne plus les recevoir"));
  EXPECT_EQ(Subscribers(counter).size(), 1U);
  const auto sent = counter.database().Write([&](storage::Session& session) {
    storage::OutboxRow row;
    row.kind = "mail";
    row.key = "told-before";
    row.topic = "call_published";
    row.address = "ana@exemple.invalid";
    row.status = "sent";
    row.created_at = row.not_before = row.done_at = counter.now;
    return storage::InsertOutbox(session, row);
  });
  const RequestHead head{
      "POST",
      link,
      {{"Content-Type", "application/x-www-form-urlencoded"}, {"Content-Length", "26"}},
      "203.0.113.9"};
  EXPECT_EQ(counter.Send(head, "List-Unsubscribe=One-Click").status, 200);
  EXPECT_TRUE(Subscribers(counter).empty());
  EXPECT_EQ(counter.Get(link).status, 404);
  EXPECT_EQ(counter.database()
                .Read([&](storage::Session& session) { return storage::FindOutbox(session, sent); })
                ->address,
            "")
      << "what was mailed before knows the address no more";
  counter.database().Read([&](storage::Session& session) {
    const std::string other = workflows::UnsubscribeToken(session, counter.PersonId("lead"));
    EXPECT_FALSE(notifications::NewsOfToken(session, other)) << "another kind of link";
  });
}

TEST(CallNewsPages, WhatIsNoAddressIsSaidAndKept) {
  Counter counter;
  const std::string form = "/appels/" + CallOf(counter) + "/annonces";
  for (const std::string wrong : {"", "ana", "a@b@c", "a b@c.fr"}) {
    const auto said = counter.Post(form, {{"adresse", wrong}});
    EXPECT_EQ(said.status, 422) << wrong;
    EXPECT_THAT(said.body, HasSubstr("value=\"" + wrong + "\"")) << wrong;
  }
  const auto hostile = counter.Post(form, {{"adresse", kCanary}});
  EXPECT_FALSE(HoldsCanary(hostile.body));
  EXPECT_TRUE(AskMails(counter).empty());
  EXPECT_EQ(counter.Get("/annonces/inconnu").status, 404);
  EXPECT_EQ(counter.Post("/annonces/inconnu", {}).status, 404);
}

TEST(CallNewsPages, ADraftHasNone) {
  Counter counter;
  const std::string id = CallOf(counter);
  counter.database().Write([&](storage::Session& session) {
    auto call = storage::FindCall(session, id).value();
    call.status = "draft";
    storage::SaveCall(session, call);
  });
  EXPECT_EQ(counter.Post("/appels/" + id + "/annonces", {{"adresse", "a@b.fr"}}).status, 404);
  EXPECT_THAT(counter.Get("/appels/" + id, "pilot").body, Not(HasSubstr("Être prévenu")));
  EXPECT_TRUE(AskMails(counter).empty());
}

}  // namespace
}  // namespace aiguillage::web
