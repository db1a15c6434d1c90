// The pages of the exchange: dossiers held, the mapping of a call, what differs from DS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "tests/web/counter.h"
#include "web/text.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kHeldAddress = "/pilotage/quarantaine/" + std::to_string(Counter::kHeld);

std::vector<storage::Correction> Corrections(Counter& counter) {
  return counter.database().Read(
      [](storage::Session& session) { return storage::CorrectionsOf(session, Counter::kHeld); });
}

std::string StatusOfHeld(Counter& counter) {
  return counter.database()
      .Read(
          [](storage::Session& session) { return *storage::FindDossier(session, Counter::kHeld); })
      .status;
}

TEST(Quarantine, SaysWhyADossierWaitsAndWhatItHolds) {
  Counter counter;
  counter.services().options.ds_address = "https://ds.exemple.invalid";
  const std::string pipeline = counter.Get("/pilotage", "officer").body;
  EXPECT_THAT(pipeline,
              HasSubstr("1\u00a0dossier de Démarches Simplifiées attend d’être complété"));
  EXPECT_THAT(pipeline, HasSubstr("href=\"/pilotage/quarantaine\""));
  const std::string list = counter.Get("/pilotage/quarantaine", "officer").body;
  EXPECT_THAT(list, HasSubstr("1\u00a0dossier attend"));
  EXPECT_THAT(list, HasSubstr("href=\"" + kHeldAddress + "\""));
  EXPECT_THAT(list, HasSubstr("Le champ « Titre du projet » est vide."));
  EXPECT_THAT(list, HasSubstr("depot@exemple.invalid"));
  EXPECT_THAT(list, HasSubstr("14 septembre 2026"));
  const std::string page = counter.Get(kHeldAddress, "officer").body;
  EXPECT_THAT(page, HasSubstr("https://ds.exemple.invalid/procedures/777/dossiers/4900"));
  EXPECT_THAT(page, HasSubstr("name=\"title\""));
  EXPECT_THAT(page, HasSubstr("alert(1)"));              // its objectives, as text
  EXPECT_THAT(page, Not(HasSubstr("/correspondance")));  // the pilot's
  EXPECT_THAT(counter.Get(kHeldAddress, "pilot").body,
              HasSubstr("/appels/mentor-2026/correspondance"));
}

TEST(Quarantine, ADossierGoesInOnceCompletedAndTheRawOneStays) {
  Counter counter;
  const auto raw = [&] {
    return counter.database()
        .Read([](storage::Session& s) { return *storage::FindDossier(s, Counter::kHeld); })
        .raw;
  };
  const std::string before = raw();
  const auto saved = counter.Post(
      kHeldAddress, {{"title", "Écrire juste"}, {"collection", "numerique"}, {"do", "save"}},
      "officer");
  EXPECT_EQ(saved.status, 303);
  EXPECT_EQ(StatusOfHeld(counter), "quarantined");
  const std::string page = counter.Get(kHeldAddress, "officer").body;
  EXPECT_THAT(page, HasSubstr("Plus rien ne l’empêche d’entrer"));
  EXPECT_THAT(page, HasSubstr("<strong>Titre du projet</strong> : Écrire juste"));
  EXPECT_THAT(page, HasSubstr("Dominique officer"));
  const auto taken = counter.Post(kHeldAddress, {{"do", "take"}}, "officer");
  EXPECT_EQ(taken.status, 303);
  ASSERT_NE(taken.FindHeader("Location"), nullptr);
  EXPECT_THAT(*taken.FindHeader("Location"), HasSubstr("/projets/AIG-2026-0003"));
  EXPECT_EQ(StatusOfHeld(counter), "project");
  EXPECT_EQ(raw(), before);
  EXPECT_THAT(counter.Get("/pilotage/quarantaine", "officer").body, HasSubstr("Aucun dossier"));
  // Who completed what is told on the project, too.
  EXPECT_THAT(counter.Get("/projets/AIG-2026-0003?onglet=journal", "pilot").body,
              HasSubstr("Dossier complété : Titre du projet"));
}

