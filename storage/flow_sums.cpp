// Reading the moves of projects: one predicate for sums, rows and their count.
#include <chrono>

#include "storage/among.h"
#include "storage/flow.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

std::string Places(const FlowFilter& filter) {
  return Among("call", "call", filter.calls) +
         Among("collection", "collection", filter.collections);
}

void BindPlaces(Query& query, const FlowFilter& filter) {
  BindAmong(query, "call", filter.calls);
  BindAmong(query, "collection", filter.collections);
}

// Of sums: those of all collections together are kept apart.
std::string SumPlaces(const FlowFilter& filter) {
  return Places(filter) + (filter.collections.empty() ? " and collection = '*'" : "");
}

std::string States(const FlowFilter& filter) { return Among("state", "state", filter.states); }

void BindStates(Query& query, const FlowFilter& filter) {
  BindAmong(query, "state", filter.states);
}

std::string Nexts(const FlowFilter& filter) {
  const std::string but = Among("next", "but", filter.but_nexts);
  return Among("next", "next", filter.nexts) + (but.empty() ? "" : " and not (1 = 1" + but + ")");
}

void BindNexts(Query& query, const FlowFilter& filter) {
  BindAmong(query, "next", filter.nexts);
  BindAmong(query, "but", filter.but_nexts);
}

// Rows of `stay`, by the day they ended or, while they last too, began.
std::string Rows(const FlowFilter& filter, StayEnd end) {
  const bool left = end == StayEnd::kLeft;
  return " from stay where " + std::string(left ? "left_day is not null" : "1 = 1") +
         Places(filter) + States(filter) + Nexts(filter) +
         Between(left ? "left_day" : "entered_day", "day", filter.from_day, filter.to_day) +
         (filter.whole ? " and whole = 1" : "") + (filter.first ? " and n = 1" : "") +
         (filter.open ? " and left_day is null" : "") +
         (filter.pass != 0 ? " and pass = :pass" : "") +
         (filter.days_min != 0 ? " and left_day - entered_day >= :days_min" : "") +
         (filter.on_day != 0 ? " and entered_day <= :on_day and (left_day is null or"
                               " left_day > :and_on_day)"
                             : "");
}

void BindRows(Query& query, const FlowFilter& filter) {
  BindPlaces(query, filter);
  BindStates(query, filter);
  BindNexts(query, filter);
  BindBetween(query, "day", filter.from_day, filter.to_day);
  if (filter.pass != 0) query.In("pass", filter.pass);
  if (filter.days_min != 0) query.In("days_min", filter.days_min);
  if (filter.on_day != 0) query.In("on_day", filter.on_day).In("and_on_day", filter.on_day);
}

}  // namespace

std::int64_t FirstOfMonth(std::int64_t day) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{day}}};
  return sys_days{date.year() / date.month() / 1}.time_since_epoch().count();
}

FlowFilter WholeMonths(FlowFilter filter) {
  using namespace std::chrono;
  if (filter.from_day != 0) filter.from_day = FirstOfMonth(filter.from_day);
  if (filter.to_day != 0) {
    const year_month_day date{sys_days{days{filter.to_day}}};
    filter.to_day = sys_days{date.year() / date.month() / last}.time_since_epoch().count();
  }
  return filter;
}

std::vector<DayFlow> FlowByDay(Session& session, const FlowFilter& filter) {
  DayFlow flow;
  Query query(session,
              "select state, day, sum(arrived), sum(entered), sum(gone), sum(still)"
              " from flow_day where 1 = 1" +
                  SumPlaces(filter) + States(filter) +
                  Between("day", "day", filter.from_day, filter.to_day) +
                  " group by state, day order by state, day");
  BindPlaces(query, filter);
  BindStates(query, filter);
  BindBetween(query, "day", filter.from_day, filter.to_day);
  query.Out(flow.state).Out(flow.day).Out(flow.arrived).Out(flow.entered).Out(flow.gone);
  query.Out(flow.still);
  return query.All(flow);
}

std::vector<DayFlow> LastingByDay(Session& session, const FlowFilter& filter) {
  DayFlow flow;
  Query query(session, "select state, entered_day, count(*) from stay where left_day is null" +
                           Places(filter) + States(filter) +
                           " group by state, entered_day order by state, entered_day");
  BindPlaces(query, filter);
  BindStates(query, filter);
  query.Out(flow.state).Out(flow.day).Out(flow.still);
  return query.All(flow);
}

std::vector<DayFlow> LateByDay(Session& session, const FlowFilter& filter, std::int64_t now) {
  DayFlow flow;
  Query query(session,
              "select p.state, s.entered_day, count(*) from project p join stay s"
              " on s.project = p.id and s.left_day is null and s.whole = 1 and s.state = p.state"
              " where p.due_at < :now" +
                  Among("p.call", "call", filter.calls) +
                  Among("p.collection", "collection", filter.collections) +
                  Among("p.state", "state", filter.states) +
                  " group by p.state, s.entered_day order by p.state, s.entered_day");
  query.In("now", now);
  BindPlaces(query, filter);
  BindStates(query, filter);
  query.Out(flow.state).Out(flow.day).Out(flow.still);
  return query.All(flow);
}

std::vector<LateHolder> LateHolders(Session& session, const FlowFilter& filter, std::int64_t now) {
  LateHolder holder;
  Query query(session,
              "select file_holder, count(*) from project p"
              " where p.due_at < :now and file_holder <> ''" +
                  Places(filter) + States(filter) +
                  " group by file_holder order by count(*) desc, file_holder");
  query.In("now", now);
  BindPlaces(query, filter);
  BindStates(query, filter);
  query.Out(holder.role).Out(holder.projects);
  return query.All(holder);
}

