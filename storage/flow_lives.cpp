// Some projects' stays, read whole: declared in storage/flow.h.
#include "storage/among.h"
#include "storage/flow.h"

namespace aiguillage::storage {
namespace {

struct LifeAt {
  std::int64_t project = 0;
  std::string call;
};

// The first project of the filter from that id on, 0 without.
LifeAt NextLife(Session& session, const FlowFilter& filter, std::int64_t from) {
  LifeAt next;
  Query query(session, "select project, call from reach where project >= :from" +
                           Among("call", "call", filter.calls) +
                           Among("collection", "collection", filter.collections) +
                           " order by project limit 1");
  query.In("from", from);
  BindAmong(query, "call", filter.calls);
  BindAmong(query, "collection", filter.collections);
  query.Out(next.project).Out(next.call).One();
  return next;
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
  const std::int64_t stride = all <= most ? 1 : std::max<std::int64_t>(1, last / most);
  std::vector<Life> lives;
  for (std::int64_t from = 1; from <= last && static_cast<std::int64_t>(lives.size()) < most;) {
    LifeAt next = NextLife(session, filter, from);
    if (next.project == 0) break;
    lives.push_back({std::move(next.call), StaysIn(session, next.project)});
    from = std::max(next.project + 1, stride == 1 ? next.project + 1 : from + stride);
  }
  return lives;
}

}  // namespace aiguillage::storage
