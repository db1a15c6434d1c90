#include "storage/outbox.h"

#include <set>

#include "storage/of_calls.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

std::string Select(const std::string& payload) {
  return "select o.id, o.kind, o.key, o.project, o.act, o.topic, o.person, o.address, o.copy, " +
         payload +
         ", o.status, o.detail, o.attempts, o.created_at, o.not_before, o.lease_until, o.done_at,"
         " o.pace, coalesce(o.lead, 0) from outbox o ";
}
const std::string kOutbox = Select("o.payload");
const std::string kOutboxList = Select("''");

Query& Out(Query& query, OutboxRow& r) {
  return query.Out(r.id)
      .Out(r.kind)
      .Out(r.key)
      .Out(r.project)
      .Out(r.act)
      .Out(r.topic)
      .Out(r.person)
      .Out(r.address)
      .Out(r.copy)
      .Out(r.payload)
      .Out(r.status)
      .Out(r.detail)
      .Out(r.attempts)
      .Out(r.created_at)
      .Out(r.not_before)
      .Out(r.lease_until)
      .Out(r.done_at)
      .Out(r.pace)
      .Out(r.lead);
}

Query& In(Query& query, const OutboxRow& r) {
  return query.In("kind", r.kind)
      .In("key", r.key)
      .Ref("project", r.project)
      .In("act", r.act)
      .In("topic", r.topic)
      .Ref("person", r.person)
      .In("address", r.address)
      .In("copy", r.copy)
      .In("payload", r.payload)
      .In("status", r.status)
      .In("detail", r.detail)
      .In("attempts", r.attempts)
      .In("created_at", r.created_at)
      .In("not_before", r.not_before)
      .In("lease_until", r.lease_until)
      .In("done_at", r.done_at)
      .In("pace", r.pace)
      .Ref("lead", r.lead);
}

// DS hears of one dossier in order: a row waits while an older one of its project is not done, and
// while somebody must settle what DS says otherwise.
const std::string kInOrder =
    " and (o.kind <> 'ds' or (not exists (select 1 from outbox e where e.project = o.project"
    " and e.id < o.id and e.kind = o.kind and e.status in ('pending', 'sending'))"
    " and not exists (select 1 from ds_conflict c where c.project = o.project"
    " and c.closed_at = 0)))";

// Each status has its index; `since` is the instant after which a row of it may be taken.
std::vector<OutboxRow> Due(Session& session, const std::string& status, const std::string& since,
                           const std::string& kind, std::int64_t now, std::size_t limit) {
  OutboxRow row;
  Query query(session, kOutbox + "where o.status = '" + status + "' and o.kind = :kind and o." +
                           since + " <= :now" + kInOrder + " order by o." + since +
                           ", o.id limit :limit");
  query.In("kind", kind).In("now", now).In("limit", limit);
  return Out(query, row).All(row);
}

void Take(Session& session, OutboxRow& row, std::int64_t lease_until) {
  row.retaken = row.status == "sending";
  row.status = "sending";
  row.lease_until = lease_until;
  ++row.attempts;
  Query query(session,
              "update outbox set status = 'sending', lease_until = :until, attempts = :attempts"
              " where id = :id");
  query.In("until", lease_until).In("attempts", row.attempts).In("id", row.id).Run();
}

constexpr int kCarriedMax = 100;  // more make a second mail

// Those of its person that are due go in the same mail, from now on.
void TakeAlong(Session& session, const OutboxRow& lead, std::int64_t now) {
  Query query(session,
              "update outbox set status = 'sending', lead = :lead, lease_until = :never,"
              " attempts = attempts + 1 where id in (select id from outbox"
              " where person = :person and status = 'pending' and pace <> '' and kind = 'mail'"
              " and attempts = 0"
              " and not_before <= :now and id <> :own order by not_before, id limit :most)");
  query.In("lead", lead.id).In("never", kNever).In("person", lead.person).In("now", now);
  query.In("own", lead.id).In("most", kCarriedMax).Run();
}

