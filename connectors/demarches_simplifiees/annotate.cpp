// What a dossier wears in DS of our project: annotations, the label of its stage, its groupe.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "connectors/demarches_simplifiees/delivery.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using Kind = Verdict::Kind;

std::string NumberText(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

// A list of marks counts as their sum.
std::optional<double> AsNumber(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_array() || value.empty()) return {};
  double sum = 0;
  for (const json& one : value) {
    if (!one.is_number()) return {};
    sum += one.get<double>();
  }
  return sum;
}

// « score_sheet.total »: the mean of what each author said last; text: what was said last.
std::string FromDocuments(const std::string& path, const std::vector<storage::Document>& all) {
  const auto dot = path.find('.');
  const std::string form = path.substr(0, dot), field = path.substr(dot + 1);
  std::map<std::int64_t, double> numbers;
  std::string text;
  for (const storage::Document& document : all) {  // oldest first
    if (document.form != form || document.taken_back) continue;
    const json& value = PartOf(document.answers, field.c_str());
    if (const auto number = AsNumber(value)) numbers[document.person] = *number;
    if (value.is_string()) text = value.get<std::string>();
  }
  if (numbers.empty()) return text;
  double sum = 0;
  for (const auto& [person, number] : numbers) sum += number;
  return NumberText(std::round(sum / static_cast<double>(numbers.size()) * 100) / 100);
}

// The démarche's word for our slug.
std::string WordFor(const Choices& choices, const std::string& slug) {
  for (const auto& [word, ours] : choices) {
    if (ours == slug) return word;
  }
  return choices.empty() ? slug : "";
}

// The one-of key of an annotation is its own type, which the démarche's descriptor tells.
std::string KeyOf(const std::string& descriptor) {
  static const std::map<std::string, std::string> keys = {
      {"TextChampDescriptor", "text"},
      {"TextareaChampDescriptor", "textarea"},
      {"EmailChampDescriptor", "email"},
      {"DropDownListChampDescriptor", "dropDownList"},
      {"IntegerNumberChampDescriptor", "integerNumber"},
      {"DecimalNumberChampDescriptor", "decimalNumber"}};
  const auto found = keys.find(descriptor);
  return found == keys.end() ? "" : found->second;
}

std::optional<json> Typed(const std::string& key, const std::string& value) {
  if (key != "integerNumber" && key != "decimalNumber") return json(value);
  double number = 0;
  const char* end = value.data() + value.size();
  if (std::from_chars(value.data(), end, number).ptr != end) return {};
  if (key == "decimalNumber") return json(number);
  return json(static_cast<std::int64_t>(std::llround(number)));
}

bool Shows(const std::string& there, const json& value) {
  if (value.is_string()) return SameWords(there, value.get<std::string>());
  double shown = 0;
  const char* end = there.data() + there.size();
  return !there.empty() && std::from_chars(there.data(), end, shown).ptr == end &&
         std::abs(shown - value.get<double>()) < 1e-9;
}

}  // namespace

std::string Delivery::AnnotationText(const AnnotationRule& rule) const {
  if (rule.from == "number") return TextAt(row_.payload, "number");
  if (rule.from == "state") return TextAt(row_.payload, "label");
  if (rule.from == "summary") return TextAt(row_.payload, "text");
  if (rule.from == "link") {
    return needs_.public_url.empty() ? "" : needs_.public_url + TextAt(row_.payload, "url");
  }
  return WordFor(rule.choices, FromDocuments(rule.from, needs_.documents));
}

json Delivery::Annotations(std::string& problem) const {
  json wanted = json::array();
  for (const AnnotationRule& rule : needs_.mapping.annotations) {
    const std::string value = AnnotationText(rule);
    if (value.find_first_not_of(" \t\r\n") == value.npos) continue;
    std::string key;
    for (const json& descriptor : PartOf(needs_.demarche.revision, "annotationDescriptors")) {
      if (TextAt(descriptor, "id") == rule.champ) key = KeyOf(TextAt(descriptor, "__typename"));
    }
    const auto typed = key.empty() ? std::nullopt : Typed(key, value);
    if (!typed) {
      problem = "L’annotation « " + rule.label + " » n’est pas " +
                (key.empty() ? "d’une nature que nous savons remplir" : "un nombre") +
                " dans la démarche.";
      continue;
    }
    wanted.push_back({{"id", rule.champ}, {"value", {{key, *typed}}}});
  }
  return wanted;
}

