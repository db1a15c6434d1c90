#include "web/figures/reached.h"

#include <map>

#include "storage/flow.h"
#include "storage/projects.h"
#include "web/filters.h"
#include "workflows/flow.h"

namespace aiguillage::web {

std::string ReachedAddress(const FigureQuestion& question, const std::string& phases,
                           const std::string& administration, bool alone) {
  storage::ProjectFilter filter;
  if (question.calls.size() == 1) filter.call = question.calls.front();
  filter.collection = question.collection;
  filter.subcollections =
      !alone && !question.collection.empty() && question.collection != storage::kNoCollection;
  filter.reach.from_phases = phases;
  filter.reach.administration = administration;
  const auto first = [](const std::string& iso) {
    return iso.empty() ? 0 : storage::FirstOfMonth(workflows::DayOf(iso));
  };
  filter.reach.from_day = first(question.from);
  filter.reach.to_day = first(question.to);
  return RegisterAddress(filter);
}

std::vector<storage::FactSum> AddedUp(const std::vector<storage::FactSum>& sums) {
  std::map<std::string, storage::FactSum> by_name;
  for (const auto& sum : sums) {
    auto& of = by_name[sum.name];
    of.name = sum.name;
    of.total += sum.total;
    of.weight += sum.weight;
    of.value += sum.value;
    of.weighted += sum.weighted;
  }
  std::vector<storage::FactSum> added;
  for (auto& [name, sum] : by_name) added.push_back(std::move(sum));
  return added;
}

}  // namespace aiguillage::web
