// A form as a tree of plain words, for whoever draws it: page, print, mail. No HTML here.
//
//   FormView page  = EditView(form, draft, errors);        // fields with names, values, errors
//   FormView print = ReadView(form, document.answers);     // only what was answered, as people
//   read FormView blank = BlankView(form);                      // to be filled in by hand
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"
#include "forms/validate.h"

namespace aiguillage::forms {

struct OptionView {
  std::string value, label;
  bool selected = false;
  std::string group = {};
};

struct FieldView {
  std::string name;  // as posted: "lines.0.amount"
  std::string id;    // for the page: "f-lines-0-amount"
  std::string label, help, widget, badge, placeholder, role, accept, add;
  std::string value;  // as typed; lists and people: one a line
  std::string display;  // as read: « 1 200,50 € », « Oui », labels of choices; "" = not answered
  std::string error;                         // French sentence, "" without
  std::string show_if_field, show_if_value;  // name as posted, and the value that shows it
  bool required = false;
  bool hidden = false;   // its show_if is not met by these answers
  bool checked = false;  // checkbox
  int rows = 0, max_mb = 0;
  std::size_t max_length = 0;
  std::vector<OptionView> options;   // a boolean as radios has « true » and « false »
  std::vector<std::string> columns;  // table and grid: titles of the columns
  std::vector<FieldView> children;   // group: fields; table, grid: rows (widget "row") of fields
};

struct ErrorView {  // for the top of the page
  std::string field_id, label, sentence;
};

struct FormView {
  std::string id, title, intro, notice;
  std::vector<FieldView> fields;
  std::vector<ErrorView> errors;
};

// blank_rows: how many empty rows a table offers after those it has.
FormView EditView(const Form& form, const nlohmann::json& answers,
                  const std::vector<FieldError>& errors, int blank_rows = 1);
FormView ReadView(const Form& form, const nlohmann::json& answers);
FormView BlankView(const Form& form, int blank_rows = 5);

// Label and value of what may be told in a mail: first level, answered, short texts, no files.
struct Item {
  std::string label, value;
};
std::vector<Item> Items(const Form& form, const nlohmann::json& answers);

}  // namespace aiguillage::forms
