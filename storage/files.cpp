// File rows, declared in storage/documents.h.
#include "storage/documents.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kFile =
    "select id, project, hash, name, type, size, source, field, scan, person, at from file ";

Query& Out(Query& query, File& f) {
  return query.Out(f.id)
      .Out(f.project)
      .Out(f.hash)
      .Out(f.name)
      .Out(f.type)
      .Out(f.size)
      .Out(f.source)
      .Out(f.field)
      .Out(f.scan)
      .Out(f.person)
      .Out(f.at);
}

}  // namespace

std::int64_t InsertFile(Session& session, const File& f) {
  std::int64_t id = 0;
  Query query(session,
              "insert into file (project, hash, name, type, size, source, field, scan, person, at)"
              " values (:project, :hash, :name, :type, :size, :source, :field, :scan, :person, :at)"
              " returning id");
  query.In("project", f.project).In("hash", f.hash).In("name", f.name).In("type", f.type);
  query.In("size", f.size).In("source", f.source).In("field", f.field).In("scan", f.scan);
  query.Ref("person", f.person).In("at", f.at).Out(id).One();
  return id;
}

std::optional<File> FindFile(Session& session, std::int64_t id) {
  File file;
  Query query(session, kFile + "where id = :id");
  query.In("id", id);
  return Out(query, file).One() ? std::optional(file) : std::nullopt;
}

std::vector<File> FilesOf(Session& session, std::int64_t project) {
  File file;
  Query query(session, kFile + "where project = :project order by id");
  query.In("project", project);
  return Out(query, file).All(file);
}

std::vector<File> AllFiles(Session& session) {
  File file;
  Query query(session, kFile + "order by id");
  return Out(query, file).All(file);
}

}  // namespace aiguillage::storage
