#include "storage/seals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/journal.h"
#include "storage/projects.h"
#include "storage/purge.h"
#include "storage/session.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SealsTest : public testing::Test {
 protected:
  SealsTest() {
    record_.Seed();
    for (const char* title : {"a", "b", "c"}) {
      record_->Write([&](Session& s) {
        projects_.push_back(InsertProject(s, record_.NewProject(title), 2026));
      });
      Act(projects_.back().id);
    }
  }
  void Act(std::int64_t project) {
    record_->Write([&](Session& s) {
      JournalRow row;
      row.project = project;
      row.act = "act" + std::to_string(++acts_);
      row.action = "framing.validate";
      row.role = "collection_lead";
      row.at = 1000 + acts_;
      row.states = "lead_review";
      row.definition = "d1";
      row.person = 1;
      row.body = {{"note", acts_}};
      AppendJournal(s, row);
    });
  }
  std::optional<Seal> SealOn(const std::string& day) {
    return record_->Write([&](Session& s) { return SealJournal(s, day, 5000); });
  }
  std::vector<std::string> Faults() {
    return record_->Read([](Session& s) { return SealFaults(s); });
  }
  void Run(const std::string& sql) {
    record_->Write([&](Session& s) { s.Execute(sql); });
  }

  test::TestRecord record_;
  std::vector<Project> projects_;
  int acts_ = 0;
};

TEST_F(SealsTest, CoverWhatGrewAndFollowEachOther) {
  const auto first = SealOn("2026-11-24");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->heads, 3);
  EXPECT_EQ(first->previous, "");
  EXPECT_FALSE(SealOn("2026-11-24")) << "a day has one";
  EXPECT_FALSE(SealOn("2026-11-25")) << "nothing grew";
  Act(projects_[1].id);
  Act(projects_[1].id);
  const auto second = SealOn("2026-11-26");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->heads, 1);
  EXPECT_EQ(second->previous, first->hash);
  EXPECT_EQ(record_->Read([](Session& s) { return Seals(s); }).size(), 2u);
  EXPECT_THAT(Faults(), IsEmpty());
}

// The whole chain of a project made anew, each digest right: only the seal can tell.
TEST_F(SealsTest, TellThatAChainWasMadeAnew) {
  Act(projects_[0].id);
  SealOn("2026-11-24");
  record_->Write([&](Session& s) {
    auto rows = JournalOf(s, projects_[0].id);
    s.Execute("delete from journal where project = " + std::to_string(projects_[0].id));
    rows[0].states = "selected";
    for (auto row : rows) AppendJournal(s, row);
    EXPECT_EQ(VerifyChain(JournalOf(s, projects_[0].id)), "") << "the chain alone looks whole";
  });
  EXPECT_THAT(Faults(), ElementsAre(projects_[0].number +
                                    ", acte 2 : ce n’est plus ce qui a été scellé le 2026-11-24"));
}

TEST_F(SealsTest, TellThatTheEndOfAChainIsGone) {
  Act(projects_[2].id);
  SealOn("2026-11-24");
  Run("delete from journal where seq = 2");
  EXPECT_THAT(Faults(), ElementsAre(projects_[2].number +
                                    ", acte 2 : manque, alors qu’il a été scellé le 2026-11-24"));
}

TEST_F(SealsTest, TellThatASealItselfWasTouched) {
  SealOn("2026-11-24");
  Act(projects_[0].id);
  const auto second = SealOn("2026-11-25");
  Act(projects_[0].id);
  SealOn("2026-11-26");
  Run("update seal set at = 1 where day = '2026-11-25'");
  EXPECT_THAT(Faults(), ElementsAre("sceau du 2026-11-25 : il a été modifié"));
  Run("update seal set at = 5000 where day = '2026-11-25'");
  Run("delete from seal_head where day = '2026-11-25'");
  EXPECT_THAT(Faults(), ElementsAre("sceau du 2026-11-25 : il a été modifié"));
  Run("delete from seal where day = '2026-11-25'");
  EXPECT_THAT(Faults(), ElementsAre("sceau du 2026-11-26 : il ne suit pas celui d’avant"));
}

TEST_F(SealsTest, OutliveErasing) {
  SealOn("2026-11-24");
  Run("update project set ended_at = 2000");
  record_->Write([&](Session& s) { EraseProject(s, projects_[0].id); });
  EXPECT_THAT(Faults(), IsEmpty());
}

}  // namespace
}  // namespace aiguillage::storage
