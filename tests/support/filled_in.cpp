#include "tests/support/filled_in.h"

#include <algorithm>

#include "forms/points.h"

namespace aiguillage::test {

using forms::Field;
using forms::Kind;
using nlohmann::json;

namespace {

struct Filler {
  const Filling& filling;

  json Group(const std::vector<Field>& fields, const json& schema) const {
    json answers = json::object();
    for (const Field& field : fields) {
      if (!field.required) continue;
      if (field.show_if && answers.value(field.show_if->field, json()) != field.show_if->value) {
        continue;
      }
      answers[field.name] = Value(field, schema.at("properties").at(field.name));
      if (field.explain) answers[field.explain->field] = "Explication de l’essai.";
    }
    return answers;
  }

  static std::string Text(const Field& field) {
    if (field.format == "email") return "rita@exemple.invalid";
    if (field.format == "url") return "https://www.exemple.invalid/cours";
    if (field.until_today) return "2026-03-02";
    if (field.format == "date") return "2027-03-02";
    if (field.format == "siret") return "00000000900018";
    if (field.format == "phone") return "01 02 03 04 05";
    return "Texte de l’essai.";
  }

  json Value(const Field& field, const json& schema) const {
    if (schema.contains("enum")) {
      return schema.at("enum").at(filling.choose(schema.at("enum").size()));
    }
    if (field.kind == Kind::kText) return Text(field);
    if (field.kind == Kind::kInteger || field.kind == Kind::kNumber) {
      return schema.value("minimum", 1);
    }
    if (field.kind == Kind::kBoolean) return true;
    if (field.kind == Kind::kGroup) return Group(field.children, schema);
    return List(field, schema);
  }

  json List(const Field& field, const json& schema) const {
    json list = json::array();
    const std::size_t count = std::max(std::size_t{1}, schema.value("minItems", std::size_t{1}));
    const std::size_t first = filling.choose(filling.people.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (field.kind == Kind::kRows) {
        list.push_back(Group(field.children, schema.at("items")));
      } else if (!field.role.empty()) {
        list.push_back(filling.people[(first + i) % filling.people.size()]);
      } else if (!field.options.empty()) {
        list.push_back(field.options[i].value);
      } else {
        list.push_back("élément " + std::to_string(i));
      }
    }
    return list;
  }
};

}  // namespace

json FilledIn(const forms::Form& form, const Filling& filling) {
  json answers = Filler{filling}.Group(form.fields, form.schema);
  // A request must ask for something, though none of its fields is required by itself.
  if (forms::AskingField(form) != nullptr) answers["reason"] = "Texte de l’essai.";
  return answers;
}

}  // namespace aiguillage::test
