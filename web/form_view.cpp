#include "web/form_view.h"

#include <algorithm>

#include "web/held_files.h"
#include "web/text.h"
#include "web/words.h"

namespace aiguillage::web {

namespace {

using forms::FieldView;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

const storage::File* FileOf(const std::vector<storage::File>& files, const std::string& hash) {
  for (const auto& file : files) {
    if (file.hash == hash) return &file;
  }
  return nullptr;
}

// Flags that choose the control; one of them is true.
void SetKind(View& row, const FieldView& field) {
  const std::string& w = field.widget;
  const bool choice = w == "radio" || w == "boolean";
  const bool area = w == "textarea" || w == "tags" || w == "people";
  const bool heading = w == "heading";
  const bool part = w == "part" && !field.options.empty();
  row.Set("c_heading", heading)
      .Set("c_select", w == "select" || part)
      .Set("c_empty", part ? forms::kWholeFile : "Choisir…")
      .Set("c_radio", choice)
      .Set("c_checks", w == "checkboxes")
      .Set("c_check", w == "checkbox")
      .Set("c_file", w == "file")
      .Set("c_area", area)
      .Set("c_input", !heading && !choice && !area && !part && w != "select" && w != "checkboxes" &&
                          w != "checkbox" && w != "file");
  const bool number = w == "number" || w == "money";
  row.Set("c_type", w == "email"  ? "email"
                    : w == "date" ? "date"
                                  : "text")
      .Set("c_decimal", number)
      .Set("c_grouped", choice || w == "checkboxes")
      .Set("c_unit", w == "money" ? "€" : "");
}

std::string HelpOf(const FieldView& field) {
  std::string help = field.help;
  const auto add = [&](const std::string& words) { help += (help.empty() ? "" : " ") + words; };
  if (field.widget == "tags") add("Un par ligne.");
  if (field.widget == "people") add("Une adresse électronique par ligne.");
  if (field.widget == "file") {
    std::string accepted = field.accept;
    std::replace(accepted.begin(), accepted.end(), ',', ' ');
    const int limit = field.max_mb == 0 ? 20 : field.max_mb;
    add((accepted.empty() ? "" : "Formats : " + accepted + ". ") + std::to_string(limit) +
        "\u00a0Mo au plus.");
  }
  return help;
}

void AddFiles(View& row, const FieldView& field, const FormContext& context) {
  row.SetList("c_files");
  if (field.widget != "file") return;
  for (const auto& hash : Lines(field.value)) {
    const auto* file = FileOf(context.files, hash);
    row.AddRow("c_files")
        .Set("file_hash", hash)
        .Set("file_name", file == nullptr ? "fichier déjà joint" : file->name);
  }
}

void AddPeople(View& row, const FieldView& field, const FormContext& context) {
  row.SetList("c_people");
  if (field.widget != "people") return;
  const auto named = Lines(field.value);
  std::string others;
  std::vector<std::string> listed;
  for (const auto& [role, people] : context.people) {
    if (role != field.role) continue;
    for (const auto& person : people) {
      listed.push_back(person.email);
      row.AddRow("c_people")
          .Set("p_email", person.email)
          .Set("p_name", NameOf(person))
          .Set("p_id", field.id + "-p" + std::to_string(person.id))
          .Set("p_named", std::find(named.begin(), named.end(), person.email) != named.end());
    }
  }
  for (const auto& email : named) {
    if (std::find(listed.begin(), listed.end(), email) == listed.end()) others += email + "\n";
  }
  row.Set("c_value", others);
}

void SetControl(View& row, const FieldView& field, const FormContext& context) {
  const std::string help = HelpOf(field);
  std::string described = help.empty() ? "" : field.id + "-aide";
  if (!field.error.empty()) described += (described.empty() ? "" : " ") + field.id + "-erreur";
  const std::size_t longest = field.max_length == 0 ? 20000 : field.max_length;
  row.Set("c_name", field.name)
      .Set("c_id", field.id)
      .Set("c_label", field.label)
      .Set("c_help", help)
      .Set("c_described", described)
      .Set("c_error", field.error)
      .Set("c_value", field.value)
      .Set("c_placeholder", field.placeholder)
      .Set("c_required", field.required)
      .Set("c_badge", field.badge)
      .Set("c_checked", field.checked)
      .Set("c_rows", std::to_string(field.rows > 0 ? field.rows : 4))
      .Set("c_max", std::to_string(longest))
      .Set("c_accept", field.accept)
      .Set("c_show_field", field.show_if_field)
      .Set("c_show_value", field.show_if_value);
  SetKind(row, field);
  row.SetList("c_options");
  for (std::size_t i = 0; i < field.options.size(); ++i) {
    row.AddRow("c_options")
        .Set("o_value", field.options[i].value)
        .Set("o_label", field.options[i].label)
        .Set("o_id", field.id + "-" + std::to_string(i))
        .Set("o_selected", field.options[i].selected);
  }
  AddFiles(row, field, context);
  AddPeople(row, field, context);
}

void AddRowGroup(View& item, const FieldView& line, bool numbered, const FormContext& context) {
  View& row = item.AddRow("g_rows");
  row.Set("r_label", numbered ? "Ligne " + line.label : line.label)
      .Set("r_badge", line.badge)
      .Set("r_help", line.help)
      .Set("r_error", line.error)
      .Set("r_id", line.id);
  row.SetList("r_cells");
  for (const auto& cell : line.children) SetControl(row.AddRow("r_cells"), cell, context);
}

bool HasWidget(const std::vector<FieldView>& fields, const std::string& widget) {
  return std::any_of(fields.begin(), fields.end(), [&](const FieldView& field) {
    return field.widget == widget || HasWidget(field.children, widget);
  });
}

// A point to answer: what was asked stands, what one says of it is filled in.
void AddPoint(View& item, const FieldView& row, const PointLine& line, const FormContext& context) {
  View& point = item.AddRow("k_rows");
  point.Set("pt_id", row.id)
      .Set("pt_label", line.point.label)
      .Set("pt_asked", line.point.asked)
      .Set("pt_importance", line.point.importance)
      .Set("pt_tied", line.tied)
      .Set("pt_changed", line.changed)
      .Set("pt_part_name", row.name + ".part")
      .Set("pt_part", line.point.part)
      .Set("pt_asked_name", row.name + ".asked");
  AddWords(point, line.words);
  point.SetList("k_cells");
  for (const auto& cell : row.children) {
    if (cell.widget == "checkbox") SetControl(point.AddRow("k_cells"), cell, context);
    if (cell.name == row.name + ".answer") SetControl(point.AddRow("k_cells"), cell, context);
  }
}

void AddItem(View& view, const FieldView& field, const FormContext& context) {
  View& item = view.AddRow("items");
  const bool checklist = field.widget == "checklist";
  const bool rows = field.widget == "table" || field.widget == "grid";
  const bool group = !rows && !checklist && !field.children.empty();
  item.SetList("k_rows");
  item.Set("i_checklist", checklist && !field.children.empty() && !context.points.empty())
      .Set("i_control", !rows && !group && !checklist)
      .Set("i_group", group)
      .Set("i_rows", rows)
      .Set("i_table", field.widget == "table")
      .Set("i_add", field.add.empty() ? "Ajouter une ligne" : field.add);
  SetControl(item, field, context);
  item.SetList("g_controls").SetList("g_rows");
  for (std::size_t i = 0; checklist && i < field.children.size(); ++i) {
    if (i < context.points.size()) AddPoint(item, field.children[i], context.points[i], context);
  }
  if (checklist) return;
  for (const auto& child : field.children) {
    if (rows || child.widget == "table" || child.widget == "grid" || child.widget == "group") {
      if (child.widget == "table") {
        for (const auto& line : child.children) AddRowGroup(item, line, true, context);
      } else {
        AddRowGroup(item, child, field.widget == "table", context);
      }
    } else {
      SetControl(item.AddRow("g_controls"), child, context);
    }
  }
}

// Reading

bool IsTable(const FieldView& field) {
  return field.widget == "table" || field.widget == "grid" || field.widget == "checklist";
}

// A section is on the page once it has something to say; what has no answer is named at the end.
struct Reader {
  View& view;
  const char* list;
  const std::vector<storage::File>& files;
  std::vector<std::string> silent = {};
  std::string title = {};
  View* section = nullptr;