std::vector<Standing> StandingOn(Session& session, const FlowFilter& filter) {
  Standing standing;
  Query query(session,
              "select collection, state, sum(entered - gone) from flow_day"
              " where collection <> '*' and day <= :on_day" +
                  Places(filter) + States(filter) +
                  " group by collection, state having sum(entered - gone) <> 0"
                  " order by collection, state");
  query.In("on_day", filter.on_day);
  BindPlaces(query, filter);
  BindStates(query, filter);
  query.Out(standing.collection).Out(standing.state).Out(standing.projects);
  return query.All(standing);
}

std::vector<StayCount> StayCounts(Session& session, const FlowFilter& asked) {
  const FlowFilter filter = WholeMonths(asked);
  StayCount count;
  Query query(session,
              "select state, next, days, pass, sum(total), sum(side_holder),"
              " sum(side_lead), sum(side_reviewer), sum(side_office), sum(side_nobody)"
              " from stay_count where days >= :days_min" +
                  (filter.pass != 0 ? std::string(" and pass = :pass") : std::string()) +
                  SumPlaces(filter) + States(filter) + Nexts(filter) +
                  Between("month", "month", filter.from_day, filter.to_day) +
                  " group by state, days, next, pass order by state, days, next, pass");
  query.In("days_min", filter.days_min);
  if (filter.pass != 0) query.In("pass", filter.pass);
  BindPlaces(query, filter);
  BindStates(query, filter);
  BindNexts(query, filter);
  BindBetween(query, "month", filter.from_day, filter.to_day);
  query.Out(count.state).Out(count.next).Out(count.days).Out(count.pass).Out(count.total);
  for (auto& side : count.sides) query.Out(side);
  return query.All(count);
}

std::vector<StepCount> StepCounts(Session& session, const FlowFilter& filter, StepKind kind) {
  const bool finished = kind == StepKind::kFinished;
  const std::string where = Places(filter) + States(filter) +
                            (filter.collections.empty() ? " and collection <> '*'" : "");
  StepCount count;
  Query query(session,
              finished ? "select call, collection, state, next, days, sum(total) from stay_count"
                         " where 1 = 1" +
                             where +
                             " group by call, collection, state, next, days"
                             " order by call, collection, state, next, days"
                       : "select call, collection, state, '', day, still from flow_day"
                         " where still > 0" +
                             where + " order by call, collection, state, day");
  BindPlaces(query, filter);
  BindStates(query, filter);
  query.Out(count.call).Out(count.collection).Out(count.state).Out(count.next).Out(count.days);
  query.Out(count.total);
  std::vector<StepCount> counts;
  query.Each([&] { counts.push_back(count); });  // not moved from: the Outs point into it
  return counts;
}

std::int64_t CountStays(Session& session, const FlowFilter& filter, StayEnd end) {
  std::int64_t count = 0;
  Query query(session, "select count(*)" + Rows(filter, end));
  BindRows(query, filter);
  query.Out(count).One();
  return count;
}

std::vector<StayRow> ListStays(Session& session, const FlowFilter& filter, StayEnd end, int limit,
                               int offset) {
  StayRow row;
  Stay& stay = row.stay;
  const std::string day = end == StayEnd::kLeft ? "left_day" : "entered_day";
  Query query(session,
              "select p.number, p.title, s.call, s.collection, s.state, s.whole, s.pass, s.next,"
              " s.entered_at, s.left_at, s.entered_day, coalesce(s.left_day, 0), s.side_holder,"
              " s.side_lead, s.side_reviewer, s.side_office, s.side_nobody from (select *" +
                  Rows(filter, end) + " order by " + day +
                  " desc, project, n limit :limit offset :offset) s"
                  " join project p on p.id = s.project order by s." +
                  day + " desc, s.project, s.n");
  BindRows(query, filter);
  query.In("limit", limit).In("offset", offset).Out(row.number).Out(row.title).Out(row.call);
  query.Out(row.collection).Out(stay.state).Out(stay.whole).Out(stay.pass).Out(stay.next);
  query.Out(stay.entered_at).Out(stay.left_at).Out(stay.entered_day).Out(stay.left_day);
  for (auto& side : stay.sides) query.Out(side);
  std::vector<StayRow> rows;
  query.Each([&] { rows.push_back(row); });  // not moved from: the Outs point into it
  return rows;
}

std::vector<ReachCount> Reached(Session& session, const FlowFilter& asked, bool by_collection) {
  const FlowFilter filter = WholeMonths(asked);
  ReachCount count;
  Query query(session,
              "select call, collection, administration, phase, outcome, sum(total)"
              " from reach_count where collection " +
                  std::string(by_collection || !filter.collections.empty() ? "<> '*'" : "= '*'") +
                  Places(filter) + Between("month", "month", filter.from_day, filter.to_day) +
                  " group by call, collection, administration, phase, outcome"
                  " order by call, collection, administration, phase, outcome");
  BindPlaces(query, filter);
  BindBetween(query, "month", filter.from_day, filter.to_day);
  query.Out(count.call).Out(count.collection).Out(count.administration).Out(count.phase);
  query.Out(count.outcome).Out(count.total);
  return query.All(count);
}

}  // namespace aiguillage::storage
