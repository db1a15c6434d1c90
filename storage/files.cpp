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

bool IsInfected(const File& file) {
  return file.scan.starts_with(kScanInfected) || file.scan == "INFECTED";
}

bool IsHeld(const File& file) { return file.scan == kScanWaiting || IsInfected(file); }

std::vector<File> FilesToScan(Session& session, int limit) {
  File file;
  Query query(session, kFile + "where scan = '" + kScanWaiting + "' order by id limit :limit");
  query.In("limit", limit);
  return Out(query, file).All(file);
}

void SetScan(Session& session, const std::string& hash, const std::string& scan) {
  Query query(session, "update file set scan = :scan where hash = :hash and scan = :waiting");
  query.In("scan", scan).In("hash", hash).In("waiting", kScanWaiting).Run();
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
