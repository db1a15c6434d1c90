#include "storage/messages.h"

#include "storage/session.h"

namespace aiguillage::storage {

std::int64_t InsertMessage(Session& session, const Message& message) {
  std::int64_t id = 0;
  Query query(session,
              "insert into message (project, person, role, kind, body, at, key, on_behalf_of)"
              " values (:project, :person, :role, :kind, :body, :at, :key, :on_behalf_of)"
              " on conflict (key) do nothing returning id");
  query.In("project", message.project).In("person", message.person).In("role", message.role);
  query.In("kind", message.kind).In("body", message.body).In("at", message.at);
  query.In("key", message.key).Ref("on_behalf_of", message.on_behalf_of).Out(id);
  return query.One() ? id : 0;
}

std::vector<Message> MessagesOf(Session& session, std::int64_t project) {
  Message m;
  Query query(session,
              "select id, project, person, role, kind, body, at, key,"
              " coalesce(on_behalf_of, 0) from message"
              " where project = :project order by id");
  query.In("project", project).Out(m.id).Out(m.project).Out(m.person).Out(m.role);
  query.Out(m.kind).Out(m.body).Out(m.at).Out(m.key).Out(m.on_behalf_of);
  return query.All(m);
}

}  // namespace aiguillage::storage
