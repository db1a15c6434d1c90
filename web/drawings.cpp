#include "web/drawings.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "storage/hash.h"
#include "web/text.h"

namespace aiguillage::web {

namespace {

std::string Held(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Whole or not at all. A folder that cannot be written costs a drawing at the next start, no more.
void Keep(const std::filesystem::path& path, const std::string& svg) {
  std::error_code failure;
  std::filesystem::create_directories(path.parent_path(), failure);
  const std::filesystem::path part = path.string() + "." + storage::RandomHex(6);
  std::ofstream file(part, std::ios::binary);
  file << svg;
  file.close();
  if (file) std::filesystem::rename(part, path, failure);
  if (!file || failure) std::filesystem::remove(part, failure);
}

}  // namespace

Drawings::Drawings(std::string folder) : folder_(std::move(folder)) {}

std::string Drawings::Draw(const engine::Chart& chart, workflows::LabelKind labels) const {
  const auto path = std::filesystem::path(folder_) /
                    (storage::Sha256(workflows::RailsAsDot(chart, labels)) + ".svg");
  if (!folder_.empty()) {
    const std::string held = Held(path);
    if (held.starts_with("<svg")) return held;
  }
  auto drawing = workflows::DrawRails(chart, labels);
  if (!drawing) return "";
  if (!folder_.empty()) Keep(path, drawing.value());
  return std::move(drawing).value();
}

std::string Drawings::Of(const workflows::Definition& definition, bool inside) {
  const std::lock_guard lock(mutex_);  // drawn once even when several ask at the same time
  const std::string key = definition.hash + (inside ? "/staff" : "/public");
  const auto found = drawn_.find(key);
  if (found != drawn_.end()) return found->second;
  return drawn_[key] = Draw(definition.chart,
                            inside ? workflows::LabelKind::kStaff : workflows::LabelKind::kPublic);
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
