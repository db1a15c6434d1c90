// Dossiers that could not be read: completed by a person, read with a saved mapping, taken up
// without DS. And the pairs that a saved mapping may hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/documents.h"
#include "storage/exchange.h"
#include "tests/support/ds_exchange.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsStandIn;
using test::Exchange;

// An exchange that read two dossiers, the first of them without title.
struct Held {
  Exchange exchange{test::StandInOptions{.dossiers = 2, .seed = 3}};
  std::int64_t number = 0, person = 0;

  Held() {
    number = exchange.ds.Numbers().front();
    exchange.ds.Write(exchange.ds.At(number), "title", "");
    EXPECT_EQ(Pull(exchange.context, false).quarantined, 1);
    person = exchange.database->Write([](storage::Session& s) {
      storage::Person pilot;
      pilot.email = "pilote@dgafp.invalid";
      return storage::InsertPerson(s, pilot);
    });
  }
  void Complete(const char* field, const json& value) {
    exchange.database->Write([&](storage::Session& s) {
      storage::InsertCorrection(s, {0, number, field, value, person, exchange.now});
    });
  }
  SyncReport Again() {
    return TakeUp(*exchange.database, exchange.desk, test::ShippedCatalog(),
                  exchange.context.options, number);
  }
  storage::Dossier Row() {
    return *exchange.database->Read(
        [&](storage::Session& s) { return storage::FindDossier(s, number); });
  }
};

TEST(Held, GoesInOnceCompletedWithoutAskingDsAndItsFilesFollow) {
  Held held;
  const std::string raw = held.Row().raw;
  EXPECT_EQ(held.Again().created, 0);
  held.Complete("title", "Écrire clair");
  const int posts = held.exchange.ds.posts, downloads = held.exchange.ds.downloads;
  EXPECT_EQ(held.Again().created, 1);
  EXPECT_EQ(held.exchange.ds.posts, posts);
  EXPECT_EQ(held.exchange.ds.downloads, downloads);
  EXPECT_EQ(held.exchange.ProjectOf(held.number).title, "Écrire clair");
  EXPECT_EQ(held.Row().raw, raw);
  EXPECT_EQ(held.Row().status, "files");
  EXPECT_EQ(held.Again().created, 0);  // it waits no more
  const SyncReport report = Pull(held.exchange.context, false);
  EXPECT_EQ(report.quarantined, 0);
  EXPECT_EQ(report.files, 2);
  EXPECT_EQ(held.Row().status, "project");
}

TEST(Held, GoesInAtTheNextReadingToo) {
  Held held;
  held.Complete("title", "Écrire clair");
  EXPECT_EQ(Pull(held.exchange.context, false).created, 1);
}

TEST(Held, GivesWayOnceDsHoldsTheField) {
  Held held;
  held.Complete("title", "Écrire clair");
  held.Again();
  held.exchange.ds.Write(held.exchange.ds.At(held.number), "title", "Le vrai titre");
  Pull(held.exchange.context, false);
  const auto project = held.exchange.ProjectOf(held.number).id;
  const auto document = held.exchange.database->Read(
      [&](storage::Session& s) { return storage::LatestDocument(s, project, "application"); });
  EXPECT_EQ(document->answers["title"], "Le vrai titre");
}

TEST(Held, ATakenBackCorrectionCountsNoMore) {
  Held held;
  held.Complete("title", "Écrire clair");
  held.Complete("title", nullptr);
  EXPECT_EQ(held.Again().created, 0);
}

// What DS holds of the form is kept, and rewritten only when it changes.
TEST(Held, TheDescriptorIsKeptAndASavedMappingRules) {
  Held held;
  const std::string call = held.exchange.database->Read([&](storage::Session& s) {
    const auto descriptor = storage::FindDescriptor(s, DsStandIn::kDemarche);
    EXPECT_TRUE(descriptor && descriptor->revision["champDescriptors"].is_array());
    EXPECT_EQ(descriptor->at, held.exchange.now);
    return CallTaking(s, DsStandIn::kDemarche)->id;
  });
  held.exchange.now += 1000;
  Pull(held.exchange.context, false);
  // « Objectifs pédagogiques » gives the title from now on.
  json mapping = test::ShippedCatalog().KitOf("mentor").mapping;
  for (json& field : mapping["fields"]) {
    if (field["to"] == "objectives") field["to"] = "later";
    if (field["to"] == "title") field["to"] = "acronym";
    if (field["to"] == "later") field["to"] = "title";
    if (field["to"] == "acronym") field["required"] = false;
  }
  held.exchange.database->Write([&](storage::Session& s) {
    EXPECT_NE(storage::FindDescriptor(s, DsStandIn::kDemarche)->at, held.exchange.now);
    storage::InsertMapping(s, {call, 0, mapping, held.person, held.exchange.now});
  });
  EXPECT_EQ(held.Again().created, 1);
  held.exchange.database->Write([&](storage::Session& s) {
    storage::InsertMapping(s, {call, 0, nullptr, held.person, held.exchange.now});
    EXPECT_EQ(MappingInForce(s, test::ShippedCatalog(), *storage::FindCall(s, call)),
              test::ShippedCatalog().KitOf("mentor").mapping);
  });
}

