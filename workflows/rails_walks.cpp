#include "workflows/rails_walks.h"

#include <algorithm>

#include "workflows/desk_rows.h"
#include "workflows/flow.h"

namespace aiguillage::workflows {

RailsWalks::RailsWalks(storage::Session& session, const std::string& rails,
                       const engine::Chart& chart, std::int64_t now)
    : chart_(chart), now_(now), goal_(GoalOf(chart)) {
  storage::FlowFilter filter;
  for (const auto& call : storage::Calls(session)) {
    if (call.definition == rails) filter.calls.push_back(call.id);
  }
  for (const auto& [column, plan] : PlansOf(chart, {}, now)) filter.states.push_back(column);
  if (filter.calls.empty() || filter.states.empty()) return;
  const std::int64_t today = ParisDay(now);
  for (const auto& step : storage::StepCounts(session, filter)) {
    const bool lasts = step.next.empty();
    const auto days = std::clamp<std::int64_t>(lasts ? today - step.days : step.days, 0, 36'500);
    const StepSample sample{step.state, step.next, static_cast<int>(days), step.total};
    all_.push_back(sample);
    of_call_[step.call].push_back(sample);
    if (!step.collection.empty()) of_collection_[step.collection].push_back(sample);
    if (lasts && !goal_.states.contains(step.state)) {
      standing_[{step.call, step.collection}].push_back(
          {step.state, static_cast<int>(days), step.total});
    }
  }
}

Walks& RailsWalks::Of(const storage::Call& call, const std::string& collection) {
  auto& walks = walks_[{call.id, collection}];
  if (walks == nullptr) {
    const Experience experience{of_collection_[collection], of_call_[call.id], all_};
    walks = std::make_unique<Walks>(experience, PlansOf(chart_, call, now_), goal_);
  }
  return *walks;
}

std::vector<CallPart> RailsWalks::Parts(const storage::Call& call,
                                        const std::vector<std::string>& collections,
                                        const std::set<std::string>& columns) {
  std::vector<CallPart> parts;
  for (auto at = standing_.lower_bound({call.id, ""});
       at != standing_.end() && at->first.first == call.id; ++at) {
    const auto& [key, standing] = *at;
    if (!collections.empty() && !Contains(collections, key.second)) continue;
    CallPart part{&Of(call, key.second), {}};
    for (const auto& column : standing) {
      if (columns.empty() || columns.contains(column.state)) part.standing.push_back(column);
    }
    if (!part.standing.empty()) parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace aiguillage::workflows
