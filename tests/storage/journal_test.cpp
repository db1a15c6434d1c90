#include "storage/journal.h"

#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/drafts.h"
#include "storage/messages.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/purge.h"
#include "storage/session.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

// Salts 00…, 11…, 22… : two records filled alike are then equal.
RandomSource Counted() {
  return [next = 0](std::size_t bytes) mutable {
    return std::string(bytes * 2, static_cast<char>('0' + next++ % 10));
  };
}

class JournalTest : public testing::Test {
 protected:
  JournalTest() : record_({.random = Counted()}) {
    record_.Seed();
    record_->Write([&](Session& s) {
      project_ = InsertProject(s, record_.NewProject("a"), 2026);
      for (int i = 1; i <= 3; ++i) AppendJournal(s, Row(i));
    });
  }
  JournalRow Row(int i) const {
    JournalRow row;
    row.project = project_.id;
    row.act = "act" + std::to_string(i);
    row.action = "framing.validate";
    row.role = "collection_lead";
    row.at = 1000 + i;
    row.states = "lead_review";
    row.definition = "d1";
    row.person = 1;
    row.on_behalf_of = 2;
    row.body = {{"data", {{"avis", "favorable"}, {"note", 4.5}}}};
    return row;
  }
  std::string Verify() {
    return record_->Read([&](Session& s) { return VerifyChain(JournalOf(s, project_.id)); });
  }
  void Run(const std::string& sql) {
    record_->Write([&](Session& s) { s.Execute(sql); });
  }
  test::TestRecord record_;
  Project project_;
};

TEST_F(JournalTest, RowsFollowEachOther) {
  auto rows = record_->Read([&](Session& s) { return JournalOf(s, project_.id); });
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].seq, 1);
  EXPECT_EQ(rows[0].previous, "");
  EXPECT_EQ(rows[0].salt, std::string(32, '0'));
  EXPECT_EQ(rows[1].previous, rows[0].hash);
  EXPECT_EQ(rows[2].seq, 3);
  EXPECT_EQ(rows[2].body["data"]["note"], 4.5);
  EXPECT_EQ(rows[2].on_behalf_of, 2);
  EXPECT_EQ(Verify(), "");
  record_->Read([&](Session& s) {
    EXPECT_EQ(LastJournal(s, project_.id)->act, "act3");
    EXPECT_FALSE(LastJournal(s, 99));
    EXPECT_EQ(CountJournal(s), 3);
  });
}

TEST_F(JournalTest, TheSameActsAndSaltsGiveTheSameChain) {
  test::TestRecord other({.random = Counted()});
  other.Seed();
  other->Write([&](Session& s) {
    InsertProject(s, other.NewProject("a"), 2026);
    for (int i = 1; i <= 3; ++i) AppendJournal(s, Row(i));
  });
  auto head = [](Session& s) { return LastJournal(s, 1)->hash; };
  EXPECT_EQ(other->Read(head), record_->Read(head));
}

// Whatever column is touched, the first touched row is named.
TEST_F(JournalTest, EveryTouchedColumnIsSeen) {
  const std::pair<const char*, const char*> kTouches[] = {
      {"seq", "7"},          {"act", "'x'"},    {"action", "'x'"},     {"role", "'x'"},
      {"at", "1"},           {"states", "'x'"}, {"definition", "'x'"}, {"digest", "'x'"},
      {"previous", "'x'"},   {"hash", "'x'"},   {"person", "2"},       {"person", "null"},
      {"on_behalf_of", "1"}, {"body", "'{}'"},  {"body", "null"},      {"salt", "'x'"},
  };
  for (auto [column, value] : kTouches) {
    std::string set =
        std::string("update journal set ") + column + " = " + value + " where act = 'act2'";
    EXPECT_THROW(record_->Write([&](Session& s) {
      s.Execute(set);
      std::string found = VerifyChain(JournalOf(s, project_.id));
      EXPECT_NE(found.find("project 1, row "), std::string::npos) << set << ": " << found;
      throw std::runtime_error("undo");
    }),
                 std::runtime_error);
    EXPECT_EQ(Verify(), "") << set;
  }
}

