// One mail by hand: what the office may do with it, and what the reader gets then.
#include "notifications/outbox_hand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/compose.h"
#include "tests/support/desk_world.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using storage::Session;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSite = "https://aap.exemple.invalid";

class HandTest : public ::testing::Test {
 protected:
  HandTest() : number_(world_.Intake("Accueil")) {
    const auto catalog = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
    Composer::Mails mails;
    mails["demo"] = catalog.value()->KitOf("mentor").mails;
    mails["demo"]["lead_asked.txt.mustache"] =
        "Objet : [{{number}}] Un cadrage attend\n\nUn cadrage vous attend : {{title}}.\n\n"
        "Ouvrir le projet : {{url}}\n";
    mails["demo"]["lead_asked.html.mustache"] =
        "<p>{{title}}</p>\n<p><a href=\"{{url}}\">x</a></p>\n";
    composer_ = std::move(
        Composer::Make(mails,
                       {.public_url = kSite, .from = {"A", "aap@exemple.invalid"}, .reply_to = ""})
            .value());
    world_.Do(number_, "olga", "check.accept");
    for (const auto& row : Rows()) {
      if (row.topic == "lead_asked") mail_ = row.id;
    }
  }
  std::vector<OutboxRow> Rows() {
    return world_.database().Read([](Session& s) { return storage::ListOutbox(s, {}); });
  }
  OutboxRow Row(std::int64_t id) {
    return world_.database().Read([&](Session& s) { return *storage::FindOutbox(s, id); });
  }
  Hand Me() { return {world_.Person("paul"), "Paul Pilote", world_.now}; }
  template <typename Gesture>
  std::string Said(Gesture&& gesture) {
    const auto done = world_.database().Write([&](Session& s) { return gesture(s); });
    return done ? done.value().status : done.refusal().code + ": " + done.refusal().sentence;
  }
  MailMessage Composed(std::int64_t id) {
    return world_.database()
        .Read([&](Session& s) {
          return composer_->Compose(s, *storage::FindOutbox(s, id), world_.now);
        })
        .value();
  }

  test::DeskWorld world_;
  std::string number_;
  std::unique_ptr<Composer> composer_;
  std::int64_t mail_ = 0;
};

TEST_F(HandTest, AMailThatWaitsIsDiscardedWithAReason) {
  EXPECT_THAT(Said([&](Session& s) { return Discard(s, mail_, Me(), "  "); }),
              HasSubstr("Dites pourquoi"));
  EXPECT_EQ(Said([&](Session& s) { return Discard(s, mail_, Me(), "déjà\nappelée"); }),
            "withdrawn");
  EXPECT_EQ(Row(mail_).detail, "Écarté par Paul Pilote : déjà appelée");
  EXPECT_EQ(Row(mail_).payload["hand"][0]["why"], "déjà appelée");
  EXPECT_THAT(Said([&](Session& s) { return Discard(s, mail_, Me(), "x"); }),
              HasSubstr("not_pending"));
  EXPECT_EQ(world_.Broken(), "");
}

TEST_F(HandTest, SendingNowEndsTheWait) {
  ASSERT_GT(Row(mail_).not_before, world_.now);
  EXPECT_EQ(Said([&](Session& s) { return SendNow(s, mail_, Me()); }), "pending");
  EXPECT_EQ(Row(mail_).not_before, world_.now);
}

TEST_F(HandTest, OtherWordsLeaveInTheSameFrame) {
  const auto draft =
      world_.database()
          .Read([&](Session& s) { return composer_->Draft(s, *storage::FindOutbox(s, mail_)); })
          .value();
  EXPECT_EQ(draft.subject, "[" + number_ + "] Un cadrage attend");
  EXPECT_EQ(draft.text, "Un cadrage vous attend : Accueil.\n");
  EXPECT_EQ(Said([&](Session& s) {
              return Rewrite(s, mail_, Me(),
                             {"Votre avis\nBcc: x", "Léa,\nun mot <b>bref</b>.\n\nMerci."}, kSite);
            }),
            "pending");
  const auto mail = Composed(mail_);
  EXPECT_EQ(mail.subject, "Votre avis Bcc: x");
  EXPECT_THAT(mail.text,
              HasSubstr("Bonjour,\n\nLéa,\nun mot <b>bref</b>.\n\nMerci.\n\nOuvrir le projet : " +
                        std::string(kSite) + "/projets/" + number_));
  EXPECT_THAT(mail.html, HasSubstr("un mot &lt;b&gt;bref&lt;/b&gt;."));
  EXPECT_THAT(mail.html, Not(HasSubstr("<b>")));
  const auto again =
      world_.database()
          .Read([&](Session& s) { return composer_->Draft(s, *storage::FindOutbox(s, mail_)); })
          .value();
  EXPECT_EQ(again.text, "Léa,\nun mot <b>bref</b>.\n\nMerci.");
  EXPECT_EQ(world_.Broken(), "");
}