  void Open(const std::string& section_title) {
    title = section_title;
    section = nullptr;
  }

  View& Section() {
    if (section == nullptr) {
      section = &view.AddRow(list);
      section->Set("section_title", title);
      section->SetList("answers").SetList("tables");
    }
    return *section;
  }

  void Answer(const FieldView& field, const std::string& prefix) {
    if (field.widget == "heading") return;
    const std::string label = prefix.empty() ? field.label : prefix + " – " + field.label;
    if (field.display.empty() && (field.widget != "file" || field.value.empty())) {
      silent.push_back(label);
      return;
    }
    View& row = Section().AddRow("answers");
    row.Set("answer_label", label);
    row.SetList("answer_files");
    std::string text = field.display;
    if (field.widget == "file" && !field.value.empty()) {
      text.clear();
      for (const auto& line : Lines(field.value)) {
        const auto* file = FileOf(files, line);
        row.AddRow("answer_files")
            .Set("file_name", file == nullptr ? line : file->name)
            .Set("file_held", file == nullptr ? "" : HeldWords(*file))
            .Set("file_href",
                 file == nullptr || file->id == 0 ? "" : "/fichiers/" + std::to_string(file->id));
      }
    }
    row.Set("answer_value", text);
  }

  void Table(const FieldView& field) {
    View& table = Section().AddRow("tables");
    const bool grid = field.widget == "grid";
    table.Set("table_title", field.label).Set("table_first", grid ? "Point" : "Ligne");
    table.SetList("columns").SetList("lines");
    for (const auto& column : field.columns) table.AddRow("columns").Set("column", column);
    int count = 0;
    for (const auto& line : field.children) {
      View& row = table.AddRow("lines");
      ++count;
      row.Set("line_label", grid ? line.label : std::to_string(count));
      row.SetList("cells");
      for (const auto& cell : line.children) row.AddRow("cells").Set("cell", cell.display);
    }
  }
};

}  // namespace

void OfferParts(std::vector<FieldView>& fields, const std::vector<std::string>& forms) {
  for (auto& field : fields) {
    OfferParts(field.children, forms);
    if (field.widget != "part") continue;
    std::erase_if(field.options, [&](const forms::OptionView& option) {
      const bool about = std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
        return option.value.starts_with(form + ".");
      });
      return !about && !option.selected;
    });
    if (forms.size() < 2) continue;
    for (auto& option : field.options) option.label = option.group + " – " + option.label;
  }
}

