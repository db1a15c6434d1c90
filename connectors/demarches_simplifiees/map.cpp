// Map: one dossier read by one mapping (mapping.h).
#include <algorithm>
#include <cstdlib>

#include "connectors/demarches_simplifiees/conversions.h"
#include "connectors/demarches_simplifiees/mapping.h"
#include "workflows/calendar.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

constexpr const char* kHolderEmail = "holder_email";
constexpr std::size_t kFileNameMax = 64;  // characters, as the forms allow

std::map<std::string, const json*> ByDescriptor(const json& champs) {
  std::map<std::string, const json*> found;
  if (!champs.is_array()) return found;
  for (const json& champ : champs) found[TextAt(champ, "champDescriptorId")] = &champ;
  return found;
}

// The first `max` characters (not bytes) of UTF-8 text.
std::string Shortened(const std::string& text, std::size_t max) {
  std::size_t at = 0;
  for (std::size_t n = 0; at < text.size() && n < max; ++n) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return text.substr(0, at);
}

json Files(const FieldRule& rule, const json& champ, Mapped& mapped) {
  json names = json::array();
  if (!champ.contains("files") || !champ["files"].is_array()) {
    mapped.problems.push_back("Le champ « " + rule.label + " » devrait être une pièce jointe.");
    return {};
  }
  for (const json& entry : champ["files"]) {
    MappedFile file = FileFrom(entry, rule.to);
    names.push_back(Shortened(file.name, kFileNameMax));
    mapped.files.push_back(std::move(file));
  }
  return names.empty() ? json() : names;
}

// What people sent where DS holds no file; the answer names it by its hash, as our own forms do.
json Completed(const FieldRule& rule, const json& sent, Mapped& mapped) {
  json hashes = json::array();
  for (json file : sent) {
    hashes.push_back(file.at("hash"));
    file["field"] = rule.to;
    mapped.completed.push_back(std::move(file));
  }
  return hashes;
}

json Single(const FieldRule& rule, const json& champ, Mapped& mapped) {
  auto value = Convert(rule, champ);
  if (value) return std::move(value).value();
  mapped.problems.push_back(value.refusal().sentence);
  return {};
}

json Rows(const FieldRule& rule, const json& champ, Mapped& mapped) {
  if (!champ.contains("rows") || !champ["rows"].is_array()) {
    mapped.problems.push_back("Le champ « " + rule.label + " » devrait être un bloc répétable.");
    return {};
  }
  json rows = json::array();
  for (const json& row : champ["rows"]) {
    const auto champs = ByDescriptor(PartOf(row, "champs"));
    json answers = json::object();
    for (const FieldRule& column : rule.rows) {
      const auto found = champs.find(column.champ);
      if (found == champs.end()) continue;
      json value = Single(column, *found->second, mapped);
      if (!value.is_null()) answers[column.to] = std::move(value);
    }
    if (!answers.empty()) rows.push_back(std::move(answers));
  }
  return rows.empty() ? json() : rows;
}

// A word was chosen, but our list does not know it: the pilot will sort it out.
bool UnknownChoice(const FieldRule& rule, const json& champ) {
  return !rule.choices.empty() && !TextAt(champ, "stringValue").empty();
}

