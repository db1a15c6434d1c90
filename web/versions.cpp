#include "web/versions.h"

#include <map>

namespace aiguillage::web {

namespace {

using Labels = std::map<std::string, std::string>;  // id -> what a reader calls it

Labels StatesOf(const workflows::Definition& definition) {
  Labels labels;
  for (const auto& state : definition.chart.states) {
    const std::string& label = engine::Attribute(state, "label");
    if (!state.id.empty() && !label.empty()) labels[state.id] = label;
  }
  return labels;
}

Labels FormTitles(const workflows::Definition& definition) {
  Labels labels;
  for (const auto& [id, form] : definition.forms) labels[id] = form.title;
  return labels;
}

std::vector<std::string> OnlyIn(const Labels& one, const Labels& other) {
  std::vector<std::string> only;
  for (const auto& [id, label] : one) {
    if (!other.contains(id)) only.push_back(label);
  }
  return only;
}

std::string FileOr(const workflows::Definition& definition, const std::string& path) {
  const auto found = definition.files.find(path);
  return found == definition.files.end() ? "" : found->second;
}

}  // namespace

VersionChanges CompareVersions(const workflows::Definition& before,
                               const workflows::Definition& after) {
  VersionChanges changes;
  const Labels old_states = StatesOf(before), new_states = StatesOf(after);
  changes.states_added = OnlyIn(new_states, old_states);
  changes.states_removed = OnlyIn(old_states, new_states);
  const Labels old_forms = FormTitles(before), new_forms = FormTitles(after);
  changes.forms_added = OnlyIn(new_forms, old_forms);
  changes.forms_removed = OnlyIn(old_forms, new_forms);
  for (const auto& [id, title] : new_forms) {
    const std::string path = "forms/" + id + ".json";
    if (old_forms.contains(id) && FileOr(before, path) != FileOr(after, path)) {
      changes.forms_changed.push_back(title);
    }
  }
  changes.rules_changed =
      FileOr(before, before.name + ".scxml") != FileOr(after, after.name + ".scxml");
  return changes;
}

}  // namespace aiguillage::web
