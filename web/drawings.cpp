#include "web/drawings.h"

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

}  // namespace aiguillage::web
