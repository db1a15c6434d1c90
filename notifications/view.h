// What a template is given to show: texts, flags, lists of rows. Numbers and dates come formatted.
//
//   View page;
//   page.Set("title", project.title).Set("open", true);
//   for (const Task& task : tasks) page.AddRow("tasks").Set("label", task.label);
//
// In a section, an empty text counts as false (so `{{#reason}}…{{/reason}}` needs no flag beside
// it), and so does a list without rows. A name not given in a row is looked for in what surrounds
// it: give rows names of their own. Views move and are never copied.
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace aiguillage::notifications {

class View {
 public:
  View() = default;
  View(View&&) noexcept = default;
  View& operator=(View&&) noexcept = default;
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  // Setting a name again replaces what it held.
  View& Set(std::string_view name, std::string text);
  View& Set(std::string_view name, const char* text);  // else a literal would become a bool
  View& Set(std::string_view name, bool flag);
  View& Set(std::string_view name, View nested);
  View& Set(std::string_view name, std::nullptr_t) = delete;
  // A new row at the end of the list; the reference stays good while the list grows.
  View& AddRow(std::string_view name);
  // The list exists, be it empty: its name is then known to the strict check.
  View& SetList(std::string_view name);

  struct Field;
  const Field* Find(std::string_view name) const;
  const std::vector<Field>& fields() const { return fields_; }

 private:
  Field& Slot(std::string_view name);

  std::vector<Field> fields_;
};

struct View::Field {
  enum class Kind { kText, kFlag, kView, kList };

  std::string name;
  Kind kind = Kind::kText;
  bool flag = false;
  std::string text;
  std::list<View> rows;  // kList: its rows; kView: the one nested view
};

}  // namespace aiguillage::notifications
