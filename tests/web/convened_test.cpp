// The committee is convened from the page of a sitting: who is told, once for what is on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/compose.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "tests/support/feed_readers.h"
#include "tests/web/committee_world.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Convened : public testing::Test {
 protected:
  Convened() {
    world_.BringToCommittee(1, {4, 4, 4, 4, 3, 3, 3, 3});
    const auto made = world_.Post(
        "/comite", {{"appel", "mentor-2026"}, {"date", "2026-12-08"}, {"note", "Salle 3"}},
        "chair");
    href_ = *made.FindHeader("Location");
  }

  std::string Convoke(const std::string& who = "chair") {
    const auto said = world_.Post(href_ + "/convocation", {}, who);
    const std::string* to = said.FindHeader("Location");
    return to == nullptr ? std::to_string(said.status) : to->substr(href_.size());
  }

  // Newest first.
  std::vector<storage::OutboxRow> Rows() {
    auto rows = world_.database().Read(
        [](storage::Session& session) { return storage::ListOutbox(session, {}); });
    std::erase_if(rows, [](const auto& row) { return row.topic != "committee_convened"; });
    return rows;
  }

  std::string Told() {
    std::string told;
    for (const auto& row : Rows()) told += row.address + (row.copy ? " (copy)\n" : "\n");
    return told;
  }

  CommitteeWorld world_;
  std::string href_;
};

TEST_F(Convened, MembersAndChairByNameLeadsOfTheAgendaInCopyOnceForTheSame) {
  world_.Post(href_, {{"projet", world_.number(1)}}, "chair");
  EXPECT_THAT(world_.Get(href_, "chair").body, HasSubstr("Convoquer le comité"));
  EXPECT_EQ(Convoke(), "?convoques=3");
  EXPECT_EQ(Told(), "lead@exemple.invalid (copy)\nchair@exemple.invalid\nmember@exemple.invalid\n");
  EXPECT_EQ(Convoke(), "?convoques=0") << "the same agenda is told once";
  EXPECT_EQ(Rows().size(), 3U);
  const auto page = world_.Get(href_ + "?convoques=3", "chair").body;
  EXPECT_THAT(page, HasSubstr("personnes sont convoquées ou prévenues"));
  EXPECT_THAT(page, Not(HasSubstr("Convoquer")));
  world_.Post(href_, {{"retirer", world_.number(1)}}, "chair");
  EXPECT_THAT(world_.Get(href_, "chair").body, HasSubstr("la séance a changé depuis"));
  EXPECT_EQ(Convoke(), "?convoques=2") << "no project, so no lead";
  EXPECT_EQ(Rows().size(), 5U);
}

TEST_F(Convened, WhoStandsInForAMemberIsConvenedInTheirPlace) {
  world_.AddSomebody("stand_in");
  const auto member = world_.Id("member"), stand_in = world_.Id("stand_in"),
             chair = world_.Id("chair"), from = world_.now - 1, until = from + 86'400'000;
  world_.database().Write([&](storage::Session& session) {
    storage::InsertDelegation(session, {0, member, stand_in, "", from, until});
    storage::InsertDelegation(session, {0, chair, member, "", from, until});
  });
  world_.Post(href_, {{"projet", world_.number(1)}}, "chair");
  EXPECT_EQ(Convoke(), "?convoques=4") << "a member by name is not told again in another's";
  EXPECT_THAT(Told(), HasSubstr("stand_in@exemple.invalid\n"));
  const auto rows = Rows();
  const auto theirs = std::find_if(rows.begin(), rows.end(),
                                   [&](const auto& row) { return row.person == stand_in; });
  ASSERT_NE(theirs, rows.end());
  EXPECT_THAT(theirs->payload.value("standing_for", ""), HasSubstr("Camille member"));
  EXPECT_EQ(world_.Get(href_, "stand_in").status, 200) << "the mail leads to a page that opens";
}

TEST_F(Convened, ByWhoDecidesOnlyAndNotOnceItIsOver) {
  EXPECT_EQ(Convoke("member"), "403");
  EXPECT_EQ(Convoke("officer"), "403");
  EXPECT_THAT(world_.Get(href_, "member").body, Not(HasSubstr("Convoquer le comité")));
  world_.now += 200LL * 86'400'000;
  EXPECT_TRUE(Rows().empty());
}

TEST_F(Convened, ReadsAsAMailWithItsDayForTheCalendar) {
  world_.Post(href_, {{"projet", world_.number(1)}}, "chair");
  Convoke();
  const auto composer = notifications::Composer::Load(
      world_.services().catalog, {.public_url = "https://aap.exemple.invalid",
                                  .from = {"Aiguillage", "aap@exemple.invalid"},
                                  .reply_to = ""});
  ASSERT_TRUE(composer) << composer.refusal().sentence;
  const auto row = Rows().back();
  const auto mail = world_.database().Read([&](storage::Session& session) {
    return composer.value()->Compose(session, row, world_.now);
  });
  ASSERT_TRUE(mail) << mail.refusal().sentence;
  EXPECT_THAT(mail.value().subject, HasSubstr("Comité de sélection du 8 décembre 2026"));
  EXPECT_THAT(mail.value().text, HasSubstr("- " + world_.number(1) + " : "));
  EXPECT_THAT(mail.value().text, HasSubstr("Salle 3"));
  EXPECT_THAT(mail.value().text, HasSubstr("https://aap.exemple.invalid" + href_));
  EXPECT_FALSE(HoldsCanary(mail.value().html));
  ASSERT_EQ(mail.value().attachments.size(), 1U);
  if (!test::HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  const std::string read = test::ReadByOthers("ics", mail.value().attachments[0].content);
  EXPECT_THAT(read, HasSubstr("@aap.exemple.invalid 0 2026-12-08 CONFIRMED Comité de sélection"));
}

}  // namespace
}  // namespace aiguillage::web