TEST_F(JournalTest, AMissingRowIsSeen) {
  Run("delete from journal where act = 'act2'");
  EXPECT_EQ(Verify(), "project 1, row 3: expected row 2");
}

TEST_F(JournalTest, AKeyGivesItsFirstAnswer) {
  record_->Write([&](Session& s) {
    InsertActKey(s, {"k", "digest", {{"project", project_.number}, {"version", 3}}}, 5);
    EXPECT_EQ(FindActKey(s, "k")->answer["version"], 3);
    EXPECT_EQ(FindActKey(s, "k")->digest, "digest");
    EXPECT_FALSE(FindActKey(s, "other"));
  });
}

TEST_F(JournalTest, ErasingLeavesTheChainAndNothingToRead) {
  Project kept = record_->Write([&](Session& s) {
    Project p = record_.NewProject("Titre personnel");
    project_.dossier = 77;
    UpdateProject(s, project_, 0);
    Dossier d{.number = 77, .hash = "h", .raw = "{\"nom\":\"personnel\"}", .status = "project"};
    SaveDossier(s, d);
    InsertDocument(s, {.project = 1, .form = "f", .act = "act1", .answers = "personnel"});
    SaveDraft(s, {1, "a", 1, "f", 1, "personnel"});
    InsertMessage(s, {0, 1, 1, "project_holder", "public", "personnel", 1, "k"});
    InsertFile(s, {.project = 1, .hash = "own", .name = "personnel"});
    InsertFile(s, {.project = 1, .hash = "shared"});
    OutboxRow mail;
    mail.kind = "mail";
    mail.key = "k";
    mail.project = 1;
    mail.act = "act1";
    mail.address = "personnel@example.fr";
    mail.status = "sent";
    InsertOutbox(s, mail);
    InsertActKey(s, {"k", "d", {{"project", project_.number}, {"a", "personnel"}}}, 5);
    InsertGrant(s, {.person = 2, .role = "reviewer", .scope = "project:" + project_.number});
    IndexProject(s, 1, "personnel", "personnel");
    p = InsertProject(s, p, 2026);
    AppendJournal(s, [&] {
      auto r = Row(9);
      r.project = p.id;
      return r;
    }());
    InsertFile(s, {.project = p.id, .hash = "shared"});
    return p;
  });
  record_->Read([](Session& s) { EXPECT_EQ(FindOrphans(s), std::vector<std::string>{}); });

  auto hashes = record_->Write([](Session& s) { return EraseProject(s, 1); });
  EXPECT_EQ(hashes, std::vector<std::string>{"own"});
  EXPECT_EQ(Verify(), "");
  record_->Read([&](Session& s) {
    EXPECT_EQ(FindOrphans(s), std::vector<std::string>{});
    auto row = *LastJournal(s, 1);
    EXPECT_TRUE(row.erased);
    EXPECT_EQ(row.person, 0);
    EXPECT_TRUE(row.body.is_null());
    EXPECT_EQ(row.salt, "");
    EXPECT_EQ(row.states, "lead_review");
    EXPECT_TRUE(FindProjectById(s, 1)->erased);
    EXPECT_EQ(FindProjectById(s, 1)->dossier, 77) << "DS may still show it: not taken in again";
    EXPECT_FALSE(FindDossier(s, 77));
    EXPECT_FALSE(FindDraft(s, 1, "a", 1));
    EXPECT_TRUE(MessagesOf(s, 1).empty());
    EXPECT_TRUE(GrantsFor(s, "reviewer").empty());
    EXPECT_FALSE(FindActKey(s, "k"));
    ProjectFilter text;
    text.text = "personnel";
    EXPECT_EQ(CountProjects(s, text), 0);
    Counts counts = CountRecord(s);
    EXPECT_EQ(counts.projects, 2);
    EXPECT_EQ(counts.journal, 4);
    EXPECT_EQ(counts.erased, 3);
    EXPECT_EQ(FindProjectById(s, kept.id)->title, "Titre personnel");
  });
}

TEST_F(JournalTest, OrphansAreNamed) {
  Run("update project_count set total = 5");
  auto found = record_->Read([](Session& s) { return FindOrphans(s); });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], "1 × pipeline count that differs from its projects");
}

}  // namespace
}  // namespace aiguillage::storage
