// The days that a mail carries for the reader's calendar, read by a reader that is not ours.
#include "notifications/deadlines.h"

#include <gmock/gmock.h>

#include "storage/people.h"
#include "storage/tasks.h"
#include "tests/notifications/fixture.h"
#include "tests/support/feed_readers.h"
#include "tests/support/test_record.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using storage::Session;
using storage::Task;

constexpr std::int64_t kToday = 1795442645000;  // 23 November 2026
constexpr std::int64_t kOneDay = 86'400'000;

class DeadlinesTest : public ::testing::Test {
 protected:
  DeadlinesTest() {
    record_.Seed();
    record_->Write([&](Session& session) {
      auto fresh = record_.NewProject("Accueil ; « suite »,\r\nfin");
      project_ = InsertProject(session, fresh, 2026);
    });
  }

  Task Ask(const std::string& state, const std::string& assignee, std::int64_t due_at) {
    Task task;
    task.project = project_.id;
    task.state = state;
    task.action = state + ".done";
    task.label = "Valider " + state;
    task.assignee = assignee;
    task.since_at = kToday;
    task.due_at = due_at;
    task.status = "open";
    task.id = record_->Write([&](Session& session) { return InsertTask(session, task); });
    return task;
  }
  MailMessage Mail(bool copy = false, std::int64_t person = 1) {
    OutboxRow row;
    row.key = "act:1";
    row.project = project_.id;
    row.topic = "hello";
    row.person = person;
    row.copy = copy;
    row.payload = {{"title", "Accueil"}};
    return record_->Read(
        [&](Session& session) { return composer_->Compose(session, row, kToday).value(); });
  }
  // What ical.js finds attached; "" without.
  std::string Attached(const MailMessage& mail) {
    if (mail.attachments.empty()) return "";
    EXPECT_EQ(mail.attachments.size(), 1U);
    return test::ReadByOthers("ics", mail.attachments[0].content);
  }

  test::TestRecord record_;
  storage::Project project_;
  std::unique_ptr<Composer> composer_ = test::DemoComposer();
};

TEST_F(DeadlinesTest, AMailThatAsksCarriesItsDay) {
  if (!test::HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  const Task task = Ask("cadrage", "person:1", kToday + 7 * kOneDay);
  const MailMessage mail = Mail();
  const std::string uid = "echeance-" + project_.number + "-cadrage-1@aap.exemple.invalid";
  EXPECT_EQ(Attached(mail), uid + " " + std::to_string(project_.version) +
                                " 2026-11-30 CONFIRMED Valider cadrage : Accueil ; « suite », fin "
                                "| Échéance\n");
  EXPECT_EQ(mail.attachments[0].file_name, "echeance.ics");
  EXPECT_EQ(mail.attachments[0].content_type, "text/calendar; charset=utf-8; method=PUBLISH");
  EXPECT_NE(mail.attachments[0].content.find("METHOD:PUBLISH\r\n"), std::string::npos);
  EXPECT_NE(mail.attachments[0].content.find("URL:https://aap.exemple.invalid/projets/"),
            std::string::npos);
  EXPECT_TRUE(ToMime(mail)) << "it can be sent";

  // Moved: the same event, on another day, and newer.
  record_->Write([&](Session& session) {
    Task moved = task;
    moved.due_at += 2 * kOneDay;
    storage::UpdateTask(session, moved);
    const auto before = project_;
    project_.version += 1;
    ASSERT_TRUE(storage::UpdateProject(session, before, project_));
  });
  const std::string moved = Attached(Mail());
  EXPECT_TRUE(moved.starts_with(uid + " " + std::to_string(project_.version) + " 2026-12-02 "))
      << moved;
}

TEST_F(DeadlinesTest, NobodyElseAndNothingElseIsGivenADay) {
  Ask("cadrage", "person:1", kToday + 7 * kOneDay);
  EXPECT_EQ(Mail(true).attachments.size(), 0U) << "a copy tells, it does not ask";
  EXPECT_EQ(Mail(false, 2).attachments.size(), 0U) << "it is somebody else's";
  Ask("sans_date", "person:2", 0);
  Ask("passee", "person:2", kToday - kOneDay);
  EXPECT_EQ(Mail(false, 2).attachments.size(), 0U);
}

TEST_F(DeadlinesTest, SeveralDaysAreOneFile) {
  if (!test::HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  Ask("cadrage", "person:1", kToday + 7 * kOneDay);
  Ask("avis", "person:1", kToday + 9 * kOneDay);
  const MailMessage mail = Mail();
  const std::string read = Attached(mail);
  EXPECT_EQ(mail.attachments[0].file_name, "echeances.ics");
  EXPECT_NE(read.find("-cadrage-1@"), std::string::npos);
  EXPECT_NE(read.find("-avis-1@"), std::string::npos);
}

}  // namespace
}  // namespace aiguillage::notifications