TEST(Quarantine, InOneGestureToo) {
  Counter counter;
  const auto answer = counter.Post(
      kHeldAddress, {{"title", "Écrire juste"}, {"collection", "numerique"}, {"do", "complete"}},
      "pilot");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(StatusOfHeld(counter), "project");
  EXPECT_EQ(counter.Post(kHeldAddress, {{"title", "Autre"}, {"do", "complete"}}, "pilot").status,
            303);
  EXPECT_EQ(Corrections(counter).size(), 3U);  // the fixture's and that one: it waits no more
}

TEST(Quarantine, WhatIsWrongIsToldAndStaysTyped) {
  Counter counter;
  const std::string long_title(300, 'x');
  const auto refused =
      counter.Post(kHeldAddress, {{"title", long_title}, {"do", "complete"}}, "officer");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("value=\"" + long_title + "\""));
  EXPECT_THAT(refused.body, HasSubstr("Rien n’a été enregistré"));
  EXPECT_EQ(Corrections(counter).size(), 1U);
  // Nothing completed: it cannot go in, and the page says what is missing.
  const auto early = counter.Post(kHeldAddress, {{"do", "take"}}, "officer");
  EXPECT_EQ(early.status, 422);
  EXPECT_THAT(early.body, HasSubstr("ne peut pas encore entrer"));
  EXPECT_EQ(StatusOfHeld(counter), "quarantined");
  // Fields that the dossier does not lack are not written over.
  counter.Post(kHeldAddress, {{"objectives", "volé"}, {"do", "save"}}, "officer");
  for (const auto& one : Corrections(counter)) EXPECT_NE(one.field, "objectives");
}

TEST(Quarantine, AnEmptiedFieldIsTakenBackAndTheTraceStays) {
  Counter counter;
  counter.Post(kHeldAddress, {{"acronym", "x"}, {"title", "T"}, {"do", "save"}}, "officer");
  counter.Post(kHeldAddress, {{"acronym", "x"}, {"title", ""}, {"do", "save"}}, "pilot");
  const auto trace = Corrections(counter);
  ASSERT_EQ(trace.size(), 4U);
  EXPECT_TRUE(trace.back().value.is_null());
  EXPECT_EQ(trace.back().person, counter.PersonId("pilot"));
  EXPECT_EQ(counter.Post(kHeldAddress, {{"do", "take"}}, "officer").status, 422);
}

TEST(Quarantine, AMappingThatCannotBeReadIsToldNotFatal) {
  Counter counter;
  counter.database().Write([&](storage::Session& session) {
    storage::InsertMapping(
        session, {"mentor-2026", 0, {{"fields", 3}}, counter.PersonId("pilot"), Counter::kNow});
  });
  const auto page = counter.Get(kHeldAddress, "officer");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("mapping.json"));
  EXPECT_EQ(counter.Get("/pilotage/quarantaine", "officer").status, 200);
  EXPECT_EQ(counter.Post(kHeldAddress, {{"do", "take"}}, "officer").status, 422);
}

const std::string kMapping = "/appels/mentor-2026/correspondance";

// What the page would send as it stands.
Fields AsShown(const std::string& page) {
  Fields fields;
  const auto attribute = [](const std::string& tag, const std::string& name) {
    const auto at = tag.find(" " + name + "=\"");
    if (at == std::string::npos) return std::string();
    const auto from = at + name.size() + 3;
    return tag.substr(from, tag.find('"', from) - from);
  };
  const auto form = page.substr(page.find("<form class=\"panel flush\""));
  for (std::size_t at = 0; (at = form.find('<', at)) != std::string::npos; ++at) {
    if (form.compare(at, 7, "</form>") == 0) break;
    const std::string tag = form.substr(at, form.find('>', at) - at);
    if (tag.rfind("<select", 0) == 0) fields.emplace_back(attribute(tag, "name"), "");
    if (tag.rfind("<option", 0) == 0 && tag.find(" selected") != std::string::npos) {
      fields.back().second = attribute(tag, "value");
    }
    const bool sent = tag.find("type=\"hidden\"") != std::string::npos
                          ? attribute(tag, "name") != "csrf"
                          : tag.find(" checked") != std::string::npos;
    if (tag.rfind("<input", 0) == 0 && sent) {
      fields.emplace_back(attribute(tag, "name"), attribute(tag, "value"));
    }
  }
  return fields;
}

void Choose(Fields& fields, const std::string& name, const std::string& value) {
  for (auto& [known, held] : fields) {
    if (known == name) held = value;
  }
}

