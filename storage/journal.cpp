#include "storage/journal.h"

#include "storage/hash.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kJournal =
    "select project, seq, act, action, role, at, states, definition, digest, previous, hash,"
    " erased, person, on_behalf_of, body, salt from journal where project = :project ";

Query& Out(Query& query, JournalRow& r) {
  return query.Out(r.project)
      .Out(r.seq)
      .Out(r.act)
      .Out(r.action)
      .Out(r.role)
      .Out(r.at)
      .Out(r.states)
      .Out(r.definition)
      .Out(r.digest)
      .Out(r.previous)
      .Out(r.hash)
      .Out(r.erased)
      .Out(r.person)
      .Out(r.on_behalf_of)
      .Out(r.body)
      .Out(r.salt);
}

// Each part with its length before it, so that no two rows read as the same bytes.
std::string Joined(std::initializer_list<std::string> parts) {
  std::string bytes;
  for (const std::string& part : parts) bytes += std::to_string(part.size()) + ":" + part + ",";
  return bytes;
}

std::string Digest(const JournalRow& r, const std::string& body) {
  return Sha256(Joined({r.salt, std::to_string(r.person), std::to_string(r.on_behalf_of), body}));
}

std::string Hash(const JournalRow& r) {
  return Sha256(Joined({r.previous, std::to_string(r.project), std::to_string(r.seq), r.act,
                        r.action, r.role, std::to_string(r.at), r.states, r.definition, r.digest}));
}

void Write(Session& session, const JournalRow& r, const std::string& body) {
  Query query(session,
              "insert into journal (project, seq, act, action, role, at, states, definition,"
              " digest, previous, hash, erased, person, on_behalf_of, body, salt)"
              " values (:project, :seq, :act, :action, :role, :at, :states, :definition, :digest,"
              " :previous, :hash, 0, :person, :on_behalf_of, :body, :salt)");
  query.In("project", r.project).In("seq", r.seq).In("act", r.act).In("action", r.action);
  query.In("role", r.role).In("at", r.at).In("states", r.states).In("definition", r.definition);
  query.In("digest", r.digest).In("previous", r.previous).In("hash", r.hash);
  query.Ref("person", r.person).Ref("on_behalf_of", r.on_behalf_of);
  query.In("body", body).In("salt", r.salt).Run();
}

std::string WrongWith(const JournalRow& row, std::int64_t seq, const std::string& previous) {
  if (row.seq != seq) return "expected row " + std::to_string(seq);
  if (row.previous != previous) return "it does not follow the row before it";
  if (row.hash != Hash(row)) return "a clear column was changed";
  if (!row.erased && row.digest != Digest(row, JsonText(row.body)))
    return "its body, person or salt was changed";
  return "";
}

}  // namespace

JournalRow AppendJournal(Session& session, JournalRow row) {
  std::int64_t last = 0;
  std::string head;
  Query query(session,
              "select seq, hash from journal where project = :project order by seq desc limit 1");
  query.In("project", row.project).Out(last).Out(head).One();
  row.seq = last + 1;
  row.previous = head;
  row.salt = session.Random(16);
  const std::string body = JsonText(row.body);  // once: it is long
  row.digest = Digest(row, body);
  row.hash = Hash(row);
  Write(session, row, body);
  return row;
}

std::vector<JournalRow> JournalOf(Session& session, std::int64_t project) {
  JournalRow row;
  Query query(session, kJournal + "order by seq");
  query.In("project", project);
  return Out(query, row).All(row);
}

std::optional<JournalRow> LastJournal(Session& session, std::int64_t project) {
  JournalRow row;
  Query query(session, kJournal + "order by seq desc limit 1");
  query.In("project", project);
  return Out(query, row).One() ? std::optional(row) : std::nullopt;
}

std::optional<JournalRow> FindJournal(Session& session, std::int64_t project, std::int64_t seq) {
  JournalRow row;
  Query query(session, kJournal + "and seq = :seq");
  query.In("project", project).In("seq", seq);
  return Out(query, row).One() ? std::optional(row) : std::nullopt;
}

std::string VerifyChain(const std::vector<JournalRow>& rows) {
  std::int64_t seq = 1;
  std::string previous;
  for (const JournalRow& row : rows) {
    std::string wrong = WrongWith(row, seq, previous);
    if (!wrong.empty()) {
      return "project " + std::to_string(row.project) + ", row " + std::to_string(row.seq) + ": " +
             wrong;
    }
    previous = row.hash;
    ++seq;
  }
  return "";
}

void EachProjectAt(Session& session, std::int64_t at,
                   const std::function<void(const PastRow&)>& row) {
  PastRow past;
  Query(session,
        "select p.call, coalesce(p.collection, ''), j.states, j.definition,"
        " case when n.seq is null then 0 else 1 end, n.body"
        " from (select project, max(seq) as seq from journal where at <= :at group by project) last"
        " join journal j on j.project = last.project and j.seq = last.seq"
        " join project p on p.id = last.project"
        " left join journal n on n.project = last.project and n.seq = last.seq + 1"
        " order by last.project")
      .In("at", at)
      .Out(past.call)
      .Out(past.collection)
      .Out(past.states)
      .Out(past.definition)
      .Out(past.moved)
      .Out(past.next_body)
      .Each([&] { row(past); });
}

std::int64_t CountJournal(Session& session) {
  std::int64_t count = 0;
  Query query(session, "select count(*) from journal");
  query.Out(count).One();
  return count;
}

std::optional<ActKey> FindActKey(Session& session, const std::string& key) {
  ActKey found;
  Query query(session, "select key, digest, answer from act_key where key = :key");
  query.In("key", key).Out(found.key).Out(found.digest).Out(found.answer);
  return query.One() ? std::optional(found) : std::nullopt;
}

void InsertActKey(Session& session, const ActKey& key, std::int64_t at) {
  std::string project = key.answer.is_object() ? key.answer.value("project", "") : "";
  Query query(session,
              "insert into act_key (key, digest, answer, project, at)"
              " values (:key, :digest, :answer, :project, :at)");
  query.In("key", key.key).In("digest", key.digest).In("answer", key.answer);
  query.In("project", project).In("at", at).Run();
}

}  // namespace aiguillage::storage
