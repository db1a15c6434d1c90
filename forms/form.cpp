#include "forms/form.h"

#include <algorithm>
#include <set>

#include "engine/expression.h"
#include "forms/schema_judge.h"

namespace aiguillage::forms {
namespace {

using Json = nlohmann::ordered_json;  // a form's fields stand in the order of its file

constexpr int kNestingMax = 8;
constexpr std::size_t kFormBytesMax = 512 * 1024;

const std::set<std::string> kRootKeys = {"$schema",     "title",      "x-ui",
                                         "definitions", "type",       "properties",
                                         "required",    "x-computed", "description"};
const std::set<std::string> kRootUi = {"intro", "notice", "public", "print_title", "handover"};
const std::set<std::string> kFieldKeys = {"type",       "title",     "description", "enum",
                                          "maxLength",  "minLength", "minimum",     "maximum",
                                          "properties", "required",  "items",       "minItems",
                                          "maxItems",   "format",    "x-ui",        "uniqueItems"};
const std::set<std::string> kFieldUi = {
    "latest", "widget", "rows",   "placeholder", "options", "show_if",  "role",     "accept",
    "max_mb", "badge",  "weight", "add",         "column",  "blocking", "required", "explain"};
const std::set<std::string> kWidgets = {
    "text",  "textarea",   "email",   "date",     "number", "money",  "select",
    "radio", "checkboxes", "boolean", "checkbox", "file",   "people", "tags",
    "table", "grid",       "group",   "phone",    "url",    "part",   "checklist"};
const std::set<std::string> kFormats = {"", "email", "siret", "phone", "url", "date"};

// Thrown inside ParseForm only: where in the file, and what was expected there.
struct Bad {
  std::string at, what;
};
[[noreturn]] void Fail(const std::string& at, const std::string& what) { throw Bad{at, what}; }

void OnlyKeys(const Json& object, const std::set<std::string>& known, const std::string& at) {
  for (const auto& [key, value] : object.items()) {
    if (!known.contains(key)) Fail(at, "la clé « " + key + " » n’est pas connue ici");
  }
}

template <typename T>
T Get(const Json& object, const char* key, T fallback, const std::string& at) {
  const auto found = object.find(key);
  if (found == object.end()) return fallback;
  try {
    return found->template get<T>();
  } catch (const nlohmann::json::exception&) {
    Fail(at + "/" + key, "la valeur n’a pas le type attendu");
  }
}

// Replaces {"$ref": "#/definitions/x", …} by the definition; what stands beside it wins.
Json Inlined(const Json& node, const Json& definitions, const std::string& at, int depth) {
  if (depth > 4 * kNestingMax) Fail(at, "trop de niveaux");
  if (node.is_array()) {
    Json out = Json::array();
    for (const auto& item : node) out.push_back(Inlined(item, definitions, at, depth + 1));
    return out;
  }
  if (!node.is_object()) return node;
  if (!node.contains("$ref")) {
    Json out = Json::object();
    for (const auto& [key, value] : node.items())
      out[key] = Inlined(value, definitions, at + "/" + key, depth + 1);
    return out;
  }
  const std::string prefix = "#/definitions/";
  const auto ref = Get<std::string>(node, "$ref", "", at);
  const auto name = ref.starts_with(prefix) ? ref.substr(prefix.size()) : "";
  if (!definitions.contains(name))
    Fail(at, "« " + ref + " » ne désigne aucune définition du fichier");
  Json out = Inlined(definitions[name], definitions, at, depth + 1);
  for (const auto& [key, value] : node.items())
    if (key != "$ref") out[key] = value;
  return out;
}

// {"title": "Le besoin", "x-ui": {"widget": "heading"}}: a title between fields, without a type.
bool IsHeading(const Json& schema) {
  return schema.is_object() && !schema.contains("type") && schema.contains("x-ui") &&
         schema["x-ui"].is_object() && schema["x-ui"].value("widget", "") == "heading";
}

// What the validator reads: the words for people and our own formats are taken out.
nlohmann::json SchemaOf(const Json& node, bool names = false) {
  if (node.is_array()) {
    auto out = nlohmann::json::array();
    for (const auto& item : node) out.push_back(SchemaOf(item));
    return out;
  }
  if (!node.is_object()) return nlohmann::json::parse(node.dump());
  auto out = nlohmann::json::object();
  const std::set<std::string> words = {"title", "description", "format", "$schema", "definitions"};
  for (const auto& [key, value] : node.items()) {
    if (!names && (words.contains(key) || key.starts_with("x-"))) continue;
    if (names && IsHeading(value)) continue;
    out[key] = SchemaOf(value, !names && key == "properties");
  }
  if (!names && node.value("type", "") == "object") out["additionalProperties"] = false;
  return out;
}

std::vector<Option> OptionsOf(const Json& ui, const std::string& at) {
  std::vector<Option> options;
  const Json labels = Get<Json>(ui, "options", Json::object(), at);
  if (!labels.is_object()) Fail(at + "/options", "attendu : un objet {valeur: libellé}");
  for (const auto& [value, label] : labels.items()) {
    if (!label.is_string()) Fail(at + "/options/" + value, "attendu : un libellé");
    options.push_back({value, label.get<std::string>()});
  }
  return options;
}

void CheckOptions(const Json& schema, const Field& field, const std::string& at) {
  if (!schema.contains("enum") || field.widget == "checkbox") return;
  std::set<std::string> listed, labelled;
  for (const auto& value : schema["enum"])
    listed.insert(value.is_string() ? value.get<std::string>() : value.dump());
  for (const auto& option : field.options) labelled.insert(option.value);
  if (listed != labelled)
    Fail(at, "les valeurs de « options » et de « enum » doivent être les mêmes");
}

Kind KindOf(const Json& schema, const std::string& at) {
  const auto type = Get<std::string>(schema, "type", "", at);
  if (type == "string") return Kind::kText;
  if (type == "integer") return Kind::kInteger;
  if (type == "number") return Kind::kNumber;
  if (type == "boolean") return Kind::kBoolean;
  if (type == "object") return Kind::kGroup;
  if (type == "array" && schema.contains("items"))
    return Get<std::string>(schema["items"], "type", "", at + "/items") == "object" ? Kind::kRows
                                                                                    : Kind::kList;
  Fail(at + "/type", "attendu : string, integer, number, boolean, object, ou array avec items");
}

std::string DefaultWidget(const Field& field) {
  switch (field.kind) {
    case Kind::kText:
      return field.format.empty() || field.format == "siret" ? "text" : field.format;
    case Kind::kInteger:
    case Kind::kNumber:
      return "number";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kList:
      return "tags";
    case Kind::kRows:
      return "table";
    case Kind::kGroup:
      return "group";
    case Kind::kHeading:
      return "heading";
  }
  return "text";
}

Explain ExplainOf(const Json& ui, const std::string& at) {
  if (!ui.is_object()) Fail(at, "attendu : {field, values}");
  OnlyKeys(ui, {"field", "values"}, at);
  Explain explain{Get<std::string>(ui, "field", "", at), {}};
  for (const auto& value : Get<Json>(ui, "values", Json::array(), at))
    explain.values.push_back(nlohmann::json::parse(value.dump()));
  if (explain.values.empty()) Fail(at + "/values", "attendu : les réponses à expliquer");
  return explain;
}

void ReadUi(const Json& ui, const std::string& at, Field& field) {
  if (!ui.is_object()) Fail(at, "attendu : un objet");
  OnlyKeys(ui, kFieldUi, at);
  field.widget = Get<std::string>(ui, "widget", DefaultWidget(field), at);
  if (!kWidgets.contains(field.widget))
    Fail(at, "la présentation « " + field.widget + " » n’existe pas");
  field.rows = Get<int>(ui, "rows", field.widget == "textarea" ? 4 : 0, at);
  field.placeholder = Get<std::string>(ui, "placeholder", "", at);
  field.role = Get<std::string>(ui, "role", "", at);
  field.accept = Get<std::string>(ui, "accept", "", at);
  field.badge = Get<std::string>(ui, "badge", "", at);
  field.add = Get<std::string>(ui, "add", "Ajouter une ligne", at);
  field.max_mb = Get<int>(ui, "max_mb", field.widget == "file" ? 20 : 0, at);
  field.weight = Get<int>(ui, "weight", 0, at);
  field.blocking = Get<bool>(ui, "blocking", false, at);
  const auto latest = Get<std::string>(ui, "latest", "", at);
  if (!latest.empty() && (latest != "today" || field.format != "date"))
    Fail(at + "/latest", "attendu : « today », sur une date");
  field.until_today = latest == "today";
  if (field.options.empty()) field.options = OptionsOf(ui, at);
  if (ui.contains("explain")) field.explain = ExplainOf(ui["explain"], at + "/explain");
  if (!ui.contains("show_if")) {
    if (ui.contains("required")) Fail(at, "« required » ne va ici qu’avec « show_if »");
    return;
  }
  const Json& condition = ui["show_if"];
  if (!condition.is_object() || condition.size() != 1)
    Fail(at + "/show_if", "attendu : {champ: valeur}");
  field.show_if = ShowIf{condition.begin().key(), nlohmann::json::parse(condition.begin()->dump())};
  field.required = Get<bool>(ui, "required", false, at);
}

std::vector<Field> FieldsOf(const Json& object, const std::string& at, int depth);

Field FieldOf(const std::string& name, const Json& schema, const std::string& at, int depth) {
  if (!schema.is_object()) Fail(at, "attendu : un objet");
  OnlyKeys(schema, kFieldKeys, at);
  if (name.empty() || name.find('.') != std::string::npos)
    Fail(at, "un nom de champ n’a pas de point");
  Field field;
  field.name = name;
  field.title = Get<std::string>(schema, "title", "", at);
  if (field.title.empty()) Fail(at, "il manque « title », le libellé du champ");
  field.help = Get<std::string>(schema, "description", "", at);
  if (IsHeading(schema)) {
    OnlyKeys(schema["x-ui"], {"widget"}, at + "/x-ui");
    field.kind = Kind::kHeading;
    field.widget = "heading";
    return field;
  }
  field.kind = KindOf(schema, at);
  const bool listed = field.kind == Kind::kList;
  const Json& value = listed ? schema["items"] : schema;  // where the text's limits stand
  field.format = Get<std::string>(value, "format", "", at);
  if (!kFormats.contains(field.format)) Fail(at, "le format « " + field.format + " » n’existe pas");
  field.max_length = Get<std::size_t>(value, "maxLength", 0, at);
  if (schema.contains("minimum")) field.minimum = Get<double>(schema, "minimum", 0, at);
  if (schema.contains("maximum")) field.maximum = Get<double>(schema, "maximum", 0, at);
  field.items_min = Get<std::size_t>(schema, "minItems", 0, at);
  field.items_max = Get<std::size_t>(schema, "maxItems", 0, at);
  ReadUi(Get<Json>(schema, "x-ui", Json::object(), at), at + "/x-ui", field);
  const bool text = field.kind == Kind::kText || listed;
  if (text && field.max_length == 0 && !value.contains("enum")) Fail(at, "il manque « maxLength »");
  if ((listed || field.kind == Kind::kRows) && field.items_max == 0)
    Fail(at, "il manque « maxItems »");
  CheckOptions(value, field, at);
  if (field.kind == Kind::kGroup) field.children = FieldsOf(schema, at, depth + 1);
  if (field.kind == Kind::kRows)
    field.children = FieldsOf(schema["items"], at + "/items", depth + 1);
  return field;
}

void CheckNeighbours(const std::vector<Field>& fields, const std::string& at) {
  const auto check = [&](const Field& field, const std::string& key, const std::string& named) {
    const auto same = [&](const Field& other) { return other.name == named; };
    if (std::none_of(fields.begin(), fields.end(), same))
      Fail(at + "/" + field.name, "« " + key + " » nomme « " + named + " », absent à ce niveau");
  };
  for (const auto& field : fields) {
    if (field.show_if) check(field, "show_if", field.show_if->field);
    if (field.explain) check(field, "explain", field.explain->field);
  }
}

std::vector<Field> FieldsOf(const Json& object, const std::string& at, int depth) {
  if (depth > kNestingMax) Fail(at, "trop de niveaux");
  const Json properties = Get<Json>(object, "properties", Json::object(), at);
  const auto required = Get<std::vector<std::string>>(object, "required", {}, at);
  std::vector<Field> fields;
  for (const auto& [name, schema] : properties.items())
    fields.push_back(FieldOf(name, schema, at + "/properties/" + name, depth));
  for (const auto& name : required) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& field) { return field.name == name; });
    if (found == fields.end()) Fail(at + "/required", "« " + name + " » n’est pas un champ");
    if (found->show_if) Fail(at + "/required", "« " + name + " » n’est pas toujours montré");
    found->required = true;
  }
  if (fields.empty()) Fail(at, "attendu : au moins un champ dans « properties »");
  CheckNeighbours(fields, at);
  return fields;
}

