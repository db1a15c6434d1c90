// Are these answers what the form asks for? Errors name the field and say in French how to mend it.
//
//   Validate(form, {{"email", "x"}})
//     -> {{"title", "Ce champ est à remplir."}, {"email", "Entrez une adresse électronique …"}}
//
// JSON Schema by valijson, then our own formats (email, siret, phone, url, date), whose length is
// checked first: no regular expression ever meets what people type.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"

namespace aiguillage::forms {

struct FieldError {
  std::string path;      // "lines.0.amount", "" for the whole form
  std::string sentence;  // French
};

// In the order of the form's fields; at most one error a field. `today` (ISO, in Paris) bounds the
// dates that may not lie ahead; "" bounds none.
std::vector<FieldError> Validate(const Form& form, const nlohmann::json& answers,
                                 const std::string& today = "");

// One field's format, for other entrances (people, mapping). "" when it is fine.
std::string FormatError(const std::string& format, const std::string& value);

}  // namespace aiguillage::forms