// Every pair of DS type, conversion and form field is either offered or refused in words.
TEST(Pairs, AreAllJudgedAndTheShippedOnesExist) {
  const auto definition = test::ShippedCatalog().Newest("mentor");
  const forms::Form& form = definition->forms.at("application");
  const auto mapping = ReadMapping(test::ShippedCatalog().KitOf("mentor").mapping, "m", &form);
  ASSERT_TRUE(mapping);
  const std::map<std::string, std::string> descriptor_of = {{"text", "Text"},
                                                            {"choice", "DropDownList"},
                                                            {"choices", "MultipleDropDownList"},
                                                            {"boolean", "YesNo"},
                                                            {"date", "Date"},
                                                            {"datetime", "Datetime"},
                                                            {"files", "PieceJustificative"},
                                                            {"rows", "Repetition"},
                                                            {"linked", "LinkedDropDownList"},
                                                            {"money", "DecimalNumber"},
                                                            {"minutes_from_hours", "IntegerNumber"},
                                                            {"email", "Email"},
                                                            {"phone", "Phone"},
                                                            {"siret", "Siret"},
                                                            {"address", "Address"},
                                                            {"department", "Departement"}};
  for (const FieldRule& rule : mapping.value().fields) {
    const forms::Field* field = forms::FindField(form, rule.to);
    ASSERT_NE(field, nullptr) << rule.to;
    EXPECT_EQ(WhyNot(rule, descriptor_of.at(rule.type) + "ChampDescriptor", *field), "") << rule.to;
  }
  int offered = 0, refused = 0;
  for (const char* stem : {"Text", "Textarea", "DropDownList", "Repetition", "Carte", "Explication",
                           "PieceJustificative", "YesNo", "Date", "Siret", "Unheard"}) {
    const std::string descriptor = std::string(stem) + "ChampDescriptor";
    const auto conversions = ConversionsOf(descriptor);
    for (const char* type : {"text", "choice", "choices", "linked", "integer", "decimal", "money",
                             "minutes_from_hours", "date", "datetime", "boolean", "email", "phone",
                             "siret", "address", "department", "files", "rows"}) {
      const bool reads = std::count(conversions.begin(), conversions.end(), type) > 0;
      for (const forms::Field& field : form.fields) {
        FieldRule rule;
        rule.type = type;
        for (const auto& option : field.options) rule.choices[option.label] = option.value;
        const bool possible = reads && Gives(type, field);
        EXPECT_EQ(WhyNot(rule, descriptor, field).empty(), possible) << stem << type << field.name;
        ++(possible ? offered : refused);
      }
    }
  }
  EXPECT_GT(offered, 200);
  EXPECT_GT(refused, offered);
}

TEST(Pairs, AListOfChoicesMustSpeakTheFieldsOwnWords) {
  const auto definition = test::ShippedCatalog().Newest("mentor");
  const forms::Field& field = *forms::FindField(definition->forms.at("application"), "modality");
  FieldRule rule;
  rule.type = "choice";
  EXPECT_THAT(WhyNot(rule, "DropDownListChampDescriptor", field),
              testing::HasSubstr("indiquez la liste"));
  rule.choices = {{"À distance", "online"}};
  EXPECT_EQ(WhyNot(rule, "DropDownListChampDescriptor", field), "");
  rule.choices["Sur place"] = "onsite";
  EXPECT_THAT(WhyNot(rule, "DropDownListChampDescriptor", field),
              testing::HasSubstr("« Sur place » par « onsite »"));
}

}  // namespace
}  // namespace aiguillage::connectors
