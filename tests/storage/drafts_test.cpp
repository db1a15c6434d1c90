// What one person typed and what people write to each other: who has it, how long, how much.
#include "storage/drafts.h"

#include <gtest/gtest.h>

#include "storage/messages.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/purge.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class DraftsTest : public testing::Test {
 protected:
  DraftsTest() {
    record_.Seed();
    project_ = record_->Write(
        [&](Session& s) { return InsertProject(s, record_.NewProject("Accueil"), 2026).id; });
  }
  std::string Typed(const std::string& action, std::int64_t person) {
    return record_->Read([&](Session& s) {
      const auto draft = FindDraft(s, project_, action, person);
      return draft ? draft->answers.dump() + " of " + draft->form : std::string();
    });
  }
  test::TestRecord record_;
  std::int64_t project_ = 0;
};

TEST_F(DraftsTest, BelongToOnePersonAndOneAction) {
  record_->Write([&](Session& s) {
    EXPECT_TRUE(SaveDraft(s, {project_, "a.send", 1, "f", 5, {{"a", 1}}}));
    EXPECT_TRUE(SaveDraft(s, {project_, "a.send", 1, "f", 6, {{"a", 2}}}));
    EXPECT_TRUE(SaveDraft(s, {project_, "b.send", 1, "f", 7, {{"a", 3}}}));
  });
  EXPECT_EQ(Typed("a.send", 1), "{\"a\":2} of f");
  EXPECT_EQ(Typed("b.send", 1), "{\"a\":3} of f") << "another action with the same form";
  EXPECT_EQ(Typed("a.send", 2), "");
  record_->Write([&](Session& s) { DeleteDraft(s, project_, "a.send", 1); });
  EXPECT_EQ(Typed("a.send", 1), "");
  EXPECT_NE(Typed("b.send", 1), "");
}

TEST_F(DraftsTest, AreBoundedAndTheOneBeforeStays) {
  record_->Write([&](Session& s) {
    EXPECT_TRUE(SaveDraft(s, {project_, "a.send", 1, "f", 5, {{"a", 1}}}));
    EXPECT_FALSE(
        SaveDraft(s, {project_, "a.send", 1, "f", 6, {{"a", std::string(kDraftBytesMax, 'x')}}}));
  });
  EXPECT_EQ(Typed("a.send", 1), "{\"a\":1} of f");
}

TEST_F(DraftsTest, GoWithTheAccountOfTheirPerson) {
  record_->Write([&](Session& s) {
    for (const std::int64_t person : {1, 2}) {
      SaveDraft(s, {project_, "a.send", person, "f", 5, {{"a", person}}});
    }
    auto person = *FindPerson(s, 1);
    UpdatePerson(s, person);
  });
  EXPECT_NE(Typed("a.send", 1), "") << "another change of the account keeps them";
  record_->Write([&](Session& s) {
    auto person = *FindPerson(s, 1);
    person.active = false;
    UpdatePerson(s, person);
  });
  EXPECT_EQ(Typed("a.send", 1), "");
  EXPECT_NE(Typed("a.send", 2), "");
}

TEST_F(DraftsTest, AMessageSentTwiceIsOne) {
  record_->Write([&](Session& s) {
    EXPECT_NE(InsertMessage(s, {0, project_, 1, "project_holder", "public", "Été ?", 5, "k1"}), 0);
    EXPECT_EQ(InsertMessage(s, {0, project_, 1, "project_holder", "public", "Été ?", 6, "k1"}), 0);
    EXPECT_NE(InsertMessage(s, {0, project_, 2, "case_officer", "internal", "Non.", 7, "k2"}), 0);
  });
  const auto messages = record_->Read([&](Session& s) { return MessagesOf(s, project_); });
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].body, "Été ?");
  EXPECT_EQ(messages[0].at, 5);
  EXPECT_EQ(messages[1].kind, "internal");
  EXPECT_EQ(messages[1].role, "case_officer");
}

}  // namespace
}  // namespace aiguillage::storage
