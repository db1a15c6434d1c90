#include "web/mapping_edit.h"

#include <algorithm>
#include <map>
#include <set>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/conversions.h"
#include "storage/text_words.h"

namespace aiguillage::web {

namespace {

using connectors::FieldRule;
using connectors::PartOf;
using connectors::TextAt;
using nlohmann::json;

std::set<std::string> WordsOf(const std::string& text) {
  std::set<std::string> words;
  for (auto& word : storage::TextWords(text)) {
    if (word.size() > 2) words.insert(std::move(word));
  }
  return words;
}

// 0 … 1: how much of the longer label both say.
double Likeness(const std::string& one, const std::string& other) {
  const auto a = WordsOf(one), b = WordsOf(other);
  const auto common = std::count_if(a.begin(), a.end(), [&](const auto& w) { return b.count(w); });
  const auto most = std::max(a.size(), b.size());
  return most == 0 ? 0 : static_cast<double>(common) / static_cast<double>(most);
}

const forms::Field* FieldNamed(const std::vector<forms::Field>& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const forms::Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

const MappingRow* RowOf(const std::vector<MappingRow>& rows, const std::string& champ) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const MappingRow& row) {
    return row.champ == champ && row.parent.empty();
  });
  return found == rows.end() ? nullptr : &*found;
}

// Where the field of a row is looked for.
const std::vector<forms::Field>& Home(const MappingRow& row, const std::vector<MappingRow>& rows,
                                      const forms::Form& form) {
  static const std::vector<forms::Field> none;
  if (row.parent.empty()) return form.fields;
  const MappingRow* block = RowOf(rows, row.parent);
  const auto* field = block == nullptr ? nullptr : FieldNamed(form.fields, block->to);
  return field == nullptr ? none : field->children;
}

std::vector<std::string> ConversionsInto(const MappingRow& row, const forms::Field& field) {
  std::vector<std::string> all = connectors::ConversionsOf(row.descriptor);
  std::erase_if(all, [&](const auto& conversion) { return !connectors::Gives(conversion, field); });
  return all;
}

class RowMaker {
 public:
  RowMaker(const json& mapping, const forms::Form& form) : mapping_(mapping), form_(form) {
    for (const json& entry : PartOf(mapping, "ignored")) ignored_.insert(TextAt(entry, "champ"));
  }

  void Take(const json& rules, const json& descriptors, const std::string& parent, bool read) {
    std::set<std::string> live;
    for (const json& descriptor : descriptors) {
      const std::string id = TextAt(descriptor, "id");
      live.insert(id);
      const json* rule = RuleOf(rules, id);
      rows_.push_back(Live(descriptor, rule, parent));
      const json& inner = PartOf(descriptor, "champDescriptors");
      if (!inner.empty()) {
        Take(rule == nullptr ? json::array() : PartOf(*rule, "rows"), inner, id, true);
      }
    }
    for (const json& rule : rules) {
      if (live.contains(TextAt(rule, "champ"))) continue;
      MappingRow row = FromRule(rule, parent);
      row.state = read ? "gone" : "unread";
      rows_.push_back(row);
      if (!read) Take(PartOf(rule, "rows"), json::array(), row.champ, false);
    }
  }

  std::vector<MappingRow> Finish() {
    for (MappingRow& row : rows_) Suggest(row);
    return std::move(rows_);
  }

 private:
  static const json* RuleOf(const json& rules, const std::string& champ) {
    for (const json& rule : rules) {
      if (TextAt(rule, "champ") == champ) return &rule;
    }
    return nullptr;
  }

  static MappingRow FromRule(const json& rule, const std::string& parent) {
    MappingRow row;
    row.champ = TextAt(rule, "champ");
    row.parent = parent;
    row.label = TextAt(rule, "label");
    row.to = TextAt(rule, "to");
    row.conversion = TextAt(rule, "type");
    row.choices = TextAt(rule, "choices");
    row.required = PartOf(rule, "required") == json(true);
    return row;
  }