// What a person typed, to be found anywhere in a column: % and _ are theirs, not wildcards.
std::string Like(const std::string& text) {
  std::string pattern = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + "%";
}

std::string Where(const OutboxFilter& filter) {
  std::string sql = "where 1 = 1";
  if (!filter.kind.empty()) sql += " and o.kind = :kind";
  if (!filter.status.empty()) sql += " and o.status = :status";
  sql += OfCalls("o.project", filter.calls);
  if (!filter.text.empty()) {
    sql +=
        " and (lower(o.address) like lower(:address) escape '!'"
        " or lower(o.topic) like lower(:topic) escape '!'"
        " or o.project in (select id from project where number like upper(:number) escape '!'))";
  }
  return sql;
}

void Bind(Query& query, const OutboxFilter& filter) {
  if (!filter.kind.empty()) query.In("kind", filter.kind);
  if (!filter.status.empty()) query.In("status", filter.status);
  BindCalls(query, filter.calls);
  if (filter.text.empty()) return;
  std::string like = Like(filter.text);
  query.In("address", like).In("topic", like).In("number", like);
}

}  // namespace

std::int64_t InsertOutbox(Session& session, const OutboxRow& row) {
  std::int64_t id = 0;
  Query query(session,
              "insert into outbox (kind, key, project, act, topic, person, address, copy, payload,"
              " status, detail, attempts, created_at, not_before, lease_until, done_at, pace, lead)"
              " values (:kind, :key, :project, :act, :topic, :person, :address, :copy, :payload,"
              " :status, :detail, :attempts, :created_at, :not_before, :lease_until, :done_at,"
              " :pace, :lead) returning id");
  In(query, row).Out(id).One();
  return id;
}

void UpdateOutbox(Session& session, const OutboxRow& row) {
  Query query(session,
              "update outbox set kind = :kind, key = :key, project = :project, act = :act,"
              " topic = :topic, person = :person, address = :address, copy = :copy,"
              " payload = :payload, status = :status, detail = :detail, attempts = :attempts,"
              " created_at = :created_at, not_before = :not_before, lease_until = :lease_until,"
              " done_at = :done_at, pace = :pace, lead = :lead where id = :id");
  In(query, row).In("id", row.id).Run();
}

void UpdateTry(Session& session, const OutboxRow& row) {
  Query query(session,
              "update outbox set address = :address, payload = :payload, status = :status,"
              " detail = :detail, attempts = :attempts, not_before = :not_before,"
              " lease_until = :lease_until, done_at = :done_at where id = :id");
  query.In("address", row.address).In("payload", row.payload).In("status", row.status);
  query.In("detail", row.detail).In("attempts", row.attempts).In("not_before", row.not_before);
  query.In("lease_until", row.lease_until).In("done_at", row.done_at).In("id", row.id).Run();
}

std::optional<OutboxRow> FindOutbox(Session& session, std::int64_t id) {
  OutboxRow row;
  Query query(session, kOutbox + "where o.id = :id");
  query.In("id", id);
  return Out(query, row).One() ? std::optional(row) : std::nullopt;
}

std::optional<OutboxRow> FindOutboxByKey(Session& session, const std::string& key) {
  OutboxRow row;
  Query query(session, kOutbox + "where o.key = :key");
  query.In("key", key);
  return Out(query, row).One() ? std::optional(row) : std::nullopt;
}

std::vector<OutboxRow> LeaseOutbox(Session& session, const std::string& kind, std::int64_t now,
                                   std::int64_t lease_until, int limit) {
  auto most = static_cast<std::size_t>(limit < 0 ? 0 : limit);
  auto rows = Due(session, "sending", "lease_until", kind, now, most);
  if (rows.size() < most) {
    auto pending = Due(session, "pending", "not_before", kind, now, most - rows.size());
    rows.insert(rows.end(), pending.begin(), pending.end());
  }
  std::vector<OutboxRow> taken;
  std::set<std::int64_t> carried;  // people who have their one mail of this lease
  for (OutboxRow& row : rows) {
    const bool paced = row.status == "pending" && !row.pace.empty() && row.person != 0;
    if (paced && !carried.insert(row.person).second) continue;
    // A first try gathers; a later one carries what it carried then, under the same Message-ID.
    const bool gathers = paced && row.attempts == 0;
    Take(session, row, lease_until);
    if (gathers) TakeAlong(session, row, now);
    taken.push_back(std::move(row));
  }
  return taken;
}

