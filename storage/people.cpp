#include "storage/people.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kPerson =
    "select p.id, p.email, p.name, p.siret, p.phone, p.active, p.created_at, p.refused from person "
    "p ";
const std::string kPersonById = kPerson + "where p.id = :id";
const std::string kHolders = kPerson +
                             "join role_grant g on g.person = p.id where g.role = :role"
                             " and g.scope = :scope and g.ended_at = 0 and p.active = 1"
                             " order by p.id";

Query& Out(Query& query, Person& p) {
  query.Out(p.id).Out(p.email).Out(p.name).Out(p.siret).Out(p.phone).Out(p.active);
  return query.Out(p.created_at).Out(p.refused);
}

Query& In(Query& query, const Person& p) {
  return query.In("email", p.email)
      .In("name", p.name)
      .In("siret", p.siret)
      .In("phone", p.phone)
      .In("active", p.active)
      .In("created_at", p.created_at);
}

}  // namespace

std::int64_t InsertPerson(Session& session, const Person& person) {
  std::int64_t id = 0;
  Query query(session,
              "insert into person (email, name, siret, phone, active, created_at)"
              " values (:email, :name, :siret, :phone, :active, :created_at) returning id");
  In(query, person).Out(id).One();
  // They hold no role yet: nothing else that was read speaks of them.
  session.memo().Forget("person " + std::to_string(id));
  return id;
}

void UpdatePerson(Session& session, const Person& person) {
  Query query(session,
              "update person set refused = case when email = :same then refused else '' end,"
              " email = :email, name = :name, siret = :siret, phone = :phone,"
              " active = :active, created_at = :created_at where id = :id");
  In(query, person).In("id", person.id).In("same", person.email).Run();
  if (!person.active) {  // nobody else may read them, so nobody could
    Query drafts(session, "delete from draft where person = :person");
    drafts.In("person", person.id).Run();
  }
  session.memo().Forget();
}

void FlagAddress(Session& session, std::int64_t person, const std::string& words) {
  Query query(session, "update person set refused = :words where id = :id and refused <> :known");
  query.In("words", words).In("id", person).In("known", words);
  if (query.Run() > 0) session.memo().Forget();
}

std::optional<Person> FindPerson(Session& session, std::int64_t id) {
  return session.memo().Of<std::optional<Person>>("person " + std::to_string(id), [&] {
    Person person;
    Query query(session, kPersonById);
    query.In("id", id);
    return Out(query, person).One() ? std::optional(person) : std::nullopt;
  });
}

std::optional<Person> FindPersonByEmail(Session& session, const std::string& email) {
  Person person;
  Query query(session, kPerson + "where p.email = :email");
  query.In("email", email);
  return Out(query, person).One() ? std::optional(person) : std::nullopt;
}

std::vector<Person> People(Session& session) {
  Person person;
  Query query(session, kPerson + "order by p.name, p.id");
  return Out(query, person).All(person);
}

std::vector<Person> Holders(Session& session, const std::string& role, const std::string& scope) {
  return session.memo().Of<std::vector<Person>>("holders " + role + "@" + scope, [&] {
    Person person;
    Query query(session, kHolders);
    query.In("role", role).In("scope", scope);
    return Out(query, person).All(person);
  });
}

}  // namespace aiguillage::storage
