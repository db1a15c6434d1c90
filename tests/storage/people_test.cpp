#include "storage/people.h"

#include <gtest/gtest.h>

#include "storage/error.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class PeopleTest : public testing::Test {
 protected:
  PeopleTest() { record_.Seed(); }
  test::TestRecord record_;
};

TEST_F(PeopleTest, APersonIsFoundByIdAndByAddress) {
  auto id = record_->Write([](Session& s) {
    return InsertPerson(s, {.email = "sacha@example.fr",
                            .name = "Sacha Élève",
                            .siret = "13002526500013",
                            .phone = "0102030405",
                            .active = true,
                            .created_at = 42});
  });
  auto person = record_->Read([&](Session& s) { return FindPerson(s, id); });
  ASSERT_TRUE(person);
  EXPECT_EQ(person->name, "Sacha Élève");
  EXPECT_EQ(person->siret, "13002526500013");
  EXPECT_EQ(person->created_at, 42);
  person->active = false;
  person->name = "Sacha";
  record_->Write([&](Session& s) { UpdatePerson(s, *person); });
  auto again = record_->Read([](Session& s) { return FindPersonByEmail(s, "sacha@example.fr"); });
  ASSERT_TRUE(again);
  EXPECT_EQ(again->name, "Sacha");
  EXPECT_FALSE(again->active);
  EXPECT_FALSE(record_->Read([](Session& s) { return FindPerson(s, 99); }));
  EXPECT_EQ(record_->Read([](Session& s) { return People(s); }).size(), 3u);
}

TEST_F(PeopleTest, AKnownAddressIsAConflictThatDoesNotRepeatIt) {
  try {
    record_->Write([](Session& s) { InsertPerson(s, {.email = "camille@example.fr"}); });
    FAIL() << "Expected a Conflict";
  } catch (const Conflict& conflict) {
    std::string text = conflict.what();
    const bool sqlite = test::KindAsked() == test::Kind::kSqlite;
    EXPECT_NE(text.find(sqlite ? "person.email" : "person_email_key"), std::string::npos) << text;
    EXPECT_EQ(text.find("camille"), std::string::npos) << text;
  }
}

TEST_F(PeopleTest, AGrantRunsOnceAndEnds) {
  Grant lead{.person = 1, .role = "collection_lead", .scope = "collection:numerique"};
  auto [first, second] = record_->Write(
      [&](Session& s) { return std::pair(InsertGrant(s, lead), InsertGrant(s, lead)); });
  EXPECT_EQ(first, second);
  record_->Write([&](Session& s) { InsertGrant(s, {.person = 2, .role = "auditor"}); });
  record_->Read([&](Session& s) {
    auto holders = Holders(s, "collection_lead", "collection:numerique");
    ASSERT_EQ(holders.size(), 1u);
    EXPECT_EQ(holders[0].id, 1);
    EXPECT_TRUE(Holders(s, "collection_lead", "").empty());
    EXPECT_EQ(GrantsOf(s, 1).size(), 1u);
    EXPECT_EQ(GrantsFor(s, "auditor").size(), 1u);
  });
  record_->Write([&](Session& s) { EndGrant(s, first, 100); });
  record_->Read([&](Session& s) { EXPECT_TRUE(GrantsOf(s, 1).empty()); });
  auto third = record_->Write([&](Session& s) { return InsertGrant(s, lead); });
  EXPECT_NE(third, first);
}

TEST_F(PeopleTest, AnInactiveHolderIsNoHolder) {
  record_->Write([](Session& s) {
    InsertGrant(s, {.person = 1, .role = "reviewer"});
    auto person = FindPerson(s, 1);
    person->active = false;
    UpdatePerson(s, *person);
    EXPECT_TRUE(Holders(s, "reviewer", "").empty());
  });
}

