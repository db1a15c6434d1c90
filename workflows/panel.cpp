#include "workflows/panel.h"

#include <algorithm>
#include <set>

namespace aiguillage::workflows {
namespace {

using storage::Document;

// The forms that actions freeze into; mostly one.
std::set<std::string> FrozenForms(const engine::Chart& chart) {
  std::set<std::string> forms;
  for (const auto& transition : chart.transitions) {
    const std::string& form = engine::Attribute(transition, "freeze");
    if (!form.empty()) forms.insert(form);
  }
  return forms;
}

// One a reviewer: a later version takes the place of the one before.
void Keep(std::vector<Document>& sheets, const Document& document) {
  const auto same = std::find_if(sheets.begin(), sheets.end(), [&](const Document& sheet) {
    return sheet.person == document.person;
  });
  if (same == sheets.end()) {
    sheets.push_back(document);
  } else {
    *same = document;
  }
}

void OnlyFrozen(std::vector<Document>& sheets, const Document& frozen) {
  const auto kept = frozen.answers.value("sheets", nlohmann::json::array());
  std::erase_if(sheets, [&](const Document& sheet) {
    return std::find(kept.begin(), kept.end(), std::to_string(sheet.version)) == kept.end();
  });
}

}  // namespace

Panel ReadPanel(storage::Session& session, const Definition& definition, std::int64_t project) {
  Panel panel;
  const auto form = definition.forms.find(forms::kScoreSheet);
  if (form == definition.forms.end()) return panel;
  panel.form = &form->second;
  const auto frozen_forms = FrozenForms(definition.chart);
  std::vector<Document> sheets;
  for (auto& document : storage::DocumentsOf(session, project)) {
    if (document.taken_back) continue;
    if (document.form == forms::kScoreSheet) sheets.push_back(document);
    if (document.form == "review_abstention") Keep(panel.abstentions, document);
    if (document.form == kSynthesis) panel.written = document;
    if (frozen_forms.contains(document.form)) panel.frozen = std::move(document);
  }
  if (panel.frozen) OnlyFrozen(sheets, *panel.frozen);
  for (const auto& sheet : sheets) Keep(panel.sheets, sheet);
  std::vector<nlohmann::json> answers;
  for (const auto& sheet : panel.sheets) answers.push_back(sheet.answers);
  panel.scores = forms::Consolidate(*panel.form, answers);
  panel.synthesis = panel.frozen    ? panel.frozen->answers.value("synthesis", "")
                    : panel.written ? panel.written->answers.value("synthesis", "")
                                    : forms::ProposedSynthesis(*panel.form, answers);
  return panel;
}

nlohmann::json Frozen(const Panel& panel) {
  nlohmann::json sheets = nlohmann::json::array();
  for (const auto& sheet : panel.sheets) sheets.push_back(std::to_string(sheet.version));
  return {{"total", panel.scores.total},
          {"sheets", sheets},
          {"synthesis", panel.synthesis},
          {"written", panel.written.has_value()}};
}

}  // namespace aiguillage::workflows
