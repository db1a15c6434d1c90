// Tasks, timers, the outbox, documents, files, calls, dossiers: what is written comes back.
#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>

#include "storage/calls.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class RowsTest : public testing::Test {
 protected:
  RowsTest() {
    record_.Seed();
    record_->Write([&](Session& s) {
      project_ = InsertProject(s, record_.NewProject("a"), 2026);
      other_ = InsertProject(s, record_.NewProject("b"), 2026);
    });
  }
  Task NewTask(const std::string& assignee, std::int64_t due) const {
    return {.project = project_.id,
            .state = "lead_review",
            .action = "framing.validate",
            .label = "Valider le cadrage",
            .role = "collection_lead",
            .assignee = assignee,
            .since_at = 10,
            .due_at = due,
            .status = "open"};
  }
  OutboxRow Row(const std::string& kind, const std::string& key, std::int64_t project) const {
    OutboxRow row;
    row.kind = kind;
    row.key = key;
    row.project = project;
    row.act = "act1";
    row.topic = "acknowledgement";
    row.payload = {{"title", "Été"}};
    row.status = "pending";
    row.not_before = 100;
    return row;
  }
  test::TestRecord record_;
  Project project_, other_;
};

TEST_F(RowsTest, AWorklistIsSortedByDueDateWithTheUndatedLast) {
  record_->Write([&](Session& s) {
    InsertTask(s, NewTask("person:1", 0));
    InsertTask(s, NewTask("collection_lead@collection:numerique", 300));
    InsertTask(s, NewTask("person:1", 200));
    InsertTask(s, NewTask("person:2", 100));
    std::vector<std::string> mine = {"person:1", "collection_lead@collection:numerique",
                                     "person:1"};
    auto lines = Worklist(s, mine);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].task.due_at, 200);
    EXPECT_EQ(lines[1].task.due_at, 300);
    EXPECT_EQ(lines[2].task.due_at, 0);
    EXPECT_EQ(lines[0].number, project_.number);
    EXPECT_EQ(lines[0].collection, "numerique");
    EXPECT_EQ(lines[0].call, "demo-2026");
    EXPECT_EQ(Worklist(s, mine, 2).size(), 2u);
    EXPECT_TRUE(Worklist(s, {}).empty());
    EXPECT_EQ(OpenTasksFor(s, "collection_lead").size(), 4u);
  });
}

TEST_F(RowsTest, ADoneTaskLeavesTheWorklistForTheRecentlyDone) {
  record_->Write([&](Session& s) {
    auto id = InsertTask(s, NewTask("person:1", 200));
    Task task = *FindTask(s, id);
    EXPECT_EQ(task.label, "Valider le cadrage");
    task.status = "done";
    task.closed_at = 50;
    task.closed_by = 2;
    task.version = 2;
    UpdateTask(s, task);
    EXPECT_TRUE(OpenTasks(s, project_.id).empty());
    EXPECT_EQ(TasksOf(s, project_.id).at(0).version, 2);
    EXPECT_EQ(RecentlyDone(s, 2, 50).size(), 1u);
    EXPECT_TRUE(RecentlyDone(s, 2, 51).empty());
    EXPECT_TRUE(RecentlyDone(s, 1, 0).empty());
  });
}

TEST_F(RowsTest, TimersComeDueInOrder) {
  record_->Write([&](Session& s) {
    Timer timer{.project = project_.id,
                .kind = "deadline",
                .event = "late",
                .owner = "lead_review",
                .rule = "15 jours ouvrés",
                .resume = "remaining",
                .started_at = 1,
                .due_at = 300,
                .status = "waiting"};
    auto late = InsertTimer(s, timer);
    timer.due_at = 200;
    auto soon = InsertTimer(s, timer);
    timer.status = "stopped";
    timer.remaining_days = 4;
    InsertTimer(s, timer);
    EXPECT_TRUE(DueTimers(s, 199, 10).empty());
    auto due = DueTimers(s, 300, 10);
    ASSERT_EQ(due.size(), 2u);
    EXPECT_EQ(due[0].id, soon);
    EXPECT_EQ(due[1].id, late);
    EXPECT_EQ(due[0].rule, "15 jours ouvrés");
    EXPECT_EQ(due[0].remaining_days, -1);
    EXPECT_EQ(DueTimers(s, 300, 1).size(), 1u);
    due[0].status = "fired";
    UpdateTimer(s, due[0]);
    EXPECT_EQ(FindTimer(s, soon)->status, "fired");
    EXPECT_EQ(TimersOf(s, project_.id).size(), 3u);
  });
}

