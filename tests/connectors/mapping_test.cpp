#include "connectors/demarches_simplifiees/mapping.h"

#include <gtest/gtest.h>

#include <fstream>

#include "connectors/demarches_simplifiees/client.h"
#include "connectors/demarches_simplifiees/conversions.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "tests/support/ds_standin.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsStandIn;

json MentorFile() {
  std::ifstream file(AIGUILLAGE_SOURCE_DIR "/workflows/definitions/mentor/mapping.json");
  return json::parse(file);
}

Mapping Mentor() {
  auto mapping = ReadMapping(MentorFile(), "mentor/mapping.json", nullptr);
  EXPECT_TRUE(mapping) << mapping.refusal().sentence;
  return std::move(mapping).value();
}

std::string WhyRefused(const json& file) {
  const auto mapping = ReadMapping(file, "m.json", nullptr);
  return mapping ? "taken" : mapping.refusal().sentence;
}

json Dossier(DsStandIn& ds, std::int64_t number = 30000001) {
  World world = RealWorld();
  Client client(ds, {.endpoint = DsStandIn::kEndpoint, .token = "secret"}, world);
  return client.Ask(Operation::kDossierOne, {{"number", number}}).data["dossier"];
}

// A deposit just before midnight in Paris is the day before in universal time: Paris counts.
TEST(Mapping, CountsTheDepositInParis) {
  DsStandIn ds({.dossiers = 1, .seed = 1});
  auto dossier = Dossier(ds);
  dossier["dateDepot"] = "2026-10-10T22:30:00Z";
  EXPECT_EQ(Map(Mentor(), dossier).filed_on, "2026-10-11");
  dossier["dateDepot"] = "2026-10-10T23:30:00+02:00";
  EXPECT_EQ(Map(Mentor(), dossier).filed_on, "2026-10-10");
  dossier["dateDepot"] = nullptr;
  EXPECT_EQ(Map(Mentor(), dossier).filed_on, "");
}

TEST(Mapping, ReadsADossier) {
  DsStandIn ds({.dossiers = 1, .seed = 1});
  const Mapped mapped = Map(Mentor(), Dossier(ds));
  EXPECT_EQ(mapped.problems, std::vector<std::string>{});
  EXPECT_EQ(mapped.title, "Titre du projet n° 30000001");
  EXPECT_FALSE(mapped.collection.empty());
  EXPECT_EQ(mapped.holder_email, "porteur0@ministere.invalid");
  EXPECT_EQ(mapped.siret, "11000201100044");
  EXPECT_EQ(mapped.answers["duration_minutes"], 90);
  EXPECT_EQ(mapped.answers["publication_target"], "2026-11-03");
  EXPECT_EQ(mapped.answers["already_funded"], true);
  EXPECT_EQ(mapped.answers["department"], "75 - Paris");
  EXPECT_TRUE(mapped.answers["requested_amount"].is_number());
  ASSERT_EQ(mapped.files.size(), 2U);
  EXPECT_EQ(mapped.files[0].field, "framing_file");
  EXPECT_EQ(mapped.answers["framing_file"], json::array({mapped.files[0].name}));
}

TEST(Mapping, AnUnknownCollectionIsNoneAndAnEmptyTitleIsAProblem) {
  DsStandIn ds({.dossiers = 1, .seed = 1});
  ds.Write(ds.At(30000001), "collection", "Poterie");
  Mapped mapped = Map(Mentor(), Dossier(ds));
  EXPECT_EQ(mapped.collection, "");
  EXPECT_EQ(mapped.problems, std::vector<std::string>{});
  ds.Write(ds.At(30000001), "title", "");
  mapped = Map(Mentor(), Dossier(ds));
  EXPECT_EQ(mapped.problems, std::vector<std::string>{"Le champ « Titre du projet » est vide."});
}

TEST(Mapping, AnAddressThatIsNoneIsAProblem) {
  DsStandIn ds({.dossiers = 1, .seed = 1});
  for (const char* bad : {"", "personne", "a@b\r\nBcc: c@d", "<deleted>"}) {
    ds.At(30000001).email = bad;
    EXPECT_EQ(Map(Mentor(), Dossier(ds)).problems.size(), 1U) << bad;
  }
}