void AddForm(View& view, const forms::FormView& form, const FormContext& context) {
  view.Set("form_intro", form.intro)
      .Set("form_notice", form.notice)
      .Set("has_form_errors", !form.errors.empty())
      .Set("has_rows", HasWidget(form.fields, "table"))
      .Set("has_files", HasWidget(form.fields, "file"));
  view.SetList("form_errors").SetList("items");
  for (const auto& error : form.errors) {
    view.AddRow("form_errors")
        .Set("e_id", error.field_id)
        .Set("e_label", error.label)
        .Set("e_sentence", error.sentence);
  }
  for (const auto& field : form.fields) AddItem(view, field, context);
}

void AddAnswers(View& view, const forms::FormView& form, const std::vector<storage::File>& files,
                const char* list) {
  view.SetList(list);
  Reader reader{view, list, files};
  bool plain = false;  // the open section is one without a title
  const auto need_plain = [&] {
    if (!plain) reader.Open("");
    plain = true;
  };
  for (const auto& field : form.fields) {
    const bool rows = IsTable(field);
    if (field.widget == "heading") {
      reader.Open(field.label);
      plain = true;
    } else if (rows) {
      need_plain();
      if (!field.children.empty()) reader.Table(field);
    } else if (!field.children.empty()) {
      reader.Open(field.label);
      plain = false;
      for (const auto& child : field.children) {
        if (IsTable(child)) {
          reader.Table(child);
        } else if (!child.children.empty()) {
          for (const auto& leaf : child.children) reader.Answer(leaf, child.label);
        } else {
          reader.Answer(child, "");
        }
      }
    } else {
      need_plain();
      reader.Answer(field, "");
    }
  }
  std::string silent;
  for (const auto& label : reader.silent) silent += (silent.empty() ? "" : " · ") + label;
  view.Set("unanswered", silent)
      .Set("unanswered_count", Plural(static_cast<std::int64_t>(reader.silent.size()),
                                      "question sans réponse", "questions sans réponse"));
}

}  // namespace aiguillage::web