TEST_F(RowsTest, AMailIsLeasedOnceAndAgainWhenItsWorkerDied) {
  record_->Write([&](Session& s) {
    auto id = InsertOutbox(s, Row("mail", "act1/0", project_.id));
    EXPECT_TRUE(LeaseOutbox(s, "mail", 99, 200, 10).empty());
    auto leased = LeaseOutbox(s, "mail", 100, 200, 10);
    ASSERT_EQ(leased.size(), 1u);
    EXPECT_EQ(leased[0].status, "sending");
    EXPECT_EQ(leased[0].attempts, 1);
    EXPECT_FALSE(leased[0].retaken);
    EXPECT_EQ(leased[0].payload["title"], "Été");
    EXPECT_TRUE(LeaseOutbox(s, "mail", 199, 300, 10).empty());
    auto again = LeaseOutbox(s, "mail", 200, 300, 10);
    ASSERT_EQ(again.size(), 1u);
    EXPECT_TRUE(again[0].retaken);
    EXPECT_EQ(again[0].attempts, 2);
    again[0].status = "sent";
    again[0].done_at = 201;
    UpdateOutbox(s, again[0]);
    EXPECT_EQ(FindOutbox(s, id)->status, "sent");
    EXPECT_TRUE(LeaseOutbox(s, "mail", 999, 1999, 10).empty());
  });
}

// Two processes, each with its own writer, empty one outbox: nothing is sent twice, nothing stays.
TEST_F(RowsTest, TwoProcessesNeverLeaseTheSameMail) {
  constexpr int kMails = 120;
  record_->Write([&](Session& s) {
    for (int i = 0; i < kMails; ++i) InsertOutbox(s, Row("mail", std::to_string(i), project_.id));
  });
  auto other = Database::Open(record_.url());
  std::mutex mutex;
  std::multiset<std::int64_t> leased;
  const auto empty_it = [&](Database& database) {
    for (;;) {
      const auto rows =
          database.Write([](Session& s) { return LeaseOutbox(s, "mail", 100, 200, 3); });
      if (rows.empty()) return;
      const std::lock_guard lock(mutex);
      for (const auto& row : rows) leased.insert(row.id);
    }
  };
  std::thread one([&] { empty_it(*record_); }), two([&] { empty_it(*other); });
  one.join();
  two.join();
  EXPECT_EQ(leased.size(), std::size_t{kMails});
  EXPECT_EQ(std::set<std::int64_t>(leased.begin(), leased.end()).size(), std::size_t{kMails});
}

TEST_F(RowsTest, DsHearsOfEachProjectInOrderOneAtATime) {
  record_->Write([&](Session& s) {
    auto first = InsertOutbox(s, Row("ds", "1", project_.id));
    auto second = InsertOutbox(s, Row("ds", "2", project_.id));
    InsertOutbox(s, Row("ds", "3", other_.id));
    auto leased = LeaseOutbox(s, "ds", 100, 200, 10);
    ASSERT_EQ(leased.size(), 2u);
    EXPECT_EQ(leased[0].id, first);
    EXPECT_EQ(leased[1].project, other_.id);
    EXPECT_TRUE(LeaseOutbox(s, "ds", 100, 200, 10).empty());
    leased[0].status = "sent";
    UpdateOutbox(s, leased[0]);
    leased = LeaseOutbox(s, "ds", 100, 200, 10);
    ASSERT_EQ(leased.size(), 1u);
    EXPECT_EQ(leased[0].id, second);
  });
}

