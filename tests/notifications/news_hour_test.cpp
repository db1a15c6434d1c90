// What the desk writes in an hour for one person's information, through the dispatcher: one mail of
// the hour, for the colleague who stands in as well, and none of a decision.
#include <gmock/gmock.h>

#include <map>

#include "notifications/dispatcher.h"
#include "storage/mail_paces.h"
#include "tests/support/desk_world.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"
#include "workflows/mail_pace.h"

namespace aiguillage::notifications {
namespace {

using storage::Session;
using test::DeskWorld;

class NewsHour : public testing::Test {
 protected:
  NewsHour() {
    const auto catalog = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
    Composer::Mails mails;
    mails["demo"] = catalog.value()->KitOf("mentor").mails;
    for (const char* topic : {"lead_asked", "asked"}) {
      mails["demo"][std::string(topic) + ".txt.mustache"] =
          "Objet : [{{number}}] À voir\n\n{{title}}\n{{url}}\n";
      mails["demo"][std::string(topic) + ".html.mustache"] =
          "<p>{{title}} <a href=\"{{url}}\">x</a></p>\n";
    }
    composer_ = std::move(Composer::Make(mails, {.public_url = "https://aap.exemple.invalid",
                                                 .from = {"A", "aap@exemple.invalid"},
                                                 .reply_to = ""})
                              .value());
  }

  // What leaves until that instant, looked at each minute: « olga 18:00 2 nouvelles … ».
  std::string Until(const std::string& instant) {
    struct Kept : MailTransport {
      DeliveryResult Deliver(const MailMessage& mail) override {
        given.push_back(mail);
        return {DeliveryResult::Verdict::kSent, 250, "250 OK"};
      }
      std::vector<MailMessage> given;
    } transport;
    Dispatcher dispatcher(world_.database(), *composer_, transport, {});
    std::string told;
    for (const auto end = workflows::ParseInstant(instant).value(); world_.now <= end;
         world_.now += 60'000) {
      transport.given.clear();
      dispatcher.DeliverOnce(world_.now);
      for (const auto& mail : transport.given) {
        told += mail.to.name + " " + workflows::IsoInstant(world_.now).substr(11, 5) + " " +
                mail.subject + "\n";
      }
    }
    return told;
  }

  DeskWorld world_;
  std::unique_ptr<Composer> composer_;
};

TEST_F(NewsHour, CopiesOfOneHourAreOneMailAndWhatIsAskedLeavesByItself) {
  world_.At("2026-11-24T09:00");
  const std::string one = world_.Intake("Accueil"), two = world_.Intake("Budget"),
                    three = world_.Intake("Climat");
  Until("2026-11-24T16:59");
  const auto olga = world_.Person("olga"), denis = world_.Person("denis");
  world_.database().Write([&](Session& session) {
    ASSERT_TRUE(workflows::DeclareAbsence(
        session, {0, olga, denis, "", world_.now, world_.now + 86'400'000}, world_.now));
  });
  world_.At("2026-11-24T17:05");
  world_.Do(one, "paul", "check.accept");
  EXPECT_EQ(Until("2026-11-24T17:24"), "lea 17:15 [" + one + "] À voir\n") << "after its grace";
  world_.Do(two, "paul", "check.accept");
  EXPECT_EQ(Until("2026-11-24T17:54"), "lea 17:35 [" + two + "] À voir\n");
  world_.Do(three, "paul", "check.accept");
  EXPECT_EQ(Until("2026-11-24T18:59"),
            "olga 18:00 2 nouvelles de vos projets\n"
            "denis 18:00 2 nouvelles de vos projets\n"
            "lea 18:05 [" +
                three + "] À voir\n");
  EXPECT_EQ(Until("2026-11-24T20:00"),
            "olga 19:00 [" + three + "] À voir\n" + "denis 19:00 [" + three + "] À voir\n");
}

TEST_F(NewsHour, WhatIsAskedMayBeReadOnceADayAtEight) {
  world_.At("2026-11-24T09:00");
  const std::string one = world_.Intake("Accueil"), two = world_.Intake("Budget");
  const auto lea = world_.Person("lea");
  world_.database().Write(
      [&](Session& session) { storage::SetPace(session, lea, workflows::kDuties, "daily"); });
  world_.Do(one, "paul", "check.accept");
  world_.At("2026-11-24T15:00");
  world_.Do(two, "paul", "check.accept");
  EXPECT_THAT(Until("2026-11-25T07:59"), ::testing::Not(::testing::HasSubstr("lea ")));
  EXPECT_EQ(Until("2026-11-25T09:00"), "lea 08:00 2 nouvelles de vos projets\n");
}

}  // namespace
}  // namespace aiguillage::notifications
