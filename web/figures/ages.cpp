#include "web/figures/ages.h"

#include <algorithm>
#include <utility>

#include "web/words.h"

namespace aiguillage::web {

namespace {

constexpr std::int64_t kTargetWithout = 30;  // days

}  // namespace

workflows::Heat HeatOf(std::int64_t median, std::int64_t target) {
  const std::int64_t most = target == 0 ? kTargetWithout : target;
  if (2 * median <= most) return workflows::Heat::kShort;
  return median <= most ? workflows::Heat::kLong : workflows::Heat::kBeyond;
}

std::string StandingWords(std::int64_t count, const Ages* ages, std::int64_t late) {
  std::string words = Plural(count, "projet", "projets");
  if (ages != nullptr) words += ", attente médiane " + Plural(ages->median, "jour", "jours");
  if (late > 0) words += ", " + Grouped(late) + " en retard";
  return words;
}

std::map<std::string, Ages> AgesByState(const std::vector<storage::DayFlow>& flows,
                                        std::int64_t today) {
  std::map<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>> all;  // days, projects
  for (const auto& flow : flows) {
    if (flow.still == 0) continue;
    all[flow.state].emplace_back(std::max<std::int64_t>(0, today - flow.day), flow.still);
  }
  std::map<std::string, Ages> ages;
  for (auto& [state, stays] : all) {
    Ages& one = ages[state];
    for (const auto& [days, projects] : stays) {
      one.count += projects;
      one.waited += days * projects;
    }
    std::sort(stays.begin(), stays.end());
    one.oldest = stays.back().first;
    std::int64_t seen = 0;
    for (const auto& [days, projects] : stays) {
      seen += projects;
      one.median = days;
      if (2 * seen >= one.count) break;
    }
  }
  return ages;
}

}  // namespace aiguillage::web