std::vector<Computed> ComputedOf(const Json& root) {
  std::vector<Computed> computed;
  const Json all = Get<Json>(root, "x-computed", Json::object(), "");
  for (const auto& [name, entry] : all.items()) {
    const std::string at = "/x-computed/" + name;
    Computed one{name, "", "", {}};
    if (entry.is_string()) {
      one.expression = entry.get<std::string>();
    } else {
      OnlyKeys(entry, {"expression", "title", "options"}, at);
      one.expression = Get<std::string>(entry, "expression", "", at);
      one.title = Get<std::string>(entry, "title", "", at);
      one.options = OptionsOf(entry, at);
    }
    const auto parsed = engine::ParseExpression(one.expression);
    if (!parsed) Fail(at, parsed.refusal().sentence);
    for (const auto& free : parsed.value().FreeNames())
      if (free != "answers") Fail(at, "« " + free + " » n’est pas connu : seul « answers » l’est");
    computed.push_back(std::move(one));
  }
  return computed;
}

std::string LineOf(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return std::to_string(1 + std::count(text.begin(), end, '\n'));
}

Form Read(const std::string& id, const std::string& text) {
  if (text.size() > kFormBytesMax) Fail("", "le fichier est trop long");
  const Json::parser_callback_t shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > 64) Fail("", "trop de niveaux");
    return true;
  };
  const Json raw = Json::parse(text, shallow);
  if (!raw.is_object()) Fail("", "attendu : un objet");
  OnlyKeys(raw, kRootKeys, "");
  const Json definitions = Get<Json>(raw, "definitions", Json::object(), "");
  Json root = raw;
  root["properties"] =
      Inlined(raw.value("properties", Json::object()), definitions, "/properties", 0);
  if (Get<std::string>(root, "type", "", "") != "object") Fail("/type", "attendu : object");
  Form form;
  form.id = id;
  form.title = Get<std::string>(root, "title", "", "");
  if (form.title.empty()) Fail("/title", "il manque le titre du formulaire");
  const Json ui = Get<Json>(root, "x-ui", Json::object(), "");
  OnlyKeys(ui, kRootUi, "/x-ui");
  form.intro = Get<std::string>(ui, "intro", "", "/x-ui");
  form.notice = Get<std::string>(ui, "notice", "", "/x-ui");
  form.print_title = Get<std::string>(ui, "print_title", form.title, "/x-ui");
  form.is_public = Get<bool>(ui, "public", true, "/x-ui");
  form.handover = Get<bool>(ui, "handover", false, "/x-ui");
  form.fields = FieldsOf(root, "", 1);
  form.computed = ComputedOf(root);
  form.schema = SchemaOf(root);
  form.judge = std::make_shared<SchemaJudge>(form.schema);
  return form;
}

}  // namespace

