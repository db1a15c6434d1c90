#include "forms/hidden.h"

namespace aiguillage::forms {
namespace {

void Prune(const std::vector<Field>& fields, nlohmann::json& level) {
  if (!level.is_object()) return;
  for (const auto& field : fields) {
    const auto found = level.find(field.name);
    if (found == level.end()) continue;
    if (!IsShown(field, level)) {
      level.erase(found);
    } else if (field.kind == Kind::kGroup) {
      Prune(field.children, *found);
    } else if (field.kind == Kind::kRows && found->is_array()) {
      for (auto& row : *found) Prune(field.children, row);
    }
  }
}

}  // namespace

bool IsShown(const Field& field, const nlohmann::json& level) {
  if (!field.show_if) return true;
  const auto found = level.is_object() ? level.find(field.show_if->field) : level.end();
  return level.is_object() && found != level.end() && *found == field.show_if->value;
}

nlohmann::json WithoutHidden(const Form& form, nlohmann::json answers) {
  Prune(form.fields, answers);
  return answers;
}

}  // namespace aiguillage::forms
