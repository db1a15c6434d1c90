// The mails of a decision, read and put otherwise before it is taken; one task after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/hash.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Ask(Counter& counter, int project = 1) {
  return "/projets/" + counter.number(project) + "/actions/completion.request";
}

std::string ValueOf(const std::string& page, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const auto at = page.find(mark);
  if (at == std::string::npos) return "";
  const auto from = at + mark.size();
  return page.substr(from, page.find('"', from) - from);
}

Fields Sent(const std::string& page, const std::string& what) {
  Fields fields = {{"reason", "Il manque l’accord."}, {"do", what}};
  for (const char* name : {"cle", "tache", "tache_version", "projet_version", "lignes"}) {
    fields.emplace_back(name, ValueOf(page, name));
  }
  return fields;
}

// A text as a template would give it to be rewritten.
void GiveTexts(Counter& counter) {
  counter.services().draft_mail = [](const storage::OutboxRow& row) {
    return notifications::Words{"Complément pour " + row.payload.value("number", ""),
                                "Bonjour.\n\nMotif : " + row.payload.value("reason", "")};
  };
}

std::vector<storage::OutboxRow> MailsOf(Counter& counter, const std::string& topic) {
  return counter.database().Read([&](storage::Session& session) {
    const auto project = storage::FindProject(session, counter.number(1));
    std::vector<storage::OutboxRow> rows;
    for (auto& row : storage::OutboxOf(session, project->id)) {
      if (row.topic == topic) rows.push_back(std::move(row));
    }
    return rows;
  });
}

void Change(Fields& fields, const std::string& subject, const std::string& text,
            const std::string& origin) {
  fields.emplace_back("objet.completion_requested", subject);
  fields.emplace_back("texte.completion_requested", text);
  fields.emplace_back("origine.completion_requested", origin);
}

}  // namespace

TEST(DecisionMails, AreReadAndPutOtherwiseInPlace) {
  Counter counter;
  GiveTexts(counter);
  const auto page = counter.Get(Ask(counter), "officer").body;
  EXPECT_THAT(page, Not(HasSubstr("objet.completion_requested"))) << "nothing is known yet";
  const auto checked = counter.Post(Ask(counter), Sent(page, "rehearse"), "officer").body;
  EXPECT_THAT(checked, HasSubstr("Complément pour " + counter.number(1)));
  EXPECT_THAT(checked, HasSubstr("Motif : Il manque l’accord."));
  const std::string origin = ValueOf(checked, "origine.completion_requested");
  EXPECT_EQ(origin.size(), 64U);
  Fields fields = Sent(checked, "act");
  Change(fields, "Encore une pièce", "Bonjour,\r\n\r\nmerci de joindre l’accord.", origin);
  EXPECT_EQ(counter.Post(Ask(counter), fields, "officer").status, 303);
  const auto mails = MailsOf(counter, "completion_requested");
  ASSERT_FALSE(mails.empty());
  for (const auto& mail : mails) {
    EXPECT_EQ(mail.payload["rewritten"]["subject"], "Encore une pièce");
    EXPECT_EQ(mail.payload["rewritten"]["text"], "Bonjour,\n\nmerci de joindre l’accord.");
    EXPECT_EQ(mail.payload["hand"][0]["person"], counter.PersonId("officer"));
  }
}

TEST(DecisionMails, ComeBackAsTheyWereGivenAndStayTheTemplates) {
  Counter counter;
  GiveTexts(counter);
  const auto page = counter.Get(Ask(counter), "officer").body;
  const auto checked = counter.Post(Ask(counter), Sent(page, "rehearse"), "officer").body;
  Fields fields = Sent(checked, "act");
  Change(fields, "Complément pour " + counter.number(1),
         "Bonjour.\r\n\r\nMotif : Il manque l’accord.",
         ValueOf(checked, "origine.completion_requested"));
  EXPECT_EQ(counter.Post(Ask(counter), fields, "officer").status, 303);
  for (const auto& mail : MailsOf(counter, "completion_requested")) {
    EXPECT_FALSE(mail.payload.contains("rewritten"));
  }
}

TEST(DecisionMails, ThatLeadElsewhereAreRefusedAndKept) {
  Counter counter;
  GiveTexts(counter);
  const auto page = counter.Get(Ask(counter), "officer").body;
  Fields fields = Sent(page, "act");
  Change(fields, "Encore une pièce", "Voyez https://ailleurs.exemple.invalid/x " + kCanary, "x");
  const auto said = counter.Post(Ask(counter), fields, "officer");
  EXPECT_EQ(said.status, 422);
  EXPECT_THAT(said.body, HasSubstr("https://ailleurs.exemple.invalid/x"));
  EXPECT_THAT(said.body, HasSubstr("récrit par vous")) << "what was typed is still there";
  EXPECT_FALSE(HoldsCanary(said.body));
  EXPECT_TRUE(MailsOf(counter, "completion_requested").empty());
}

TEST(DecisionMails, OfAHolderAreNotTheirsToRewrite) {
  Counter counter;
  GiveTexts(counter);
  const std::string address = "/projets/" + counter.number(1) + "/actions/withdraw";
  const auto page = counter.Get(address, "holder").body;
  Fields fields = Sent(page, "rehearse");
  EXPECT_THAT(counter.Post(address, fields, "holder").body, Not(HasSubstr("texte.")));
  fields = Sent(page, "act");
  fields.emplace_back("confirmed", "true");
  fields.emplace_back("texte.withdrawn", "Autre chose");
  fields.emplace_back("objet.withdrawn", "Autre chose");
  EXPECT_EQ(counter.Post(address, fields, "holder").status, 303);
  for (const auto& mail : MailsOf(counter, "withdrawn")) {
    EXPECT_FALSE(mail.payload.contains("rewritten"));
  }
}

TEST(Queue, LeadsFromATaskToTheNext) {
  Counter counter;
  const auto tasks = counter.Get("/taches", "officer").body;
  const std::string check = "/actions/admissibility.accept?tache=";
  ASSERT_THAT(tasks, HasSubstr("/projets/" + counter.number(1) + check));
  ASSERT_THAT(tasks, HasSubstr("/projets/" + counter.number(2) + check));
  const auto page = counter.Get(Ask(counter), "officer").body;
  EXPECT_THAT(page, Not(HasSubstr("Tâche 1 sur"))) << "this action is not the task's";
  const auto at = tasks.find("/projets/" + counter.number(1) + check);
  const std::string first = tasks.substr(at, tasks.find('"', at) - at);
  const auto task = counter.Get(first, "officer").body;
  EXPECT_THAT(task, HasSubstr(" sur 2"));
  EXPECT_THAT(task, HasSubstr("/projets/" + counter.number(2) + check));
  const auto done = counter.Post(Ask(counter), Sent(page, "act_next"), "officer");
  ASSERT_EQ(done.status, 303);
  const std::string next = *done.FindHeader("Location");
  EXPECT_THAT(next, HasSubstr("/projets/" + counter.number(2) + check));
  const auto landed = counter.Get(next, "officer").body;
  EXPECT_THAT(landed, HasSubstr("c’est fait"));
  EXPECT_THAT(landed, HasSubstr("/projets/" + counter.number(1) + "/annuler/"));
}

}  // namespace aiguillage::web
