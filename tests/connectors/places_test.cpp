// What a dossier wears in DS of our project, and who acts there.
#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/file_store.h"
#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/documents.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/mended_rails.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsStandIn;
using test::Exchange;

constexpr const char* kMark = "Q2hhbXAtNDEzNA==";

// An exchange on rails whose mapping names labels, groupes, a mark and an opinion.
class Places : public testing::Test {
 protected:
  Places() {
    catalog_ = test::MendedRails(directory_ / "rails", [](json& mapping) {
      mapping["labels"] = {{"admissibility_check", "À examiner"}, {"selected", "Complet"}};
      mapping["groups"] = {{"numerique", 902}};
      mapping["annotations"].push_back(
          {{"champ", kMark}, {"label", "Note globale"}, {"from", "score_sheet.total"}});
      mapping["choices"]["recommendation"] = {{"Favorable", "yes"}, {"Défavorable", "no"}};
      mapping["annotations"].push_back({{"champ", "A"},
                                        {"label", "Avis"},
                                        {"from", "score_sheet.recommendation"},
                                        {"choices", "recommendation"}});
    });
    exchange_.ds.more_annotations = {
        {{"champ", kMark}, {"label", "Note globale"}, {"type", "IntegerNumber"}},
        {{"champ", "A"}, {"label", "Avis"}, {"type", "DropDownList"}}};
  }
  SyncContext Mended() {
    return {*exchange_.database,       exchange_.desk,         *catalog_, exchange_.ds,
            exchange_.context.options, exchange_.context.world};
  }
  PushReport Push() {
    SyncContext context = Mended();
    return PushDue(context, exchange_.now);
  }
  std::int64_t Row(std::int64_t number, const std::string& effect, json more) {
    const auto id = exchange_.Queue(exchange_.ProjectOf(number), effect, "Parce que.");
    exchange_.database->Write([&](storage::Session& session) {
      auto row = *storage::FindOutbox(session, id);
      row.payload.update(more);
      storage::UpdateOutbox(session, row);
    });
    return id;
  }

  test::TempDirectory directory_;
  Exchange exchange_{{.dossiers = 0}};
  std::unique_ptr<workflows::Catalog> catalog_;
};

TEST_F(Places, LabelsGroupeAndMarksFollowTheProjectAndAreNoNews) {
  const auto number = exchange_.ds.Add("en_construction").number;
  auto& dossier = exchange_.ds.At(number);
  dossier.group = 901;
  dossier.labels = {{{"id", "L9"}, {"name", "Urgent"}}, {{"id", "L2"}, {"name", "Complet"}}};
  exchange_.ds.Write(dossier, "collection", "Numérique");
  SyncContext context = Mended();
  ASSERT_EQ(Pull(context, false).created, 1);
  const auto project = exchange_.ProjectOf(number);
  ASSERT_EQ(project.collection, "numerique");
  exchange_.database->Write([&](storage::Session& session) {
    for (const std::int64_t person : {1, 2}) {
      storage::Person reviewer;
      reviewer.email = std::to_string(person) + "@x.invalid";
      storage::Document sheet;
      sheet.project = project.id;
      sheet.form = "score_sheet";
      sheet.person = storage::InsertPerson(session, reviewer);
      sheet.answers = {{"total", person == 1 ? 80 : 87}, {"recommendation", "yes"}};
      storage::InsertDocument(session, sheet);
    }
  });
  const auto row = Row(number, "annotate", {{"states", "running admissibility_check"}});
  Push();
  ASSERT_EQ(exchange_.Row(row).status, "sent") << exchange_.Row(row).detail;
  EXPECT_EQ(exchange_.Told(number),
            "ModifierAnnotations AjouterLabel SupprimerLabel ChangerGroupe");
  const auto& now = exchange_.ds.At(number);
  EXPECT_EQ(now.annotations.at(kMark), "84") << "the mean of two reviewers, whole as DS wants it";
  EXPECT_EQ(now.annotations.at("A"), "Favorable");
  EXPECT_EQ(now.group, 902);
  ASSERT_EQ(now.labels.size(), 2U);
  EXPECT_EQ(now.labels[0]["name"], "Urgent") << "what people put on stays";
  EXPECT_EQ(now.labels[1]["name"], "À examiner");
  EXPECT_EQ(Pull(context, true).updated, 0) << "our own labels and groupe are no news";
  EXPECT_EQ(ToJson(Compare(context)).dump(), "[]");

  Row(number, "annotate", {{"states", "running admissibility_check"}});
  Push();
  EXPECT_EQ(exchange_.ds.log().size(), 4U) << "nothing is said twice";

  exchange_.ds.At(number).labels.erase(1);
  exchange_.ds.At(number).group = 901;
  const json drift = ToJson(Compare(context));
  ASSERT_EQ(drift.size(), 2U) << drift;
  EXPECT_EQ(drift[0]["what"], "étiquettes");
  EXPECT_EQ(drift[1]["what"], "groupe");
}

TEST_F(Places, WhoDecidedActsWhenTheyInstructThere) {
  exchange_.ds.others_may_act = true;
  const auto number = exchange_.ds.Add("en_instruction").number;
  exchange_.Hold(number);
  const auto decider = exchange_.database->Write([](storage::Session& session) {
    storage::Person person;
    person.email = "autre@dgafp.invalid";
    return storage::InsertPerson(session, person);
  });
  Row(number, "accept", {{"decided_by", decider}});
  const auto second = exchange_.ds.Add("en_instruction").number;
  exchange_.Hold(second);
  Row(second, "accept", {{"decided_by", exchange_.holder}});
  Push();
  ASSERT_EQ(exchange_.ds.log().size(), 2U);
  EXPECT_EQ(exchange_.ds.log()[0].input["instructeurId"], "Instructeur-2");
  EXPECT_EQ(exchange_.ds.log()[1].input["instructeurId"], "Instructeur-1");
}

TEST_F(Places, ADecisionTakesItsFileAlong) {
  const auto number = exchange_.ds.Add("en_instruction").number;
  const auto project = exchange_.Hold(number);
  const auto without = Row(number, "refuse", {{"justificatif", "letter"}});
  Push();
  EXPECT_EQ(exchange_.Row(without).status, "failed");
  EXPECT_EQ(exchange_.ds.At(number).state, "en_instruction");

  FileArrival arrival(exchange_.context.options.files_dir);
  arrival.Add("%PDF la lettre");
  storage::File file;
  file.project = project.id;
  file.hash = arrival.Keep();
  file.name = "lettre.pdf";
  file.type = "application/pdf";
  file.size = 14;
  file.source = "upload";
  file.field = "letter";
  exchange_.database->Write([&](storage::Session& session) { storage::InsertFile(session, file); });
  const auto row = Row(number, "refuse", {{"justificatif", "letter"}});
  Push();
  ASSERT_EQ(exchange_.Row(row).status, "sent") << exchange_.Row(row).detail;
  ASSERT_EQ(exchange_.ds.uploads.size(), 1U);
  EXPECT_EQ(exchange_.ds.uploads.begin()->second, "%PDF la lettre");
  const json& input = exchange_.ds.log().back().input;
  EXPECT_TRUE(input["justificatif"].get<std::string>().starts_with("blob-")) << input;
}

}  // namespace
}  // namespace aiguillage::connectors