const std::string kTitleChamp = "Q2hhbXAtNDEwMw==", kNewChamp = "Q2hhbXAtOTk5OQ==";

nlohmann::json InForce(Counter& counter) {
  return counter.database().Read([](storage::Session& session) {
    const auto newest = storage::NewestMapping(session, "mentor-2026");
    return newest ? newest->mapping : nlohmann::json();
  });
}

// A démarche whose fields have the types that the shipped mapping reads, but the last one.
void ReadFresh(Counter& counter, const nlohmann::json& changes = nlohmann::json::object()) {
  const std::map<std::string, std::string> descriptors = {
      {"choice", "DropDownList"},    {"choices", "MultipleDropDownList"},
      {"boolean", "YesNo"},          {"date", "Date"},
      {"datetime", "Datetime"},      {"files", "PieceJustificative"},
      {"rows", "Repetition"},        {"linked", "LinkedDropDownList"},
      {"money", "DecimalNumber"},    {"minutes_from_hours", "DecimalNumber"},
      {"department", "Departement"}, {"siret", "Siret"}};
  const auto described = [&](const nlohmann::json& rule) {
    const auto found = descriptors.find(rule["type"].get<std::string>());
    nlohmann::json one = {{"id", rule["champ"]}, {"label", rule["label"]}};
    one["__typename"] = (found == descriptors.end() ? "Text" : found->second) + "ChampDescriptor";
    return one;
  };
  nlohmann::json champs = nlohmann::json::array();
  for (const auto& rule : counter.services().catalog.KitOf("mentor").mapping.at("fields")) {
    nlohmann::json one = described(rule);
    for (const auto& column : rule.value("rows", nlohmann::json::array())) {
      one["champDescriptors"].push_back(described(column));
    }
    const std::string to = rule["to"];
    if (changes.contains(to) && changes[to].is_null()) continue;
    if (changes.contains(to)) one.update(changes[to]);
    champs.push_back(one);
  }
  champs.push_back(
      {{"__typename", "TextareaChampDescriptor"}, {"id", kNewChamp}, {"label", "Prérequis"}});
  counter.database().Write([&](storage::Session& session) {
    storage::SaveDescriptor(session,
                            {Counter::kDemarche, {{"champDescriptors", champs}}, Counter::kNow});
    storage::InsertMapping(session,
                           {"mentor-2026", 0, nullptr, counter.PersonId("pilot"), Counter::kNow});
  });
}

TEST(MappingPage, SaysOfEachFieldWhereItStands) {
  Counter counter;
  ReadFresh(counter, {{"objectives", {{"label", "Objectifs visés"}}},
                      {"requested_amount", {{"__typename", "TextChampDescriptor"}}},
                      {"modality", {{"options", {"À distance", "Sur la lune"}}}},
                      {"ministry", nullptr}});
  const std::string page = counter.Get(kMapping, "pilot").body;
  EXPECT_THAT(page, HasSubstr("s’appelait « Objectifs pédagogiques »"));
  EXPECT_THAT(page, HasSubstr("a changé de nature"));
  EXPECT_THAT(page, HasSubstr("a disparu de la démarche"));
  EXPECT_THAT(page, HasSubstr("resteront sans réponse : « Sur la lune »"));
  EXPECT_THAT(page, HasSubstr("4\u00a0champs demandent votre attention"));
  // A field that nobody took is proposed by its label.
  EXPECT_THAT(page, HasSubstr("<option value=\"prerequisites\" selected>"));
  EXPECT_THAT(page, HasSubstr("proposé d’après le libellé"));
}

TEST(MappingPage, SavedAsShownTakesTheProposalAndKeepsTheRest) {
  Counter counter;
  ReadFresh(counter);
  const auto before = counter.services().catalog.KitOf("mentor").mapping;
  const auto answer = counter.Post(kMapping, AsShown(counter.Get(kMapping, "pilot").body), "pilot");
  ASSERT_EQ(answer.status, 303);
  const auto saved = InForce(counter);
  EXPECT_EQ(saved["annotations"], before["annotations"]);
  EXPECT_EQ(saved["choices"], before["choices"]);
  EXPECT_EQ(saved["fields"].size(), before["fields"].size() + 1);
  for (std::size_t i = 0; i < before["fields"].size(); ++i) {
    EXPECT_EQ(saved["fields"][i], before["fields"][i]);
  }
  EXPECT_EQ(saved["fields"].back(), nlohmann::json({{"champ", kNewChamp},
                                                    {"label", "Prérequis"},
                                                    {"to", "prerequisites"},
                                                    {"type", "text"}}));
  const std::string page = counter.Get(kMapping, "pilot").body;
  EXPECT_THAT(page, HasSubstr("Tous les champs sont traités"));
  EXPECT_THAT(page, HasSubstr("Version 3"));
  EXPECT_THAT(page, HasSubstr("Dominique pilot"));
}

