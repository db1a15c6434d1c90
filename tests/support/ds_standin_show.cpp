// What the stand-in shows: its form, its dossiers, their champs and files (ds_standin.h).
#include "connectors/md5.h"
#include "tests/support/ds_standin.h"

namespace aiguillage::test {

using nlohmann::json;

namespace {

// What the démarche calls a field that the mapping reads by this type.
json DescriptorOf(const json& rule) {
  static const std::map<std::string, std::string> names = {{"choice", "DropDownList"},
                                                           {"choices", "MultipleDropDownList"},
                                                           {"linked", "LinkedDropDownList"},
                                                           {"integer", "IntegerNumber"},
                                                           {"money", "IntegerNumber"},
                                                           {"decimal", "DecimalNumber"},
                                                           {"minutes_from_hours", "DecimalNumber"},
                                                           {"date", "Date"},
                                                           {"datetime", "Datetime"},
                                                           {"boolean", "YesNo"},
                                                           {"email", "Email"},
                                                           {"phone", "Phone"},
                                                           {"siret", "Siret"},
                                                           {"address", "Address"},
                                                           {"department", "Departement"},
                                                           {"files", "PieceJustificative"},
                                                           {"rows", "Repetition"}};
  const auto name = names.find(rule.value("type", "text"));
  json descriptor = {
      {"__typename", (name == names.end() ? "Text" : name->second) + "ChampDescriptor"},
      {"id", rule["champ"]},
      {"label", rule["label"]},
      {"required", false}};
  if (!rule.contains("rows")) return descriptor;
  for (const json& child : rule["rows"]) {
    descriptor["champDescriptors"].push_back(DescriptorOf(child));
  }
  return descriptor;
}

}  // namespace

json DsStandIn::Descriptor() const {
  json champs = json::array(), annotations = json::array();
  for (const char* list : {"fields", "ignored"}) {
    for (const json& rule : mapping_.at(list)) champs.push_back(DescriptorOf(rule));
  }
  if (change_form) change_form(champs);
  for (const json& rule : mapping_.at("annotations")) {
    annotations.push_back({{"__typename", rule["from"] == "summary" ? "TextareaChampDescriptor"
                                                                    : "TextChampDescriptor"},
                           {"id", rule["champ"]},
                           {"label", rule["label"]},
                           {"required", false}});
  }
  const json us = {{"id", "Instructeur-1"}, {"email", kInstructeur}};
  const json other = {{"id", "Instructeur-2"}, {"email", "autre@dgafp.invalid"}};
  for (const json& one : more_annotations) {
    annotations.push_back({{"__typename", one["type"].get<std::string>() + "ChampDescriptor"},
                           {"id", one["champ"]},
                           {"label", one["label"]},
                           {"required", false}});
  }
  json labels = json::array();
  for (const auto& [name, id] : kLabels) labels.push_back({{"id", id}, {"name", name}});
  const auto group = [](int number, const char* label, json people) {
    return json{{"id", "G" + std::to_string(number)},
                {"number", number},
                {"label", label},
                {"closed", false},
                {"instructeurs", std::move(people)}};
  };
  return {{"id", "D"},
          {"number", kDemarche},
          {"title", "Appel à projets Mentor"},
          {"datePublication", "2026-01-05T08:00:00+01:00"},
          {"dateFermeture", nullptr},
          {"labels", labels},
          {"groupeInstructeurs",
           {group(901, "défaut", {us, other}), group(902, "Numérique", {other, us})}},
          {"activeRevision",
           {{"id", "R1"}, {"champDescriptors", champs}, {"annotationDescriptors", annotations}}}};
}

json DsStandIn::Show(const StandInDossier& dossier) const {
  json annotations = json::array(), messages = json::array(), pending;
  json all = mapping_.at("annotations");
  all.insert(all.end(), more_annotations.begin(), more_annotations.end());
  for (const json& rule : all) {
    const auto value = dossier.annotations.find(rule["champ"]);
    const std::string text = value == dossier.annotations.end() ? "" : value->second;
    annotations.push_back({{"__typename", "TextChamp"},
                           {"id", rule["champ"]},
                           {"champDescriptorId", rule["champ"]},
                           {"label", rule["label"]},
                           {"stringValue", text},
                           {"text", text}});
  }
  for (const StandInMessage& message : dossier.messages) {
    const bool open = !message.correction.empty() && message.resolved_at.empty();
    if (open) pending = message.at;
    const json resolution = message.resolved_at.empty() ? json() : json(message.resolved_at);
    messages.push_back(
        {{"id", message.id},
         {"email", message.email},
         {"body", message.body},
         {"createdAt", message.at},
         {"discardedAt", nullptr},
         {"attachments", json::array()},
         {"correction", message.correction.empty() ? json()
                                                   : json{{"reason", message.correction},
                                                          {"dateResolution", resolution}}}});
  }
  json champs = dossier.champs;
  for (json& champ : champs) {
    if (!champ.contains("files")) continue;
    for (json& file : champ["files"]) {  // signed again at each reading
      file["url"] = file["url"].get<std::string>() + "?sig=" + std::to_string(posts);
    }
  }
  json attestation = dossier.attestation;
  if (attestation.is_object()) {
    attestation["url"] = attestation["url"].get<std::string>() + "?sig=" + std::to_string(posts);
  }
  const bool decided = dossier.state != "en_construction" && dossier.state != "en_instruction";
  return {{"id", "Dossier-" + std::to_string(dossier.number)},
          {"number", dossier.number},
          {"state", dossier.state},
          {"archived", dossier.archived},
          {"dateDerniereModification", Instant(dossier.updated)},
          {"dateDerniereCorrectionEnAttente", pending},
          {"motivation", decided ? json(dossier.motivation) : json()},
          {"deposeParUnTiers", false},
          {"usager", {{"id", "U"}, {"email", dossier.email}}},
          {"demarche", {{"revision", {{"id", "R1"}}}}},
          {"groupeInstructeur", {{"id", "G"}, {"number", dossier.group}, {"label", "x"}}},
          {"instructeurs", json::array()},
          {"labels", dossier.labels},
          {"traitements", dossier.traitements},
          {"demandeur",
           {{"__typename", "PersonneMorale"},
            {"siret", "11000201100044"},
            {"entreprise", {{"raisonSociale", "DIRECTION D’ESSAI"}}}}},
          {"champs", champs},
          {"annotations", annotations},
          {"messages", messages},
          {"attestation", attestation},
          {"avis", dossier.avis}};
}

json DsStandIn::File(std::int64_t number, const std::string& name) {
  const std::string filename = name + " " + std::to_string(number) + ".pdf";
  const std::string bytes = "%PDF-1.4 " + filename;
  const std::string address =
      "http://ds.invalid/files/" + std::to_string(number) + "/" + std::to_string(files_.size());
  files_[address] = bytes;
  connectors::Md5 sum;
  sum.Add(bytes);
  return {{"filename", filename},     {"contentType", "application/pdf"},
          {"checksum", sum.Base64()}, {"byteSizeBigInt", std::to_string(bytes.size())},
          {"url", address},           {"createdAt", Instant(tick_)},
          {"virusScanResult", "safe"}};
}

json DsStandIn::Champ(const json& rule, std::int64_t number) {
  const std::string type = rule["type"];
  json champ = {{"id", rule["champ"]},         {"champDescriptorId", rule["champ"]},
                {"label", rule["label"]},      {"stringValue", ""},
                {"updatedAt", Instant(tick_)}, {"__typename", "TextChamp"}};
  const auto word = [&] {
    const json& list = mapping_["choices"][rule["choices"].get<std::string>()];
    auto entry = list.begin();
    std::advance(entry, static_cast<long>(random_() % list.size()));
    return entry.key();
  };
  const auto set = [&](const char* typename_text, const char* member, const json& value,
                       const std::string& text) {
    champ["__typename"] = typename_text;
    champ[member] = value;
    champ["stringValue"] = text;
  };
  const std::string text = rule["label"].get<std::string>() + " n° " + std::to_string(number);
  if (type == "files") {
    set("PieceJustificativeChamp", "files", json::array({File(number, rule["to"])}), "");
    champ["stringValue"] = nullptr;
  } else if (type == "rows") {
    set("RepetitionChamp", "rows", json::array(), "");
  } else if (type == "choice") {
    const std::string chosen = word();
    set("DropDownListChamp", "choice", chosen, chosen);
  } else if (type == "choices") {
    const std::string chosen = word();
    set("MultipleDropDownListChamp", "choices", json::array({chosen}), chosen);
  } else if (type == "money" || type == "integer") {
    const std::string amount = std::to_string(500 * (1 + random_() % 80));
    set("IntegerNumberChamp", "integer", amount, amount);
  } else if (type == "decimal" || type == "minutes_from_hours") {
    set("DecimalNumberChamp", "decimal", 1.5, "1.5");
  } else if (type == "date") {
    set("DateChamp", "date", "2026-11-03", "03 novembre 2026");
  } else if (type == "datetime") {
    set("DatetimeChamp", "datetime", "2026-06-12T09:30:00+02:00", "12 juin 2026 09:30");
  } else if (type == "boolean") {
    set("YesNoChamp", "yesNo", true, "true");
  } else if (type == "siret") {
    set("SiretChamp", "etablissement", {{"siret", "11000201100044"}}, "11000201100044");
  } else if (type == "address") {
    set("AddressChamp", "address", {{"label", "1 rue de Bercy 75012 Paris"}}, "1 rue de Bercy");
  } else if (type == "department") {
    set("DepartementChamp", "departement", {{"code", "75"}, {"name", "Paris"}}, "75 - Paris");
  } else if (type == "linked") {
    set("LinkedDropDownListChamp", "primaryValue", "Métiers", "Métiers / Achats");
  } else if (type == "email") {
    set("TextChamp", "text", "referente@ministere.invalid", "referente@ministere.invalid");
  } else if (type == "phone") {
    set("TextChamp", "text", "06 12 34 56 78", "06 12 34 56 78");
  } else {
    set("TextChamp", "text", text, text);
  }
  return champ;
}

}  // namespace aiguillage::test
