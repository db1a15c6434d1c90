// The pace of one's mails: the form of the account, the copies it moves, the one-click link.
#include <gmock/gmock.h>

#include "storage/hash.h"
#include "storage/people.h"
#include "tests/web/steps.h"
#include "workflows/mail_pace.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<storage::OutboxRow> MailsTo(Counter& counter, const std::string& who) {
  auto rows = counter.database().Read([&](storage::Session& session) {
    return storage::OutboxOf(session, storage::FindProject(session, counter.number(1))->id, "mail");
  });
  std::erase_if(rows, [&](const auto& row) { return row.person != counter.PersonId(who); });
  return rows;
}

TEST(MailPaces, AreChosenInOnesAccount) {
  Counter counter;
  const auto page = counter.Get("/compte", "officer").body;
  EXPECT_THAT(page, HasSubstr("<option value=\"hourly\" selected>réunis, une fois par heure"));
  const auto said =
      counter.Post("/compte/courriels",
                   {{"duties", "daily"}, {"messages", "never"}, {"news", "never"}}, "officer");
  ASSERT_EQ(said.status, 303);
  const auto kept = counter.Get("/compte?rythme=1", "officer").body;
  EXPECT_THAT(kept, HasSubstr("C’est enregistré"));
  EXPECT_THAT(kept, HasSubstr("<option value=\"daily\" selected>"));
  EXPECT_THAT(kept, HasSubstr("<option value=\"never\" selected>aucun courriel"));
  counter.database().Read([&](storage::Session& session) {
    EXPECT_EQ(workflows::PaceFor(session, counter.PersonId("officer"), workflows::kMessages), "now")
        << "what people write is not muted";
  });
}

TEST(MailPaces, CopiesWaitForTheirHourAndDutiesLeave) {
  Counter counter;
  ToLeadReview(counter);
  bool copies = false, duties = false;
  for (const auto& row : MailsTo(counter, "officer")) {
    if (row.created_at < counter.now || !row.copy) continue;
    copies = true;
    EXPECT_EQ(row.pace, "hourly") << row.topic;
    EXPECT_EQ(row.not_before % 3'600'000, 0) << row.topic;
    EXPECT_GT(row.not_before, row.created_at);
  }
  for (const auto& row : MailsTo(counter, "lead")) {
    if (row.copy) continue;
    duties = true;
    EXPECT_EQ(row.pace, "") << row.topic;
  }
  EXPECT_TRUE(copies && duties) << "both kinds were seen";
}

TEST(MailPaces, WhoeverMutedNewsIsStillAskedWhatIsTheirs) {
  Counter counter;
  counter.Post("/compte/courriels", {{"news", "never"}}, "officer");
  counter.Post("/compte/courriels", {{"duties", "weekly"}}, "lead");
  ToLeadReview(counter);
  for (const auto& row : MailsTo(counter, "officer")) {
    if (row.created_at <= Counter::kNow) continue;  // before they chose
    EXPECT_EQ(row.status, row.copy ? "skipped" : "pending") << row.topic;
  }
  for (const auto& row : MailsTo(counter, "lead")) {
    if (row.created_at <= Counter::kNow || row.copy) continue;
    EXPECT_EQ(row.pace, "weekly");
    EXPECT_EQ(row.status, "pending");
  }
}

// Whoever ends the news is not told what waited for its hour all the same.
TEST(MailPaces, WhatWaitedForInformationDoesNotLeaveOnceItIsEnded) {
  for (const bool one_click : {true, false}) {
    Counter counter;
    ToLeadReview(counter);
    const auto waiting = [&](bool copy) {
      auto rows = MailsTo(counter, "officer");
      std::erase_if(rows, [&](const auto& row) {
        return row.copy != copy || row.created_at <= Counter::kNow;
      });
      return rows;
    };
    ASSERT_FALSE(waiting(true).empty());
    for (const auto& row : waiting(true)) ASSERT_EQ(row.status, "pending") << row.topic;
    const auto others = MailsTo(counter, "lead");
    if (one_click) {
      const std::string token = counter.database().Write([&](storage::Session& session) {
        workflows::MakeUnsubscribeSecret(session);
        return workflows::UnsubscribeToken(session, counter.PersonId("officer"));
      });
      RequestHead head{
          "POST",
          "/desabonnement/" + token,
          {{"Content-Type", "application/x-www-form-urlencoded"}, {"Content-Length", "26"}},
          "203.0.113.9"};
      ASSERT_EQ(counter.Send(head, "List-Unsubscribe=One-Click").status, 200);
    } else {
      counter.Post("/compte/courriels", {{"news", "never"}}, "officer");
    }
    for (const auto& row : waiting(true)) {
      EXPECT_EQ(row.status + " | " + row.detail,
                "skipped | Ne souhaite pas de courriel pour information.")
          << row.topic;
      EXPECT_EQ(row.done_at, counter.now);
    }
    for (const auto& row : waiting(false)) EXPECT_EQ(row.status, "pending") << row.topic;
    const auto unchanged = MailsTo(counter, "lead");
    for (std::size_t i = 0; i < others.size(); ++i) {
      EXPECT_EQ(unchanged.at(i).status, others[i].status) << "somebody else's: " << others[i].topic;
    }
  }
}

