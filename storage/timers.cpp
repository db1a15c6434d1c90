#include "storage/timers.h"

#include "storage/of_calls.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kColumns =
    "t.id, t.project, t.kind, t.event, t.owner, t.send_id, t.rule, t.resume, t.started_at,"
    " t.due_at, t.status, t.stopped_at, t.remaining_days, t.data, t.counts, t.counts_from,"
    " t.extension, t.extended_at, t.rung, t.rung_at";
const std::string kTimer = "select " + kColumns + " from timer t where ";

Query& Out(Query& query, Timer& t) {
  return query.Out(t.id)
      .Out(t.project)
      .Out(t.kind)
      .Out(t.event)
      .Out(t.owner)
      .Out(t.send_id)
      .Out(t.rule)
      .Out(t.resume)
      .Out(t.started_at)
      .OutDue(t.due_at)
      .Out(t.status)
      .Out(t.stopped_at)
      .Out(t.remaining_days)
      .Out(t.data)
      .Out(t.counts)
      .Out(t.counts_from)
      .Out(t.extension)
      .Out(t.extended_at)
      .Out(t.rung)
      .Out(t.rung_at);
}

Query& In(Query& query, const Timer& t) {
  return query.In("project", t.project)
      .In("kind", t.kind)
      .In("event", t.event)
      .In("owner", t.owner)
      .In("send_id", t.send_id)
      .In("rule", t.rule)
      .In("resume", t.resume)
      .In("started_at", t.started_at)
      .Due("due_at", t.due_at)
      .In("status", t.status)
      .In("stopped_at", t.stopped_at)
      .In("remaining_days", t.remaining_days)
      .In("data", t.data)
      .In("counts", t.counts)
      .In("counts_from", t.counts_from)
      .In("extension", t.extension)
      .In("extended_at", t.extended_at)
      .In("rung", t.rung)
      .In("rung_at", t.rung_at);
}

// Those of one project in the memo: kept up to date by what is written here.
std::string TimersKey(std::int64_t project) { return "timers " + std::to_string(project); }

}  // namespace

std::int64_t InsertTimer(Session& session, const Timer& timer) {
  std::int64_t id = 0;
  Query query(session,
              "insert into timer (project, kind, event, owner, send_id, rule, resume, started_at,"
              " due_at, status, stopped_at, remaining_days, data, counts, counts_from, extension,"
              " extended_at, rung, rung_at)"
              " values (:project, :kind, :event, :owner, :send_id, :rule, :resume, :started_at,"
              " :due_at, :status, :stopped_at, :remaining_days, :data, :counts, :counts_from,"
              " :extension, :extended_at, :rung, :rung_at) returning id");
  In(query, timer).Out(id).One();
  if (auto* known = session.memo().Find<std::vector<Timer>>(TimersKey(timer.project))) {
    known->push_back(timer);
    known->back().id = id;
  }
  return id;
}

void UpdateTimer(Session& session, const Timer& timer) {
  Query query(session,
              "update timer set project = :project, kind = :kind, event = :event, owner = :owner,"
              " send_id = :send_id, rule = :rule, resume = :resume, started_at = :started_at,"
              " due_at = :due_at, status = :status, stopped_at = :stopped_at,"
              " remaining_days = :remaining_days, data = :data, counts = :counts,"
              " counts_from = :counts_from, extension = :extension, extended_at = :extended_at,"
              " rung = :rung, rung_at = :rung_at where id = :id");
  In(query, timer).In("id", timer.id).Run();
  if (auto* known = session.memo().Find<std::vector<Timer>>(TimersKey(timer.project))) {
    for (Timer& one : *known) {
      if (one.id == timer.id) one = timer;
    }
  }
}

std::optional<Timer> FindTimer(Session& session, std::int64_t id) {
  Timer timer;
  Query query(session, kTimer + "t.id = :id");
  query.In("id", id);
  return Out(query, timer).One() ? std::optional(timer) : std::nullopt;
}

std::vector<Timer> TimersOf(Session& session, std::int64_t project) {
  return session.memo().Of<std::vector<Timer>>(TimersKey(project), [&] {
    Timer timer;
    Query query(session, kTimer + "t.project = :project order by t.id");
    query.In("project", project);
    return Out(query, timer).All(timer);
  });
}

std::vector<Timer> DueTimers(Session& session, std::int64_t now, int limit) {
  Timer timer;
  Query query(
      session,
      kTimer + "t.status = 'waiting' and t.due_at <= :now order by t.due_at, t.id limit :limit");
  query.In("now", now).In("limit", limit);
  return Out(query, timer).All(timer);
}

std::vector<Timer> DueRungs(Session& session, std::int64_t now, int limit) {
  Timer timer;
  Query query(session, kTimer +
                           "t.rung_at > 0 and t.rung_at <= :now"
                           " order by t.rung_at, t.id limit :limit");
  query.In("now", now).In("limit", limit);
  return Out(query, timer).All(timer);
}

std::vector<DeadlineLine> DeadlinesBetween(Session& session, std::int64_t from, std::int64_t until,
                                           const std::optional<std::vector<std::string>>& calls,
                                           int limit) {
  DeadlineLine line;
  // « cross »: SQLite keeps the order, timers by their day first; by their calls it would read all.
  Query query(session, "select " + kColumns +
                           ", p.number, p.title, p.call, p.states, p.definition from timer t"
                           " cross join project p where p.id = t.project and t.status = 'waiting'"
                           " and t.due_at > :from and t.due_at <= :until and t.kind = 'deadline'" +
                           AmongCalls("p.call", calls) + " order by t.due_at, t.id limit :limit");
  query.In("from", from).In("until", until).In("limit", limit);
  BindCalls(query, calls);
  Out(query, line.timer)
      .Out(line.number)
      .Out(line.title)
      .Out(line.call)
      .Out(line.states)
      .Out(line.definition);
  return query.All(line);
}

}  // namespace aiguillage::storage
