#include "connectors/demarches_simplifiees/call_mapping.h"

#include <algorithm>
#include <map>
#include <set>

#include "connectors/demarches_simplifiees/conversions.h"
#include "storage/exchange.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

struct Named {
  const char* id;
  const char* words;
};

constexpr Named kConversions[] = {{"text", "texte"},
                                  {"choice", "choix"},
                                  {"choices", "plusieurs choix"},
                                  {"linked", "deux choix liés"},
                                  {"integer", "nombre entier"},
                                  {"decimal", "nombre"},
                                  {"money", "montant"},
                                  {"minutes_from_hours", "durée donnée en heures"},
                                  {"date", "date"},
                                  {"datetime", "date et heure"},
                                  {"boolean", "oui ou non"},
                                  {"email", "adresse électronique"},
                                  {"phone", "téléphone"},
                                  {"siret", "numéro SIRET"},
                                  {"address", "adresse postale"},
                                  {"department", "département"},
                                  {"files", "pièces jointes"},
                                  {"rows", "bloc répétable"}};

constexpr Named kDescriptors[] = {{"Text", "texte court"},
                                  {"Textarea", "texte long"},
                                  {"Formatted", "texte au format imposé"},
                                  {"DropDownList", "choix"},
                                  {"MultipleDropDownList", "plusieurs choix"},
                                  {"LinkedDropDownList", "deux choix liés"},
                                  {"Checkbox", "case à cocher"},
                                  {"YesNo", "oui ou non"},
                                  {"IntegerNumber", "nombre entier"},
                                  {"DecimalNumber", "nombre décimal"},
                                  {"Number", "nombre"},
                                  {"Date", "date"},
                                  {"Datetime", "date et heure"},
                                  {"Civilite", "civilité"},
                                  {"Email", "adresse électronique"},
                                  {"Phone", "téléphone"},
                                  {"Siret", "numéro SIRET"},
                                  {"Address", "adresse"},
                                  {"Commune", "commune"},
                                  {"Departement", "département"},
                                  {"Region", "région"},
                                  {"Pays", "pays"},
                                  {"PieceJustificative", "pièce jointe"},
                                  {"Repetition", "bloc répétable"},
                                  {"Carte", "carte"},
                                  {"TitreIdentite", "titre d’identité"},
                                  {"HeaderSection", "titre de section"},
                                  {"Explication", "explication"}};

bool IsOption(const forms::Field& field, const std::string& value) {
  return std::any_of(field.options.begin(), field.options.end(),
                     [&](const forms::Option& option) { return option.value == value; });
}

}  // namespace

std::optional<storage::Call> CallTaking(storage::Session& session, std::int64_t demarche,
                                        const std::string& definition) {
  std::optional<storage::Call> found;
  for (storage::Call& call : storage::Calls(session)) {
    if (call.demarche != demarche) continue;
    if (!definition.empty() && call.definition != definition) continue;
    if (!found || (call.status == "published" && found->status != "published")) {
      found = std::move(call);
    }
  }
  return found;
}

json MappingInForce(storage::Session& session, const workflows::Catalog& catalog,
                    const storage::Call& call) {
  const auto saved = storage::NewestMapping(session, call.id);
  return saved && !saved->mapping.is_null() ? saved->mapping
                                            : catalog.KitOf(call.definition).mapping;
}

engine::Outcome<Mapping> ReadMappingOf(storage::Session& session, const workflows::Catalog& catalog,
                                       const storage::Call& call) {
  const auto definition = catalog.Newest(call.definition);
  if (!definition) {
    return engine::Refusal{
        "unknown_rails",
        "L’appel « " + call.id + " » suit des rails inconnus (« " + call.definition + " »).",
        {}};
  }
  const auto form = definition->forms.find("application");
  return ReadMapping(MappingInForce(session, catalog, call), call.definition + "/mapping.json",
                     form == definition->forms.end() ? nullptr : &form->second);
}

Corrections CorrectionsInForce(storage::Session& session, std::int64_t dossier) {
  Corrections corrections;
  for (storage::Correction& one : storage::CorrectionsOf(session, dossier)) {
    corrections[one.field] = std::move(one.value);
  }
  std::erase_if(corrections, [](const auto& entry) { return entry.second.is_null(); });
  return corrections;
}

std::string DescriptorWords(const std::string& descriptor) {
  const std::string stem = StemOf(descriptor);
  for (const Named& named : kDescriptors) {
    if (stem == named.id) return named.words;
  }
  return stem.empty() ? "inconnu" : stem;
}

std::string ConversionWords(const std::string& conversion) {
  for (const Named& named : kConversions) {
    if (conversion == named.id) return named.words;
  }
  return conversion;
}

std::vector<std::string> ConversionsOf(const std::string& descriptor) {
  std::vector<std::string> found;
  for (const Named& named : kConversions) {
    if (Reads(named.id, descriptor)) found.emplace_back(named.id);
  }
  return found;
}

bool Gives(const std::string& conversion, const forms::Field& field) {
  using enum forms::Kind;
  const auto one_of = [&](std::set<std::string> list) { return list.contains(conversion); };
  switch (field.kind) {
    case kText:
      if (field.widget == "file") return false;
      if (!field.options.empty()) return one_of({"choice", "text"});
      if (field.format == "date") return conversion == "date";
      if (field.format == "siret") return conversion == "siret";
      if (field.format == "email") return one_of({"email", "text"});
      if (field.format == "phone") return one_of({"phone", "text"});
      return one_of({"text", "choice", "linked", "date", "datetime", "email", "phone", "siret",
                     "address", "department"});
    case kInteger:
      return one_of({"integer", "minutes_from_hours"});
    case kNumber:
      return one_of({"decimal", "money", "integer"});
    case kBoolean:
      return conversion == "boolean";
    case kList:
      return conversion == (field.widget == "file" ? "files" : "choices");
    case kRows:
      return conversion == "rows";
    case kGroup:
    case kHeading:
      return false;
  }
  return false;
}

std::string WhyNot(const FieldRule& rule, const std::string& descriptor,
                   const forms::Field& field) {
  if (!Reads(rule.type, descriptor)) {
    return "Dans la démarche c’est « " + DescriptorWords(descriptor) +
           " » : cela ne se lit pas comme « " + ConversionWords(rule.type) + " ».";
  }
  if (!Gives(rule.type, field)) {
    return "Notre champ « " + field.title + " » n’accepte pas « " + ConversionWords(rule.type) +
           " ».";
  }
  if (field.options.empty()) return "";
  if (rule.choices.empty()) {
    return "Notre champ « " + field.title +
           " » n’accepte que ses propres choix : indiquez la liste qui les traduit.";
  }
  for (const auto& [word, slug] : rule.choices) {
    if (!IsOption(field, slug)) {
      return "La liste de choix traduit « " + word + " » par « " + slug + " », que notre champ « " +
             field.title + " » ne connaît pas.";
    }
  }
  return "";
}

}  // namespace aiguillage::connectors