TEST(Address, IsChangedByThePilotAndTheFormerOneOpensNothing) {
  Counter counter;
  const std::string page = "/personnes/" + std::to_string(counter.PersonId("holder"));
  counter.database().Write([&](storage::Session& session) {
    storage::FlagAddress(session, counter.PersonId("holder"), "550 inconnu");
    storage::InsertLoginLink(session, {storage::Sha256("ancien"), counter.PersonId("holder"),
                                       counter.now + 600'000, false, "/taches", counter.now});
  });
  EXPECT_THAT(counter.Get(page, "pilot").body, HasSubstr("550 inconnu"));
  EXPECT_THAT(counter.Get("/personnes", "pilot").body, HasSubstr("refusée"));
  for (const char* wrong : {"", "sans-arobase", "lead@exemple.invalid"}) {
    EXPECT_EQ(counter.Post(page + "/adresse", {{"email", wrong}}, "pilot").status, 422) << wrong;
  }
  EXPECT_EQ(counter.Get("/taches", "holder").status, 200) << "nothing changed yet";
  EXPECT_EQ(counter.Post(page + "/adresse", {{"email", "neuf@exemple.invalid"}}, "lead").status,
            403);
  EXPECT_EQ(counter.Post(page + "/adresse", {{"email", "Neuf@exemple.invalid"}}, "pilot").status,
            303);
  const auto now = counter.database().Read([&](storage::Session& session) {
    return *storage::FindPerson(session, counter.PersonId("holder"));
  });
  EXPECT_EQ(now.email, "neuf@exemple.invalid");
  EXPECT_EQ(now.refused, "") << "the new address is given its chance";
  EXPECT_EQ(counter.Get("/taches", "holder").status, 303) << "the sessions have ended";
  counter.database().Read([&](storage::Session& session) {
    EXPECT_NE(storage::FindLoginLink(session, storage::Sha256("ancien"))->consumed_at, 0)
        << "mailed to the former address";
  });
}

TEST(MailPaces, OneClickEndsNewsAndALookEndsNothing) {
  Counter counter;
  const auto pace = [&] {
    return counter.database().Read([&](storage::Session& session) {
      return workflows::PaceFor(session, counter.PersonId("holder"), workflows::kNews);
    });
  };
  const std::string token = counter.database().Write([&](storage::Session& session) {
    workflows::MakeUnsubscribeSecret(session);
    return workflows::UnsubscribeToken(session, counter.PersonId("holder"));
  });
  const auto look = counter.Get("/desabonnement/" + token);
  EXPECT_EQ(look.status, 200);
  EXPECT_THAT(look.body, HasSubstr("Ne plus les recevoir"));
  EXPECT_THAT(look.body, Not(HasSubstr("Dominique"))) << "nobody is named";
  EXPECT_EQ(pace(), "hourly") << "mail scanners follow links";
  // As a mail reader sends it: no cookie, no token of a form, RFC 8058's one field.
  RequestHead head{
      "POST",
      "/desabonnement/" + token,
      {{"Content-Type", "application/x-www-form-urlencoded"}, {"Content-Length", "26"}},
      "203.0.113.9"};
  const auto done = counter.Send(head, "List-Unsubscribe=One-Click");
  EXPECT_EQ(done.status, 200);
  EXPECT_TRUE(done.cookies.empty());
  EXPECT_EQ(pace(), "never");
  for (const std::string& wrong : {std::string("1-0"), std::string("x"), "0-" + token.substr(2)}) {
    EXPECT_EQ(counter.Get("/desabonnement/" + wrong).status, 404) << wrong;
  }
}

}  // namespace
}  // namespace aiguillage::web
