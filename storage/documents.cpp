#include "storage/documents.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kDocument =
    "select id, project, form, version, person, act, at, answers, taken_back from document"
    " where project = :project ";

Query& Out(Query& query, Document& d) {
  return query.Out(d.id)
      .Out(d.project)
      .Out(d.form)
      .Out(d.version)
      .Out(d.person)
      .Out(d.act)
      .Out(d.at)
      .Out(d.answers)
      .Out(d.taken_back);
}

}  // namespace

Document InsertDocument(Session& session, Document d) {
  Query query(session,
              "insert into document (project, form, version, person, act, at, answers, taken_back)"
              " values (:project, :form, (select coalesce(max(version), 0) + 1 from document"
              " where project = :of_project and form = :of_form), :person, :act, :at, :answers,"
              " :taken_back) returning id, version");
  query.In("project", d.project).In("form", d.form);
  query.In("of_project", d.project).In("of_form", d.form);
  query.Ref("person", d.person).In("act", d.act).In("at", d.at).In("answers", d.answers);
  query.In("taken_back", d.taken_back).Out(d.id).Out(d.version).One();
  return d;
}

std::vector<Document> DocumentsOf(Session& session, std::int64_t project) {
  Document document;
  Query query(session, kDocument + "order by id");
  query.In("project", project);
  return Out(query, document).All(document);
}

std::optional<Document> LatestDocument(Session& session, std::int64_t project,
                                       const std::string& form) {
  Document document;
  Query query(session,
              kDocument + "and form = :form and taken_back = 0 order by version desc limit 1");
  query.In("project", project).In("form", form);
  return Out(query, document).One() ? std::optional(document) : std::nullopt;
}

std::optional<Document> FindDocument(Session& session, std::int64_t project,
                                     const std::string& form, int version) {
  Document document;
  Query query(session, kDocument + "and form = :form and version = :version");
  query.In("project", project).In("form", form).In("version", version);
  return Out(query, document).One() ? std::optional(document) : std::nullopt;
}

std::vector<Document> DocumentsInCollection(Session& session, const std::string& form,
                                            const std::string& collection, std::int64_t but,
                                            int limit) {
  Document document;
  Query query(session,
              "select d.id, d.project, d.form, d.version, d.person, d.act, d.at, d.answers,"
              " d.taken_back from project p join document d on d.project = p.id"
              " where p.collection = :collection and p.id <> :but and d.form = :form"
              " and d.taken_back = 0 order by d.id desc limit :limit");
  query.In("collection", collection).In("but", but).In("form", form).In("limit", limit);
  return Out(query, document).All(document);
}

void MarkDocumentsTakenBack(Session& session, const std::string& act) {
  Query query(session, "update document set taken_back = 1 where act = :act");
  query.In("act", act).Run();
}

}  // namespace aiguillage::storage
