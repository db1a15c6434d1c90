#include "storage/committee.h"

#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/projects.h"
#include "storage/purge.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class CommitteeTest : public testing::Test {
 protected:
  CommitteeTest() {
    record_.Seed();
    record_->Write([&](Session& s) {
      for (const char* title : {"a", "b"})
        projects_.push_back(InsertProject(s, record_.NewProject(title), 2026).id);
      sitting_ = InsertCommitteeSession(s, {0, "demo-2026", "2027-03-02", "Salle 3", 1, 1000});
    });
  }

  // « project decision act », one an item.
  std::string Agenda(std::int64_t sitting) {
    std::string all;
    record_->Read([&](Session& s) {
      for (const auto& item : CommitteeItems(s, sitting)) {
        all += std::to_string(item.project) + " " + item.decision + " " + item.act + "; ";
      }
    });
    return all;
  }

  test::TestRecord record_;
  std::vector<std::int64_t> projects_;
  std::int64_t sitting_ = 0;
};

TEST_F(CommitteeTest, SittingsComeLatestFirst) {
  record_->Write([&](Session& s) {
    InsertCommitteeSession(s, {0, "demo-2026", "2027-05-04", "", 1, 2000});
    InsertCommitteeSession(s, {0, "demo-2026", "2026-12-01", "", 1, 3000});
  });
  std::string days;
  record_->Read([&](Session& s) {
    for (const auto& sitting : CommitteeSessions(s, "demo-2026")) days += sitting.held_on + " ";
    EXPECT_EQ(FindCommitteeSession(s, sitting_)->note, "Salle 3");
    EXPECT_FALSE(FindCommitteeSession(s, 99));
    EXPECT_TRUE(CommitteeSessions(s, "another").empty());
  });
  EXPECT_EQ(days, "2027-05-04 2027-03-02 2026-12-01 ");
}

TEST_F(CommitteeTest, ADecisionIsHeldThenReleasedAndStays) {
  const std::string a = std::to_string(projects_[0]), b = std::to_string(projects_[1]);
  record_->Write([&](Session& s) {
    AddToAgenda(s, sitting_, projects_[0]);
    AddToAgenda(s, sitting_, projects_[0]);
    AddToAgenda(s, sitting_, projects_[1]);
    CommitteeItem item = CommitteeItems(s, sitting_).at(0);
    item.decision = "committee.select";
    item.answers = {{"reason", "Bon."}};
    item.key = "k1";
    item.person = 2;
    item.at = 5000;
    HoldDecision(s, item);
  });
  EXPECT_EQ(Agenda(sitting_), a + " committee.select ; " + b + "  ; ");
  record_->Write([&](Session& s) {
    const auto held = CommitteeItems(s, sitting_).at(0);
    EXPECT_EQ(held.answers, (nlohmann::json{{"reason", "Bon."}}));
    EXPECT_EQ(held.key, "k1");
    EXPECT_EQ(held.person, 2);
    EXPECT_EQ(held.at, 5000);
    ReleaseDecision(s, sitting_, projects_[0], "act1");
    EXPECT_FALSE(TakeOffAgenda(s, sitting_, projects_[0]));
    EXPECT_TRUE(TakeOffAgenda(s, sitting_, projects_[1]));
    EXPECT_EQ(FindItemOfAct(s, "act1")->session, sitting_);
    EXPECT_FALSE(FindItemOfAct(s, ""));
  });
  EXPECT_EQ(Agenda(sitting_), a + " committee.select act1; ");
}

TEST_F(CommitteeTest, OtherSittingsAreThoseWhereNothingWasReleased) {
  record_->Write([&](Session& s) {
    const auto later = InsertCommitteeSession(s, {0, "demo-2026", "2027-05-04", "", 1, 2000});
    AddToAgenda(s, sitting_, projects_[0]);
    AddToAgenda(s, later, projects_[0]);
    ASSERT_EQ(OtherSittings(s, projects_[0], later).size(), 1U);
    EXPECT_EQ(OtherSittings(s, projects_[0], later)[0].id, sitting_);
    ReleaseDecision(s, sitting_, projects_[0], "act1");
    EXPECT_TRUE(OtherSittings(s, projects_[0], later).empty());
  });
}

TEST_F(CommitteeTest, ErasingAProjectErasesWhatWasHeldOfIt) {
  record_->Write([&](Session& s) {
    AddToAgenda(s, sitting_, projects_[0]);
    EraseProject(s, projects_[0]);
  });
  EXPECT_EQ(Agenda(sitting_), "");
}

}  // namespace
}  // namespace aiguillage::storage
