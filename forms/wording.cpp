#include "forms/wording.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "forms/validate.h"

namespace aiguillage::forms {
namespace {

constexpr std::string_view kThin = "\u202f";
constexpr std::string_view kMonths[] = {"janvier",   "février", "mars",     "avril",
                                        "mai",       "juin",    "juillet",  "août",
                                        "septembre", "octobre", "novembre", "décembre"};

std::string FrenchDay(const std::string& iso) {
  if (!FormatError("date", iso).empty()) return iso;
  const int day = std::stoi(iso.substr(8, 2));
  const auto month = static_cast<std::size_t>(std::stoi(iso.substr(5, 2)) - 1);
  return (day == 1 ? "1er" : std::to_string(day)) + " " + std::string(kMonths[month]) + " " +
         iso.substr(0, 4);
}

std::string Label(const std::vector<Option>& options, const std::string& value) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& option) { return option.value == value; });
  return found == options.end() ? value : found->label;
}

std::string Scalar(const std::vector<Option>& options, const nlohmann::json& value) {
  if (value.is_string()) return Label(options, value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "Oui" : "Non";
  if (!value.is_number()) return "";
  const std::string label = Label(options, value.dump());
  return label == value.dump() ? FrenchNumber(value.get<double>(), 2) : label;
}

}  // namespace

// Cut, not rounded: 79,97 % must not read « 80 % » beside a verdict that says otherwise.
std::string FrenchNumber(double number, int decimals_max) {
  if (!std::isfinite(number) || std::abs(number) > 1e15) return "";
  const double scale = std::pow(10.0, decimals_max);
  const auto scaled =
      static_cast<long long>(std::trunc(number * scale + (number < 0 ? -1e-6 : 1e-6)));
  const long long unit = std::llround(scale);
  const long long magnitude = std::abs(scaled);
  std::string whole = std::to_string(magnitude / unit);
  for (std::size_t at = whole.size(); at > 3;) whole.insert(at -= 3, kThin);
  std::string cents = std::to_string(magnitude % unit);
  cents.insert(0,
               static_cast<std::size_t>(decimals_max) -
                   std::min(cents.size(), static_cast<std::size_t>(decimals_max)),
               '0');
  while (cents.ends_with('0')) cents.pop_back();
  if (scaled < 0) whole.insert(0, "−");
  return cents.empty() ? whole : whole + "," + cents;
}

std::string Wording(const Field& field, const nlohmann::json& value) {
  if (value.is_array()) {
    std::string lines;
    for (const auto& item : value) {
      if (item.is_structured()) continue;
      if (!lines.empty()) lines += '\n';
      lines += Scalar(field.options, item);
    }
    return lines;
  }
  if (field.format == "date" && value.is_string()) return FrenchDay(value.get<std::string>());
  std::string words = Scalar(field.options, value);
  if (field.widget == "money" && value.is_number()) words += std::string(kThin) + "€";
  return words;
}

std::string Wording(const Computed& computed, const nlohmann::json& value) {
  return Scalar(computed.options, value);
}

}  // namespace aiguillage::forms
