#include "connectors/demarches_simplifiees/conversions.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace aiguillage::connectors {
namespace {

using engine::Outcome;
using engine::Refusal;
using nlohmann::json;

// Line ends become \n, NUL goes, blanks at both ends go.
std::string Clean(const std::string& text) {
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0' || (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n'))
      continue;
    clean += text[i] == '\r' ? '\n' : text[i];
  }
  const auto first = clean.find_first_not_of(" \t\n");
  if (first == clean.npos) return "";
  return clean.substr(first, clean.find_last_not_of(" \t\n") - first + 1);
}

Refusal Unfit(const FieldRule& rule, const char* expected) {
  return {"unfit",
          "Le champ « " + rule.label + " » devrait être " + expected +
              ", mais il ne l’est pas dans ce dossier.",
          {}};
}

json TextOrNull(const std::string& text) { return text.empty() ? json() : json(text); }

// What a person reads in the champ, whatever its type.
std::string Words(const json& champ) {
  const std::string type = TextAt(champ, "__typename");
  if (type == "CheckboxChamp" || type == "YesNoChamp") {
    const char* member = type == "CheckboxChamp" ? "checked" : "yesNo";
    if (!champ.contains(member) || !champ[member].is_boolean()) return "";
    return champ[member].get<bool>() ? "Oui" : "Non";
  }
  for (const char* member : {"text", "choice", "civilite"}) {
    if (const std::string text = TextAt(champ, member); !text.empty()) return Clean(text);
  }
  return Clean(TextAt(champ, "stringValue"));
}

bool HasNoWords(const std::string& type) {
  return type == "PieceJustificativeChamp" || type == "RepetitionChamp" || type == "CarteChamp" ||
         type == "TitreIdentiteChamp";
}

Outcome<json> AsText(const FieldRule& rule, const json& champ) {
  if (HasNoWords(TextAt(champ, "__typename"))) return Unfit(rule, "un texte");
  return TextOrNull(Words(champ));
}

json Translated(const FieldRule& rule, const std::string& word) {
  if (word.empty()) return {};
  if (rule.choices.empty()) return word;
  const auto found = rule.choices.find(word);
  if (found != rule.choices.end()) return found->second;
  return rule.free ? json(word) : json();
}

Outcome<json> AsChoice(const FieldRule& rule, const json& champ) {
  if (HasNoWords(TextAt(champ, "__typename"))) return Unfit(rule, "un choix");
  return Translated(rule, Words(champ));
}

Outcome<json> AsChoices(const FieldRule& rule, const json& champ) {
  if (HasNoWords(TextAt(champ, "__typename"))) return Unfit(rule, "une liste de choix");
  json list = json::array();
  const auto add = [&](const std::string& word) {
    json value = Translated(rule, word);
    if (!value.is_null() && std::find(list.begin(), list.end(), value) == list.end()) {
      list.push_back(std::move(value));
    }
  };
  if (champ.contains("choices") && champ["choices"].is_array()) {
    for (const json& word : champ["choices"]) {
      if (word.is_string()) add(Clean(word.get<std::string>()));
    }
  } else {
    add(Words(champ));
  }
  return list.empty() ? json() : list;
}

// « 1 234,5 » and "1234.5"; nothing else is a number.
std::optional<double> Number(std::string text) {
  for (const char* space : {"\xC2\xA0", "\xE2\x80\xAF", " ", "€"}) {
    for (auto at = text.find(space); at != text.npos; at = text.find(space)) {
      text.erase(at, std::char_traits<char>::length(space));
    }
  }
  std::replace(text.begin(), text.end(), ',', '.');
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end || !std::isfinite(value)) return {};
  return value;
}

// Unanswered, a number, or refused.
Outcome<json> AsNumber(const FieldRule& rule, const json& champ) {
  if (champ.contains("decimal") && champ["decimal"].is_number()) return champ["decimal"];
  if (champ.contains("integer") && champ["integer"].is_number_integer()) return champ["integer"];
  std::string text = TextAt(champ, "integer");
  if (text.empty()) {
    if (HasNoWords(TextAt(champ, "__typename"))) return Unfit(rule, "un nombre");
    text = Words(champ);
  }
  if (text.empty()) return json();
  const auto value = Number(text);
  if (!value) return Unfit(rule, "un nombre");
  return json(*value);
}

Outcome<json> AsWhole(const FieldRule& rule, const json& champ, double factor) {
  Outcome<json> number = AsNumber(rule, champ);
  if (!number || number.value().is_null()) return number;
  const double value = number.value().get<double>() * factor;
  const double whole = std::round(value);
  const bool exact = factor != 1 || std::abs(value - whole) < 1e-9;
  if (!exact || std::abs(whole) > 9e15) return Unfit(rule, "un nombre entier");
  return json(static_cast<std::int64_t>(whole));
}

