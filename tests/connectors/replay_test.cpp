// What the record holds, read once more by another mapping, without DS.
#include <gtest/gtest.h>

#include <functional>

#include "connectors/demarches_simplifiees/sync.h"
#include "storage/documents.h"
#include "storage/journal.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/mended_rails.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsStandIn;
using test::Exchange;

// The shipped rails beside a mapping of one's own.
class ReplayTest : public testing::Test {
 protected:
  void Mend(const std::function<void(json& mapping)>& change) {
    catalog_ = test::MendedRails(directory_ / ("rails" + std::to_string(++catalogs_)), change);
  }
  SyncContext Mended() {
    return {*exchange_.database,       exchange_.desk,         *catalog_, exchange_.ds,
            exchange_.context.options, exchange_.context.world};
  }
  SyncReport ReplayNow() {
    SyncContext context = Mended();
    exchange_.ds.on_request = [] { throw std::runtime_error("DS was asked"); };
    SyncReport report = Replay(context);
    exchange_.ds.on_request = {};
    return report;
  }
  std::vector<std::int64_t> Counts() {
    return exchange_.database->Read([](storage::Session& session) {
      std::int64_t documents = 0;
      storage::ProjectFilter filter;
      filter.limit = 100;
      for (const auto& project : storage::ListProjects(session, filter)) {
        documents += static_cast<std::int64_t>(storage::DocumentsOf(session, project.id).size());
      }
      return std::vector<std::int64_t>{storage::CountJournal(session),
                                       storage::CountOutbox(session, {}), documents};
    });
  }
  json Application(std::int64_t number) {
    const auto id = exchange_.ProjectOf(number).id;
    return exchange_.database->Read([&](storage::Session& session) {
      return storage::LatestDocument(session, id, "application")->answers;
    });
  }

  test::TempDirectory directory_;
  Exchange exchange_{{.dossiers = 5}};
  std::unique_ptr<workflows::Catalog> catalog_;
  int catalogs_ = 0;
};

TEST_F(ReplayTest, WritesNothingWhenTheMappingIsTheSame) {
  Pull(exchange_.context, false);
  Mend([](json&) {});
  const auto before = Counts();
  const SyncReport report = ReplayNow();
  EXPECT_EQ(report.unchanged, 5) << testing::PrintToString(report.words);
  EXPECT_EQ(report.updated + report.failed + report.quarantined, 0);
  EXPECT_EQ(Counts(), before);
}

TEST_F(ReplayTest, GivesProjectsTheAnswersOfTheMendedMappingAndMailsNobody) {
  Pull(exchange_.context, false);
  const auto number = exchange_.ds.Numbers()[0];
  ASSERT_TRUE(Application(number).contains("modality"));
  const auto before = Counts();
  Mend([](json& mapping) {
    for (auto& [word, slug] : mapping["choices"]["modality"].items()) slug = "blended";
  });
  EXPECT_GT(ReplayNow().updated, 0);
  EXPECT_EQ(Application(number)["modality"], "blended");
  const auto after = Counts();
  EXPECT_EQ(after[0], before[0]) << "no act";
  EXPECT_EQ(after[1], before[1]) << "no mail, no word to DS";
  EXPECT_GT(after[2], before[2]);
  EXPECT_EQ(ReplayNow().updated, 0);
  EXPECT_EQ(Counts(), after) << "a second replay writes nothing";
}

TEST_F(ReplayTest, LetsInWhatWasHeldAndLeavesItsFilesToTheNextReading) {
  const auto number = exchange_.ds.Numbers()[1];
  exchange_.ds.Write(exchange_.ds.At(number), "title", "");
  ASSERT_EQ(Pull(exchange_.context, false).quarantined, 1);
  Mend([](json& mapping) {  // the objectives become the title
    std::erase_if(*mapping["fields"].get_ptr<json::array_t*>(),
                  [](const json& field) { return field["to"] == "title"; });
    for (json& field : mapping["fields"]) {
      if (field["to"] == "objectives") field["to"] = "title";
    }
  });
  EXPECT_EQ(ReplayNow().created, 1);
  EXPECT_NE(exchange_.ProjectOf(number).title.find("Objectifs"), std::string::npos);
  const auto after = Counts();
  EXPECT_EQ(ReplayNow().created, 0);
  EXPECT_EQ(Counts(), after);
  SyncContext mended = Mended();
  EXPECT_EQ(Pull(mended, false).files, 2) << "only a reading has addresses";
}

}  // namespace
}  // namespace aiguillage::connectors
