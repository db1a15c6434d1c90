#include "storage/mail_paces.h"

#include "storage/session.h"

namespace aiguillage::storage {

namespace {

std::string KeyOf(std::int64_t person) { return "mail paces " + std::to_string(person); }

}  // namespace

std::map<std::string, std::string> PacesOf(Session& session, std::int64_t person) {
  return session.memo().Of<std::map<std::string, std::string>>(KeyOf(person), [&] {
    std::map<std::string, std::string> paces;
    std::string kind, pace;
    Query query(session, "select kind, pace from mail_pace where person = :person");
    query.In("person", person).Out(kind).Out(pace).Each([&] { paces[kind] = pace; });
    return paces;
  });
}

void SetPace(Session& session, std::int64_t person, const std::string& kind,
             const std::string& pace) {
  Query query(session,
              "insert into mail_pace (person, kind, pace) values (:person, :kind, :pace)"
              " on conflict (person, kind) do update set pace = excluded.pace");
  query.In("person", person).In("kind", kind).In("pace", pace).Run();
  session.memo().Forget(KeyOf(person));
}

}  // namespace aiguillage::storage
