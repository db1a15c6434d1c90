// What the tests of the forms share: the shipped forms read from the disk, and small answers.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"
#include "forms/validate.h"

namespace aiguillage::forms {

inline std::string FileText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::vector<std::filesystem::path> ShippedForms() {
  const std::filesystem::path root =
      std::filesystem::path(AIGUILLAGE_SOURCE_DIR) / "workflows/definitions";
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (entry.path().parent_path().filename() == "forms" && entry.path().extension() == ".json")
      paths.push_back(entry.path());
  return paths;
}

inline Form ReadForm(const std::string& id, const std::string& text) {
  auto form = ParseForm(id, text, id + ".json");
  if (!form) ADD_FAILURE() << form.refusal().sentence;
  return form ? std::move(form).value() : Form{};
}

// Of Mentor unless said otherwise; two calls may have a form of one name.
inline Form ShippedForm(const std::string& id, const std::string& folder = "mentor") {
  for (const auto& path : ShippedForms())
    if (path.stem() == id && (path.parent_path().parent_path().filename() == folder ||
                              path.parent_path().parent_path().filename() == "common"))
      return ReadForm(id, FileText(path));
  ADD_FAILURE() << "no form " << id;
  return {};
}

// « path: sentence », one a line.
inline std::string Told(const std::vector<FieldError>& errors) {
  std::string lines;
  for (const auto& error : errors) lines += error.path + ": " + error.sentence + "\n";
  return lines;
}

// An answer that fits the field: what a patient person would type.
inline nlohmann::json Fitting(const Field& field);
inline nlohmann::json FittingAll(const std::vector<Field>& fields) {
  nlohmann::json answers = nlohmann::json::object();
  for (const auto& field : fields)
    if (!field.show_if && field.kind != Kind::kHeading) answers[field.name] = Fitting(field);
  return answers;
}
inline nlohmann::json FittingText(const Field& field) {
  if (!field.options.empty()) return field.options.front().value;
  if (field.format == "email") return "anne.roy@exemple.invalid";
  if (field.format == "siret") return "00000000000018";
  if (field.format == "phone") return "01 23 45 67 89";
  if (field.format == "url") return "https://mentor.exemple.invalid/cours/12";
  if (field.format == "date") return "2027-05-12";
  return "Écrire clair";
}
inline nlohmann::json Fitting(const Field& field) {
  switch (field.kind) {
    case Kind::kText:
      return FittingText(field);
    case Kind::kInteger:
    case Kind::kNumber:
      return static_cast<int>(field.minimum.value_or(0));
    case Kind::kBoolean:
      return true;
    case Kind::kList:
      return nlohmann::json::array({FittingText(field)});
    case Kind::kGroup:
      return FittingAll(field.children);
    case Kind::kHeading:
      return nullptr;
    case Kind::kRows:
      return nlohmann::json(std::vector<nlohmann::json>(std::max<std::size_t>(field.items_min, 1),
                                                        FittingAll(field.children)));
  }
  return nullptr;
}

}  // namespace aiguillage::forms
