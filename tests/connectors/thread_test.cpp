#include "connectors/demarches_simplifiees/thread.h"

#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/documents.h"
#include "storage/purge.h"
#include "tests/support/ds_exchange.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::Exchange;

Surroundings Around(Exchange& exchange, std::int64_t number) {
  return exchange.database->Read(
      [&](storage::Session& session) { return SurroundingsOf(session, number); });
}

std::vector<storage::File> FilesAround(Exchange& exchange, std::int64_t number) {
  const auto project = exchange.ProjectOf(number).id;
  return exchange.database->Read(
      [&](storage::Session& session) { return storage::FilesOf(session, project); });
}

TEST(Thread, KeepsMessagesAndOpinionsAndNewsOfThemIsNoNewsOfTheDossier) {
  Exchange exchange({.dossiers = 0});
  const auto number = exchange.ds.Add("en_construction").number;
  auto& dossier = exchange.ds.At(number);
  exchange.ds.Say(dossier, "porteuse@ministere.invalid", "Bonjour,\noù en est mon dossier ?");
  dossier.labels = {{{"id", "L1"}, {"name", "Urgent"}}};
  Pull(exchange.context, false);
  exchange.ds.Say(dossier, "contact@ds.invalid", "<p>Bonjour,<br>Votre dossier &eacute;…</p>");
  dossier.avis.push_back({{"id", "A"},
                          {"question", "Qu’en dites-vous ?"},
                          {"questionLabel", "Est-ce utile ?"},
                          {"questionAnswer", true},
                          {"reponse", "Tout à fait."},
                          {"dateQuestion", "2026-03-01T08:00:00+01:00"},
                          {"dateReponse", "2026-03-02T08:00:00+01:00"},
                          {"claimant", {{"email", "a@dgafp.invalid"}}},
                          {"expert", {{"email", "e@dgafp.invalid"}}},
                          {"attachments", json::array()}});
  const SyncReport report = Pull(exchange.context, false);
  EXPECT_EQ(report.updated, 0) << "its content has not changed";
  const Surroundings around = Around(exchange, number);
  ASSERT_EQ(around.messages.size(), 2U);
  EXPECT_EQ(around.messages[0].author, "porteuse@ministere.invalid");
  EXPECT_EQ(around.messages[0].text, "Bonjour,\noù en est mon dossier ?");
  EXPECT_FALSE(around.messages[0].at.empty());
  EXPECT_EQ(around.messages[1].text.find('<'), std::string::npos);
  ASSERT_EQ(around.opinions.size(), 1U);
  EXPECT_EQ(around.opinions[0].expert, "e@dgafp.invalid");
  EXPECT_EQ(around.opinions[0].answer, "Oui\nTout à fait.");
  EXPECT_EQ(around.labels, std::vector<std::string>{"Urgent"});
  EXPECT_EQ(around.company, "DIRECTION D’ESSAI");
  ASSERT_EQ(around.scans.size(), 2U);
  EXPECT_EQ(around.scans[0].second, "safe");
}

TEST(Thread, ALateAttestationIsFoundByAWholeReadingAndBrought) {
  Exchange exchange({.dossiers = 0});
  const auto number = exchange.ds.Add("accepte").number;
  Pull(exchange.context, false);
  exchange.ds.Attest(exchange.ds.At(number));
  exchange.now += 3'600'000;
  Pull(exchange.context, true);
  EXPECT_EQ(Around(exchange, number).attestation, "attestation " + std::to_string(number) + ".pdf");
  const auto files = FilesAround(exchange, number);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files.back().field, "attestation");
  EXPECT_EQ(Pull(exchange.context, true).files, 0);
}

TEST(Thread, AnAttestationThatDoesNotComeIsTriedAtTheNextRun) {
  Exchange exchange({.dossiers = 0});
  const auto number = exchange.ds.Add("accepte").number;
  Pull(exchange.context, false);
  exchange.ds.Attest(exchange.ds.At(number));
  exchange.ds.Arm({.kind = "file_corrupt", .on = "file", .count = 1000});
  EXPECT_EQ(Pull(exchange.context, true).failed, 1);
  exchange.ds.Disarm();
  EXPECT_EQ(Pull(exchange.context, false).files, 1);
  EXPECT_EQ(FilesAround(exchange, number).size(), 3U);
}

TEST(Thread, GoesWithAProjectThatIsErased) {
  Exchange exchange({.dossiers = 0});
  const auto number = exchange.ds.Add("refuse").number;
  exchange.ds.Say(exchange.ds.At(number), "porteuse@ministere.invalid", "Secret");
  Pull(exchange.context, false);
  ASSERT_EQ(Around(exchange, number).messages.size(), 1U);
  const auto project = exchange.ProjectOf(number).id;
  exchange.database->Write([&](storage::Session& s) { storage::EraseProject(s, project); });
  EXPECT_EQ(
      exchange.database->Read([&](storage::Session& s) { return storage::FindThread(s, number); }),
      "");
}

}  // namespace
}  // namespace aiguillage::connectors
