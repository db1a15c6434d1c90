#include "storage/exchange.h"

#include <gtest/gtest.h>

#include "storage/exchange_runs.h"
#include "storage/projects.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class ExchangeTest : public testing::Test {
 protected:
  ExchangeTest() { record_.Seed(); }
  std::int64_t Add(const std::string& title, const std::string& body) {
    return record_->Write([&](Session& s) {
      const Project project = InsertProject(s, record_.NewProject(title), 2026);
      IndexProject(s, project.id, title, body);
      return project.id;
    });
  }
  std::string Nearest(const std::vector<std::string>& phrases, std::int64_t but) {
    std::string titles;
    record_->Read([&](Session& s) {
      for (const Project& project : NearestProjects(s, phrases, but, 10)) {
        titles += (titles.empty() ? "" : " | ") + project.title;
      }
    });
    return titles;
  }
  test::TestRecord record_;
};

TEST_F(ExchangeTest, TheLastReadingsOfEachDemarcheAreKept) {
  record_->Write([&](Session& s) {
    ExchangeRun other;
    other.demarche = 8;
    SaveRun(s, other);
    for (int i = 1; i <= 25; ++i) {
      ExchangeRun run;
      run.demarche = 7;
      run.outcome = i < 25 ? "done" : "running";
      run.seen = i;
      run = SaveRun(s, run);
      run.created = i;
      EXPECT_EQ(SaveRun(s, run).id, run.id);
    }
    const auto runs = RunsOf(s, 7);
    ASSERT_EQ(runs.size(), kRunsKept);
    EXPECT_EQ(runs.front().seen, 25);
    EXPECT_EQ(runs.front().created, 25);
    EXPECT_EQ(runs.back().seen, 6);
    EXPECT_TRUE(MarkCutOff(s, 7));
    EXPECT_FALSE(MarkCutOff(s, 7));
    EXPECT_EQ(RunsOf(s, 7).front().outcome, "cut_off");
    EXPECT_EQ(RunsOf(s, 8).front().outcome, "running");
  });
}

TEST_F(ExchangeTest, CorrectionsKeepWhoWroteWhatBefore) {
  const std::int64_t person = 1;
  record_->Write([&](Session& s) {
    InsertCorrection(s, {0, 42, "title", "Écrire", person, 1000});
    InsertCorrection(s, {0, 43, "title", "Autre", person, 1000});
    InsertCorrection(s, {0, 42, "title", nullptr, person, 2000});
  });
  const auto found = record_->Read([](Session& s) { return CorrectionsOf(s, 42); });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].value, "Écrire");
  EXPECT_EQ(found[0].person, person);
  EXPECT_TRUE(found[1].value.is_null());
  EXPECT_EQ(found[1].at, 2000);
}

TEST_F(ExchangeTest, MappingsAreVersionsAndTheNewestCounts) {
  const std::int64_t person = 1;
  const std::string call = "demo-2026";
  record_->Write([&](Session& s) {
    EXPECT_EQ(InsertMapping(s, {call, 0, {{"fields", 1}}, person, 1000}).version, 1);
    EXPECT_EQ(InsertMapping(s, {call, 0, nullptr, person, 2000}).version, 2);
  });
  record_->Read([&](Session& s) {
    EXPECT_TRUE(NewestMapping(s, call)->mapping.is_null());
    EXPECT_EQ(MappingsOf(s, call).back().mapping, nlohmann::json({{"fields", 1}}));
    EXPECT_FALSE(NewestMapping(s, "other"));
  });
}

TEST_F(ExchangeTest, TheDescriptorIsTheLastOne) {
  record_->Write([&](Session& s) {
    SaveDescriptor(s, {7, {{"id", "a"}}, 1000});
    SaveDescriptor(s, {7, {{"id", "b"}}, 2000});
  });
  record_->Read([&](Session& s) {
    EXPECT_EQ(FindDescriptor(s, 7)->revision, nlohmann::json({{"id", "b"}}));
    EXPECT_EQ(FindDescriptor(s, 7)->at, 2000);
    EXPECT_FALSE(FindDescriptor(s, 8));
  });
}

TEST_F(ExchangeTest, NearestIsByAnyWordAndPhraseWithTheTitleFirst) {
  const auto own = Add("Écrire clair pour les usagers", "rédaction");
  Add("Écrire plus clair", "courriels");
  Add("Gérer un budget", "écrire un rapport");
  Add("Conduire une réunion", "animation de réunion");
  EXPECT_EQ(Nearest({"Écrire", "clair"}, own), "Écrire plus clair | Gérer un budget");
  EXPECT_EQ(Nearest({"animation de réunion"}, own), "Conduire une réunion");
  EXPECT_EQ(Nearest({"animation de budget"}, own), "");
  EXPECT_EQ(Nearest({"\" OR * | & ! <-> '", "()"}, own), "");
  EXPECT_EQ(Nearest({}, own), "");
}

}  // namespace
}  // namespace aiguillage::storage
