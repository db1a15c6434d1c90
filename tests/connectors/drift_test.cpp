#include "connectors/demarches_simplifiees/drift.h"

#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/sync.h"
#include "storage/mail_paces.h"
#include "storage/people.h"
#include "tests/support/ds_exchange.h"
#include "workflows/mail_pace.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsStandIn;
using test::Exchange;

Mapping ShippedMapping() {
  auto mapping = ReadMapping(test::ShippedCatalog().KitOf("mentor").mapping, "m.json", nullptr);
  if (!mapping) throw std::runtime_error(mapping.refusal().sentence);
  return std::move(mapping).value();
}

std::int64_t Pilot(Exchange& exchange, const std::string& email, const std::string& scope) {
  return exchange.database->Write([&](storage::Session& session) {
    storage::Person person;
    person.email = email;
    const auto id = storage::InsertPerson(session, person);
    storage::InsertGrant(session, {0, id, "program_admin", scope, exchange.now, 0});
    return id;
  });
}

std::vector<storage::OutboxRow> Alarms(Exchange& exchange) {
  return exchange.database->Read([](storage::Session& session) {
    std::vector<storage::OutboxRow> alarms;
    for (const auto& row : storage::ListOutbox(session, {})) {
      if (row.topic == "mapping_drift") alarms.push_back(row);
    }
    return alarms;
  });
}

DriftAlarm Standing(Exchange& exchange) {
  return exchange.database->Read(
      [](storage::Session& session) { return StandingDrift(session, DsStandIn::kDemarche); });
}

void Remove(json& champs, const std::string& label) {
  champs.erase(std::find_if(champs.begin(), champs.end(),
                            [&](const json& champ) { return champ["label"] == label; }));
}

std::string Kinds(const std::vector<FieldDrift>& fields) {
  std::string kinds;
  for (const FieldDrift& one : fields) kinds += one.kind + " " + one.label + "; ";
  return kinds;
}

TEST(Drift, AnotherDemarchesFormIsFatal) {
  const Mapping mapping = ShippedMapping();
  const json revision = {{"champDescriptors", {{{"id", "neuf"}, {"label", "Nouveau champ"}}}},
                         {"annotationDescriptors", json::array()}};
  const MappingDrift drift = CompareWithRevision(mapping, revision);
  EXPECT_TRUE(drift.fatal);
  EXPECT_EQ(drift.fields.size(), mapping.fields.size() + 1 + mapping.annotations.size());
}

TEST(Drift, AFormThatAgreesRaisesNothing) {
  Exchange exchange({.dossiers = 1});
  Pilot(exchange, "pilote@dgafp.invalid", "");
  const SyncReport report = Pull(exchange.context, false);
  EXPECT_EQ(report.drifted, 0) << testing::PrintToString(report.words);
  EXPECT_EQ(Standing(exchange).since, 0);
  EXPECT_TRUE(Alarms(exchange).empty());
}