Verdict Delivery::Annotate() {
  std::string problem;
  const json wanted = Annotations(problem);
  const DsAnswer answer = needs_.client.AskPatiently(Operation::kDossierAnnotations,
                                                     {{"number", PartOf(row_.payload, "dossier")}});
  if (!answer.Ok()) return FromFailure(answer);
  std::map<std::string, json> there;
  for (const json& champ : PartOf(PartOf(answer.data, "dossier"), "annotations")) {
    there[TextAt(champ, "champDescriptorId")] = champ;
  }
  json missing = json::array();
  json told = json::object();
  for (const json& entry : wanted) {
    const std::string champ = TextAt(entry, "id");
    const json& value = entry["value"].front();
    told[champ] = value.is_string() ? value : json(NumberText(value.get<double>()));
    if (Shows(TextAt(there[champ], "stringValue"), value)) continue;
    json one = entry;
    if (there.contains(champ) && there[champ].is_object()) one["id"] = TextAt(there[champ], "id");
    missing.push_back(std::move(one));
  }
  row_.payload["annotations"] = told;
  const bool more = !needs_.mapping.labels.empty() || !needs_.mapping.groups.empty();
  if (!missing.empty()) {
    return Send(Operation::kModifierAnnotations, {{"annotations", missing}}, "",
                problem.empty() && !more);
  }
  if (Verdict verdict = Label(); verdict.kind != Kind::kSent) return verdict;
  if (Verdict verdict = Group(); verdict.kind != Kind::kSent) return verdict;
  return problem.empty() ? Verdict{Kind::kSent, ""} : Verdict{Kind::kFailed, problem};
}

// Of the labels that the mapping names, the dossier wears those of its states and no other; labels
// that people put on are theirs.
Verdict Delivery::Label() {
  const std::string states = " " + TextAt(row_.payload, "states") + " ";
  std::set<std::string> wanted, worn;
  for (const auto& [state, label] : needs_.mapping.labels) {
    if (states.find(" " + state + " ") != states.npos) wanted.insert(label);
  }
  for (const json& label : PartOf(dossier_, "labels")) worn.insert(TextAt(label, "id"));
  if (!needs_.mapping.labels.empty()) row_.payload["labels"] = wanted;
  for (const auto& [state, label] : needs_.mapping.labels) {
    const auto known = needs_.demarche.labels.find(label);
    if (known == needs_.demarche.labels.end()) {
      return {Kind::kFailed, "La démarche n’a pas d’étiquette « " + label + " »."};
    }
    if (wanted.contains(label) == worn.contains(known->second)) continue;
    return Send(wanted.contains(label) ? Operation::kAjouterLabel : Operation::kSupprimerLabel,
                {{"labelId", known->second}}, "", false);
  }
  return {Kind::kSent, ""};
}

Verdict Delivery::Group() {
  const auto wanted = needs_.mapping.groups.find(needs_.collection);
  if (wanted == needs_.mapping.groups.end()) return {Kind::kSent, ""};
  row_.payload["group"] = wanted->second;
  if (PartOf(PartOf(dossier_, "groupeInstructeur"), "number") == json(wanted->second)) {
    return {Kind::kSent, ""};
  }
  const auto known = needs_.demarche.group_ids.find(wanted->second);
  if (known == needs_.demarche.group_ids.end()) {
    return {Kind::kFailed,
            "La démarche n’a pas de groupe instructeur " + std::to_string(wanted->second) + "."};
  }
  return Send(Operation::kChangerGroupe, {{"groupeInstructeurId", known->second}}, "", false);
}

}  // namespace aiguillage::connectors
