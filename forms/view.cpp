#include "forms/view.h"

#include <algorithm>
#include <map>

#include "forms/hidden.h"
#include "forms/wording.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

constexpr std::size_t kItemBytesMax = 300;

// As it would be typed: numbers plain, lists one a line.
std::string Typed(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    std::string lines;
    for (const auto& item : value) {
      if (item.is_structured()) continue;
      if (!lines.empty()) lines += '\n';
      lines += Typed(item);
    }
    return lines;
  }
  return value.is_null() || value.is_structured() ? "" : value.dump();
}

const json& At(const json& level, const std::string& name) {
  static const json kNone;
  if (!level.is_object()) return kNone;
  const auto found = level.find(name);
  return found == level.end() ? kNone : *found;
}

bool Holds(const json& value, const std::string& option) {
  if (value.is_array())
    return std::any_of(value.begin(), value.end(), [&](const json& v) { return Holds(v, option); });
  return !value.is_null() && Typed(value) == option;
}

class Drawer {
 public:
  Drawer(const std::vector<FieldError>& errors, int blank_rows, bool for_reading)
      : blank_rows_(blank_rows), for_reading_(for_reading) {
    for (const auto& error : errors) errors_.emplace(error.path, error.sentence);
  }

  std::vector<FieldView> Level(const std::vector<Field>& fields, const json& level,
                               const std::string& path) const {
    std::vector<FieldView> views;
    for (const auto& field : fields) {
      const bool shown = IsShown(field, level);
      if (for_reading_ && !shown) continue;
      FieldView view = Draw(field, At(level, field.name), path);
      view.hidden = !shown;
      if (field.show_if) {
        view.show_if_field = Joined(path, field.show_if->field);
        view.show_if_value = Typed(field.show_if->value);
      }
      views.push_back(std::move(view));
    }
    return views;
  }

 private:
  static std::string Joined(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
  }

  std::string ErrorAt(const std::string& path) const {
    const auto found = errors_.find(path);
    return found == errors_.end() ? "" : found->second;
  }

  FieldView Bare(const std::string& name, const std::string& label,
                 const std::string& widget) const {
    FieldView view;
    view.name = name;
    view.id = "f-" + name;
    std::replace(view.id.begin(), view.id.end(), '.', '-');
    view.label = label;
    view.widget = widget;
    view.error = ErrorAt(name);
    return view;
  }

  FieldView Draw(const Field& field, const json& value, const std::string& path) const {
    FieldView view = Bare(Joined(path, field.name), field.title, field.widget);
    view.help = field.help;
    view.badge = field.badge;
    view.placeholder = field.placeholder;
    view.role = field.role;
    view.accept = field.accept;
    view.add = field.add;
    view.required = field.required;
    view.rows = field.rows;
    view.max_mb = field.max_mb;
    view.max_length = field.max_length;
    view.value = Typed(value);
    view.display = Wording(field, value);
    view.checked = value.is_boolean() && value.get<bool>();
    for (const auto& [option, label, group] : field.options)
      view.options.push_back({option, label, Holds(value, option), group});
    if (field.widget == "boolean")
      view.options = {{"true", "Oui", Holds(value, "true")},
                      {"false", "Non", Holds(value, "false")}};
    if (field.kind == Kind::kGroup) Group(field, value, view);
    if (field.kind == Kind::kRows) Rows(field, value, view);
    return view;
  }

  // A grid is a group of groups that all have the same cells: one row each.
  void Group(const Field& field, const json& value, FieldView& view) const {
    view.children = Level(field.children, value, view.name);
    if (field.widget != "grid" || field.children.empty()) return;
    for (const auto& cell : field.children.front().children) view.columns.push_back(cell.title);
    for (auto& row : view.children) row.widget = "row";
  }

  void Rows(const Field& field, const json& value, FieldView& view) const {
    for (const auto& cell : field.children) view.columns.push_back(cell.title);
    const std::size_t filled = value.is_array() ? value.size() : 0;
    std::size_t shown = filled + static_cast<std::size_t>(blank_rows_);
    if (field.widget == "checklist") shown = filled;  // its points are those of the request
    if (!for_reading_ || filled == 0) shown = std::max(shown, for_reading_ ? 0 : field.items_min);
    for (std::size_t row = 0; row < shown; ++row) {
      const json& answers = row < filled ? value[row] : At(json(), "");
      FieldView line = Bare(Joined(view.name, std::to_string(row)), std::to_string(row + 1), "row");
      line.children = Level(field.children, answers, line.name);
      view.children.push_back(std::move(line));
    }
  }

