// Log-in by mailed link, sessions and their ends, in the order a person meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/hash.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "tests/web/counter.h"
#include "web/login.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kMinute = 60'000;

std::string TokenMailed(Counter& counter) {
  storage::OutboxFilter filter;
  filter.kind = "mail";
  const auto rows = counter.database().Read(
      [&](storage::Session& session) { return storage::ListOutbox(session, filter); });
  for (const auto& row : rows) {
    if (row.topic != "login_link") continue;
    const std::string url = row.payload.value("url", "");
    return url.substr(url.rfind('/') + 1);
  }
  return "";
}

std::string SessionCookie(const Response& response) {
  for (const auto& cookie : response.cookies) {
    if (cookie.rfind("__Host-session=", 0) == 0) return cookie.substr(15, cookie.find(';') - 15);
  }
  return "";
}

Response GetWith(Counter& counter, const std::string& uri, const std::string& cookie) {
  return counter.Send({"GET", uri, {{"Cookie", "__Host-session=" + cookie}}, "127.0.0.1"});
}

}  // namespace

TEST(LoginLink, OpensOnceAndOnlyByTheButton) {
  Counter counter;
  const auto asked = counter.Post("/connexion", {{"email", " Lead@Exemple.invalid "}});
  EXPECT_EQ(asked.status, 200);
  const std::string token = TokenMailed(counter);
  ASSERT_GE(token.size(), 22u);  // 128 bits and more

  for (int i = 0; i < 3; ++i) {  // mail scanners look: nothing is consumed
    const auto page = counter.Get("/connexion/" + token);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("Se connecter"));
  }
  const auto in = counter.Post("/connexion/" + token, {});
  EXPECT_EQ(in.status, 303);
  EXPECT_EQ(*in.FindHeader("Location"), "/taches");
  EXPECT_EQ(GetWith(counter, "/taches", SessionCookie(in)).status, 200);

  EXPECT_EQ(counter.Post("/connexion/" + token, {}).status, 404);
  EXPECT_THAT(counter.Get("/connexion/" + token).body, HasSubstr("Recevoir un nouveau lien"));
}

TEST(LoginLink, OpensForSomebodyKnownOnlyByTheirAddress) {
  Counter counter;
  counter.database().Write([](storage::Session& session) {
    auto person = storage::FindPersonByEmail(session, "lead@exemple.invalid");
    person->name.clear();
    storage::UpdatePerson(session, *person);
  });
  counter.Post("/connexion", {{"email", "lead@exemple.invalid"}});
  const auto page = counter.Get("/connexion/" + TokenMailed(counter));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("Bonjour lead@exemple.invalid"));
}

TEST(LoginLink, IsHashedAtRestAndGoesStale) {
  Counter counter;
  counter.Post("/connexion", {{"email", "lead@exemple.invalid"}});
  const std::string token = TokenMailed(counter);
  const auto stored = counter.database().Read([&](storage::Session& session) {
    return storage::FindLoginLink(session, storage::Sha256(token));
  });
  ASSERT_TRUE(stored);
  EXPECT_NE(stored->token_hash, token);
  counter.now += 15 * kMinute + 1;
  EXPECT_EQ(counter.Get("/connexion/" + token).status, 404);
  EXPECT_EQ(counter.Post("/connexion/" + token, {}).status, 404);
}

TEST(LoginLink, IsAskedForInTheSameWordsByAnybody) {
  Counter counter;
  const auto known = counter.Post("/connexion", {{"email", "lead@exemple.invalid"}});
  auto unknown = counter.Post("/connexion", {{"email", "inconnu@exemple.invalid"}});
  std::string body = unknown.body;
  for (auto at = body.find("inconnu@"); at != std::string::npos; at = body.find("inconnu@")) {
    body.replace(at, 8, "lead@");
  }
  EXPECT_EQ(known.status, unknown.status);
  EXPECT_EQ(known.body, body);
  EXPECT_EQ(counter.Post("/connexion", {{"email", "pas une adresse"}}).status, 422);
}

TEST(LoginLink, HasLimits) {
  Counter counter;
  for (int i = 0; i < kLinksAnHour + 3; ++i) {
    EXPECT_EQ(counter.Post("/connexion", {{"email", "lead@exemple.invalid"}}).status, 200);
  }
  storage::OutboxFilter filter;
  filter.kind = "mail";
  filter.limit = 500;
  int sent = 0;
  for (const auto& row : counter.database().Read(
           [&](storage::Session& session) { return storage::ListOutbox(session, filter); })) {
    if (row.topic == "login_link") ++sent;
  }
  EXPECT_EQ(sent, kLinksAnHour);
  int refused = 0;
  for (int i = 0; i < kRequestsAnHourPerSource; ++i) {
    if (counter.Post("/connexion", {{"email", "a@exemple.invalid"}}).status == 429) ++refused;
  }
  EXPECT_GT(refused, 0);
  counter.now += 61 * kMinute;
  EXPECT_EQ(counter.Post("/connexion", {{"email", "a@exemple.invalid"}}).status, 200);
}