  MappingRow Live(const json& descriptor, const json* rule, const std::string& parent) const {
    MappingRow row;
    if (rule != nullptr) row = FromRule(*rule, parent);
    const std::string known = row.label;
    row.parent = parent;
    row.champ = TextAt(descriptor, "id");
    row.label = TextAt(descriptor, "label");
    row.descriptor = TextAt(descriptor, "__typename");
    if (rule == nullptr) {
      const bool layout = connectors::IsLayout(row.descriptor);
      const bool left = layout || ignored_.contains(row.champ);
      row.state = left ? "ignored" : "unmapped";
      row.to = left ? kIgnoredChamp : "";
      return row;
    }
    const auto reads = connectors::ConversionsOf(row.descriptor);
    const bool fits = std::find(reads.begin(), reads.end(), row.conversion) != reads.end();
    row.state = !fits ? "retyped" : known != row.label ? "renamed" : "mapped";
    if (known != row.label) row.was = known;
    const json& list = PartOf(PartOf(mapping_, "choices"), row.choices.c_str());
    for (const json& option : PartOf(descriptor, "options")) {
      const bool known_word = !option.is_string() || list.contains(option.get<std::string>());
      if (!row.choices.empty() && !known_word) row.unknown_words.push_back(option);
    }
    return row;
  }

  void Suggest(MappingRow& row) const {
    if (row.state != "unmapped") return;
    double best = 0.49;
    for (const forms::Field* field : FieldsFor(row, rows_, form_)) {
      const bool taken = std::any_of(rows_.begin(), rows_.end(), [&](const MappingRow& other) {
        return other.parent == row.parent && other.to == field->name;
      });
      const double likeness = taken ? 0 : Likeness(row.label, field->title);
      if (likeness <= best) continue;
      best = likeness;
      row.to = field->name;
      row.suggested = true;
    }
  }

  const json& mapping_;
  const forms::Form& form_;
  std::set<std::string> ignored_;
  std::vector<MappingRow> rows_;
};

connectors::Choices ChoicesIn(const json& base, const std::string& name) {
  connectors::Choices choices;
  const json& list = PartOf(PartOf(base, "choices"), name.c_str());
  for (const auto& [word, slug] : list.items()) {
    if (slug.is_string()) choices[word] = slug.get<std::string>();
  }
  return choices;
}

// Fills the conversion that was left open; says why the pair cannot be.
std::string Judge(MappingRow& row, const std::vector<MappingRow>& rows, const json& base,
                  const forms::Form& form) {
  if (!row.parent.empty()) {
    const MappingRow* block = RowOf(rows, row.parent);
    if (block == nullptr || block->to.empty() || block->to == kIgnoredChamp) {
      return "Ce champ est dans un bloc répétable : reprenez d’abord le bloc, ou laissez-le.";
    }
  }
  const forms::Field* field = FieldNamed(Home(row, rows, form), row.to);
  if (field == nullptr) return "Notre formulaire n’a pas de champ « " + row.to + " » ici.";
  if (row.descriptor.empty()) {  // nothing of it is known: the form alone judges
    return connectors::Gives(row.conversion, *field)
               ? ""
               : "Notre champ « " + field->title + " » n’accepte pas « " +
                     connectors::ConversionWords(row.conversion) + " ».";
  }
  if (row.conversion.empty()) {
    const auto possible = ConversionsInto(row, *field);
    if (possible.empty()) {
      return "Rien ne permet de lire « " + connectors::DescriptorWords(row.descriptor) +
             " » pour notre champ « " + field->title + " ».";
    }
    row.conversion = possible.front();
  }
  if (!row.choices.empty() && !PartOf(PartOf(base, "choices"), row.choices.c_str()).is_object()) {
    return "La liste de choix « " + row.choices + " » n’existe pas.";
  }
  FieldRule rule;
  rule.type = row.conversion;
  rule.choices = ChoicesIn(base, row.choices);
  return connectors::WhyNot(rule, row.descriptor, *field);
}

