#include "storage/projects.h"

#include <cstdio>

#include "storage/dialect.h"
#include "storage/project_columns.h"

namespace aiguillage::storage {
namespace {

Query& In(Query& query, const Project& p) {
  return query.In("number", p.number)
      .In("call", p.call)
      .In("definition", p.definition)
      .In("title", p.title)
      .Ref("collection", p.collection)
      .Ref("holder", p.holder)
      .In("administration", p.administration)
      .In("siret", p.siret)
      .Ref("dossier", p.dossier)
      .In("version", p.version)
      .In("states", p.states)
      .In("state", p.state)
      .In("file_holder", p.file_holder)
      .In("since_at", p.since_at)
      .Due("due_at", p.due_at)
      .In("created_at", p.created_at)
      .In("ended_at", p.ended_at)
      .In("publication_on", p.publication_on)
      .In("course_url", p.course_url)
      .In("snapshot", p.snapshot);
}

std::optional<Project> FindBy(Session& session, const std::string& column, const auto& value) {
  Project project;
  Query query(session, "select " + kProjectColumns + ", p.snapshot from project p where p." +
                           column + " = :value");
  query.In("value", value);
  return OutProject(query, project).Out(project.snapshot).One() ? std::optional(project)
                                                                : std::nullopt;
}

// The counter row gives numbers without holes: an act that fails gives its number back.
std::string NextNumber(Session& session, int year) {
  std::int64_t next = 0;
  Query query(session,
              "insert into project_counter (year, last) values (:year, 1)"
              " on conflict (year) do update set last = project_counter.last + 1 returning last");
  query.In("year", year).Out(next).One();
  char number[40];
  std::snprintf(number, sizeof number, "AIG-%04d-%04lld", year, static_cast<long long>(next));
  return number;
}

void Count(Session& session, const Project& p, int change) {
  std::int64_t total = 0;
  Query query(session,
              "insert into project_count (call, collection, state, due_at, total)"
              " values (:call, :collection, :state, :due_at, :change)"
              " on conflict (call, collection, state, due_at)"
              " do update set total = project_count.total + excluded.total returning total");
  query.In("call", p.call).In("collection", p.collection).In("state", p.state);
  query.Due("due_at", p.due_at).In("change", change).Out(total).One();
  if (total != 0) return;
  Query empty(session,
              "delete from project_count where call = :call and collection = :collection"
              " and state = :state and due_at = :due_at");
  empty.In("call", p.call).In("collection", p.collection).In("state", p.state);
  empty.Due("due_at", p.due_at).Run();
}

// Counters follow the project: out of its old cell, into its new one.
void MoveCount(Session& session, const Project& from, const Project& to) {
  if (from.call == to.call && from.collection == to.collection && from.state == to.state &&
      from.due_at == to.due_at) {
    return;
  }
  Count(session, from, -1);
  Count(session, to, +1);
}

std::optional<Project> FindCounted(Session& session, std::int64_t id, std::int64_t expected) {
  Project cell;
  Query query(session,
              "select call, collection, state, due_at from project"
              " where id = :id and version = :expected");
  query.In("id", id).In("expected", expected);
  query.Out(cell.call).Out(cell.collection).Out(cell.state).OutDue(cell.due_at);
  return query.One() ? std::optional(cell) : std::nullopt;
}

}  // namespace

Project InsertProject(Session& session, Project project, int year) {
  project.number = NextNumber(session, year);
  Query query(
      session,
      "insert into project (number, call, definition, title, collection, holder,"
      " administration, siret, dossier, version, states, state, file_holder, since_at,"
      " due_at, created_at, ended_at, publication_on, course_url, snapshot)"
      " values (:number, :call, :definition, :title, :collection, :holder,"
      " :administration, :siret, :dossier, :version, :states, :state, :file_holder,"
      " :since_at, :due_at, :created_at, :ended_at, :publication_on, :course_url, :snapshot)"
      " returning id");
  In(query, project).Out(project.id).One();
  Count(session, project, +1);
  return project;
}

bool UpdateProject(Session& session, const Project& project, std::int64_t expected) {
  auto before = FindCounted(session, project.id, expected);
  if (!before) return false;
  before->id = project.id;
  before->version = expected;
  return UpdateProject(session, *before, project);
}

bool UpdateProject(Session& session, const Project& before, const Project& project) {
  Query query(session,
              "update project set number = :number, call = :call, definition = :definition,"
              " title = :title, collection = :collection, holder = :holder,"
              " administration = :administration, siret = :siret, dossier = :dossier,"
              " version = :version, states = :states, state = :state,"
              " file_holder = :file_holder, since_at = :since_at, due_at = :due_at,"
              " created_at = :created_at, ended_at = :ended_at,"
              " publication_on = :publication_on, course_url = :course_url, snapshot = :snapshot,"
              " unfollowed = 1 where id = :id and version = :expected");
  In(query, project).In("id", before.id).In("expected", before.version);
  if (query.Run() != 1) return false;
  MoveCount(session, before, project);
  return true;
}

std::optional<Project> FindProject(Session& session, const std::string& number) {
  return FindBy(session, "number", number);
}
std::optional<Project> FindProjectById(Session& session, std::int64_t id) {
  return FindBy(session, "id", id);
}
std::optional<Project> FindProjectByDossier(Session& session, std::int64_t dossier) {
  return FindBy(session, "dossier", dossier);
}

std::int64_t ProjectOfDossier(Session& session, std::int64_t dossier) {
  std::int64_t id = 0;
  Query query(session, "select id from project where dossier = :dossier");
  query.In("dossier", dossier).Out(id).One();
  return id;
}

void IndexProject(Session& session, std::int64_t project, const std::string& open,
                  const std::string& body) {
  const Dialect& dialect = session.dialect();
  Query forget(session, dialect.ForgetText());
  forget.In("project", project).Run();
  Query insert(session, dialect.InsertText());
  insert.In("project", project).In("open", dialect.Searchable(open));
  insert.In("body", dialect.Searchable(body)).Run();
}

}  // namespace aiguillage::storage