// Every type of champ that DS may send, as our fragments show it.
std::vector<json> Champs() {
  return {
      {{"__typename", "TextChamp"}, {"text", "12"}, {"stringValue", "12"}},
      {{"__typename", "TextChamp"}, {"text", nullptr}, {"stringValue", ""}},
      {{"__typename", "IntegerNumberChamp"}, {"integer", "42000"}, {"stringValue", "42000"}},
      {{"__typename", "DecimalNumberChamp"}, {"decimal", 1.5}, {"stringValue", "1.5"}},
      {{"__typename", "CheckboxChamp"}, {"checked", true}, {"stringValue", "true"}},
      {{"__typename", "YesNoChamp"}, {"yesNo", nullptr}, {"stringValue", "false"}},
      {{"__typename", "DateChamp"}, {"date", "2026-09-01"}, {"stringValue", "01 septembre 2026"}},
      {{"__typename", "DatetimeChamp"},
       {"datetime", "2026-09-01T14:30:00+02:00"},
       {"stringValue", "x"}},
      {{"__typename", "DropDownListChamp"}, {"choice", "Rouge"}, {"stringValue", "Rouge"}},
      {{"__typename", "MultipleDropDownListChamp"},
       {"choices", {"a", "b"}},
       {"stringValue", "a, b"}},
      {{"__typename", "LinkedDropDownListChamp"}, {"primaryValue", "A"}, {"stringValue", "A / B"}},
      {{"__typename", "CiviliteChamp"}, {"civilite", "Mme"}, {"stringValue", "Mme"}},
      {{"__typename", "PieceJustificativeChamp"},
       {"files", json::array()},
       {"stringValue", nullptr}},
      {{"__typename", "RepetitionChamp"}, {"rows", json::array()}, {"stringValue", ""}},
      {{"__typename", "SiretChamp"}, {"etablissement", nullptr}, {"stringValue", "11000201100044"}},
      {{"__typename", "AddressChamp"}, {"address", nullptr}, {"stringValue", ""}},
      {{"__typename", "DepartementChamp"}, {"departement", {{"code", "75"}, {"name", "Paris"}}}},
      {{"__typename", "ChampDeDemain"}, {"stringValue", "neuf"}},
      json::object(),
  };
}

TEST(Mapping, EveryPairOfTypesConvertsOrSaysWhyNot) {
  int converted = 0, refused = 0;
  for (const char* type :
       {"text", "choice", "choices", "linked", "integer", "decimal", "money", "minutes_from_hours",
        "date", "datetime", "boolean", "email", "phone", "siret", "address", "department"}) {
    ASSERT_TRUE(IsConversion(type)) << type;
    for (const json& champ : Champs()) {
      FieldRule rule;
      rule.label = "Essai";
      rule.type = type;
      const auto value = Convert(rule, champ);
      (value ? converted : refused)++;
      if (!value) {
        EXPECT_NE(value.refusal().sentence.find("« Essai »"), std::string::npos);
      }
    }
  }
  EXPECT_GT(converted, 150);
  EXPECT_GT(refused, 40);
}

TEST(Mapping, ConvertsExactly) {
  const auto convert = [](const char* type, const json& champ) {
    FieldRule rule;
    rule.label = "Essai";
    rule.type = type;
    const auto value = Convert(rule, champ);
    return value ? value.value() : json(value.refusal().sentence);
  };
  const auto text = [](const char* value) {
    return json{{"__typename", "TextChamp"}, {"text", value}, {"stringValue", value}};
  };
  EXPECT_EQ(convert("text", text(" a\r\nb \n")), "a\nb");
  EXPECT_EQ(convert("money", text("1 234,50 €")), 1234.5);
  EXPECT_EQ(convert("minutes_from_hours", text("1,75")), 105);
  EXPECT_EQ(
      convert("integer", text("2,5")),
      "Le champ « Essai » devrait être un nombre entier, mais il ne l’est pas dans ce dossier.");
  EXPECT_EQ(convert("siret", text("110 002 011 00044")), "11000201100044");
  EXPECT_EQ(convert("boolean", text("Non")), false);
  EXPECT_EQ(convert("date", text("demain")),
            "Le champ « Essai » devrait être une date, mais il ne l’est pas dans ce dossier.");
  EXPECT_EQ(convert("integer", text("")), json());
}

