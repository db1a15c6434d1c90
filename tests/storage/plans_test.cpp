// What runs at every page or act finds its rows by an index, however many there are: the database
// is asked how it would run each statement that the record has just prepared. SQLite's words for it
// are used for both; PostgreSQL would rather scan tables as small as these, so that it is
// forbidden: what it scans or sorts all the same, it has no index for.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <regex>

#include "storage/committee.h"
#include "storage/conflicts.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/drafts.h"
#include "storage/journal.h"
#include "storage/mail_texts.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/session.h"
#include "storage/statements.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

// Each :name as a text that fits every type, so that the statement can be explained.
std::string WithValues(const std::string& sql) {
  static const std::regex parameter(R"(:[a-z_]+)");
  return std::regex_replace(sql, parameter, "'1'");
}

std::string PlanOfPostgresql(Session& session, const std::string& sql) {
  std::string line, plan;
  Query query(session, "explain (costs off) " + WithValues(sql));
  query.Out(line);
  query.Each([&] { plan += "  " + line + "\n"; });
  // An index gone through from end to end, its rows looked at one by one, is a scan too.
  const std::regex whole(R"((Seq Scan on|Index Scan using (?=\w+ on \w+( \w+)?\n +Filter)))");
  plan = std::regex_replace(plan, whole, "SCAN ");
  plan = std::regex_replace(plan, std::regex("Index (Only )?Scan|Bitmap Index Scan"), "SEARCH");
  // Rows that come in order but for those of one instant are sorted as few as are asked for.
  plan = std::regex_replace(plan, std::regex("Incremental Sort\n"), "ties\n");
  return std::regex_replace(plan, std::regex("Sort\n"), "TEMP B-TREE\n");
}

std::string Plan(Session& session, const std::string& sql) {
  if (test::KindAsked() == test::Kind::kPostgresql) return PlanOfPostgresql(session, sql);
  std::int64_t id = 0, parent = 0, unused = 0;
  std::string detail, plan;
  Query query(session, "explain query plan " + sql);
  query.Out(id).Out(parent).Out(unused).Out(detail);
  const std::string by_row_id =
      "SCAN project_text VIRTUAL TABLE INDEX 0:=";  // FTS5 calls it a scan
  query.Each([&] { plan += "  " + (detail == by_row_id ? "SEARCH" : detail) + "\n"; });
  return plan;
}

bool IsPlain(const std::string& sql) {
  return sql.starts_with("select") || sql.starts_with("update") || sql.starts_with("delete");
}

class PlansTest : public testing::Test {
 protected:
  PlansTest() {
    record_.Seed();
    if (test::KindAsked() == test::Kind::kSqlite) return;
    // Of two indexes of an empty table PostgreSQL takes any.
    record_->Write([&](Session& s) {
      for (int i = 0; i < 500; ++i) {
        InsertTask(s, {.project = InsertProject(s, record_.NewProject("filled"), 2026).id,
                       .role = "role" + std::to_string(i),
                       .assignee = "person:" + std::to_string(i),
                       .status = "open"});
      }
      s.Execute("analyze task");
      s.Execute("analyze project");
    });
  }

  // The plans of all that `work` ran, on a connection that ran nothing else.
  std::string PlansOf(const std::function<void(Session&)>& work, bool sorted = false) {
    record_.Reopen();
    auto statements = record_->Write([&](Session& s) {
      auto opening = StatementsOf(s);
      work(s);
      std::vector<std::string> own;
      for (const std::string& sql : StatementsOf(s)) {
        bool known = std::find(opening.begin(), opening.end(), sql) != opening.end();
        if (IsPlain(sql) && !known) own.push_back(sql);
      }
      return own;
    });
    return record_->Read([&](Session& s) {
      std::string plans;
      if (test::KindAsked() == test::Kind::kPostgresql) {
        s.Execute("set local enable_seqscan = off");
        s.Execute(std::string("set local enable_sort = ") + (sorted ? "off" : "on"));
      }
      for (const std::string& sql : statements) plans += sql + "\n" + Plan(s, sql);
      return plans;
    });
  }
  test::TestRecord record_;
};

