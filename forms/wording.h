// How an answer reads: « 1 200,50 € », « 12 mai 2027 », « Oui », the label of a choice.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"

namespace aiguillage::forms {

// "" when there is no answer. Lists: one a line. Groups and rows have no wording of their own.
std::string Wording(const Field& field, const nlohmann::json& value);
std::string Wording(const Computed& computed, const nlohmann::json& value);

std::string FrenchNumber(double number, int decimals_max);  // « 1 200,5 », narrow no-break spaces

}  // namespace aiguillage::forms