void MapField(const FieldRule& rule, const json* champ, const Corrections& corrected,
              Mapped& mapped) {
  const std::size_t before = mapped.problems.size();
  json value;
  if (champ != nullptr) {
    value = rule.type == "files"  ? Files(rule, *champ, mapped)
            : rule.type == "rows" ? Rows(rule, *champ, mapped)
                                  : Single(rule, *champ, mapped);
  }
  if (!value.is_null()) {
    mapped.answers[rule.to] = std::move(value);
  } else if (rule.required && mapped.problems.size() == before &&
             (champ == nullptr || !UnknownChoice(rule, *champ))) {
    mapped.problems.push_back("Le champ « " + rule.label + " » est vide.");
  }
  const bool trouble = mapped.problems.size() > before;
  const auto known = corrected.find(rule.to);
  if (known != corrected.end() && (trouble || !mapped.answers.contains(rule.to))) {
    mapped.problems.resize(before);
    mapped.answers[rule.to] =
        rule.type == "files" ? Completed(rule, known->second, mapped) : known->second;
  } else if (trouble) {
    mapped.troubled.insert(rule.to);
  }
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool LooksLikeEmail(const std::string& text) {
  const auto at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() && text.size() <= 254 &&
         text.find_first_of(" \t\r\n<>,;\"") == text.npos && text.find('@', at + 1) == text.npos;
}

std::vector<std::string> CoHolders(const Mapping& mapping, const json& answers) {
  std::vector<std::string> found;
  const auto add = [&](const std::string& text) {
    if (LooksLikeEmail(text)) found.push_back(Lower(text));
  };
  for (const std::string& path : mapping.holder.co_holders) {
    const auto dot = path.find('.');
    const std::string field = path.substr(0, dot);
    if (!answers.contains(field)) continue;
    if (dot == path.npos) {
      add(TextAt(answers, field.c_str()));
    } else if (answers[field].is_array()) {
      for (const json& row : answers[field]) add(TextAt(row, path.substr(dot + 1).c_str()));
    }
  }
  return found;
}

void MapHolder(const Mapping& mapping, const json& dossier, const Corrections& corrected,
               Mapped& mapped) {
  const auto known = corrected.find(kHolderEmail);
  mapped.holder_email = Lower(TextAt(PartOf(dossier, "usager"), "email"));
  if (!LooksLikeEmail(mapped.holder_email) && known != corrected.end() &&
      known->second.is_string()) {
    mapped.holder_email = Lower(known->second.get<std::string>());
  }
  if (!LooksLikeEmail(mapped.holder_email)) {
    mapped.troubled.insert(kHolderEmail);
    mapped.problems.push_back(
        "Le compte de la personne qui a déposé le dossier n’a pas d’adresse électronique "
        "utilisable.");
  }
  mapped.holder_name = TextAt(mapped.answers, mapping.holder.name.c_str());
  mapped.siret = TextAt(mapped.answers, mapping.holder.siret.c_str());
  mapped.administration = TextAt(mapped.answers, mapping.holder.administration.c_str());
  const json& filer = PartOf(dossier, "demandeur");
  if (mapped.siret.empty()) mapped.siret = TextAt(filer, "siret");
  if (mapped.administration.empty() && filer.is_object()) {
    mapped.administration = TextAt(PartOf(filer, "entreprise"), "raisonSociale");
  }
  if (mapped.holder_name.empty() && !TextAt(filer, "nom").empty()) {
    mapped.holder_name = TextAt(filer, "prenom") + " " + TextAt(filer, "nom");
  }
  if (mapped.holder_name.empty()) {
    mapped.holder_name = mapped.holder_email.substr(0, mapped.holder_email.find('@'));
  }
  mapped.co_holders = CoHolders(mapping, mapped.answers);
  if (mapping.form_fields.contains(kHolderEmail)) {
    mapped.answers[kHolderEmail] = mapped.holder_email;
  }
  if (mapping.form_fields.contains("holder_name")) {
    mapped.answers["holder_name"] = mapped.holder_name;
  }
}

}  // namespace

MappedFile FileFrom(const json& file, const std::string& field) {
  return {field,
          TextAt(file, "filename"),
          TextAt(file, "contentType"),
          TextAt(file, "checksum"),
          TextAt(file, "url"),
          TextAt(file, "virusScanResult"),
          std::strtoll(TextAt(file, "byteSizeBigInt").c_str(), nullptr, 10)};
}

Mapped Map(const Mapping& mapping, const json& dossier, const Corrections& corrected) {
  Mapped mapped;
  const auto champs = ByDescriptor(PartOf(dossier, "champs"));
  for (const FieldRule& rule : mapping.fields) {
    const auto found = champs.find(rule.champ);
    MapField(rule, found == champs.end() ? nullptr : found->second, corrected, mapped);
  }
  mapped.title = TextAt(mapped.answers, "title");
  mapped.collection = TextAt(mapped.answers, "collection");
  if (mapped.title.empty() && mapped.problems.empty()) {
    mapped.problems.push_back("Le dossier n’a pas de titre.");
    mapped.troubled.insert("title");
  }
  const auto filed = workflows::ParseInstant(TextAt(dossier, "dateDepot"));
  if (filed) mapped.filed_on = workflows::ParisDate(filed.value());
  MapHolder(mapping, dossier, corrected, mapped);
  return mapped;
}

}  // namespace aiguillage::connectors
