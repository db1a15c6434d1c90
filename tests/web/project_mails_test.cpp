// Every mail that told of a project is on its page with what became of it, those that told of
// several projects at once included.
#include <gmock/gmock.h>

#include "storage/timers.h"
#include "tests/web/steps.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The line of a mail in the tab of a project, tags and all; "" without.
std::string LineOf(Counter& counter, const std::string& who, const std::string& subject) {
  const auto page = counter.Get(Project(counter) + "?onglet=courriels", who).body;
  const auto at = page.find(subject);
  if (at == std::string::npos) return "";
  const auto from = page.rfind("<tr>", at);
  return page.substr(from, page.find("</tr>", at) - from);
}

// The lead is reminded of project 1: the mail, which is of no project.
storage::OutboxRow Remind(Counter& counter) {
  const auto rung = counter.database().Read([&](storage::Session& session) {
    const auto project = storage::FindProject(session, counter.number(1))->id;
    for (const auto& timer : storage::DueRungs(session, counter.now + 60LL * 86'400'000, 50)) {
      if (timer.project == project) return timer;
    }
    throw std::runtime_error("Expected a step of a ladder");
  });
  counter.services().desk.Remind(rung.id, rung.rung_at, false);
  const auto mail = counter.database().Read([&](storage::Session& session) {
    return storage::WaitingReminders(session, counter.PersonId("lead"));
  });
  EXPECT_TRUE(mail);
  EXPECT_EQ(mail->project, 0);
  return *mail;
}

TEST(ProjectMails, ARemindersStateIsToldOnEachProjectItTellsOf) {
  Counter counter;
  counter.services().preview_mail = [](const storage::OutboxRow& row) {
    return MailLook{"Sujet de " + row.topic, "", ""};
  };
  ToLeadReview(counter);
  auto mail = Remind(counter);
  const std::string subject = "Sujet de deadline_reminders",
                    address = "/courriels/" + std::to_string(mail.id);
  EXPECT_THAT(LineOf(counter, "pilot", subject), HasSubstr("lead@exemple.invalid"));
  EXPECT_THAT(LineOf(counter, "pilot", subject), HasSubstr("en attente"));
  mail.status = "failed";
  mail.done_at = counter.now;
  counter.database().Write([&](storage::Session& session) { UpdateOutbox(session, mail); });
  EXPECT_THAT(LineOf(counter, "pilot", subject), HasSubstr("échec"));
  EXPECT_THAT(LineOf(counter, "pilot", subject), HasSubstr("href=\"" + address + "\""));
  EXPECT_EQ(counter.Get(address, "pilot").status, 200);
  EXPECT_THAT(LineOf(counter, "lead", subject), HasSubstr("href=\"" + address + "\""));
  EXPECT_EQ(counter.Get(address, "lead").status, 200) << "it is theirs";
  EXPECT_EQ(LineOf(counter, "holder", subject), "") << "addressed to somebody else";
  EXPECT_EQ(counter.Get(address, "holder").status, 403);
  EXPECT_EQ(counter.Get(address, "other_lead").status, 403);
  const auto other = counter.Get("/projets/" + counter.number(2) + "?onglet=courriels", "pilot");
  EXPECT_THAT(other.body, Not(HasSubstr(subject))) << "it told nothing of that one";
}

// Whoever reads the mails of this project but not of all: the state, not what else it tells of.
TEST(ProjectMails, AReminderOpensToWhoMayReadAllThatItTellsOf) {
  Counter counter;
  counter.services().preview_mail = [](const storage::OutboxRow& row) {
    return MailLook{"Sujet de " + row.topic, "", ""};
  };
  ToLeadReview(counter);
  counter.AddPerson("call_officer");
  counter.services().desk.GrantRole(counter.PersonId("call_officer"), "case_officer",
                                    "call:mentor-2026", counter.now);
  const auto mail = Remind(counter);
  const auto line = LineOf(counter, "call_officer", "Sujet de deadline_reminders");
  EXPECT_THAT(line, HasSubstr("en attente"));
  EXPECT_THAT(line, Not(HasSubstr("href=")));
  EXPECT_EQ(counter.Get("/courriels/" + std::to_string(mail.id), "call_officer").status, 403);
}

}  // namespace
}  // namespace aiguillage::web
