#include "storage/call_subscribers.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kSubscriber =
    "select id, call, address, asked_at, confirmed_at from call_subscriber ";

Query& Out(Query& query, CallSubscriber& one) {
  return query.Out(one.id).Out(one.call).Out(one.address).Out(one.asked_at).Out(one.confirmed_at);
}

}  // namespace

std::int64_t AskSubscription(Session& session, const std::string& call, const std::string& address,
                             const std::string& token_hash, std::int64_t now) {
  std::int64_t id = 0;
  Query query(session,
              "insert into call_subscriber (call, address, token_hash, asked_at, confirmed_at)"
              " values (:call, :address, :token_hash, :now, 0) on conflict (call, address)"
              " do update set token_hash = excluded.token_hash, asked_at = excluded.asked_at"
              " where call_subscriber.confirmed_at = 0 returning id");
  query.In("call", call).In("address", address).In("token_hash", token_hash).In("now", now);
  return query.Out(id).One() ? id : 0;
}

std::optional<CallSubscriber> FindSubscriber(Session& session, std::int64_t id) {
  CallSubscriber one;
  Query query(session, kSubscriber + "where id = :id");
  query.In("id", id);
  return Out(query, one).One() ? std::optional(one) : std::nullopt;
}

std::optional<CallSubscriber> FindSubscription(Session& session, const std::string& token_hash) {
  CallSubscriber one;
  Query query(session, kSubscriber + "where token_hash = :token_hash");
  query.In("token_hash", token_hash);
  return Out(query, one).One() ? std::optional(one) : std::nullopt;
}

void ConfirmSubscription(Session& session, std::int64_t id, std::int64_t now) {
  Query query(session,
              "update call_subscriber set confirmed_at = :now where id = :id and confirmed_at = 0");
  query.In("now", now).In("id", id).Run();
}

void EndSubscription(Session& session, std::int64_t id) {
  // What was mailed stays told, to nobody in particular.
  Query mails(session,
              "update outbox set address = '' where person is null and project is null"
              " and address = (select address from call_subscriber where id = :id)");
  mails.In("id", id).Run();
  Query query(session, "delete from call_subscriber where id = :id");
  query.In("id", id).Run();
}

void ForgetUnconfirmed(Session& session, std::int64_t before) {
  Query query(session, "delete from call_subscriber where confirmed_at = 0 and asked_at < :before");
  query.In("before", before).Run();
}

std::vector<CallSubscriber> SubscribersOf(Session& session, const std::string& call) {
  CallSubscriber one;
  Query query(session, kSubscriber + "where call = :call and confirmed_at > 0 order by id");
  query.In("call", call);
  return Out(query, one).All(one);
}

}  // namespace aiguillage::storage