TEST(LoginLink, GoesWhereOneWasGoingAndNowhereElse) {
  Counter counter;
  const auto away = counter.Get("/projets?q=a");
  EXPECT_EQ(away.status, 303);
  EXPECT_EQ(*away.FindHeader("Location"), "/connexion?suite=%2Fprojets%3Fq%3Da");
  counter.Post("/connexion", {{"email", "lead@exemple.invalid"}, {"suite", "/projets?q=a"}});
  EXPECT_EQ(*counter.Post("/connexion/" + TokenMailed(counter), {}).FindHeader("Location"),
            "/projets?q=a");
  Counter other;
  other.Post("/connexion", {{"email", "lead@exemple.invalid"}, {"suite", "//evil.example"}});
  EXPECT_EQ(*other.Post("/connexion/" + TokenMailed(other), {}).FindHeader("Location"), "/taches");
}

TEST(Session, EndsByIdlenessAgeLogOutAndDisabling) {
  Counter counter;
  EXPECT_EQ(counter.Get("/taches", "lead").status, 200);
  for (int i = 0; i < 15; ++i) {  // visits keep it alive
    counter.now += 29 * kMinute;
    EXPECT_EQ(counter.Get("/taches", "lead").status, 200);
  }
  counter.now += 31 * kMinute;
  EXPECT_EQ(counter.Get("/taches", "lead").status, 303);

  Counter aged;
  for (int i = 0; i < 17; ++i) {
    aged.now += 29 * kMinute;
    aged.Get("/taches", "lead");
  }
  EXPECT_EQ(aged.Get("/taches", "lead").status, 303);  // over eight hours

  Counter left;
  EXPECT_EQ(left.Post("/deconnexion", {}, "lead").status, 303);
  EXPECT_EQ(left.Get("/taches", "lead").status, 303);
  EXPECT_EQ(left.Get("/taches", "officer").status, 200);

  Counter disabled;
  disabled.database().Write([&](storage::Session& session) {
    auto person = *storage::FindPerson(session, disabled.PersonId("lead"));
    person.active = false;
    storage::UpdatePerson(session, person);
  });
  EXPECT_EQ(disabled.Get("/taches", "lead").status, 303);
}

// Another process remembers nothing of the visits here: it reads what was put down.
TEST(Session, IsKeptAliveForTheOtherProcessesToo) {
  Counter counter;
  counter.now += 29 * kMinute;
  EXPECT_EQ(counter.Get("/taches", "lead").status, 200);
  PutDown(counter.database(), counter.house().attendance);
  counter.house().attendance.Forget(storage::Sha256("token-lead"));
  counter.now += 29 * kMinute;
  EXPECT_EQ(counter.Get("/taches", "lead").status, 200);
  counter.house().attendance.Forget(storage::Sha256("token-lead"));
  counter.now += 2 * kMinute;
  EXPECT_EQ(counter.Get("/taches", "lead").status, 303) << "nobody put that visit down";
}

TEST(LoginLink, LimitsCountWhatOtherProcessesWereAsked) {
  Counter counter;
  counter.database().Write([&](storage::Session& session) {
    for (int i = 0; i < kRequestsAnHourPerSource; ++i) {
      storage::CountRequest(session, storage::Sha256("source 127.0.0.1"), 60 * kMinute,
                            counter.now);
    }
  });
  EXPECT_EQ(counter.Post("/connexion", {{"email", "a@exemple.invalid"}}).status, 429);
  counter.now += 61 * kMinute;
  EXPECT_EQ(counter.Post("/connexion", {{"email", "a@exemple.invalid"}}).status, 200);
}

TEST(Session, IdIsNewAtLogIn) {
  Counter counter;
  counter.Post("/connexion", {{"email", "lead@exemple.invalid"}});
  const std::string token = TokenMailed(counter);
  const auto in = counter.Post("/connexion/" + token, {}, "officer");  // comes with another session
  EXPECT_EQ(in.status, 303);
  const std::string fresh = SessionCookie(in);
  EXPECT_EQ(fresh.size(), 64u);
  EXPECT_NE(fresh, "token-officer");
  EXPECT_EQ(counter.Get("/taches", "officer").status, 303);
}

}  // namespace aiguillage::web
