#include "storage/saved_views.h"

#include "storage/session.h"

namespace aiguillage::storage {

void SaveView(Session& session, const SavedView& view) {
  Query query(session,
              "insert into saved_view (person, name, address, at)"
              " values (:person, :name, :address, :at)"
              " on conflict (person, name) do update set address = excluded.address");
  query.In("person", view.person).In("name", view.name);
  query.In("address", view.address).In("at", view.at).Run();
}

std::vector<SavedView> ViewsOf(Session& session, std::int64_t person) {
  SavedView view;
  Query query(session,
              "select id, person, name, address, at from saved_view where person = :person"
              " order by id");
  query.In("person", person);
  query.Out(view.id).Out(view.person).Out(view.name).Out(view.address).Out(view.at);
  return query.All(view);
}

bool DeleteView(Session& session, std::int64_t id, std::int64_t person) {
  std::int64_t deleted = 0;
  Query query(session, "delete from saved_view where id = :id and person = :person returning id");
  query.In("id", id).In("person", person).Out(deleted);
  return query.One();
}

}  // namespace aiguillage::storage
