#include "storage/calls.h"

#include <algorithm>
#include <set>

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kCall =
    "select id, title, definition, demarche, opens, closes, status, settings from call ";
const std::string kCollection =
    "select c.slug, c.parent, c.label, c.entity, c.orientation, c.position from collection c ";

constexpr char kAllCollections[] = "collections";

Query& Out(Query& query, Call& c) {
  return query.Out(c.id)
      .Out(c.title)
      .Out(c.definition)
      .Out(c.demarche)
      .Out(c.opens)
      .Out(c.closes)
      .Out(c.status)
      .Out(c.settings);
}

Query& Out(Query& query, Collection& c) {
  return query.Out(c.slug)
      .Out(c.parent)
      .Out(c.label)
      .Out(c.entity)
      .Out(c.orientation)
      .Out(c.position);
}

void SaveFile(Session& session, const std::string& hash, const std::string& path,
              const std::string& content) {
  Query query(session,
              "insert into definition_file (definition, path, content)"
              " values (:hash, :path, :content)");
  query.In("hash", hash).In("path", path).In("content", content).Run();
}

}  // namespace

void SaveCall(Session& session, const Call& call) {
  Query query(session,
              "insert into call (id, title, definition, demarche, opens, closes, status, settings)"
              " values (:id, :title, :definition, :demarche, :opens, :closes, :status, :settings)"
              " on conflict (id) do update set title = excluded.title,"
              " definition = excluded.definition, demarche = excluded.demarche,"
              " opens = excluded.opens, closes = excluded.closes, status = excluded.status,"
              " settings = excluded.settings");
  query.In("id", call.id).In("title", call.title).In("definition", call.definition);
  query.In("demarche", call.demarche).In("opens", call.opens).In("closes", call.closes);
  query.In("status", call.status).In("settings", call.settings).Run();
  session.memo().Forget();
}

std::optional<Call> FindCall(Session& session, const std::string& id) {
  return session.memo().Of<std::optional<Call>>("call " + id, [&] {
    Call call;
    Query query(session, kCall + "where id = :id");
    query.In("id", id);
    return Out(query, call).One() ? std::optional(call) : std::nullopt;
  });
}

std::vector<Call> Calls(Session& session) {
  return session.memo().Of<std::vector<Call>>("calls", [&] {
    Call call;
    Query query(session, kCall + "order by opens, id");
    return Out(query, call).All(call);
  });
}

void SaveCollection(Session& session, const Collection& c) {
  Query query(session,
              "insert into collection (slug, parent, label, entity, orientation, position)"
              " values (:slug, :parent, :label, :entity, :orientation, :position)"
              " on conflict (slug) do update set parent = excluded.parent, label = excluded.label,"
              " entity = excluded.entity, orientation = excluded.orientation,"
              " position = excluded.position");
  query.In("slug", c.slug).Ref("parent", c.parent).In("label", c.label).In("entity", c.entity);
  query.In("orientation", c.orientation).In("position", c.position).Run();
  session.memo().Forget();
}

std::optional<Collection> FindCollection(Session& session, const std::string& slug) {
  if (const auto* all = session.memo().Find<std::vector<Collection>>(kAllCollections)) {
    const auto found = std::find_if(all->begin(), all->end(),
                                    [&](const Collection& one) { return one.slug == slug; });
    return found == all->end() ? std::nullopt : std::optional(*found);
  }
  return session.memo().Of<std::optional<Collection>>("collection " + slug, [&] {
    Collection collection;
    Query query(session, kCollection + "where c.slug = :slug");
    query.In("slug", slug);
    return Out(query, collection).One() ? std::optional(collection) : std::nullopt;
  });
}

// A parent sorts by its own position and slug, its children by their parent's, then their own.
std::vector<Collection> Collections(Session& session) {
  return session.memo().Of<std::vector<Collection>>(kAllCollections, [&] {
    Collection collection;
    Query query(session, kCollection +
                             "left join collection p on p.slug = c.parent"
                             " order by coalesce(p.position, c.position), coalesce(p.slug, c.slug),"
                             " c.parent is not null, c.position, c.slug");
    return Out(query, collection).All(collection);
  });
}

void SaveDefinition(Session& session, const Definition& definition) {
  Query query(session,
              "insert into definition (hash, name, taken_at) values (:hash, :name, :at)"
              " on conflict (hash) do nothing");
  query.In("hash", definition.hash).In("name", definition.name).In("at", definition.taken_at);
  if (query.Run() == 0) return;
  session.memo().Forget();
  for (const auto& [path, content] : definition.files) {
    SaveFile(session, definition.hash, path, content);
  }
}

std::vector<Call> CallsByDemarche(Session& session) {
  auto calls = Calls(session);
  std::set<std::int64_t> told;
  std::erase_if(calls, [&](const Call& call) {
    return call.demarche == 0 || !told.insert(call.demarche).second;
  });
  return calls;
}

bool HoldsDefinition(Session& session, const std::string& hash) {
  return session.memo().Of<bool>("definition " + hash, [&] {
    Query query(session, "select 1 from definition where hash = :hash");
    std::int64_t one = 0;
    query.In("hash", hash).Out(one);
    return query.One();
  });
}

std::optional<Definition> FindDefinition(Session& session, const std::string& hash) {
  Definition found;
  Query query(session, "select hash, name, taken_at from definition where hash = :hash");
  query.In("hash", hash).Out(found.hash).Out(found.name).Out(found.taken_at);
  if (!query.One()) return std::nullopt;
  std::string path, content;
  Query files(session,
              "select path, content from definition_file where definition = :hash order by path");
  files.In("hash", hash).Out(path).Out(content);
  files.Each([&] { found.files[path] = content; });
  return found;
}

std::optional<Definition> DefinitionBefore(Session& session, const std::string& name,
                                           const std::string& hash) {
  Definition found;
  Query query(session,
              "select hash, name, taken_at from definition where name = :name and hash <> :hash"
              " order by taken_at desc, hash limit 1");
  query.In("name", name).In("hash", hash).Out(found.hash).Out(found.name).Out(found.taken_at);
  return query.One() ? std::optional(found) : std::nullopt;
}

std::optional<std::string> NewestDefinition(Session& session, const std::string& name) {
  std::string hash;
  Query query(
      session,
      "select hash from definition where name = :name order by taken_at desc, hash limit 1");
  query.In("name", name).Out(hash);
  return query.One() ? std::optional(hash) : std::nullopt;
}

std::vector<std::string> DefinitionHashes(Session& session) {
  std::string hash;
  Query query(session, "select hash from definition order by taken_at desc, hash");
  query.Out(hash);
  return query.All(hash);
}

}  // namespace aiguillage::storage