std::string Doubled(const MappingRow& row, std::map<std::string, std::string>& taken) {
  const auto [first, fresh] = taken.try_emplace(row.parent + "\n" + row.to, row.label);
  return fresh ? "" : "Notre champ reçoit déjà « " + first->second + " ».";
}

json Entry(const MappingRow& row, const json& before) {
  json entry = before.is_object() ? before : json::object();
  entry["champ"] = row.champ;
  entry["label"] = row.label;
  entry["to"] = row.to;
  entry["type"] = row.conversion;
  entry.erase("required");
  entry.erase("choices");
  entry.erase("rows");
  if (row.required) entry["required"] = true;
  if (!row.choices.empty()) entry["choices"] = row.choices;
  return entry;
}

const json& Before(const json& rules, const std::string& champ) {
  static const json none;
  for (const json& rule : rules) {
    if (TextAt(rule, "champ") == champ) return rule;
  }
  return none;
}

bool IsTaken(const MappingRow& row) { return !row.to.empty() && row.to != kIgnoredChamp; }

json Assemble(const std::vector<MappingRow>& rows, const json& base) {
  json made = base.is_object() ? base : json::object();
  json fields = json::array(), ignored = json::array();
  for (const MappingRow& row : rows) {
    if (!row.parent.empty()) continue;
    if (row.to == kIgnoredChamp) ignored.push_back({{"champ", row.champ}, {"label", row.label}});
    if (!IsTaken(row)) continue;
    const json& before = Before(PartOf(base, "fields"), row.champ);
    json entry = Entry(row, before);
    for (const MappingRow& inner : rows) {
      if (inner.parent != row.champ || !IsTaken(inner)) continue;
      entry["rows"].push_back(Entry(inner, Before(PartOf(before, "rows"), inner.champ)));
    }
    fields.push_back(std::move(entry));
  }
  made["fields"] = std::move(fields);
  made["ignored"] = std::move(ignored);
  return made;
}

}  // namespace

std::vector<MappingRow> MappingRows(const json& mapping, const json& revision,
                                    const forms::Form& form) {
  RowMaker maker(mapping, form);
  const json& descriptors = PartOf(revision, "champDescriptors");
  maker.Take(PartOf(mapping, "fields"), descriptors, "", descriptors.is_array());
  return maker.Finish();
}

void TakeChoices(std::vector<MappingRow>& rows, const Request& request) {
  for (MappingRow& row : rows) {
    if (!request.HasField("to-" + row.champ)) continue;  // not on the page that was sent
    row.to = request.Field("to-" + row.champ);
    row.conversion = request.Field("type-" + row.champ);
    row.choices = request.Field("choices-" + row.champ);
    row.required = request.HasField("required-" + row.champ);
    row.suggested = false;
  }
}

std::optional<json> MappingFrom(std::vector<MappingRow>& rows, const json& base,
                                const forms::Form& form, std::string& trouble) {
  std::map<std::string, std::string> taken;
  bool refused = false;
  for (MappingRow& row : rows) {
    if (!IsTaken(row)) continue;
    row.error = Judge(row, rows, base, form);
    if (row.error.empty()) row.error = Doubled(row, taken);
    refused = refused || !row.error.empty();
  }
  if (refused) {
    trouble = "Rien n’a été enregistré : il reste des champs à corriger.";
    return {};
  }
  json made = Assemble(rows, base);
  const auto read = connectors::ReadMapping(made, "Correspondance", &form);
  if (read) return made;
  trouble = "Rien n’a été enregistré. " + read.refusal().sentence;
  return {};
}

std::vector<const forms::Field*> FieldsFor(const MappingRow& row,
                                           const std::vector<MappingRow>& rows,
                                           const forms::Form& form) {
  std::vector<const forms::Field*> fields;
  for (const forms::Field& field : Home(row, rows, form)) {
    const bool known = field.name == row.to || row.descriptor.empty();
    if (known ? field.kind != forms::Kind::kHeading : !ConversionsInto(row, field).empty()) {
      fields.push_back(&field);
    }
  }
  return fields;
}

}  // namespace aiguillage::web
