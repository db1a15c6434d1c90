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

void MarkDocumentsTakenBack(Session& session, const std::string& act) {
  Query query(session, "update document set taken_back = 1 where act = :act");
  query.In("act", act).Run();
}

void SaveDraft(Session& session, const Draft& draft) {
  Query query(session,
              "insert into draft (project, form, person, at, answers)"
              " values (:project, :form, :person, :at, :answers)"
              " on conflict (project, form, person)"
              " do update set at = excluded.at, answers = excluded.answers");
  query.In("project", draft.project).In("form", draft.form).In("person", draft.person);
  query.In("at", draft.at).In("answers", draft.answers).Run();
}

std::optional<Draft> FindDraft(Session& session, std::int64_t project, const std::string& form,
                               std::int64_t person) {
  Draft d;
  Query query(session,
              "select project, form, person, at, answers from draft"
              " where project = :project and form = :form and person = :person");
  query.In("project", project).In("form", form).In("person", person);
  query.Out(d.project).Out(d.form).Out(d.person).Out(d.at).Out(d.answers);
  return query.One() ? std::optional(d) : std::nullopt;
}

void DeleteDraft(Session& session, std::int64_t project, const std::string& form,
                 std::int64_t person) {
  Query query(session,
              "delete from draft where project = :project and form = :form and person = :person");
  query.In("project", project).In("form", form).In("person", person).Run();
}

}  // namespace aiguillage::storage
