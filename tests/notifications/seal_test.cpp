// The journal's seal: once a day that is over, told to every pilot.
#include "notifications/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/compose.h"
#include "storage/mail_paces.h"
#include "storage/outbox.h"
#include "storage/seals.h"
#include "tests/support/desk_world.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"
#include "workflows/mail_pace.h"

namespace aiguillage::notifications {
namespace {

using storage::Session;
using test::DeskWorld;
using ::testing::HasSubstr;

std::vector<storage::OutboxRow> SealMails(DeskWorld& world) {
  std::vector<storage::OutboxRow> mails;
  for (auto& row : world.database().Read([](Session& s) { return storage::ListOutbox(s, {}); })) {
    if (row.topic == "journal_sealed") mails.push_back(row);
  }
  return mails;
}

TEST(Seal, IsMadeOnceTheDayIsOverAndToldToThePilots) {
  DeskWorld world;
  world.Grant("zoe", "program_admin", "call:demo");
  world.At("2026-11-24T15:00");
  const std::string number = world.Intake("Accueil");
  EXPECT_TRUE(SealYesterday(world.database(), world.now)) << "the record of before today";
  const std::size_t first = SealMails(world).size();
  world.At("2026-11-24T23:59");
  world.Do(number, "olga", "check.accept");
  EXPECT_FALSE(SealYesterday(world.database(), world.now)) << "the day is not over";
  world.At("2026-11-25T00:00");
  EXPECT_TRUE(SealYesterday(world.database(), world.now));
  EXPECT_FALSE(SealYesterday(world.database(), world.now)) << "once";
  const auto seal = world.database().Read([](Session& s) { return storage::LastSeal(s); });
  ASSERT_TRUE(seal);
  EXPECT_EQ(seal->day, "2026-11-24");
  EXPECT_EQ(seal->heads, 1);
  const auto mails = SealMails(world);
  ASSERT_EQ(mails.size(), first + 2) << "paul and zoe";
  EXPECT_THAT(mails[0].payload.dump(), HasSubstr(seal->hash));
  world.At("2026-11-27T08:00");
  EXPECT_FALSE(SealYesterday(world.database(), world.now)) << "nothing happened";
  EXPECT_EQ(SealMails(world).size(), first + 2);
  EXPECT_EQ(world.Broken(), "");
}

TEST(Seal, FollowsThePaceOfItsReaderAndWhoStandsInForThem) {
  DeskWorld world;
  world.At("2026-11-24T15:00");
  world.Intake("Accueil");
  const auto paul = world.Person("paul"), denis = world.Person("denis");
  world.database().Write([&](Session& session) {
    storage::SetPace(session, paul, workflows::kDuties, "weekly");
    ASSERT_TRUE(workflows::DeclareAbsence(
        session, {0, paul, denis, "", world.now, world.now + 7LL * 86'400'000}, world.now));
  });
  world.At("2026-11-25T00:01");
  ASSERT_TRUE(SealYesterday(world.database(), world.now));
  const auto mails = SealMails(world);  // newest first
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_EQ(mails[1].person, paul);
  EXPECT_EQ(mails[1].pace, "weekly");
  EXPECT_EQ(workflows::IsoInstant(mails[1].not_before), "2026-11-30T08:00:00+01:00");
  EXPECT_EQ(mails[0].person, denis);
  EXPECT_EQ(mails[0].pace, "");
  EXPECT_EQ(mails[0].payload.value("standing_for", ""), "paul");
}

TEST(Seal, ReadsAsAMailWithTheSealInIt) {
  DeskWorld world;
  world.At("2026-11-24T15:00");
  world.Intake("Accueil");
  world.At("2026-11-25T00:01");
  ASSERT_TRUE(SealYesterday(world.database(), world.now));
  const auto catalog = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
  const auto composer =
      Composer::Load(*catalog.value(), {.public_url = "https://aap.exemple.invalid",
                                        .from = {"Aiguillage", "aap@exemple.invalid"},
                                        .reply_to = ""});
  ASSERT_TRUE(composer);
  const auto row = SealMails(world).at(0);
  const auto mail = world.database().Read(
      [&](Session& s) { return composer.value()->Compose(s, row, world.now); });
  ASSERT_TRUE(mail) << mail.refusal().sentence;
  const auto seal = world.database().Read([](Session& s) { return storage::LastSeal(s); });
  EXPECT_EQ(mail.value().subject, "Sceau quotidien du journal des décisions");
  EXPECT_THAT(mail.value().text, HasSubstr("24 novembre 2026"));
  EXPECT_THAT(mail.value().text, HasSubstr("Sceau : " + seal->hash));
  EXPECT_THAT(mail.value().html, HasSubstr(seal->hash));
}

}  // namespace
}  // namespace aiguillage::notifications
