#include "workflows/holder_time.h"

#include "workflows/desk_rows.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

// Whose it was after that act: as the act itself says, else the first in turn of the innermost
// state (bodies that were erased say nothing).
std::string HolderAfter(const engine::Chart& chart, const storage::JournalRow& row) {
  if (row.body.is_object() && row.body.contains("holder")) return row.body.value("holder", "");
  std::string role;
  for (const auto& id : Words(row.states)) {
    const auto* state = engine::FindState(chart, id);
    if (state == nullptr) continue;
    const auto turn = Words(engine::Attribute(*state, "turn"));
    if (!turn.empty()) role = turn[0];
  }
  return role;
}

bool IsStopped(const engine::Chart& chart, const std::string& states) {
  for (const auto& id : Words(states)) {
    const auto* state = engine::FindState(chart, id);
    if (state != nullptr && engine::Attribute(*state, "clock") == "stopped") return true;
  }
  return false;
}

}  // namespace

const char* SideLabel(Side side) {
  static constexpr const char* kLabels[] = {"porteur", "chef de file", "relecteurs", "DGAFP",
                                            "suspendu"};
  return kLabels[static_cast<std::size_t>(side)];
}

const char* SideId(Side side) {
  static constexpr const char* kIds[] = {"holder", "lead", "reviewer", "office", "nobody"};
  return kIds[static_cast<std::size_t>(side)];
}

Side SideOf(const std::string& role) {
  const std::string like = RoleLike(role);
  if (like == "project_holder" || like == "co_holder" || like == "designer" ||
      like == "integrator" || like == "trainer") {
    return Side::kHolder;
  }
  if (like == "collection_lead") return Side::kLead;
  return like == "reviewer" ? Side::kReviewer : Side::kOffice;
}

std::optional<Side> SideAfter(const engine::Chart& chart, const storage::JournalRow& row) {
  const std::string role = HolderAfter(chart, row);
  if (role.empty()) return std::nullopt;
  const Side side = SideOf(role);
  // The clock of the others stops; whoever completes has their own.
  return side != Side::kHolder && IsStopped(chart, row.states) ? Side::kNobody : side;
}

std::map<Side, std::int64_t> TimeOfHolders(const engine::Chart& chart,
                                           const storage::Project& project,
                                           const std::vector<storage::JournalRow>& rows,
                                           std::int64_t now) {
  std::map<Side, std::int64_t> spent;
  const std::int64_t end = project.ended_at != 0 ? project.ended_at : now;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t until = i + 1 < rows.size() ? rows[i + 1].at : end;
    const auto side = SideAfter(chart, rows[i]);
    if (side && until > rows[i].at) spent[*side] += until - rows[i].at;
  }
  return spent;
}

}  // namespace aiguillage::workflows
