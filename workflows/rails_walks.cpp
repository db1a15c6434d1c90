#include "workflows/rails_walks.h"

#include <algorithm>

#include "workflows/desk_rows.h"
#include "workflows/flow.h"

namespace aiguillage::workflows {

RailsWalks::RailsWalks(storage::Session& session, const std::string& rails,
                       const engine::Chart& chart, std::int64_t now,
                       const std::vector<std::string>& collections, bool each)
    : chart_(chart), now_(now), goal_(GoalOf(chart)) {
  using enum storage::StepKind;
  storage::FlowFilter filter;
  for (const auto& call : storage::Calls(session)) {
    if (call.definition == rails) filter.calls.push_back(call.id);
  }
  for (const auto& [column, plan] : PlansOf(chart, {}, now)) filter.states.push_back(column);
  if (filter.calls.empty() || filter.states.empty()) return;
  filter.collections = {storage::kAllCollections};
  Read(session, filter, kFinished);
  Read(session, filter, kLasting);
  filter.collections = collections;
  if (!collections.empty()) Read(session, filter, kFinished);
  if (!collections.empty() || each) Read(session, filter, kLasting);
}

void RailsWalks::Read(storage::Session& session, const storage::FlowFilter& filter,
                      storage::StepKind kind) {
  const bool lasts = kind == storage::StepKind::kLasting;
  const std::int64_t today = ParisDay(now_);
  for (const auto& step : storage::StepCounts(session, filter, kind)) {
    const auto days = std::clamp<std::int64_t>(lasts ? today - step.days : step.days, 0, 36'500);
    const StepSample sample{step.state, step.next, static_cast<int>(days), step.total};
    if (lasts && !goal_.states.contains(step.state)) {
      standing_[{step.call, step.collection}].push_back(
          {step.state, static_cast<int>(days), step.total});
    }
    if (step.collection == storage::kAllCollections) {
      all_.push_back(sample);
      of_call_[step.call].push_back(sample);
    } else if (!filter.collections.empty() && !step.collection.empty()) {
      of_collection_[step.collection].push_back(sample);
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
    const bool all = key.second == storage::kAllCollections;
    if (collections.empty() ? !all : !Contains(collections, key.second)) continue;
    CallPart part{&Of(call, key.second), {}};
    for (const auto& column : standing) {
      if (columns.empty() || columns.contains(column.state)) part.standing.push_back(column);
    }
    if (!part.standing.empty()) parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace aiguillage::workflows
