// Log-in links and web sessions, declared in storage/people.h.
#include "storage/people.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kSession =
    "select token_hash, person, auth_method, csrf, created_at, seen_at from web_session where ";

Query& Out(Query& query, WebSession& s) {
  return query.Out(s.token_hash)
      .Out(s.person)
      .Out(s.auth_method)
      .Out(s.csrf)
      .Out(s.created_at)
      .Out(s.seen_at);
}

}  // namespace

void InsertLoginLink(Session& session, const LoginLink& link) {
  Query query(session,
              "insert into login_link (token_hash, person, created_at, expires_at, consumed_at,"
              " reusable, next)"
              " values (:hash, :person, :created, :expires, :consumed, :reusable, :next)");
  query.In("hash", link.token_hash).In("person", link.person).In("created", link.created_at);
  query.In("expires", link.expires_at).In("consumed", link.consumed_at);
  query.In("reusable", link.reusable).In("next", link.next).Run();
}

std::optional<LoginLink> FindLoginLink(Session& session, const std::string& token_hash) {
  LoginLink link;
  Query query(session,
              "select token_hash, person, created_at, expires_at, consumed_at, reusable, next"
              " from login_link where token_hash = :hash");
  query.In("hash", token_hash).Out(link.token_hash).Out(link.person).Out(link.created_at);
  query.Out(link.expires_at).Out(link.consumed_at).Out(link.reusable).Out(link.next);
  return query.One() ? std::optional(link) : std::nullopt;
}

bool ConsumeLoginLink(Session& session, const std::string& token_hash, std::int64_t now) {
  Query query(session,
              "update login_link set consumed_at = :now where token_hash = :hash"
              " and expires_at > :at and (reusable = 1 or consumed_at = 0)");
  return query.In("now", now).In("hash", token_hash).In("at", now).Run() == 1;
}

void EndLoginLinks(Session& session, std::int64_t person, std::int64_t now) {
  Query query(session,
              "update login_link set consumed_at = :now where person = :person and consumed_at = 0"
              " and reusable = 0");
  query.In("now", now).In("person", person).Run();
}

std::int64_t LoginLinksSince(Session& session, std::int64_t person, std::int64_t since) {
  std::int64_t count = 0;
  Query query(session,
              "select count(*) from login_link where person = :person and created_at >= :since");
  query.In("person", person).In("since", since).Out(count).One();
  return count;
}

std::int64_t CountRequest(Session& session, const std::string& who, std::int64_t window_ms,
                          std::int64_t now) {
  Query over(session, "delete from request_count where since_at <= :limit");
  over.In("limit", now - window_ms).Run();
  std::int64_t total = 0;
  Query query(session,
              "insert into request_count (who, since_at, total) values (:who, :now, 1)"
              " on conflict (who) do update set total = request_count.total + 1 returning total");
  query.In("who", who).In("now", now).Out(total).One();
  return total;
}

void InsertWebSession(Session& session, const WebSession& s) {
  Query query(session,
              "insert into web_session (token_hash, person, auth_method, csrf, created_at, seen_at)"
              " values (:hash, :person, :method, :csrf, :created, :seen)");
  query.In("hash", s.token_hash).In("person", s.person).In("method", s.auth_method);
  query.In("csrf", s.csrf).In("created", s.created_at).In("seen", s.seen_at).Run();
}

std::optional<WebSession> FindWebSession(Session& session, const std::string& token_hash) {
  WebSession found;
  Query query(session, kSession + "token_hash = :hash");
  query.In("hash", token_hash);
  return Out(query, found).One() ? std::optional(found) : std::nullopt;
}

void TouchWebSession(Session& session, const std::string& token_hash, std::int64_t now) {
  Query query(session,
              "update web_session set seen_at = :now where token_hash = :hash and seen_at < :at");
  query.In("now", now).In("hash", token_hash).In("at", now).Run();
}

void EndWebSession(Session& session, const std::string& token_hash) {
  Query query(session, "delete from web_session where token_hash = :hash");
  query.In("hash", token_hash).Run();
}

void EndWebSessionsOf(Session& session, std::int64_t person) {
  Query query(session, "delete from web_session where person = :person");
  query.In("person", person).Run();
}

std::vector<WebSession> WebSessionsOf(Session& session, std::int64_t person) {
  WebSession found;
  Query query(session, kSession + "person = :person order by created_at, token_hash");
  query.In("person", person);
  return Out(query, found).All(found);
}

}  // namespace aiguillage::storage