TEST_F(HandTest, OtherWordsLeadNowhereElse) {
  const auto said = [&](const std::string& text) {
    return Said([&](Session& s) { return Rewrite(s, mail_, Me(), {"Objet", text}, kSite); });
  };
  EXPECT_THAT(said("voir https://ailleurs.exemple.invalid/x"), HasSubstr("mène ailleurs"));
  EXPECT_THAT(said("voir javascript://x"), HasSubstr("mène ailleurs"));
  EXPECT_THAT(said("voir https://aap.exemple.invalid.pirate.invalid/"), HasSubstr("mène ailleurs"));
  EXPECT_THAT(said(std::string(5000, 'a')), HasSubstr("trop long"));
  EXPECT_THAT(said(" \n "), HasSubstr("un objet et un texte"));
  EXPECT_EQ(said("voir https://aap.exemple.invalid/collections"), "pending");
}

TEST_F(HandTest, WhatLeftIsSentAgainAsAMailOfItsOwn) {
  EXPECT_THAT(Said([&](Session& s) { return SendAgain(s, mail_, Me()); }),
              HasSubstr("pas encore parti"));
  auto row = Row(mail_);
  row.status = "sent";
  row.done_at = world_.now;
  world_.database().Write([&](Session& s) { storage::UpdateOutbox(s, row); });
  EXPECT_THAT(Said([&](Session& s) {
                return Rewrite(s, mail_, Me(), {"a", "b"}, kSite);
              }),
              HasSubstr("peut être renvoyé"));
  EXPECT_EQ(Said([&](Session& s) { return SendAgain(s, mail_, Me()); }), "pending");
  EXPECT_EQ(Said([&](Session& s) { return SendAgain(s, mail_, Me()); }), "pending")
      << "twice is meant";
  std::vector<std::string> keys;
  for (const auto& one : Rows()) {
    if (one.payload.value("again_of", std::int64_t{0}) == mail_) keys.push_back(one.key);
  }
  EXPECT_THAT(keys, ::testing::UnorderedElementsAre(EndsWith("/encore/1"), EndsWith("/encore/2")));
  EXPECT_EQ(Row(mail_).payload["hand"].size(), 2u);
  EXPECT_EQ(world_.Broken(), "");
}

TEST_F(HandTest, AnActTakenBackWithdrawsWhatWasSentAgainToo) {
  const std::string act = world_.last_act;
  Said([&](Session& s) { return Discard(s, mail_, Me(), "à relire"); });
  ASSERT_EQ(Said([&](Session& s) { return SendAgain(s, mail_, Me()); }), "pending");
  const auto copy = Rows().at(0).id;
  ASSERT_EQ(Row(copy).payload.at("again_of"), mail_);
  EXPECT_EQ(world_.TakeBack(number_, "olga", act), "active check");
  for (const auto id : {mail_, copy}) {
    EXPECT_EQ(Row(id).status + " | " + Row(id).detail,
              "withdrawn | L’acte a été repris avant son départ.");
    EXPECT_FALSE(MaySendAgain(Row(id)));
    EXPECT_THAT(Said([&](Session& s) { return SendAgain(s, id, Me()); }),
                HasSubstr("withdrawn: Ce courriel a été retiré"));
  }
  EXPECT_EQ(world_.Broken(), "");
}

TEST_F(HandTest, AnActWhoseMailWasSentAgainAndLeftIsNotTakenBack) {
  const std::string act = world_.last_act;
  Said([&](Session& s) { return Discard(s, mail_, Me(), "à relire"); });
  Said([&](Session& s) { return SendAgain(s, mail_, Me()); });
  auto copy = Rows().at(0);
  copy.status = "sent";
  copy.done_at = world_.now;
  world_.database().Write([&](Session& s) { storage::UpdateOutbox(s, copy); });
  EXPECT_THAT(world_.TakeBack(number_, "olga", act), HasSubstr("déjà parti"));
}

TEST_F(HandTest, ALogInMailIsNobodys) {
  world_.database().Write([&](Session& s) {
    QueueLoginMail(s, *storage::FindPerson(s, world_.Person("lea")), "login",
                   "https://x/connexion/y", world_.now + 1000, world_.now);
  });
  const auto id = Rows().at(0).id;
  EXPECT_THAT(Said([&](Session& s) { return SendNow(s, id, Me()); }), HasSubstr("secret"));
  EXPECT_THAT(Said([&](Session& s) { return SendNow(s, 999'999, Me()); }),
              HasSubstr("unknown_mail"));
}

}  // namespace
}  // namespace aiguillage::notifications
