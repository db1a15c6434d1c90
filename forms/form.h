// A form: what a person fills in at a step, read from a JSON Schema (draft 7) file with our x-ui
// vocabulary. The same file draws the page, judges the answers and prints the document.
//
//   auto form = ParseForm("framing_note", text, "mentor/forms/framing_note.json");
//   if (!form) return form.refusal();    // « mentor/forms/framing_note.json: at /properties/x … »
//   form.value().fields[0].title         // « Titre de la formation »
//
// x-ui at the root: intro, notice, public (the holder may read it), print_title, handover (part of
// the JSON given to whoever publishes). Per property:
// widget, rows, placeholder, options {value: label}, show_if {field: value} with required, role,
// accept, max_mb, badge, blocking, weight, add (label of the button that adds a row), latest
// ("today": what a date reports has happened), explain {field, values}: these answers want words in
// the field beside. A file's value is the number of a stored file.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/outcome.h"

namespace aiguillage::forms {

class SchemaJudge;

enum class Kind {
  kText,     // string
  kInteger,  // integer
  kNumber,   // number
  kBoolean,  // boolean
  kList,     // array of strings: checkboxes, people, tags, several files
  kRows,     // array of objects: a table to which rows are added; children are its columns
  kGroup,    // object: a fieldset, or a grid whose children are rows that are groups themselves
  kHeading,  // no answer: a title between fields
};

struct Option {
  std::string value, label;
  std::string group = {};  // of a part: the title of its form
};

// Shown (and required) only when the field beside it has this value.
struct ShowIf {
  std::string field;
  nlohmann::json value;
};

// With one of these values, the field beside it has to be filled in: « 0 » wants its comment.
struct Explain {
  std::string field;
  std::vector<nlohmann::json> values;
};

struct Field {
  std::string name;   // "title", unique among its neighbours; no dot
  std::string title;  // label
  std::string help;   // description
  Kind kind = Kind::kText;
  std::string widget;  // text textarea email date number money select radio checkboxes boolean
                       // checkbox file people tags table grid group heading; part and checklist:
                       // points asked and answered (forms/points.h)
  std::string format;  // "", email, siret, phone, url, date
  bool required = false;
  std::vector<Option> options;
  std::vector<Field> children;
  std::optional<ShowIf> show_if;
  std::optional<Explain> explain;
  std::string placeholder;
  std::string role;    // people: the role they are named for
  std::string accept;  // file: ".pdf,.odt"
  std::string badge;   // « bloquant »
  std::string add;     // rows: « Ajouter une ligne »
  int rows = 0;        // textarea
  int max_mb = 0;      // file
  int weight = 0;      // score sheets
  bool blocking = false;
  bool until_today = false;    // a date that may not lie ahead
  std::size_t max_length = 0;  // 0 = none said
  std::optional<double> minimum, maximum;
  std::size_t items_min = 0, items_max = 0;
};

// Worked out from the answers (forms/computed.h); shown after the fields when it has a title.
struct Computed {
  std::string name, expression, title;
  std::vector<Option> options;
};

struct Form {
  std::string id;  // file stem
  std::string title;
  std::string intro;
  std::string notice;       // « Grille provisoire … », shown on page and print
  std::string print_title;  // default: title
  bool is_public = true;    // the holder may read it
  bool handover = false;    // its latest version goes with the project's sheets, as JSON
  std::vector<Field> fields;
  std::vector<Computed> computed;  // in order
  nlohmann::json schema;           // draft 7, local $ref inlined, without x-… keys nor formats
  std::shared_ptr<const SchemaJudge> judge;  // the same, read once for all answers
};

// Refused with the file, the place and what was expected: unknown widget, format, type, x-ui key,
// `pattern`, options that are not those of the enum, a show_if that names no neighbour, …
engine::Outcome<Form> ParseForm(const std::string& id, const std::string& text,
                                const std::string& file);

// The field at "lines.0.amount", null when there is none. Indices are skipped.
const Field* FindField(const Form& form, const std::string& path);

}  // namespace aiguillage::forms