engine::Outcome<Form> ParseForm(const std::string& id, const std::string& text,
                                const std::string& file) {
  const auto refused = [&](const std::string& at, const std::string& what) {
    return engine::Refusal{"bad_form", file + ": " + (at.empty() ? "" : at + ": ") + what, {}};
  };
  try {
    return Read(id, text);
  } catch (const Bad& bad) {
    return refused(bad.at, bad.what);
  } catch (const nlohmann::json::parse_error& error) {
    return refused("ligne " + LineOf(text, error.byte), "ce n’est pas du JSON bien formé");
  } catch (const nlohmann::json::exception&) {
    return refused("", "une valeur n’a pas le type attendu");
  }
}

const Field* FindField(const Form& form, const std::string& path) {
  const std::vector<Field>* level = &form.fields;
  const Field* found = nullptr;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    const std::string name = path.substr(start, dot - start);
    start = dot + 1;
    const bool index = found != nullptr && !name.empty() &&
                       name.find_first_not_of("0123456789") == std::string::npos;
    if (index && (found->kind == Kind::kRows || found->kind == Kind::kList)) continue;
    const auto it = std::find_if(level->begin(), level->end(),
                                 [&](const Field& field) { return field.name == name; });
    if (it == level->end()) return nullptr;
    found = &*it;
    level = &it->children;
  }
  return found;
}

}  // namespace aiguillage::forms
