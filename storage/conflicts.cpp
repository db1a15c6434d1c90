#include "storage/conflicts.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kConflict =
    "select id, project, outbox, here, there, opened_at, closed_at, closed_by, choice, reason"
    " from ds_conflict where ";

Query& Out(Query& query, DsConflict& c) {
  return query.Out(c.id)
      .Out(c.project)
      .Out(c.outbox)
      .Out(c.here)
      .Out(c.there)
      .Out(c.opened_at)
      .Out(c.closed_at)
      .Out(c.closed_by)
      .Out(c.choice)
      .Out(c.reason);
}

}  // namespace

std::int64_t InsertConflict(Session& session, const DsConflict& c) {
  std::int64_t id = 0;
  Query query(session,
              "insert into ds_conflict (project, outbox, here, there, opened_at, closed_at,"
              " closed_by, choice, reason) values (:project, :outbox, :here, :there, :opened_at,"
              " :closed_at, :closed_by, :choice, :reason) returning id");
  query.In("project", c.project).In("outbox", c.outbox).In("here", c.here).In("there", c.there);
  query.In("opened_at", c.opened_at).In("closed_at", c.closed_at).Ref("closed_by", c.closed_by);
  query.In("choice", c.choice).In("reason", c.reason).Out(id).One();
  return id;
}

void UpdateConflict(Session& session, const DsConflict& c) {
  Query query(session,
              "update ds_conflict set closed_at = :closed_at, closed_by = :closed_by,"
              " choice = :choice, reason = :reason where id = :id");
  query.In("closed_at", c.closed_at).Ref("closed_by", c.closed_by);
  query.In("choice", c.choice).In("reason", c.reason).In("id", c.id).Run();
}

std::optional<DsConflict> OpenConflict(Session& session, std::int64_t project) {
  DsConflict c;
  Query query(session, kConflict + "project = :project and closed_at = 0");
  query.In("project", project);
  return Out(query, c).One() ? std::optional(c) : std::nullopt;
}

std::vector<DsConflict> OpenConflicts(Session& session, int limit) {
  DsConflict c;
  Query query(session, kConflict + "closed_at = 0 order by id limit :limit");
  query.In("limit", limit);
  return Out(query, c).All(c);
}

std::vector<DsConflict> ConflictsOf(Session& session, std::int64_t project) {
  DsConflict c;
  Query query(session, kConflict + "project = :project order by id");
  query.In("project", project);
  return Out(query, c).All(c);
}

}  // namespace aiguillage::storage