TEST(MappingPage, RefusesAPairThatDoesNotExistAndKeepsWhatWasChosen) {
  Counter counter;
  ReadFresh(counter);
  Fields fields = AsShown(counter.Get(kMapping, "pilot").body);
  Choose(fields, "to-" + kNewChamp, "already_funded");
  auto answer = counter.Post(kMapping, fields, "pilot");
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body, HasSubstr("Rien ne permet de lire « texte long »"));
  EXPECT_THAT(answer.body, HasSubstr("<option value=\"already_funded\" selected>"));
  Choose(fields, "type-" + kNewChamp, "date");
  answer = counter.Post(kMapping, fields, "pilot");
  EXPECT_THAT(answer.body, HasSubstr("cela ne se lit pas comme « date »"));
  Choose(fields, "type-" + kNewChamp, "text");
  Choose(fields, "to-" + kNewChamp, "title");
  answer = counter.Post(kMapping, fields, "pilot");
  EXPECT_THAT(answer.body, HasSubstr("reçoit déjà « Titre du projet »"));
  Choose(fields, "to-" + kNewChamp, "no_such_field");
  answer = counter.Post(kMapping, fields, "pilot");
  EXPECT_THAT(answer.body, HasSubstr("n’a pas de champ « no_such_field »"));
  Choose(fields, "to-" + kNewChamp, "");
  Choose(fields, "to-" + kTitleChamp, "-");
  answer = counter.Post(kMapping, fields, "pilot");
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body, HasSubstr("aucun champ ne donne « title »"));
  Choose(fields, "choices-Q2hhbXAtNDEwNQ==", "nowhere");
  EXPECT_THAT(counter.Post(kMapping, fields, "pilot").body, HasSubstr("« nowhere » n’existe pas"));
  EXPECT_TRUE(InForce(counter).is_null());
}

TEST(MappingPage, ASecondPilotsSaveIsToldAndNothingTypedIsLost) {
  Counter counter;
  ReadFresh(counter);
  const Fields first = AsShown(counter.Get(kMapping, "pilot").body);
  Fields second = first;
  Choose(second, "to-" + kNewChamp, "target_audience");
  EXPECT_EQ(counter.Post(kMapping, first, "pilot").status, 303);
  const auto answer = counter.Post(kMapping, second, "pilot");
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, HasSubstr("a enregistré une autre version"));
  EXPECT_THAT(answer.body, HasSubstr("<option value=\"target_audience\" selected>"));
  EXPECT_EQ(counter.Post(kMapping, AsShown(answer.body), "pilot").status, 303);
  EXPECT_EQ(InForce(counter)["fields"].back()["to"], "target_audience");
}

TEST(MappingPage, AnEarlierVersionOrTheRailsOwnFileComesBack) {
  Counter counter;
  ReadFresh(counter);
  counter.Post(kMapping, AsShown(counter.Get(kMapping, "pilot").body), "pilot");
  const auto saved = InForce(counter);
  EXPECT_EQ(counter.Post(kMapping + "/0/retablir", {}, "pilot").status, 303);
  EXPECT_TRUE(InForce(counter).is_null());
  EXPECT_EQ(counter.Post(kMapping + "/3/retablir", {}, "pilot").status, 303);
  EXPECT_EQ(InForce(counter), saved);
  EXPECT_EQ(counter.Post(kMapping + "/99/retablir", {}, "pilot").status, 404);
  EXPECT_EQ(counter.Post(kMapping + "/-1/retablir", {}, "pilot").status, 404);
  counter.database().Write([&](storage::Session& session) {
    storage::InsertMapping(
        session, {"mentor-2026", 0, {{"fields", 3}}, counter.PersonId("pilot"), Counter::kNow});
  });
  const auto refused = counter.Post(kMapping + "/6/retablir", {}, "pilot");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("Cette version ne va plus avec le formulaire"));
}