TEST_F(RowsTest, TheOutboxPageFindsByAddressTopicAndProject) {
  record_->Write([&](Session& s) {
    OutboxRow row = Row("mail", "1", project_.id);
    row.address = "Camille@example.fr";
    row.person = 1;
    row.copy = true;
    InsertOutbox(s, row);
    InsertOutbox(s, Row("mail", "2", 0));
    auto count = [&](const std::string& text) {
      OutboxFilter filter{.kind = "mail", .status = "pending", .text = text};
      EXPECT_EQ(CountOutbox(s, filter), static_cast<std::int64_t>(ListOutbox(s, filter).size()));
      return CountOutbox(s, filter);
    };
    EXPECT_EQ(count(""), 2);
    EXPECT_EQ(count("camille@"), 1);
    EXPECT_EQ(count("aig-2026"), 1);
    EXPECT_EQ(count("acknow"), 2);
    EXPECT_EQ(count("%"), 0);
    EXPECT_EQ(count("_"), 0);
    EXPECT_EQ(OutboxOf(s, project_.id).at(0).copy, true);
    EXPECT_EQ(OutboxOfAct(s, "act1").size(), 2u);
    EXPECT_EQ(ListOutbox(s, {}).at(0).key, "2");
  });
}

TEST_F(RowsTest, DocumentsAreNumberedByProjectAndForm) {
  record_->Write([&](Session& s) {
    Document d{.project = project_.id,
               .form = "framing_note",
               .person = 1,
               .act = "act1",
               .at = 5,
               .answers = {{"objectif", "Été"}}};
    EXPECT_EQ(InsertDocument(s, d).version, 1);
    d.act = "act2";
    EXPECT_EQ(InsertDocument(s, d).version, 2);
    d.form = "synopsis";
    d.person = 0;
    EXPECT_EQ(InsertDocument(s, d).version, 1);
    EXPECT_EQ(LatestDocument(s, project_.id, "framing_note")->version, 2);
    MarkDocumentsTakenBack(s, "act2");
    EXPECT_EQ(LatestDocument(s, project_.id, "framing_note")->version, 1);
    EXPECT_TRUE(FindDocument(s, project_.id, "framing_note", 2)->taken_back);
    EXPECT_EQ(DocumentsOf(s, project_.id).size(), 3u);
    EXPECT_EQ(DocumentsOf(s, project_.id).at(0).answers["objectif"], "Été");
    EXPECT_FALSE(LatestDocument(s, other_.id, "framing_note"));
  });
}