  std::map<std::string, std::string> errors_;
  int blank_rows_;
  bool for_reading_;
};

FormView Frame(const Form& form) {
  FormView view;
  view.id = form.id;
  view.title = form.title;
  view.intro = form.intro;
  view.notice = form.notice;
  return view;
}

// A part is written by hand rather than ticked among hundreds; a checklist has no points yet.
void OnPaper(std::vector<FieldView>& fields) {
  std::erase_if(fields, [](const FieldView& field) { return field.widget == "checklist"; });
  for (FieldView& field : fields) {
    if (field.widget == "part") field.options.clear();
    OnPaper(field.children);
  }
}

// The label of the deepest field of the path, and of the row it stands in.
std::string LabelAt(const Form& form, const std::string& path) {
  const Field* field = FindField(form, path);
  std::string label = field == nullptr ? form.title : field->title;
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    const Field* above = FindField(form, path.substr(0, dot));
    if (above == nullptr || above == field) continue;
    if (above->kind == Kind::kRows) {
      const std::string rest = path.substr(dot + 1);
      const std::string row = rest.substr(0, rest.find('.'));
      if (!row.empty() && row.size() < 6 &&
          row.find_first_not_of("0123456789") == std::string::npos)
        return above->title + ", ligne " + std::to_string(std::stoi(row) + 1) + " – " + label;
    }
    // A cell says which row of its grid it belongs to.
    if (above->kind == Kind::kGroup && above->widget == "group" && field != nullptr)
      label = above->title + " – " + field->title;
  }
  return label;
}

}  // namespace

FormView EditView(const Form& form, const json& answers, const std::vector<FieldError>& errors,
                  int blank_rows) {
  FormView view = Frame(form);
  view.fields = Drawer(errors, blank_rows, false).Level(form.fields, answers, "");
  for (const auto& error : errors) {
    std::string id = error.path.empty() ? "" : "f-" + error.path;
    std::replace(id.begin(), id.end(), '.', '-');
    view.errors.push_back({id, LabelAt(form, error.path), error.sentence});
  }
  return view;
}

FormView ReadView(const Form& form, const json& answers) {
  FormView view = Frame(form);
  view.fields = Drawer({}, 0, true).Level(form.fields, answers, "");
  for (const auto& computed : form.computed) {
    if (computed.title.empty() || !answers.is_object()) continue;
    FieldView field;
    field.name = computed.name;
    field.id = "f-" + computed.name;
    field.label = computed.title;
    field.widget = "computed";
    field.display = Wording(computed, At(answers, computed.name));
    if (!field.display.empty()) view.fields.push_back(std::move(field));
  }
  return view;
}

FormView BlankView(const Form& form, int blank_rows) {
  FormView view = Frame(form);
  view.fields = Drawer({}, blank_rows, false).Level(form.fields, json::object(), "");
  OnPaper(view.fields);
  return view;
}

std::vector<Item> Items(const Form& form, const json& answers) {
  std::vector<Item> items;
  if (!form.is_public || !answers.is_object()) return items;
  const auto add = [&](const std::string& label, std::string words) {
    if (words.empty()) return;
    if (words.size() > kItemBytesMax) {
      std::size_t end = kItemBytesMax;
      while ((static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) --end;
      words = words.substr(0, end) + "…";
    }
    items.push_back({label, std::move(words)});
  };
  for (const auto& field : form.fields) {
    const bool nested = field.kind == Kind::kGroup || field.kind == Kind::kRows;
    if (nested || field.widget == "file" || !IsShown(field, answers)) continue;
    add(field.title, Wording(field, At(answers, field.name)));
  }
  for (const auto& computed : form.computed) {
    if (!computed.title.empty()) add(computed.title, Wording(computed, At(answers, computed.name)));
  }
  return items;
}

}  // namespace aiguillage::forms