TEST(MappingPage, SaysWhatIsMissingBeforeTheFirstReading) {
  Counter counter;
  counter.database().Write([](storage::Session& session) {
    storage::Call call = *storage::FindCall(session, "mentor-2026");
    call.id = "fep-2026";
    call.demarche = 778;
    storage::SaveCall(session, call);
    call.id = "sans-2026";
    call.demarche = 0;
    storage::SaveCall(session, call);
  });
  EXPECT_THAT(counter.Get("/appels/fep-2026/correspondance", "pilot").body,
              HasSubstr("n’a pas encore été lue"));
  EXPECT_THAT(counter.Get("/appels/sans-2026/correspondance", "pilot").body,
              HasSubstr("Cet appel n’a pas de démarche"));
  EXPECT_EQ(counter.Get("/appels/inconnu/correspondance", "pilot").status, 404);
}

TEST(MappingPage, AHeldDossierGoesInOnceTheFileIsRemapped) {
  Counter counter;
  Fields fields = AsShown(counter.Get(kMapping, "pilot").body);
  Choose(fields, "to-Q2hhbXAtNDEwOA==", "title");  // objectives, which it holds
  Choose(fields, "type-Q2hhbXAtNDEwOA==", "text");
  Choose(fields, "to-" + kTitleChamp, "");
  for (auto& [name, value] : fields) {  // the fixture's form is all text: leave what no longer fits
    if (name.rfind("to-", 0) == 0 && value != "title") value = "";
  }
  const auto answer = counter.Post(kMapping, fields, "pilot");
  ASSERT_EQ(answer.status, 303) << answer.body;
  EXPECT_EQ(counter.Post(kHeldAddress, {{"do", "take"}}, "officer").status, 303);
  EXPECT_EQ(StatusOfHeld(counter), "project");
}

TEST(DriftPage, TellsWhatDiffersAndSince) {
  Counter counter;
  const auto look = [&](const nlohmann::json& rows) {
    counter.database().Write([&](storage::Session& session) {
      storage::SaveComparison(session, Counter::kDemarche, Counter::kNow, rows);
    });
    return counter.Get("/pilotage/ecarts", "auditor").body;
  };
  const std::string page = look({{{"number", counter.number(2)},
                                  {"what", "état"},
                                  {"here", "accepté"},
                                  {"there", "en instruction"}}});
  EXPECT_THAT(page, HasSubstr("1\u00a0écart<"));
  EXPECT_THAT(page, HasSubstr("comparée le 21 septembre 2026"));
  EXPECT_THAT(page, HasSubstr("href=\"/projets/" + counter.number(2) + "\""));
  EXPECT_THAT(page, HasSubstr("Dire bonjour"));
  EXPECT_THAT(page, Not(HasSubstr("Comparer de nouveau")));  // an auditor only looks
  EXPECT_THAT(look(nlohmann::json::array()), HasSubstr("les deux disent la même chose"));
}

TEST(DriftPage, AsksForANewComparisonWithoutWaitingForDs) {
  Counter counter;
  counter.now += 1000;
  EXPECT_EQ(counter.Post("/pilotage/ecarts", {{"demarche", "777"}}, "officer").status, 303);
  EXPECT_EQ(counter.Post("/pilotage/ecarts", {{"demarche", "12"}}, "officer").status, 303);
  const std::string page = counter.Get("/pilotage/ecarts", "officer").body;
  EXPECT_THAT(page, HasSubstr("Une comparaison est demandée"));
  EXPECT_THAT(page, Not(HasSubstr("Comparer de nouveau")));
  counter.database().Write([&](storage::Session& session) {
    EXPECT_EQ(storage::FindComparison(session, 777).asked_at, counter.now);
    EXPECT_EQ(storage::FindComparison(session, 12).asked_at, 0);
    storage::SaveComparison(session, 777, counter.now + 1, nlohmann::json::array());
  });
  EXPECT_THAT(counter.Get("/pilotage/ecarts", "officer").body, HasSubstr("Comparer de nouveau"));
}

}  // namespace
}  // namespace aiguillage::web
