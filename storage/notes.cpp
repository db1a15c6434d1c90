// Cursors, settings and incidents, declared in storage/dossiers.h.
#include "storage/dossiers.h"
#include "storage/of_calls.h"
#include "storage/session.h"

namespace aiguillage::storage {

std::string FindCursor(Session& session, std::int64_t demarche, const std::string& kind) {
  std::string value;
  Query query(session, "select value from ds_cursor where demarche = :demarche and kind = :kind");
  query.In("demarche", demarche).In("kind", kind).Out(value).One();
  return value;
}

void SaveCursor(Session& session, std::int64_t demarche, const std::string& kind,
                const std::string& cursor) {
  Query query(session,
              "insert into ds_cursor (demarche, kind, value) values (:demarche, :kind, :value)"
              " on conflict (demarche, kind) do update set value = excluded.value");
  query.In("demarche", demarche).In("kind", kind).In("value", cursor).Run();
}

std::optional<std::string> FindSetting(Session& session, const std::string& name) {
  std::string value;
  Query query(session, "select value from setting where name = :name");
  query.In("name", name).Out(value);
  return query.One() ? std::optional(value) : std::nullopt;
}

void SaveSetting(Session& session, const std::string& name, const std::string& value) {
  Query query(session,
              "insert into setting (name, value) values (:name, :value)"
              " on conflict (name) do update set value = excluded.value");
  query.In("name", name).In("value", value).Run();
}

namespace {

std::int64_t InstantSetting(Session& session, const std::string& name) {
  const auto value = FindSetting(session, name);
  return value && !value->empty() ? std::stoll(*value) : 0;
}

}  // namespace

ExchangeStanding FindExchangeStanding(Session& session, std::int64_t demarche) {
  const std::string of = "." + std::to_string(demarche);
  return {InstantSetting(session, "ds.polled_at" + of),
          InstantSetting(session, "ds.failing_since" + of),
          FindSetting(session, "ds.trouble" + of).value_or("")};
}

void SaveExchangeStanding(Session& session, std::int64_t demarche,
                          const ExchangeStanding& standing) {
  const std::string of = "." + std::to_string(demarche);
  SaveSetting(session, "ds.polled_at" + of, std::to_string(standing.read_at));
  SaveSetting(session, "ds.failing_since" + of, std::to_string(standing.failing_since));
  SaveSetting(session, "ds.trouble" + of, standing.trouble);
}

bool TakeLease(Session& session, const std::string& name, const std::string& holder,
               std::int64_t now, std::int64_t until_at) {
  Query query(session,
              "insert into lease (name, holder, until_at) values (:name, :holder, :until)"
              " on conflict (name) do update set holder = excluded.holder,"
              " until_at = excluded.until_at"
              " where lease.holder = excluded.holder or lease.until_at <= :now");
  query.In("name", name).In("holder", holder).In("until", until_at).In("now", now);
  return query.Run() == 1;
}

void EndLease(Session& session, const std::string& name, const std::string& holder) {
  Query query(session, "delete from lease where name = :name and holder = :holder");
  query.In("name", name).In("holder", holder).Run();
}

bool IsLeased(Session& session, const std::string& name, std::int64_t now) {
  std::int64_t one = 0;
  Query query(session, "select 1 from lease where name = :name and until_at > :now");
  query.In("name", name).In("now", now).Out(one);
  return query.One();
}

std::int64_t InsertIncident(Session& session, const Incident& incident) {
  std::int64_t id = 0;
  Query open(session,
             "select id from incident where coalesce(project, 0) = :project and kind = :kind"
             " and closed_at = 0");
  open.In("project", incident.project).In("kind", incident.kind).Out(id);
  if (open.One()) return id;
  Query query(session,
              "insert into incident (project, kind, sentence, at, closed_at)"
              " values (:project, :kind, :sentence, :at, :closed_at) returning id");
  query.Ref("project", incident.project).In("kind", incident.kind);
  query.In("sentence", incident.sentence).In("at", incident.at);
  query.In("closed_at", incident.closed_at).Out(id).One();
  return id;
}

void TellIncident(Session& session, const Incident& incident, const std::string& about) {
  constexpr std::size_t kSentenceMax = 4000;
  const auto open = FindIncident(session, InsertIncident(session, incident));
  const std::string& known = open->sentence;
  if (known.find(about) != std::string::npos || known.size() > kSentenceMax) return;
  Query query(session, "update incident set sentence = :sentence where id = :id");
  query.In("sentence", known + " " + incident.sentence).In("id", open->id).Run();
}

namespace {

const std::string kIncident =
    "select id, project, kind, sentence, at, closed_at, closed_by, choice, reason from incident ";

Query& Out(Query& query, Incident& i) {
  query.Out(i.id).Out(i.project).Out(i.kind).Out(i.sentence).Out(i.at).Out(i.closed_at);
  return query.Out(i.closed_by).Out(i.choice).Out(i.reason);
}

std::string Where(const IncidentFilter& filter) {
  std::string sql = filter.closed ? "where closed_at > 0" : "where closed_at = 0";
  if (!filter.kind.empty()) sql += " and kind = :kind";
  if (filter.project != 0) sql += " and project = :project";
  sql += OfCalls("project", filter.calls);
  return sql;
}

void Bind(Query& query, const IncidentFilter& filter) {
  if (!filter.kind.empty()) query.In("kind", filter.kind);
  if (filter.project != 0) query.In("project", filter.project);
  BindCalls(query, filter.calls);
}

}  // namespace

std::vector<Incident> OpenIncidents(Session& session) {
  Incident incident;
  Query query(session, kIncident + "where closed_at = 0 order by at, id");
  return Out(query, incident).All(incident);
}

std::vector<Incident> ListIncidents(Session& session, const IncidentFilter& filter) {
  Incident incident;
  Query query(session,
              kIncident + Where(filter) + " order by at desc, id desc limit :limit offset :offset");
  Bind(query, filter);
  query.In("limit", filter.limit).In("offset", filter.offset);
  return Out(query, incident).All(incident);
}

std::int64_t CountIncidents(Session& session, const IncidentFilter& filter) {
  std::int64_t count = 0;
  Query query(session, "select count(*) from incident " + Where(filter));
  Bind(query, filter);
  query.Out(count).One();
  return count;
}

std::optional<Incident> FindIncident(Session& session, std::int64_t id) {
  Incident incident;
  Query query(session, kIncident + "where id = :id");
  query.In("id", id);
  return Out(query, incident).One() ? std::optional(incident) : std::nullopt;
}

bool CloseIncident(Session& session, const Incident& i) {
  Query query(session,
              "update incident set closed_at = :at, closed_by = :by, choice = :choice,"
              " reason = :reason where id = :id and closed_at = 0");
  query.In("at", i.closed_at).Ref("by", i.closed_by).In("choice", i.choice);
  return query.In("reason", i.reason).In("id", i.id).Run() == 1;
}

}  // namespace aiguillage::storage