bool IsDate(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

Outcome<json> AsDate(const FieldRule& rule, const json& champ) {
  for (const char* member : {"date", "datetime", "text"}) {
    const std::string text = TextAt(champ, member).substr(0, 10);
    if (IsDate(text)) return json(text);
  }
  if (Words(champ).empty() && !HasNoWords(TextAt(champ, "__typename"))) return json();
  return Unfit(rule, "une date");
}

Outcome<json> AsBoolean(const FieldRule& rule, const json& champ) {
  for (const char* member : {"checked", "yesNo"}) {
    if (!champ.contains(member)) continue;
    return champ[member].is_boolean() ? champ[member] : json();
  }
  const std::string words = HasNoWords(TextAt(champ, "__typename")) ? "?" : Words(champ);
  if (words.empty()) return json();
  if (words == "Oui" || words == "oui" || words == "true") return json(true);
  if (words == "Non" || words == "non" || words == "false") return json(false);
  return Unfit(rule, "un oui ou un non");
}

Outcome<json> AsSiret(const FieldRule& rule, const json& champ) {
  std::string text;
  if (champ.contains("etablissement")) text = TextAt(champ["etablissement"], "siret");
  if (text.empty()) {
    if (HasNoWords(TextAt(champ, "__typename"))) return Unfit(rule, "un numéro SIRET");
    text = Words(champ);
  }
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  if (text.empty()) return json();
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || text.size() != 14) return Unfit(rule, "un numéro SIRET de 14 chiffres");
  return json(text);
}

Outcome<json> AsAddress(const FieldRule& rule, const json& champ) {
  if (champ.contains("address")) {
    if (const std::string label = TextAt(champ["address"], "label"); !label.empty())
      return json(label);
  }
  return AsText(rule, champ);
}

Outcome<json> AsDepartment(const FieldRule& rule, const json& champ) {
  if (champ.contains("departement") && champ["departement"].is_object()) {
    const json& place = champ["departement"];
    return json(TextAt(place, "code") + " - " + TextAt(place, "name"));
  }
  return AsText(rule, champ);
}

using Conversion = Outcome<json> (*)(const FieldRule&, const json&);

const std::map<std::string, Conversion>& Conversions() {
  static const std::map<std::string, Conversion> table = {
      {"text", AsText},
      {"linked", AsText},
      {"email", AsText},
      {"phone", AsText},
      {"datetime", AsText},
      {"choice", AsChoice},
      {"choices", AsChoices},
      {"integer", [](const FieldRule& r, const json& c) { return AsWhole(r, c, 1); }},
      {"minutes_from_hours", [](const FieldRule& r, const json& c) { return AsWhole(r, c, 60); }},
      {"decimal", AsNumber},
      {"money", AsNumber},
      {"date", AsDate},
      {"boolean", AsBoolean},
      {"siret", AsSiret},
      {"address", AsAddress},
      {"department", AsDepartment},
  };
  return table;
}

// Conversions that want champs of their own; all others read words.
const std::map<std::string, std::set<std::string>>& ReadFrom() {
  static const std::set<std::string> numbers = {"IntegerNumber", "DecimalNumber", "Number"};
  static const std::map<std::string, std::set<std::string>> table = {
      {"files", {"PieceJustificative"}},
      {"rows", {"Repetition"}},
      {"choices", {"MultipleDropDownList", "DropDownList"}},
      {"integer", numbers},
      {"decimal", numbers},
      {"money", numbers},
      {"minutes_from_hours", numbers},
      {"date", {"Date", "Datetime"}},
      {"datetime", {"Date", "Datetime"}},
      {"boolean", {"Checkbox", "YesNo"}},
      {"email", {"Email", "Text"}},
      {"phone", {"Phone", "Text"}},
      {"siret", {"Siret", "Text"}},
      {"linked", {"LinkedDropDownList"}},
      {"address", {"Address", "Text", "Textarea"}},
      {"department", {"Departement", "Commune", "Address"}}};
  return table;
}

}  // namespace

bool IsConversion(const std::string& type) { return Conversions().contains(type); }

Outcome<json> Convert(const FieldRule& rule, const json& champ) {
  return Conversions().at(rule.type)(rule, champ);
}

std::string StemOf(const std::string& descriptor) {
  return descriptor.substr(0, descriptor.find("ChampDescriptor"));
}

bool IsLayout(const std::string& descriptor) {
  const std::string stem = StemOf(descriptor);
  return stem == "HeaderSection" || stem == "Explication";
}

bool Reads(const std::string& conversion, const std::string& descriptor) {
  static const std::set<std::string> without_words = {
      "PieceJustificative", "Repetition", "Carte", "TitreIdentite", "HeaderSection", "Explication"};
  static const std::set<std::string> free_text = {"Text", "Textarea", "Formatted", "Email"};
  const std::string stem = StemOf(descriptor);
  const auto narrow = ReadFrom().find(conversion);
  if (narrow != ReadFrom().end()) return narrow->second.contains(stem);
  return !without_words.contains(stem) && (conversion != "choice" || !free_text.contains(stem));
}

}  // namespace aiguillage::connectors
