// Some projects' stays, read whole: declared in storage/flow.h.
#include "storage/among.h"
#include "storage/flow.h"

namespace aiguillage::storage {
namespace {

struct LifeAt {
  std::int64_t project = 0;
  std::string call;
};

// Projects of the filter from that id on, in their order. Few of many are found by going along the
// ids: the index of a call would be read whole, and sorted, for each.
std::vector<LifeAt> LivesFrom(Session& session, const FlowFilter& filter, std::int64_t from,
                              std::int64_t limit, bool along_ids) {
  LifeAt life;
  Query query(session, "select project, call from reach where project >= :from" +
                           Among(along_ids ? "coalesce(call, '')" : "call", "call", filter.calls) +
                           Among("collection", "collection", filter.collections) +
                           " order by project limit :limit");
  query.In("from", from).In("limit", limit);
  BindAmong(query, "call", filter.calls);
  BindAmong(query, "collection", filter.collections);
  query.Out(life.project).Out(life.call);
  return query.All(life);
}

std::vector<Stay> StaysIn(Session& session, std::int64_t project) {
  Stay stay;
  Query query(session,
              "select state, next, entered_day, coalesce(left_day, 0) from stay"
              " where project = :project and whole = 1 order by n");
  query.In("project", project).Out(stay.state).Out(stay.next).Out(stay.entered_day);
  query.Out(stay.left_day);
  std::vector<Stay> stays;
  query.Each([&] { stays.push_back(stay); });  // not moved from: the Outs point into it
  return stays;
}

}  // namespace

std::vector<Life> SampledLives(Session& session, const FlowFilter& filter, std::int64_t most) {
  std::int64_t last = 0, all = 0;
  Query(session, "select coalesce(max(id), 0) from project").Out(last).One();
  FlowFilter everywhen = filter;
  everywhen.from_day = everywhen.to_day = 0;
  for (const auto& reach : Reached(session, everywhen)) all += reach.total;
  std::vector<LifeAt> found;
  if (all <= most) {
    found = LivesFrom(session, filter, 1, most, false);
  } else {
    const std::int64_t stride = std::max<std::int64_t>(1, last / most);
    for (std::int64_t from = 1; from <= last && static_cast<std::int64_t>(found.size()) < most;) {
      const auto next = LivesFrom(session, filter, from, 1, true);
      if (next.empty()) break;
      found.push_back(next.front());
      from = std::max(next.front().project + 1, from + stride);
    }
  }
  std::vector<Life> lives;
  for (auto& one : found) lives.push_back({std::move(one.call), StaysIn(session, one.project)});
  return lives;
}

}  // namespace aiguillage::storage
