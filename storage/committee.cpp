#include "storage/committee.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kSitting =
    "select s.id, s.call, s.held_on, s.note, s.person, s.at"
    " from committee_session s ";
const std::string kItem =
    "select session, project, decision, answers, key, person, at, act from committee_item ";

Query& Out(Query& query, CommitteeSession& s) {
  return query.Out(s.id).Out(s.call).Out(s.held_on).Out(s.note).Out(s.person).Out(s.at);
}

Query& Out(Query& query, CommitteeItem& i) {
  query.Out(i.session).Out(i.project).Out(i.decision).Out(i.answers).Out(i.key);
  return query.Out(i.person).Out(i.at).Out(i.act);
}

}  // namespace

std::int64_t InsertCommitteeSession(Session& session, const CommitteeSession& s) {
  std::int64_t id = 0;
  Query query(session,
              "insert into committee_session (call, held_on, note, person, at)"
              " values (:call, :held_on, :note, :person, :at) returning id");
  query.In("call", s.call).In("held_on", s.held_on).In("note", s.note);
  query.In("person", s.person).In("at", s.at).Out(id).One();
  return id;
}

std::optional<CommitteeSession> FindCommitteeSession(Session& session, std::int64_t id) {
  CommitteeSession found;
  Query query(session, kSitting + "where s.id = :id");
  query.In("id", id);
  return Out(query, found).One() ? std::optional(found) : std::nullopt;
}

std::vector<CommitteeSession> CommitteeSessions(Session& session, const std::string& call) {
  CommitteeSession one;
  Query query(session, kSitting + "where s.call = :call order by s.held_on desc, s.id desc");
  query.In("call", call);
  return Out(query, one).All(one);
}

void AddToAgenda(Session& session, std::int64_t sitting, std::int64_t project) {
  Query query(session,
              "insert into committee_item (session, project, decision, answers, key, at, act)"
              " values (:session, :project, '', '{}', '', 0, '')"
              " on conflict (session, project) do nothing");
  query.In("session", sitting).In("project", project).Run();
}

bool TakeOffAgenda(Session& session, std::int64_t sitting, std::int64_t project) {
  Query query(session,
              "delete from committee_item where session = :session and project = :project"
              " and act = ''");
  return query.In("session", sitting).In("project", project).Run() == 1;
}

std::vector<CommitteeItem> CommitteeItems(Session& session, std::int64_t sitting) {
  CommitteeItem item;
  Query query(session, kItem + "where session = :session order by project");
  query.In("session", sitting);
  return Out(query, item).All(item);
}

void HoldDecision(Session& session, const CommitteeItem& item) {
  Query query(session,
              "update committee_item set decision = :decision, answers = :answers, key = :key,"
              " person = :person, at = :at, act = '' where session = :session"
              " and project = :project");
  query.In("decision", item.decision).In("answers", item.answers).In("key", item.key);
  query.Ref("person", item.person).In("at", item.at);
  query.In("session", item.session).In("project", item.project).Run();
}

void ReleaseDecision(Session& session, std::int64_t sitting, std::int64_t project,
                     const std::string& act) {
  Query query(session,
              "update committee_item set act = :act where session = :session"
              " and project = :project");
  query.In("act", act).In("session", sitting).In("project", project).Run();
}

std::optional<CommitteeItem> FindItemOfAct(Session& session, const std::string& act) {
  CommitteeItem item;
  Query query(session, kItem + "where act = :act and act <> ''");
  query.In("act", act);
  return Out(query, item).One() ? std::optional(item) : std::nullopt;
}

std::vector<CommitteeSession> OtherSittings(Session& session, std::int64_t project,
                                            std::int64_t but) {
  CommitteeSession one;
  Query query(session, kSitting +
                           "join committee_item i on i.session = s.id where i.project = :project"
                           " and i.act = '' and s.id <> :but order by s.held_on desc, s.id desc");
  query.In("project", project).In("but", but);
  return Out(query, one).All(one);
}

}  // namespace aiguillage::storage
