// A form's words (forms/view.h) laid out for the templates: to fill in, to read, to print blank.
//
// Templates cannot call themselves, so a form is at most: items, of which some are groups, tables
// and grids whose cells are plain controls. `_control.html` draws one control wherever it stands.
#pragma once

#include <string>
#include <vector>

#include "forms/view.h"
#include "storage/documents.h"
#include "storage/people.h"
#include "web/page.h"
#include "web/points.h"

namespace aiguillage::web {

// What controls may point at: files already there (by hash), people one may name (by role).
struct FormContext {
  std::vector<storage::File> files;
  std::vector<std::pair<std::string, std::vector<storage::Person>>> people;  // role -> who holds it
  std::vector<PointLine> points;  // those that a checklist answers, in the order of its rows
};

// Leaves to each `part` the choices of these forms, and the one that stands there already; where
// they are of several, each says its form.
void OfferParts(std::vector<forms::FieldView>& fields, const std::vector<std::string>& forms);

// Fills `items`, `form_errors`, `has_form_errors`, `form_intro`, `form_notice`, `has_files`,
// `has_rows`.
void AddForm(View& view, const forms::FormView& form, const FormContext& context);
// Fills `sections` of a list row or page: label and value pairs, tables, links to files.
void AddAnswers(View& view, const forms::FormView& form, const std::vector<storage::File>& files,
                const char* list = "sections");

}  // namespace aiguillage::web
