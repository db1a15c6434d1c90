// One's own sessions, closed one by one; a person whose access the pilot closes; how long it takes
// to learn nothing about an address.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "storage/hash.h"
#include "storage/people.h"
#include "storage/tasks.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void OpenAnother(Counter& counter, const std::string& who, const std::string& token) {
  counter.database().Write([&](storage::Session& session) {
    storage::InsertWebSession(session, {storage::Sha256(token), counter.PersonId(who), "mail_link",
                                        "csrf-other", counter.now, counter.now});
  });
}

int StatusWith(Counter& counter, const std::string& token) {
  RequestHead head{"GET", "/taches", {{"Cookie", "__Host-session=" + token}}, "127.0.0.1"};
  return counter.Send(head).status;
}

std::vector<std::string> EndAddresses(const std::string& page) {
  static const std::regex kEnd("/compte/sessions/[0-9a-f]{16}/fin");
  return {std::sregex_token_iterator(page.begin(), page.end(), kEnd), std::sregex_token_iterator()};
}

std::int64_t OpenTasksOf(Counter& counter, const std::string& who) {
  return counter.database().Read([&](storage::Session& session) {
    return static_cast<std::int64_t>(
        workflows::WorklistOf(session, counter.PersonId(who), counter.now).size());
  });
}

}  // namespace

TEST(Sessions, AreListedWithTheirTimesAndClosedOneByOne) {
  Counter counter;
  counter.now += 5 * 60'000;
  OpenAnother(counter, "lead", "elsewhere");
  counter.now += 5 * 60'000;
  const auto page = counter.Get("/compte", "lead").body;
  EXPECT_THAT(page, HasSubstr("par un lien reçu par courriel"));
  EXPECT_THAT(page, HasSubstr("vue pour la dernière fois le"));
  EXPECT_THAT(page, Not(HasSubstr(storage::Sha256("elsewhere"))));
  const auto ends = EndAddresses(page);
  ASSERT_EQ(ends.size(), 2u);
  EXPECT_EQ(counter.Post(ends[1], {}, "other_lead").status, 404) << "not somebody else's";
  EXPECT_EQ(StatusWith(counter, "elsewhere"), 200);
  EXPECT_EQ(*counter.Post(ends[1], {}, "lead").FindHeader("Location"), "/compte");
  EXPECT_EQ(StatusWith(counter, "elsewhere"), 303);
  EXPECT_EQ(StatusWith(counter, "token-lead"), 200);
  EXPECT_EQ(counter.Post(ends[1], {}, "lead").status, 404);
  EXPECT_EQ(*counter.Post(ends[0], {}, "lead").FindHeader("Location"), "/") << "one's own";
  EXPECT_EQ(StatusWith(counter, "token-lead"), 303);
}

TEST(Sessions, ThatAreOverAreNotListed) {
  Counter counter;
  OpenAnother(counter, "lead", "elsewhere");
  for (int i = 0; i < 2; ++i) {
    counter.now += 20 * 60'000;
    counter.Get("/taches", "lead");
  }
  EXPECT_EQ(EndAddresses(counter.Get("/compte", "lead").body).size(), 1u);
}

TEST(ClosedAccess, EndsSessionsAndHandsTheTasksOnUntilItIsReopened) {
  Counter counter;
  const std::string officer = "/personnes/" + std::to_string(counter.PersonId("officer"));
  ASSERT_GT(OpenTasksOf(counter, "officer"), 0);
  const auto before = OpenTasksOf(counter, "pilot");
  EXPECT_THAT(counter.Get(officer, "pilot").body, HasSubstr("Fermer l’accès"));
  EXPECT_EQ(counter.Post(officer + "/acces", {{"acces", "ferme"}}, "officer").status, 403);
  EXPECT_EQ(counter.Post(officer + "/acces", {{"acces", "?"}}, "pilot").status, 422);
  EXPECT_EQ(counter.Post(officer + "/acces", {{"acces", "ferme"}}, "pilot").status, 303);
  EXPECT_EQ(counter.Get("/taches", "officer").status, 303) << "logged out at once";
  EXPECT_EQ(OpenTasksOf(counter, "officer"), 0);
  EXPECT_GT(OpenTasksOf(counter, "pilot"), before);
  EXPECT_THAT(counter.logged, ::testing::Contains(HasSubstr("access_closed")));
  EXPECT_THAT(counter.Get(officer, "pilot").body, HasSubstr("désactivée"));
  EXPECT_EQ(counter.Post(officer + "/acces", {{"acces", "ouvert"}}, "pilot").status, 303);
  EXPECT_GT(OpenTasksOf(counter, "officer"), 0);
  EXPECT_EQ(OpenTasksOf(counter, "pilot"), before);
  EXPECT_EQ(counter.Get("/taches", "officer").status, 303) << "by a new link only";
}

TEST(ClosedAccess, IsNeverOnesOwn) {
  Counter counter;
  const std::string pilot = "/personnes/" + std::to_string(counter.PersonId("pilot"));
  EXPECT_THAT(counter.Post(pilot + "/acces", {{"acces", "ferme"}}, "pilot").body,
              HasSubstr("demandez à un autre pilote"));
  EXPECT_EQ(counter.Get("/taches", "pilot").status, 200);
}

TEST(LoginLink, IsAnsweredNoSoonerForAnUnknownAddress) {
  Counter counter;
  counter.services().options.login_answer_ms = 60;
  const auto took = [&](const std::string& email) {
    const auto started = std::chrono::steady_clock::now();
    counter.Post("/connexion", {{"email", email}});
    return std::chrono::steady_clock::now() - started;
  };
  EXPECT_GE(took("lead@exemple.invalid"), std::chrono::milliseconds(60));
  EXPECT_GE(took("inconnu@exemple.invalid"), std::chrono::milliseconds(60));
}

}  // namespace aiguillage::web
