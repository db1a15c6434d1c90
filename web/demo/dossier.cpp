#include "web/demo/dossier.h"

#include "web/demo/story.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

// The label that the choice list translates to `slug`; the slug itself when there is none.
std::string LabelOf(const json& choices, const std::string& slug) {
  for (const auto& [label, value] : choices.items()) {
    if (value == slug) return label;
  }
  return slug;
}

const json& Pick(const json& list, const Chance& chance) {
  return list.at(static_cast<std::size_t>(chance(0, static_cast<std::int64_t>(list.size()) - 1)));
}

// What the holder of this project wrote in the field that answers `to`.
json Typed(const std::string& to, const PlannedProject& project) {
  if (to == "title") return project.title;
  if (to == "ministry") return project.administration;
  if (to == "referent_name") return project.holder_name;
  if (to == "referent_email") return project.holder_email;
  if (to == "administration_siret") return project.siret;
  return nullptr;
}

// One champ with the keys that its DS type carries.
json Champ(const json& field, const PlannedProject& project, const json& mapping, const json& words,
           const Chance& chance) {
  const std::string type = field.at("type");
  json champ = {{"id", field.at("champ")},
                {"champDescriptorId", field.at("champ")},
                {"label", field.at("label")},
                {"updatedAt", workflows::IsoInstant(project.filed_at)},
                {"stringValue", ""}};
  const auto set = [&](const char* name, const char* key, const json& value,
                       const std::string& printed) {
    champ["__typename"] = name;
    champ[key] = value;
    champ["stringValue"] = printed;
  };
  const json typed = Typed(field.at("to"), project);
  if (type == "choice" || type == "choices") {
    const auto& list = mapping.at("choices").at(field.at("choices").get<std::string>());
    std::string label = list.begin().key();
    if (field.at("to") == "collection") label = LabelOf(list, project.collection);
    if (type == "choice") set("DropDownListChamp", "choice", label, label);
    if (type == "choices") set("MultipleDropDownListChamp", "choices", json::array({label}), label);
  } else if (type == "integer" || type == "money") {
    const std::string digits = std::to_string(chance(8, 90) * 1000);
    set("IntegerNumberChamp", "integer", digits, digits);
  } else if (type == "decimal" || type == "minutes_from_hours") {
    const auto hours = chance(2, 14);
    set("DecimalNumberChamp", "decimal", hours, std::to_string(hours));
  } else if (type == "date") {
    const auto date = workflows::ParisDate(project.filed_at + chance(200, 330) * kDay);
    set("DateChamp", "date", date, date);
  } else if (type == "boolean") {
    set("YesNoChamp", "yesNo", field.at("to") == "open_licence", "");
  } else if (type == "siret") {
    set("SiretChamp", "etablissement", {{"siret", project.siret}}, project.siret);
  } else if (type == "text" || type == "email") {
    const json value = typed.is_null() ? Pick(words.at("textarea"), chance) : typed;
    std::string text = value.get<std::string>();
    if (const auto at = text.find("{sujet}"); at != std::string::npos) {
      text.replace(at, 7, project.title);
    }
    set("TextChamp", "text", text, text);
  } else {
    return nullptr;  // files, rows, addresses: left unanswered by the demo's holders
  }
  return champ;
}

}  // namespace

json DossierOf(const PlannedProject& project, std::int64_t number, const json& mapping,
               const json& words, const Chance& chance) {
  const std::string filed = workflows::IsoInstant(project.filed_at);
  json dossier = {
      {"id", "RG9zc2llci0" + std::to_string(number)},
      {"number", number},
      {"state", "en_construction"},
      {"archived", false},
      {"dateDepot", filed},
      {"datePassageEnConstruction", filed},
      {"dateDerniereModification", filed},
      {"motivation", nullptr},
      {"usager", {{"id", "VXNlci0" + std::to_string(number)}, {"email", project.holder_email}}},
      {"demandeur", {{"__typename", "PersonneMorale"}, {"siret", project.siret}}},
      {"traitements", json::array()},
      {"labels", json::array()},
      {"instructeurs", json::array()},
      {"annotations", json::array()},
      {"champs", json::array()}};
  for (const auto& field : mapping.at("fields")) {
    json champ = Champ(field, project, mapping, words, chance);
    if (!champ.is_null()) dossier["champs"].push_back(std::move(champ));
  }
  return dossier;
}

}  // namespace aiguillage::web