TEST_F(PeopleTest, ADelegationHoldsBetweenItsInstants) {
  record_->Write([](Session& s) {
    InsertDelegation(s, {.person = 1, .delegate = 2, .scope = "", .from_at = 10, .until_at = 20});
  });
  record_->Read([](Session& s) {
    EXPECT_EQ(DelegationsTo(s, 2, 9).size(), 0u);
    EXPECT_EQ(DelegationsTo(s, 2, 10).size(), 1u);
    EXPECT_EQ(DelegationsTo(s, 2, 19).size(), 1u);
    EXPECT_EQ(DelegationsTo(s, 2, 20).size(), 0u);
    EXPECT_EQ(DelegationsOf(s, 1, 15).at(0).delegate, 2);
  });
}

TEST_F(PeopleTest, ALogInLinkIsConsumedOnceUnlessReusable) {
  record_->Write([](Session& s) {
    InsertLoginLink(
        s, {.token_hash = "a", .person = 1, .expires_at = 100, .next = "/p", .created_at = 5});
    InsertLoginLink(
        s, {.token_hash = "b", .person = 1, .expires_at = 100, .reusable = true, .created_at = 6});
    EXPECT_EQ(FindLoginLink(s, "a")->next, "/p");
    EXPECT_EQ(FindLoginLink(s, "a")->consumed_at, 0);
    EXPECT_TRUE(ConsumeLoginLink(s, "a", 50));
    EXPECT_FALSE(ConsumeLoginLink(s, "a", 51));
    EXPECT_EQ(FindLoginLink(s, "a")->consumed_at, 50);
    EXPECT_TRUE(ConsumeLoginLink(s, "b", 50));
    EXPECT_TRUE(ConsumeLoginLink(s, "b", 51));
    EXPECT_FALSE(ConsumeLoginLink(s, "b", 100));
    EXPECT_FALSE(ConsumeLoginLink(s, "unknown", 50));
    EXPECT_EQ(LoginLinksSince(s, 1, 6), 1);
    EXPECT_EQ(LoginLinksSince(s, 1, 0), 2);
  });
}

TEST_F(PeopleTest, RequestsAreCountedWithinTheirWindow) {
  record_->Write([](Session& s) {
    EXPECT_EQ(CountRequest(s, "a", 100, 1000), 1);
    EXPECT_EQ(CountRequest(s, "a", 100, 1050), 2);
    EXPECT_EQ(CountRequest(s, "b", 100, 1050), 1);
    EXPECT_EQ(CountRequest(s, "a", 100, 1099), 3);
    EXPECT_EQ(CountRequest(s, "a", 100, 1100), 1) << "a window later";
    EXPECT_EQ(CountRequest(s, "b", 100, 1100), 2);
  });
}

TEST_F(PeopleTest, WebSessionsOfAPersonEndTogether) {
  record_->Write([](Session& s) {
    InsertWebSession(s, {.token_hash = "x",
                         .person = 1,
                         .auth_method = "link",
                         .csrf = "c",
                         .created_at = 1,
                         .seen_at = 1});
    InsertWebSession(s, {.token_hash = "y",
                         .person = 1,
                         .auth_method = "link",
                         .csrf = "d",
                         .created_at = 2,
                         .seen_at = 2});
    TouchWebSession(s, "x", 9);
    EXPECT_EQ(FindWebSession(s, "x")->seen_at, 9);
    TouchWebSession(s, "x", 8);
    EXPECT_EQ(FindWebSession(s, "x")->seen_at, 9) << "a slower process told an older instant";
    EXPECT_EQ(FindWebSession(s, "x")->csrf, "c");
    EXPECT_EQ(WebSessionsOf(s, 1).size(), 2u);
    EndWebSession(s, "x");
    EXPECT_FALSE(FindWebSession(s, "x"));
    EndWebSessionsOf(s, 1);
    EXPECT_TRUE(WebSessionsOf(s, 1).empty());
  });
}

}  // namespace
}  // namespace aiguillage::storage