TEST_F(PlansTest, AnActNeverScans) {
  auto plans = PlansOf([&](Session& s) {
    auto p = InsertProject(s, record_.NewProject("a"), 2026);
    FindProject(s, p.number);
    FindProjectById(s, p.id);
    FindProjectByDossier(s, 7);
    UpdateProject(s, p, p.version);
    IndexProject(s, p.id, "a", "b");
    JournalRow row;
    row.project = p.id;
    row.act = "act1";
    row.body = nlohmann::json::object();
    AppendJournal(s, row);
    LastJournal(s, p.id);
    FindActKey(s, "k");
    OpenTasks(s, p.id);
    UpdateTask(s, {.id = 1, .project = p.id, .status = "done"});
    TimersOf(s, p.id);
    OutboxOfAct(s, "act1");
    InsertDocument(s, {.project = p.id, .form = "f", .answers = "x"});
    LatestDocument(s, p.id, "f");
    MarkDocumentsTakenBack(s, "act1");
    DeleteDraft(s, p.id, "a", 1);
    InsertGrant(s, {.person = 1, .role = "reviewer"});
    GrantsOf(s, 1);
    Holders(s, "reviewer", "");
    DelegationsTo(s, 1, 5);
    FindPersonByEmail(s, "a");
    Dossier d{.number = 3, .hash = "h", .status = "project"};
    SaveDossier(s, d);
  });
  EXPECT_NE(plans.find("SEARCH"), std::string::npos);
  EXPECT_EQ(plans.find("SCAN"), std::string::npos) << plans;
}

TEST_F(PlansTest, APageNeverScans) {
  auto plans = PlansOf([&](Session& s) {
    Worklist(s, {"person:1", "auditor@"});
    RecentlyDone(s, 1, 0);
    OpenTasksFor(s, "auditor");
    TasksOf(s, 1);
    JournalOf(s, 1);
    OutboxOf(s, 1);
    OutboxOf(s, 1, "ds");
    OutboxListOf(s, 1);
    ProjectIdsAfter(s, 1, 5);
    DocumentsOf(s, 1);
    FilesOf(s, 1);
    FindWebSession(s, "x");
    TouchWebSession(s, "x", 1);
    ConsumeLoginLink(s, "x", 1);
    LoginLinksSince(s, 1, 0);
    Quarantined(s, 50, 100);
    CountQuarantined(s);
    OpenConflict(s, 1);
    ConflictsOf(s, 1);
    OpenConflicts(s, 20);
    MailTextsInForce(s, "demo-2026");
    MailTextsOf(s, "demo-2026", "selected", "");
    FindMailText(s, "demo-2026", "selected", "", 1);
    ProjectFilter mine;
    mine.person = 1;
    CountProjects(s, mine);
    ProjectFilter overdue;
    overdue.overdue = true;
    overdue.now = 5;
    CountProjects(s, overdue);
  });
  EXPECT_EQ(plans.find("SCAN"), std::string::npos) << plans;
}

// The whole of an index that holds only what waits, and never the table.
TEST_F(PlansTest, FilesThatWaitForTheAntivirusAreReadByTheirOwnIndex) {
  const auto plans = PlansOf([&](Session& s) { FilesToScan(s, 100); });
  EXPECT_NE(plans.find("file_waiting"), std::string::npos) << plans;
}

TEST_F(PlansTest, ASittingNeverScans) {
  auto plans = PlansOf([&](Session& s) {
    CommitteeSessions(s, "demo-2026");
    FindCommitteeSession(s, 1);
    CommitteeItems(s, 1);
    HoldDecision(s, {1, 1});
    ReleaseDecision(s, 1, 1, "act1");
    TakeOffAgenda(s, 1, 1);
    FindItemOfAct(s, "act1");
    OtherSittings(s, 1, 2);
  });
  EXPECT_EQ(plans.find("SCAN"), std::string::npos) << plans;
}

TEST_F(PlansTest, WorkersNeitherScanNorSort) {
  auto plans = PlansOf(
      [&](Session& s) {
        DueTimers(s, 5, 10);
        DueRungs(s, 5, 10);
        WaitingReminders(s, 1);
        DeadlinesBetween(s, 5, 9, std::nullopt, 10);
        LeaseOutbox(s, "mail", 5, 6, 10);
        LeaseOutbox(s, "ds", 5, 6, 10);
        WaitAgain(s, "mail", 5, "again");
      },
      /*sorted=*/true);
  EXPECT_EQ(plans.find("SCAN"), std::string::npos) << plans;
  EXPECT_EQ(plans.find("TEMP B-TREE"), std::string::npos) << plans;
}

TEST_F(PlansTest, AWorklistAndAFilteredListComeSorted) {
  auto plans = PlansOf(
      [&](Session& s) {
        Worklist(s, {"person:1"});
        ProjectFilter cell;
        cell.call = "demo-2026";
        cell.state = "admissibility";
        ListProjects(s, cell);
        ListProjects(s, {});
      },
      /*sorted=*/true);
  EXPECT_EQ(plans.find("TEMP B-TREE"), std::string::npos) << plans;
}

TEST_F(PlansTest, ThePipelineReadsCountersOnly) {
  auto plans = PlansOf([&](Session& s) { Pipeline(s, "demo-2026", 5); });
  EXPECT_NE(plans.find("project_count"), std::string::npos) << plans;
  EXPECT_EQ(plans.find("project "), std::string::npos) << plans;
}

}  // namespace
}  // namespace aiguillage::storage
