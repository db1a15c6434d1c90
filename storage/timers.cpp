#include "storage/timers.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kTimer =
    "select id, project, kind, event, owner, send_id, rule, resume, started_at, due_at, status,"
    " stopped_at, remaining_days, data from timer where ";

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
      .Out(t.data);
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
      .In("data", t.data);
}

// Those of one project in the memo: kept up to date by what is written here.
std::string TimersKey(std::int64_t project) { return "timers " + std::to_string(project); }

}  // namespace

std::int64_t InsertTimer(Session& session, const Timer& timer) {
  std::int64_t id = 0;
  Query query(session,
              "insert into timer (project, kind, event, owner, send_id, rule, resume, started_at,"
              " due_at, status, stopped_at, remaining_days, data)"
              " values (:project, :kind, :event, :owner, :send_id, :rule, :resume, :started_at,"
              " :due_at, :status, :stopped_at, :remaining_days, :data) returning id");
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
              " remaining_days = :remaining_days, data = :data where id = :id");
  In(query, timer).In("id", timer.id).Run();
  if (auto* known = session.memo().Find<std::vector<Timer>>(TimersKey(timer.project))) {
    for (Timer& one : *known) {
      if (one.id == timer.id) one = timer;
    }
  }
}

std::optional<Timer> FindTimer(Session& session, std::int64_t id) {
  Timer timer;
  Query query(session, kTimer + "id = :id");
  query.In("id", id);
  return Out(query, timer).One() ? std::optional(timer) : std::nullopt;
}

std::vector<Timer> TimersOf(Session& session, std::int64_t project) {
  return session.memo().Of<std::vector<Timer>>(TimersKey(project), [&] {
    Timer timer;
    Query query(session, kTimer + "project = :project order by id");
    query.In("project", project);
    return Out(query, timer).All(timer);
  });
}

std::vector<Timer> DueTimers(Session& session, std::int64_t now, int limit) {
  Timer timer;
  Query query(session,
              kTimer + "status = 'waiting' and due_at <= :now order by due_at, id limit :limit");
  query.In("now", now).In("limit", limit);
  return Out(query, timer).All(timer);
}

}  // namespace aiguillage::storage
