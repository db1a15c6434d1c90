#include "web/demo/sample_answers.h"

#include <algorithm>

#include "web/demo/story.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

json Sub(const json& schema, const char* key) {
  return schema.contains(key) ? schema.at(key) : json::object();
}

void Replace(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

bool Shown(const forms::Field& field, const json& answers) {
  if (!field.show_if) return true;
  const auto found = answers.find(field.show_if->field);
  return found != answers.end() && *found == field.show_if->value;
}

}  // namespace

std::int64_t SampleAnswers::Between(std::int64_t low, std::int64_t high) {
  const auto width = static_cast<std::uint64_t>(high - low + 1);
  return low + static_cast<std::int64_t>(random_() % width);
}

json SampleAnswers::Fill(const forms::Form& form, const json& fixed, const std::string& topic,
                         std::int64_t now) {
  topic_ = topic;
  now_ = now;
  json answers = json::object();
  const json properties = Sub(form.schema, "properties");
  for (const auto& field : form.fields) {
    if (fixed.contains(field.name)) {
      answers[field.name] = fixed.at(field.name);
      continue;
    }
    if (!Shown(field, answers)) continue;
    const json value = Value(form, field, Sub(properties, field.name.c_str()), field.name);
    if (!value.is_null()) answers[field.name] = value;
  }
  return answers;
}

json SampleAnswers::Value(const forms::Form& form, const forms::Field& field, const json& schema,
                          const std::string& path) {
  switch (field.kind) {
    case forms::Kind::kInteger:
    case forms::Kind::kNumber:
      if (!field.options.empty()) {
        return std::stoll(field.options[field.options.size() - 2].value);
      }
      return Number(field, schema);
    case forms::Kind::kBoolean:
      return true;
    case forms::Kind::kList: {
      if (field.widget == "people" || field.widget == "file") return nullptr;
      json list = json::array();
      const auto wanted = static_cast<std::size_t>(Between(1, 3));
      for (std::size_t i = 0; i < field.options.size() && list.size() < wanted; ++i) {
        list.push_back(field.options[i].value);
      }
      if (field.options.empty()) list.push_back(Words(form, field, schema, path));
      return list;
    }
    case forms::Kind::kRows: {
      if (field.widget == "checklist") return nullptr;  // answers what a request asked
      json rows = json::array();
      const auto minimum = schema.value("minItems", 0);
      const auto wanted = std::max<std::int64_t>(minimum, 2);
      const json columns = Sub(Sub(schema, "items"), "properties");
      for (std::int64_t i = 0; i < wanted; ++i) {
        json row = json::object();
        for (const auto& child : field.children) {
          if (!Shown(child, row)) continue;
          const json value =
              Value(form, child, Sub(columns, child.name.c_str()), path + "." + child.name);
          if (!value.is_null()) row[child.name] = value;
        }
        rows.push_back(row);
      }
      return rows;
    }
    case forms::Kind::kGroup: {
      json group = json::object();
      const json parts = Sub(schema, "properties");
      for (const auto& child : field.children) {
        if (!Shown(child, group)) continue;
        const json value =
            Value(form, child, Sub(parts, child.name.c_str()), path + "." + child.name);
        if (!value.is_null()) group[child.name] = value;
      }
      return group;
    }
    case forms::Kind::kHeading:
      return nullptr;
    case forms::Kind::kText:
      break;
  }
  if (field.widget == "file" || field.widget == "people" || field.widget == "part") return nullptr;
  if (!field.options.empty()) return field.options.front().value;
  if (field.until_today) return workflows::ParisDate(now_);
  if (field.format == "date") return workflows::ParisDate(now_ + Between(20, 90) * kDay);
  if (field.format == "email") return "formation@exemple.invalid";
  if (field.format == "url") return "https://mentor.exemple.invalid/parcours";
  if (field.format == "siret") return "00000000000018";
  if (field.format == "phone") return "01 99 00 12 34";
  return Words(form, field, schema, path);
}

json SampleAnswers::Number(const forms::Field& field, const json& schema) {
  const auto low = static_cast<std::int64_t>(schema.value("minimum", 0.0));
  const auto most = low + (field.widget == "money" ? 20'000 : 60);
  auto high = static_cast<std::int64_t>(schema.value("maximum", static_cast<double>(most)));
  // A maximum that no case comes near is no scale; more people finish a training than tell of it.
  if (high > 1000 && field.widget != "money") high = field.name == "participants" ? 160 : most;
  // Scores and the like: the upper half is where projects that live on are.
  return Between(low + (high - low + 1) / 2, high);
}

std::string SampleAnswers::Words(const forms::Form& form, const forms::Field& field,
                                 const json& schema, const std::string& path) {
  for (const auto& key : {form.id + "." + path, field.name, field.widget, std::string("*")}) {
    const auto found = words_.find(key);
    if (found == words_.end() || found->empty()) continue;
    const auto last = static_cast<std::int64_t>(found->size()) - 1;
    std::string text = found->at(static_cast<std::size_t>(Between(0, last))).get<std::string>();
    Replace(text, "{sujet}", topic_);
    Replace(text, "{champ}", field.title);
    const auto most = schema.value("maxLength", std::size_t{100'000});
    // Cut at a word, never inside a letter of several bytes.
    if (text.size() > most) text.resize(text.rfind(' ', most));
    return text;
  }
  return field.title;
}

}  // namespace aiguillage::web
