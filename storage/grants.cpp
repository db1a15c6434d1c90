// Roles and absences, declared in storage/people.h.
#include "storage/people.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kGrant =
    "select id, person, role, scope, granted_at, ended_at from role_grant where ended_at = 0 and ";
const std::string kDelegation =
    "select id, person, delegate, scope, from_at, until_at from delegation where ";

Query& Out(Query& query, Grant& g) {
  return query.Out(g.id).Out(g.person).Out(g.role).Out(g.scope).Out(g.granted_at).Out(g.ended_at);
}

Query& Out(Query& query, Delegation& d) {
  return query.Out(d.id).Out(d.person).Out(d.delegate).Out(d.scope).Out(d.from_at).Out(d.until_at);
}

std::int64_t RunningGrant(Session& session, const Grant& grant) {
  std::int64_t id = 0;
  Query query(session,
              "select id from role_grant where person = :person and role = :role"
              " and scope = :scope and ended_at = 0");
  query.In("person", grant.person).In("role", grant.role).In("scope", grant.scope);
  return query.Out(id).One() ? id : 0;
}

std::vector<Delegation> Delegations(Session& session, const std::string& column,
                                    std::int64_t person, std::int64_t at) {
  const std::string key =
      "delegations " + column + " " + std::to_string(person) + " " + std::to_string(at);
  return session.memo().Of<std::vector<Delegation>>(key, [&] {
    Delegation delegation;
    Query query(session, kDelegation + column +
                             " = :person and from_at <= :now and until_at > :at order by id");
    query.In("person", person).In("now", at).In("at", at);
    return Out(query, delegation).All(delegation);
  });
}

}  // namespace

std::int64_t InsertGrant(Session& session, const Grant& grant) {
  if (std::int64_t running = RunningGrant(session, grant)) return running;
  std::int64_t id = 0;
  Query query(session,
              "insert into role_grant (person, role, scope, granted_at, ended_at)"
              " values (:person, :role, :scope, :granted_at, :ended_at) returning id");
  query.In("person", grant.person).In("role", grant.role).In("scope", grant.scope);
  query.In("granted_at", grant.granted_at).In("ended_at", grant.ended_at).Out(id).One();
  session.memo().Forget();
  return id;
}

void EndGrant(Session& session, std::int64_t id, std::int64_t at) {
  Query query(session, "update role_grant set ended_at = :at where id = :id and ended_at = 0");
  query.In("at", at).In("id", id).Run();
  session.memo().Forget();
}

std::vector<Grant> GrantsOf(Session& session, std::int64_t person) {
  return session.memo().Of<std::vector<Grant>>("grants " + std::to_string(person), [&] {
    Grant grant;
    Query query(session, kGrant + "person = :person order by id");
    query.In("person", person);
    return Out(query, grant).All(grant);
  });
}

std::vector<Grant> GrantsFor(Session& session, const std::string& role) {
  Grant grant;
  Query query(session, kGrant + "role = :role order by id");
  query.In("role", role);
  return Out(query, grant).All(grant);
}

std::int64_t InsertDelegation(Session& session, const Delegation& d) {
  std::int64_t id = 0;
  Query query(session,
              "insert into delegation (person, delegate, scope, from_at, until_at)"
              " values (:person, :delegate, :scope, :from_at, :until_at) returning id");
  query.In("person", d.person).In("delegate", d.delegate).In("scope", d.scope);
  query.In("from_at", d.from_at).In("until_at", d.until_at).Out(id).One();
  session.memo().Forget();
  return id;
}

std::vector<Delegation> DelegationsTo(Session& session, std::int64_t delegate, std::int64_t at) {
  return Delegations(session, "delegate", delegate, at);
}

std::vector<Delegation> DelegationsOf(Session& session, std::int64_t person, std::int64_t at) {
  return Delegations(session, "person", person, at);
}

std::vector<Delegation> RunningDelegations(Session& session, std::int64_t at) {
  return session.memo().Of<std::vector<Delegation>>("delegations at " + std::to_string(at), [&] {
    Delegation delegation;
    Query query(session, kDelegation + "from_at <= :now and until_at > :at order by id");
    query.In("now", at).In("at", at);
    return Out(query, delegation).All(delegation);
  });
}

std::vector<Delegation> AbsencesOf(Session& session, std::int64_t person, std::int64_t now) {
  Delegation delegation;
  Query query(session, kDelegation + "person = :person and until_at > :now order by from_at, id");
  query.In("person", person).In("now", now);
  return Out(query, delegation).All(delegation);
}

bool EndDelegation(Session& session, std::int64_t id, std::int64_t person, std::int64_t at) {
  Query query(session,
              "update delegation set until_at = :at"
              " where id = :id and person = :person and until_at > :now");
  query.In("at", at).In("id", id).In("person", person).In("now", at);
  const bool ended = query.Run() == 1;
  session.memo().Forget();
  return ended;
}

}  // namespace aiguillage::storage
