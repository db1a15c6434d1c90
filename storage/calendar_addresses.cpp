#include "storage/calendar_addresses.h"

#include "storage/session.h"

namespace aiguillage::storage {

void SaveCalendarAddress(Session& session, std::int64_t person, const std::string& token_hash,
                         std::int64_t now) {
  Query query(session,
              "insert into calendar_address (person, token_hash, made_at)"
              " values (:person, :token_hash, :made_at) on conflict (person)"
              " do update set token_hash = excluded.token_hash, made_at = excluded.made_at");
  query.In("person", person).In("token_hash", token_hash).In("made_at", now).Run();
}

void EndCalendarAddress(Session& session, std::int64_t person) {
  Query query(session, "delete from calendar_address where person = :person");
  query.In("person", person).Run();
}

std::optional<std::int64_t> CalendarAddressSince(Session& session, std::int64_t person) {
  std::int64_t made_at = 0;
  Query query(session, "select made_at from calendar_address where person = :person");
  query.In("person", person).Out(made_at);
  return query.One() ? std::optional(made_at) : std::nullopt;
}

std::optional<std::int64_t> PersonOfCalendar(Session& session, const std::string& token_hash) {
  std::int64_t person = 0;
  Query query(session, "select person from calendar_address where token_hash = :token_hash");
  query.In("token_hash", token_hash).Out(person);
  return query.One() ? std::optional(person) : std::nullopt;
}

}  // namespace aiguillage::storage