std::vector<OutboxRow> CarriedBy(Session& session, std::int64_t lead) {
  OutboxRow row;
  Query query(session, kOutbox + "where o.lead = :lead order by o.id");
  query.In("lead", lead);
  return Out(query, row).All(row);
}

void ReleaseCarried(Session& session, std::int64_t lead) {
  Query query(session,
              "update outbox set status = 'pending', lead = null, lease_until = 0, attempts = 0"
              " where lead = :lead and status = 'sending'");
  query.In("lead", lead).Run();
}

void EndCarried(Session& session, const OutboxRow& lead) {
  Query query(session,
              "update outbox set status = :status, detail = :detail, done_at = :done_at,"
              " lease_until = 0 where lead = :lead");
  query.In("status", lead.status).In("detail", lead.detail).In("done_at", lead.done_at);
  query.In("lead", lead.id).Run();
}

void WaitAgain(Session& session, const std::string& kind, std::int64_t now,
               const std::string& detail) {
  Query query(session,
              "update outbox set status = 'pending', detail = :detail where status = 'uncertain'"
              " and kind = :kind and done_at = 0 and not_before <= :now");
  query.In("detail", detail).In("kind", kind).In("now", now).Run();
}

std::vector<OutboxRow> UntriedMailsTo(Session& session, std::int64_t person) {
  OutboxRow row;
  Query query(session, kOutbox +
                           "where o.status = 'pending' and o.kind = 'mail' and o.attempts = 0"
                           " and o.person = :person order by o.id");
  query.In("person", person);
  return Out(query, row).All(row);
}

std::optional<OutboxRow> WaitingReminders(Session& session, std::int64_t person) {
  OutboxRow row;
  Query query(session, kOutbox +
                           "where o.status = 'pending' and o.topic = 'deadline_reminders'"
                           " and o.person = :person order by o.id desc limit 1");
  query.In("person", person);
  return Out(query, row).One() ? std::optional(row) : std::nullopt;
}

std::vector<OutboxRow> OutboxOf(Session& session, std::int64_t project, const std::string& kind) {
  OutboxRow row;
  Query query(session, kOutbox + "where o.project = :project" +
                           (kind.empty() ? "" : " and o.kind = :kind") + " order by o.id");
  query.In("project", project);
  if (!kind.empty()) query.In("kind", kind);
  return Out(query, row).All(row);
}

std::vector<OutboxRow> OutboxListOf(Session& session, std::int64_t project) {
  OutboxRow row;
  Query query(session, kOutboxList + "where o.project = :project order by o.id");
  query.In("project", project);
  return Out(query, row).All(row);
}

std::vector<OutboxRow> OutboxOfAct(Session& session, const std::string& act) {
  OutboxRow row;
  Query query(session, kOutbox + "where o.act = :act order by o.id");
  query.In("act", act);
  return Out(query, row).All(row);
}

std::vector<OutboxRow> ListOutbox(Session& session, const OutboxFilter& filter) {
  OutboxRow row;
  Query query(session, kOutbox + Where(filter) + " order by o.id desc limit :limit offset :offset");
  Bind(query, filter);
  query.In("limit", filter.limit).In("offset", filter.offset);
  return Out(query, row).All(row);
}

std::int64_t CountOutbox(Session& session, const OutboxFilter& filter) {
  std::int64_t count = 0;
  Query query(session, "select count(*) from outbox o " + Where(filter));
  Bind(query, filter);
  query.Out(count).One();
  return count;
}

}  // namespace aiguillage::storage
