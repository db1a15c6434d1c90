#include "storage/api_keys.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

constexpr char kOpenKeys[] =
    "select id, person, label, token_hash, made_at, used_at from api_key where ended_at = 0";

Query& OutKey(Query& query, ApiKey& key) {
  return query.Out(key.id)
      .Out(key.person)
      .Out(key.label)
      .Out(key.token_hash)
      .Out(key.made_at)
      .Out(key.used_at);
}

}  // namespace

std::int64_t InsertApiKey(Session& session, const ApiKey& key) {
  std::int64_t id = 0;
  Query query(session,
              "insert into api_key (person, label, token_hash, made_at)"
              " values (:person, :label, :token_hash, :made_at) returning id");
  query.In("person", key.person).In("label", key.label);
  query.In("token_hash", key.token_hash).In("made_at", key.made_at).Out(id).One();
  return id;
}

std::optional<ApiKey> FindApiKey(Session& session, const std::string& token_hash) {
  ApiKey key;
  Query query(session, std::string(kOpenKeys) + " and token_hash = :token_hash");
  query.In("token_hash", token_hash);
  return OutKey(query, key).One() ? std::optional(key) : std::nullopt;
}

std::vector<ApiKey> ApiKeysOf(Session& session, std::int64_t person) {
  ApiKey key;
  Query query(session, std::string(kOpenKeys) + " and person = :person order by id");
  query.In("person", person);
  return OutKey(query, key).All(key);
}

void TouchApiKey(Session& session, const std::string& token_hash, std::int64_t now) {
  Query query(session,
              "update api_key set used_at = :at where token_hash = :token_hash and used_at < :now");
  query.In("at", now).In("token_hash", token_hash).In("now", now).Run();
}

bool EndApiKey(Session& session, std::int64_t id, std::int64_t person, std::int64_t now) {
  std::int64_t ended = 0;
  Query query(session,
              "update api_key set ended_at = :now"
              " where id = :id and person = :person and ended_at = 0 returning id");
  query.In("now", now).In("id", id).In("person", person).Out(ended);
  return query.One();
}

}  // namespace aiguillage::storage
