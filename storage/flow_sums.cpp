// Reading the moves of projects: one predicate for sums, rows and their count.
#include <chrono>

#include "storage/flow.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

std::string Among(const std::string& column, const std::string& name,
                  const std::vector<std::string>& values) {
  if (values.empty()) return "";
  std::string sql = " and " + column + " in (";
  for (std::size_t i = 0; i < values.size(); ++i) {
    sql += (i == 0 ? ":" : ", :") + name + std::to_string(i);
  }
  return sql + ")";
}

void BindAmong(Query& query, const std::string& name, const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    query.In(name + std::to_string(i), values[i]);
  }
}

std::string Between(const std::string& column, const std::string& name, std::int64_t from,
                    std::int64_t to) {
  return (from != 0 ? " and " + column + " >= :from_" + name : "") +
         (to != 0 ? " and " + column + " <= :to_" + name : "");
}

void BindBetween(Query& query, const std::string& name, std::int64_t from, std::int64_t to) {
  if (from != 0) query.In("from_" + name, from);
  if (to != 0) query.In("to_" + name, to);
}

std::string Places(const FlowFilter& filter) {
  return Among("call", "call", filter.calls) +
         Among("collection", "collection", filter.collections);
}

void BindPlaces(Query& query, const FlowFilter& filter) {
  BindAmong(query, "call", filter.calls);
  BindAmong(query, "collection", filter.collections);
}

std::string States(const FlowFilter& filter) {
  return std::string(filter.state.empty() ? "" : " and state = :state") +
         (filter.next.empty() ? "" : " and next = :next");
}

void BindStates(Query& query, const FlowFilter& filter) {
  if (!filter.state.empty()) query.In("state", filter.state);
  if (!filter.next.empty()) query.In("next", filter.next);
}

// Rows of `stay`, by the day they ended or, while they last too, began.
std::string Rows(const FlowFilter& filter, StayEnd end) {
  const bool left = end == StayEnd::kLeft;
  return " from stay where " + std::string(left ? "left_day is not null" : "1 = 1") +
         Places(filter) + States(filter) +
         Between(left ? "left_day" : "entered_day", "day", filter.from_day, filter.to_day) +
         (filter.whole ? " and whole = 1" : "") + (filter.first ? " and n = 1" : "") +
         (filter.open ? " and left_day is null" : "") +
         " and pass >= :pass_min and (:days_min = 0 or left_day - entered_day >= :days_min)";
}

void BindRows(Query& query, const FlowFilter& filter) {
  BindPlaces(query, filter);
  BindStates(query, filter);
  BindBetween(query, "day", filter.from_day, filter.to_day);
  query.In("pass_min", filter.pass_min).In("days_min", filter.days_min);
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
                  Places(filter) + States(filter) +
                  Between("day", "day", filter.from_day, filter.to_day) +
                  " group by state, day order by state, day");
  BindPlaces(query, filter);
  BindStates(query, filter);
  BindBetween(query, "day", filter.from_day, filter.to_day);
  query.Out(flow.state).Out(flow.day).Out(flow.arrived).Out(flow.entered).Out(flow.gone);
  query.Out(flow.still);
  return query.All(flow);
}

std::vector<StayCount> StayCounts(Session& session, const FlowFilter& asked) {
  const FlowFilter filter = WholeMonths(asked);
  StayCount count;
  Query query(session,
              "select state, next, days, pass, sum(total), sum(side_holder),"
              " sum(side_lead), sum(side_reviewer), sum(side_office), sum(side_nobody)"
              " from stay_count where days >= :days_min and pass >= :pass_min" +
                  Places(filter) + States(filter) +
                  Between("month", "month", filter.from_day, filter.to_day) +
                  " group by state, days, next, pass order by state, days, next, pass");
  query.In("days_min", filter.days_min).In("pass_min", filter.pass_min);
  BindPlaces(query, filter);
  BindStates(query, filter);
  BindBetween(query, "month", filter.from_day, filter.to_day);
  query.Out(count.state).Out(count.next).Out(count.days).Out(count.pass).Out(count.total);
  for (auto& side : count.sides) query.Out(side);
  return query.All(count);
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

std::vector<ReachCount> Reached(Session& session, const FlowFilter& asked) {
  const FlowFilter filter = WholeMonths(asked);
  ReachCount count;
  Query query(session,
              "select call, collection, administration, phase, outcome, sum(total)"
              " from reach_count where 1 = 1" +
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
