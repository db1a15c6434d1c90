#include "web/drawings.h"

#include <algorithm>
#include <set>

#include "web/text.h"

namespace aiguillage::web {

std::string Drawings::Of(const workflows::Definition& definition, bool inside) {
  const std::lock_guard lock(mutex_);  // drawn once even when several ask at the same time
  const std::string key = definition.hash + (inside ? "/staff" : "/public");
  const auto found = drawn_.find(key);
  if (found != drawn_.end()) return found->second;
  auto drawing = workflows::DrawRails(
      definition.chart, inside ? workflows::LabelKind::kStaff : workflows::LabelKind::kPublic);
  return drawn_[key] = drawing ? std::move(drawing).value() : "";
}

void AddRailLines(View& view, const engine::Chart& chart, bool inside, const std::string& states,
                  const std::vector<std::string>& visited) {
  const auto here = SplitWords(states);
  std::set<std::string> past;
  for (const auto& column : visited) {
    for (const auto& state : SplitWords(column)) past.insert(state);
  }
  view.SetList("rail_lines");
  const auto labels = inside ? workflows::LabelKind::kStaff : workflows::LabelKind::kPublic;
  for (const auto& line : workflows::RailsAsText(chart, labels)) {
    std::string next;
    for (const auto& label : line.next) next += (next.empty() ? "" : ", ") + label;
    const bool now = std::find(here.begin(), here.end(), line.state) != here.end();
    view.AddRow("rail_lines")
        .Set("rail_label", line.label)
        .Set("rail_group", line.parent_label)
        .Set("rail_now", now)
        .Set("rail_past", !now && past.contains(line.state))
        .Set("rail_next", next);
  }
}

}  // namespace aiguillage::web
