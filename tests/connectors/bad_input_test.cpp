// What DS, or whoever configured us, may get wrong: words that say what to do, and nothing lost.
#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/documents.h"
#include "tests/support/ds_exchange.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::Exchange;

std::string Said(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + "\n";
  return text;
}

TEST(BadInput, AReadOnlyTokenStopsThePushAndKeepsTheRow) {
  Exchange exchange({.dossiers = 0, .read_only = true});
  const auto number = exchange.ds.Add("en_construction").number;
  const auto row = exchange.Queue(exchange.Hold(number), "instruct", "");
  const PushReport report = PushDue(exchange.context, exchange.now);
  EXPECT_TRUE(report.stopped);
  EXPECT_NE(Said(report.words).find("mettez dans ds.token un jeton en lecture et écriture"),
            std::string::npos)
      << Said(report.words);
  EXPECT_EQ(exchange.Row(row).status, "pending");
}

TEST(BadInput, AWrongDemarcheNumberIsNamed) {
  Exchange exchange({.dossiers = 1});
  exchange.context.options.demarche = 77;
  const SyncReport report = Sync(exchange.context, false);
  EXPECT_TRUE(report.stopped);
  EXPECT_NE(Said(report.words).find("démarche 77"), std::string::npos) << Said(report.words);
  EXPECT_NE(Said(report.words).find("ds.demarche"), std::string::npos);
  EXPECT_TRUE(exchange.Projects().empty());
}

TEST(BadInput, AnotherDemarchesMappingReadsNothing) {
  Exchange exchange({.dossiers = 2});
  exchange.ds.change_form = [](json& champs) {
    champs = {{{"__typename", "TextChampDescriptor"}, {"id", "z"}, {"label", "Nom du chien"}}};
  };
  const SyncReport report = Sync(exchange.context, false);
  EXPECT_TRUE(report.stopped);
  EXPECT_NE(Said(report.words).find("n’est pas celle de cette démarche"), std::string::npos);
  EXPECT_TRUE(exchange.Projects().empty());
  exchange.ds.change_form = {};
  EXPECT_EQ(Pull(exchange.context, false).created, 2) << "nothing was lost meanwhile";
}

TEST(BadInput, UnknownStatesAndTypesGoInAsTheyAreOrAreHeld) {
  Exchange exchange({.dossiers = 3});
  const auto numbers = exchange.ds.Numbers();
  exchange.ds.At(numbers[0]).state = "en_orbite";
  for (json& champ : exchange.ds.At(numbers[1]).champs) {
    champ = {{"__typename", "HologramChamp"},
             {"id", champ["id"]},
             {"champDescriptorId", champ["champDescriptorId"]},
             {"label", champ["label"]},
             {"stringValue", "Projet en relief"}};
  }
  const SyncReport report = Pull(exchange.context, false);
  EXPECT_FALSE(report.stopped);
  EXPECT_EQ(report.created + report.quarantined, 3) << Said(report.words);
  const auto held = exchange.database->Read(
      [](storage::Session& session) { return storage::Quarantined(session); });
  ASSERT_EQ(held.size(), 1U) << "a hologram is no amount, no date, no file";
  EXPECT_EQ(held[0].number, numbers[1]);
  EXPECT_NE(held[0].reasons.find("devrait être"), std::string::npos) << held[0].reasons;
  EXPECT_EQ(exchange.ProjectOf(numbers[0]).state, "admissibility_check");
}

TEST(BadInput, AFileThatLiesAboutItsSizeIsNotKept) {
  Exchange exchange({.dossiers = 1});
  auto& dossier = exchange.ds.At(exchange.ds.Numbers()[0]);
  std::string truth;
  json* lying = nullptr;
  for (json& champ : dossier.champs) {
    if (champ.contains("files")) lying = &champ["files"][0];
  }
  truth = (*lying)["byteSizeBigInt"];
  for (const char* lie : {"1", "999999", "-5", "9999999999999999999", "beaucoup", ""}) {
    (*lying)["byteSizeBigInt"] = lie;
    exchange.ds.Touch(dossier);
    const SyncReport report = Pull(exchange.context, false);
    EXPECT_FALSE(report.stopped) << lie;
    EXPECT_NE(Said(report.words).find("n’a pas pu être reprise telle qu’annoncée"),
              std::string::npos)
        << lie;
  }
  EXPECT_EQ(exchange.Projects().size(), 1U);
  const auto files =
      exchange.database->Read([](storage::Session& session) { return storage::AllFiles(session); });
  EXPECT_EQ(files.size(), 1U) << "the honest one";
  (*lying)["byteSizeBigInt"] = truth;
  exchange.ds.Touch(dossier);
  EXPECT_EQ(Pull(exchange.context, false).files, 1);
}

TEST(BadInput, AnAnswerTooDeepStopsTheRunWhereItWas) {
  Exchange exchange({.dossiers = 130});
  exchange.ds.Arm({.kind = "deep", .on = "DossiersPage", .count = 10, .after = 1});
  const SyncReport report = Sync(exchange.context, false);
  EXPECT_TRUE(report.stopped);
  EXPECT_NE(Said(report.words).find("illisible"), std::string::npos) << Said(report.words);
  EXPECT_EQ(exchange.Projects().size(), 100U);
  exchange.ds.Disarm();
  EXPECT_EQ(Pull(exchange.context, false).created, 30);
}

}  // namespace
}  // namespace aiguillage::connectors
