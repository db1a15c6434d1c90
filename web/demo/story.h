// The demo's plan: who files what and when, and which acts follow, day by day until today. The
// fates (how many projects end up where) are data: web/demo/mentor.json.
//
//   PlanStories(demo, now, random) -> [{call "mentor-2025", filed_at …, acts [{at, "admissibility.
//                                      start", "case_officer"}, …]}, …]
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace aiguillage::web {

inline constexpr std::int64_t kDay = 86'400'000;  // milliseconds

struct PlannedAct {
  std::int64_t at = 0;
  std::string act, by;  // by: a role, or "reviewer:0" for the first reviewer assigned
};

struct PlannedProject {
  std::string call;  // id of the call
  std::string title, collection, administration, siret;
  std::string holder_name, holder_email;
  std::int64_t filed_at = 0;
  std::vector<PlannedAct> acts;
};

// Uniform in [low, high]; the demo's one source of chance.
using Chance = std::function<std::int64_t(std::int64_t low, std::int64_t high)>;

std::vector<PlannedProject> PlanStories(const nlohmann::json& demo, std::int64_t now,
                                        const Chance& chance);
// ISO date so many days before an instant.
std::string DaysBefore(std::int64_t now, std::int64_t days);

}  // namespace aiguillage::web