TEST(Drift, TellsRemovedUnmappedRetypedAndRenamedFieldsEachPilotOnce) {
  Exchange exchange({.dossiers = 1});
  Pull(exchange.context, false);  // makes the call
  Pilot(exchange, "pilote@dgafp.invalid", "");
  Pilot(exchange, "autre-appel@dgafp.invalid", "call:autre");
  Pilot(exchange, "cet-appel@dgafp.invalid", "call:mentor-4242");
  exchange.ds.change_form = [](json& champs) {
    for (json& champ : champs) {
      const std::string label = champ["label"];
      if (label == "Budget demandé (euros)") champ["__typename"] = "TextareaChampDescriptor";
      if (label == "Modalité") champ["label"] = "Forme de la formation";
      if (label == "Co-porteurs") {
        champ["champDescriptors"][1]["__typename"] = "PieceJustificativeChampDescriptor";
      }
    }
    Remove(champs, "Objectifs pédagogiques");
    champs.push_back(
        {{"__typename", "YesNoChampDescriptor"}, {"id", "neuf"}, {"label", "Handicap ?"}});
    champs.push_back(
        {{"__typename", "HeaderSectionChampDescriptor"}, {"id", "h"}, {"label", "3. Suite"}});
  };
  const std::string expected =
      "removed Objectifs pédagogiques; renamed Modalité; retyped Budget demandé (euros); "
      "retyped SIRET du co-porteur; unmapped Handicap ?; ";
  const SyncReport report = Pull(exchange.context, false);
  EXPECT_FALSE(report.stopped);
  EXPECT_EQ(report.drifted, 5);
  EXPECT_EQ(Kinds(Standing(exchange).fields), expected);
  EXPECT_EQ(Standing(exchange).since, exchange.now);
  ASSERT_EQ(Alarms(exchange).size(), 2U);
  EXPECT_EQ(Alarms(exchange)[0].payload["items"].size(), 5U);

  exchange.now += 3'600'000;
  Pull(exchange.context, false);
  EXPECT_EQ(Alarms(exchange).size(), 2U) << "the same drift is no news";
  EXPECT_EQ(Pull(exchange.context, false).drifted, 5) << "but it is still there";

  const auto form = exchange.ds.change_form;
  exchange.ds.change_form = [&](json& champs) {
    form(champs);
    Remove(champs, "Département du service");
  };
  Pull(exchange.context, false);
  ASSERT_EQ(Alarms(exchange).size(), 4U);
  EXPECT_EQ(Alarms(exchange)[0].payload["items"].size(), 1U) << "only what is new";

  exchange.ds.change_form = {};
  EXPECT_EQ(Pull(exchange.context, false).drifted, 0);
  EXPECT_TRUE(Standing(exchange).fields.empty());
  EXPECT_EQ(Standing(exchange).since, 0);
  EXPECT_EQ(Alarms(exchange).size(), 4U);
}

TEST(Drift, IsToldAtThePilotsPaceAndToWhoStandsInForThem) {
  Exchange exchange({.dossiers = 1});
  Pull(exchange.context, false);  // makes the call
  const auto pilot = Pilot(exchange, "pilote@dgafp.invalid", "");
  exchange.database->Write([&](storage::Session& session) {
    storage::Person person;
    person.email = "remplacant@dgafp.invalid";
    const auto stand_in = storage::InsertPerson(session, person);
    storage::InsertDelegation(
        session, {0, pilot, stand_in, "", exchange.now - 1, exchange.now + 86'400'000});
    storage::SetPace(session, pilot, workflows::kDuties, "daily");
  });
  exchange.ds.change_form = [](json& champs) { Remove(champs, "Objectifs pédagogiques"); };
  Pull(exchange.context, false);
  const auto alarms = Alarms(exchange);  // newest first
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_EQ(alarms[1].address + " " + alarms[1].pace, "pilote@dgafp.invalid daily");
  EXPECT_EQ(alarms[1].not_before, workflows::LeavesAt("daily", exchange.now));
  EXPECT_EQ(alarms[0].address + " " + alarms[0].pace, "remplacant@dgafp.invalid ");
  EXPECT_EQ(alarms[0].payload.value("standing_for", ""), "pilote@dgafp.invalid");
}

// The alarm is in the record before a dossier is read by a mapping that no longer fits.
TEST(Drift, IsToldBeforeTheNextDossierIsRead) {
  Exchange exchange({.dossiers = 1});
  Pilot(exchange, "pilote@dgafp.invalid", "");
  exchange.ds.change_form = [](json& champs) { champs.erase(6); };
  exchange.ds.Arm({.kind = "http500", .on = "DossiersPage", .count = 100});
  EXPECT_TRUE(Pull(exchange.context, false).stopped);
  EXPECT_EQ(Standing(exchange).fields.size(), 1U);
  EXPECT_EQ(Alarms(exchange).size(), 1U);
}

}  // namespace
}  // namespace aiguillage::connectors
