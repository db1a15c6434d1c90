// What a form does not show, it does not keep: the answers of fields whose show_if is not met.
//
//   show_if {"contractor": true} on contractor_name
//   WithoutHidden(form, {"contractor": false, "contractor_name": "x"}) -> {"contractor": false}
#pragma once

#include <nlohmann/json.hpp>

#include "forms/form.h"

namespace aiguillage::forms {

nlohmann::json WithoutHidden(const Form& form, nlohmann::json answers);

// Is this field shown, among the answers of its own level?
bool IsShown(const Field& field, const nlohmann::json& level);

}  // namespace aiguillage::forms