TEST(Mapping, ABrokenFileIsRefusedWithThePlace) {
  json file = MentorFile();
  EXPECT_EQ(WhyRefused(file), "taken");
  file["fields"][2].erase("to");
  EXPECT_EQ(WhyRefused(file), "m.json : fields[2] : « to » attendu, un texte non vide.");
  file = MentorFile();
  file["fields"][0]["type"] = "couleur";
  EXPECT_EQ(WhyRefused(file), "m.json : fields[0] : type « couleur » inconnu.");
  file = MentorFile();
  file["fields"][2]["choices"] = "teintes";
  EXPECT_EQ(WhyRefused(file),
            "m.json : fields[2] : la liste de choix « teintes » n’existe pas sous « choices ».");
  file = MentorFile();
  file["fields"][1]["champ"] = file["fields"][0]["champ"];
  EXPECT_NE(WhyRefused(file).find("déjà repris"), std::string::npos);
  file = MentorFile();
  file["fields"].erase(0);
  EXPECT_EQ(WhyRefused(file), "m.json : aucun champ ne donne « title ».");
  EXPECT_EQ(WhyRefused(json::array()), "m.json : un objet JSON attendu.");
}

TEST(ContentHash, LeavesOutAddressesDatesAndOurOwnWords) {
  DsStandIn ds({.dossiers = 1, .seed = 4});
  auto& dossier = ds.At(30000001);
  dossier.state = "en_construction";
  Echo annotations;
  annotations.annotations = {"Q2hhbXAtNDEzMA=="};
  const std::string before = ContentHash(Dossier(ds), EchoOf({}, annotations));
  ds.Touch(dossier);
  EXPECT_EQ(ContentHash(Dossier(ds), EchoOf({}, annotations)), before)
      << "addresses are signed again at each reading";

  storage::OutboxRow row;
  row.kind = "ds";
  row.topic = "accept";
  row.payload = {
      {"motivation", "Retenu."},
      {"did",
       {{{"event", "passe_en_instruction"}}, {{"event", "accepte"}, {"motivation", "Retenu."}}}}};
  dossier.traitements.push_back({{"event", "passe_en_instruction"}});
  ds.Decide(dossier, "accepte", "Retenu.");
  dossier.annotations["Q2hhbXAtNDEzMA=="] = "AIG-2026-0001";
  const Echo echo = EchoOf({row}, annotations);
  EXPECT_EQ(ContentHash(Dossier(ds), echo), before);
  EXPECT_NE(ContentHash(Dossier(ds), EchoOf({}, annotations)), before);

  ds.Decide(dossier, "refuse", "Non.");  // somebody else, in DS
  EXPECT_NE(ContentHash(Dossier(ds), echo), before);
}

TEST(ContentHash, SeesWhatTheHolderChanges) {
  DsStandIn ds({.dossiers = 1, .seed = 4});
  const std::string before = ContentHash(Dossier(ds), {});
  ds.Write(ds.At(30000001), "objectives", "Autre chose");
  const std::string after = ContentHash(Dossier(ds), {});
  EXPECT_NE(after, before);
  ds.Resubmit(ds.At(30000001));
  EXPECT_NE(ContentHash(Dossier(ds), {}), after);
}

TEST(ContentHash, StoredDossiersHaveNoAddress) {
  DsStandIn ds({.dossiers = 1, .seed = 4});
  EXPECT_EQ(TextWithoutAddresses(Dossier(ds)).find("http"), std::string::npos);
}

}  // namespace
}  // namespace aiguillage::connectors