TEST_F(RowsTest, AFileKeepsItsHostileName) {
  record_->Write([&](Session& s) {
    File f{.project = project_.id,
           .hash = "h",
           .name = "../../é\"t'.pdf",
           .type = "application/pdf",
           .size = 5'000'000'000,
           .source = "ds",
           .field = "budget",
           .scan = "SAFE",
           .at = 3};
    auto id = InsertFile(s, f);
    EXPECT_EQ(FindFile(s, id)->name, f.name);
    EXPECT_EQ(FindFile(s, id)->size, 5'000'000'000);
    EXPECT_EQ(FilesOf(s, project_.id).size(), 1u);
    EXPECT_EQ(AllFiles(s).size(), 1u);
  });
}

TEST_F(RowsTest, CallsAndCollectionsAreSavedAgainAndAgain) {
  record_->Write([](Session& s) {
    Call call = *FindCall(s, "demo-2026");
    call.settings = {{"dates", {{"results", "2026-06-01"}}}};
    call.closes = "2026-03-01";
    SaveCall(s, call);
    EXPECT_EQ(Calls(s).size(), 1u);
    EXPECT_EQ(FindCall(s, "demo-2026")->settings["dates"]["results"], "2026-06-01");
    SaveCollection(s, {.slug = "accueil", .label = "Accueil", .position = 0});
    SaveCollection(s, {.slug = "usagers", .parent = "accueil", .label = "Usagers", .position = 9});
    std::string order;
    for (auto& c : Collections(s)) order += c.slug + " ";
    EXPECT_EQ(order, "accueil usagers numerique cyber ");
    EXPECT_EQ(FindCollection(s, "cyber")->parent, "numerique");
    EXPECT_FALSE(FindCollection(s, "nulle"));
  });
}

TEST_F(RowsTest, ADefinitionIsTakenOnce) {
  record_->Write([](Session& s) {
    Definition d{.hash = "h2",
                 .name = "demo",
                 .taken_at = 9,
                 .files = {{"project.scxml", "<scxml/>"}, {"forms/a.json", "{}"}}};
    SaveDefinition(s, d);
    d.files["project.scxml"] = "changed";
    SaveDefinition(s, d);
    EXPECT_EQ(FindDefinition(s, "h2")->files.at("project.scxml"), "<scxml/>");
    EXPECT_EQ(FindDefinition(s, "h2")->files.size(), 2u);
    EXPECT_EQ(NewestDefinition(s, "demo"), "h2");
    EXPECT_FALSE(NewestDefinition(s, "other"));
  });
}

TEST_F(RowsTest, ADossierHasANewVersionOnlyWhenItsContentChanged) {
  record_->Write([](Session& s) {
    Dossier d{.number = 12,
              .demarche = 7,
              .node = "n",
              .hash = "h1",
              .ds_state = "en_construction",
              .raw = "{}",
              .at = 1,
              .status = "project",
              .reasons = "[]"};
    EXPECT_TRUE(SaveDossier(s, d));
    EXPECT_EQ(d.version, 1);
    EXPECT_FALSE(SaveDossier(s, d));
    d.hash = "h2";
    d.status = "quarantined";
    d.reasons = "[\"titre manquant\"]";
    EXPECT_TRUE(SaveDossier(s, d));
    EXPECT_EQ(d.version, 2);
    EXPECT_EQ(FindDossier(s, 12)->hash, "h2");
    EXPECT_EQ(Quarantined(s).size(), 1u);
    SetDossierStatus(s, 12, "project", "[]");
    EXPECT_TRUE(Quarantined(s).empty());
    EXPECT_EQ(DossierNumbers(s, 7), std::vector<std::int64_t>{12});
    SaveCursor(s, 7, "dossiers", "c1");
    SaveCursor(s, 7, "dossiers", "c2");
    EXPECT_EQ(FindCursor(s, 7, "dossiers"), "c2");
    EXPECT_EQ(FindCursor(s, 7, "deleted"), "");
  });
}

TEST_F(RowsTest, ALeaseIsOneHoldersUntilItIsOver) {
  record_->Write([](Session& s) {
    EXPECT_TRUE(TakeLease(s, "ds", "a:8080", 100, 200));
    EXPECT_FALSE(TakeLease(s, "ds", "b:8080", 199, 300));
    EXPECT_TRUE(TakeLease(s, "ds", "a:8080", 199, 300)) << "its own, after a restart";
    EXPECT_TRUE(TakeLease(s, "other", "b:8080", 199, 300));
    EndLease(s, "ds", "b:8080");
    EXPECT_FALSE(TakeLease(s, "ds", "b:8080", 299, 400));
    EXPECT_TRUE(TakeLease(s, "ds", "b:8080", 300, 400));
    EndLease(s, "ds", "b:8080");
    EXPECT_TRUE(TakeLease(s, "ds", "a:8080", 301, 400));
  });
}

TEST_F(RowsTest, AnOpenIncidentIsNotOpenedTwice) {
  record_->Write([&](Session& s) {
    auto id =
        InsertIncident(s, {.project = project_.id, .kind = "drift", .sentence = "Écart", .at = 1});
    EXPECT_EQ(InsertIncident(s, {.project = project_.id, .kind = "drift", .at = 2}), id);
    EXPECT_NE(InsertIncident(s, {.kind = "drift", .at = 2}), id);
    EXPECT_EQ(OpenIncidents(s).size(), 2u);
    Incident end = *FindIncident(s, id);
    end.closed_at = 3;
    end.closed_by = 1;
    end.choice = "mended";
    end.reason = "réparé";
    EXPECT_TRUE(CloseIncident(s, end));
    end.reason = "trop tard";
    EXPECT_FALSE(CloseIncident(s, end)) << "somebody was faster";
    EXPECT_EQ(OpenIncidents(s).size(), 1u);
    IncidentFilter closed;
    closed.closed = true;
    EXPECT_EQ(CountIncidents(s, closed), 1);
    ASSERT_EQ(ListIncidents(s, closed).size(), 1u);
    const Incident kept = ListIncidents(s, closed).front();
    EXPECT_EQ(kept.closed_by, 1);
    EXPECT_EQ(kept.choice + " " + kept.reason, "mended réparé");
    closed.kind = "timer";
    EXPECT_EQ(CountIncidents(s, closed), 0);
    IncidentFilter of_project;
    of_project.project = project_.id;
    EXPECT_EQ(CountIncidents(s, of_project), 0);
    SaveSetting(s, "sync.last", "1");
    SaveSetting(s, "sync.last", "2");
    EXPECT_EQ(FindSetting(s, "sync.last"), "2");
    EXPECT_FALSE(FindSetting(s, "nothing"));
  });
}

}  // namespace
}  // namespace aiguillage::storage
