#include "forms/points.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "forms/answers.h"
#include "forms/wording.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

std::string TextIn(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_string()
             ? found->get<std::string>()
             : std::string();
}

const json& RowsIn(const json& answers, const Field* field) {
  static const json kNone = json::array();
  if (field == nullptr || !answers.is_object()) return kNone;
  const auto found = answers.find(field->name);
  return found != answers.end() && found->is_array() ? *found : kNone;
}

const Field* Named(const std::vector<Field>& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

const Field* PartOf(const Field& table) {
  const auto found = std::find_if(table.children.begin(), table.children.end(),
                                  [](const Field& field) { return field.widget == "part"; });
  return found == table.children.end() ? nullptr : &*found;
}

const Option* OptionOf(const Field& table, const std::string& part) {
  const Field* field = PartOf(table);
  if (field == nullptr) return nullptr;
  const auto found = std::find_if(field->options.begin(), field->options.end(),
                                  [&](const Option& option) { return option.value == part; });
  return found == field->options.end() ? nullptr : &*found;
}

// « Objectifs », and with its form where the points are of several.
void SetLabels(const Field& table, std::vector<Point>& points) {
  std::set<std::string> groups;
  for (const Point& point : points)
    if (const Option* option = OptionOf(table, point.part)) groups.insert(option->group);
  for (Point& point : points) {
    const Option* option = OptionOf(table, point.part);
    point.label = point.part.empty()  ? kWholeFile
                  : option == nullptr ? point.part
                  : groups.size() > 1 ? option->group + " – " + option->label
                                      : option->label;
  }
}

// A table is one part, a grid has one for each of its criteria.
void AddParts(const std::vector<Field>& fields, const std::string& path, const std::string& above,
              const std::string& form, std::vector<Option>& parts) {
  for (const Field& field : fields) {
    if (field.kind == Kind::kHeading || field.widget == "checklist") continue;
    const std::string here = path + "." + field.name;
    const std::string words = above + field.title;
    const bool opens = field.kind == Kind::kGroup;
    if (!opens) parts.push_back({here, words, form});
    if (field.widget == "grid") {
      for (const Field& row : field.children)
        parts.push_back({here + "." + row.name, row.title, form});
    } else if (opens) {
      AddParts(field.children, here, words + " – ", form, parts);
    }
  }
}

}  // namespace

const Field* AskingField(const Form& form) {
  for (const Field& field : form.fields)
    if (field.widget == "table" && PartOf(field) != nullptr) return &field;
  return nullptr;
}

const Field* ChecklistField(const Form& form) {
  for (const Field& field : form.fields)
    if (field.widget == "checklist") return &field;
  return nullptr;
}

void LinkParts(std::map<std::string, Form>& forms) {
  std::vector<Option> parts;
  for (const auto& [id, form] : forms)
    if (form.is_public && AskingField(form) == nullptr)
      AddParts(form.fields, id, "", form.title, parts);
  for (auto& [id, form] : forms)
    for (Field& table : form.fields)
      for (Field& field : table.children)
        if (field.widget == "part") field.options = parts;
}

std::vector<Point> PointsAsked(const Form& request, const json& answers) {
  std::vector<Point> points;
  const Field* table = AskingField(request);
  if (table == nullptr) return points;
  for (const json& row : RowsIn(answers, table)) {
    Point point;
    point.part = TextIn(row, "part");
    point.asked = TextIn(row, "expected");
    if (const Field* importance = Named(table->children, "importance"))
      point.importance = Wording(*importance, TextIn(row, "importance"));
    points.push_back(std::move(point));
  }
  SetLabels(*table, points);
  const std::string reason = TextIn(answers, "reason");
  if (points.empty() && !reason.empty()) points.push_back({"", kWholeFile, reason, "", false, ""});
  return points;
}

std::vector<Point> PointsAnswered(const Form& form, const json& answers) {
  std::vector<Point> points;
  const Field* list = ChecklistField(form);
  for (const json& row : RowsIn(answers, list)) {
    Point point;
    point.part = TextIn(row, "part");
    point.asked = TextIn(row, "asked");
    point.answer = TextIn(row, "answer");
    point.done = row.is_object() && row.contains("done") && row["done"] == json(true);
    points.push_back(std::move(point));
  }
  if (list != nullptr) SetLabels(*list, points);
  return points;
}

json WithPoints(const Form& form, json answers, const std::vector<Point>& points) {
  const Field* list = ChecklistField(form);
  if (list == nullptr || !answers.is_object()) return answers;
  const auto given = PointsAnswered(form, answers);
  json rows = json::array();
  for (const Point& point : points) {
    const auto found = std::find_if(given.begin(), given.end(), [&](const Point& one) {
      // As it comes back from a page: without what a browser or Normalised takes away.
      return one.part == point.part && Normalised(one.asked) == Normalised(point.asked);
    });
    const Point& said = found == given.end() ? point : *found;
    json row = {{"asked", point.asked}, {"done", said.done}};
    if (!point.part.empty()) row["part"] = point.part;
    if (!said.answer.empty()) row["answer"] = said.answer;
    rows.push_back(std::move(row));
  }
  answers.erase(list->name);
  if (!rows.empty()) answers[list->name] = std::move(rows);
  return answers;
}

std::string RequestText(const Form& request, const json& answers) {
  const Field* table = AskingField(request);
  if (table == nullptr) return "";
  std::string text = TextIn(answers, "reason");
  if (RowsIn(answers, table).empty()) return text;
  int number = 0;
  for (const Point& point : PointsAsked(request, answers)) {
    text += text.empty() ? "" : number == 0 ? "\n\n" : "\n";
    text += std::to_string(++number) + ". " + point.label + "\u00a0: " + point.asked;
    if (point.importance.empty()) continue;
    std::string lower = point.importance;
    lower[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(lower[0])));
    text += " (" + lower + ")";
  }
  return text;
}

}  // namespace aiguillage::forms
