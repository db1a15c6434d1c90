// Mails that several rows or several projects share: erasing one project leaves nothing of it
// there, and nothing of the others behind.
#include <gtest/gtest.h>

#include "storage/outbox.h"
#include "storage/purge.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class SharedMailsTest : public ::testing::Test {
 protected:
  SharedMailsTest() {
    record_.Seed();
    record_->Write([&](Session& s) {
      for (const char* title : {"Accueil", "Budget"}) {
        projects_.push_back(InsertProject(s, record_.NewProject(title), 2026));
      }
    });
  }
  OutboxRow Mail(const std::string& key, std::int64_t project) {
    OutboxRow row;
    row.kind = "mail";
    row.key = key;
    row.project = project;
    row.topic = "hello";
    row.person = 1;
    row.address = "camille@example.fr";
    row.payload = nlohmann::json::object();
    row.status = "pending";
    row.pace = "hourly";
    return row;
  }
  std::string Status(std::int64_t id) {
    return record_->Read([&](Session& s) {
      const auto row = FindOutbox(s, id);
      return row ? row->status + " " + std::to_string(row->lead) : std::string("gone");
    });
  }
  test::TestRecord record_;
  std::vector<Project> projects_;
};

TEST_F(SharedMailsTest, ErasingTheLeadsProjectFreesWhatItCarried) {
  std::int64_t lead = 0, carried = 0;
  record_->Write([&](Session& s) {
    lead = InsertOutbox(s, Mail("a", projects_[0].id));
    carried = InsertOutbox(s, Mail("b", projects_[1].id));
    ASSERT_EQ(LeaseOutbox(s, "mail", 1, 100, 10).size(), 1U);
  });
  EXPECT_EQ(Status(carried), "sending " + std::to_string(lead));
  record_->Write([&](Session& s) { EraseProject(s, projects_[0].id); });
  EXPECT_EQ(Status(lead), "gone");
  EXPECT_EQ(Status(carried), "pending 0") << "it leaves by itself";
}

TEST_F(SharedMailsTest, AnErasedProjectLeavesTheRemindersOfOthers) {
  std::int64_t mail = 0;
  const std::string gone = projects_[0].number + " · Accueil",
                    stays = projects_[1].number + " · Budget";
  record_->Write([&](Session& s) {
    OutboxRow row = Mail("r", 0);
    row.topic = kRemindersTopic;
    row.payload = {
        {"items",
         {{{"label", gone}, {"value", "demain"}}, {{"label", stays}, {"value", "lundi"}}}}};
    mail = InsertOutbox(s, row);
    EraseProject(s, projects_[0].id);
    const auto items = FindOutbox(s, mail)->payload.at("items");
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].at("label"), stays);
  });
}

}  // namespace
}  // namespace aiguillage::storage
