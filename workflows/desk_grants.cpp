// Roles given and ended by hand: the open tasks of the role find their new owners at once.
#include <optional>
#include <set>
#include <stdexcept>

#include "storage/people.h"
#include "storage/tasks.h"
#include "workflows/desk_rows.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

constexpr int kTheirProjectsMax = 500;  // nobody holds that many

std::optional<storage::Grant> RunningGrant(storage::Session& session, std::int64_t id) {
  for (const Role& role : Roles()) {
    for (const auto& grant : storage::GrantsFor(session, role.id)) {
      if (grant.id == id) return grant;
    }
  }
  return std::nullopt;
}

// Projects whose tasks may change: the one of the scope, and all where the role is waited for.
void Route(storage::Session& session, Catalog& catalog, const std::string& role,
           const std::string& scope, std::int64_t now) {
  std::set<std::int64_t> projects;
  for (const auto& task : storage::OpenTasksFor(session, role)) projects.insert(task.project);
  if (scope.starts_with("project:")) {
    const auto project = storage::FindProject(session, scope.substr(8));
    if (project) projects.insert(project->id);
  }
  for (const std::int64_t id : projects) {
    const auto project = storage::FindProjectById(session, id);
    if (!project) continue;
    RouteTasks(session, *catalog.Pinned(session, project->definition), *project, now);
  }
}

}  // namespace

std::int64_t Desk::GrantRole(std::int64_t person, const std::string& role, const std::string& scope,
                             std::int64_t now) {
  if (!IsRole(role)) throw std::invalid_argument("Expected a role id, but found " + role);
  if (!IsScope(scope)) throw std::invalid_argument("Expected a scope, but found " + scope);
  return database_.Write([&](storage::Session& session) {
    const auto id = storage::InsertGrant(session, {0, person, role, scope, now, 0});
    Route(session, catalog_, role, scope, now);
    return id;
  });
}

void Desk::EndGrant(std::int64_t grant, std::int64_t now) {
  database_.Write([&](storage::Session& session) {
    const auto running = RunningGrant(session, grant);
    if (!running) return;
    storage::EndGrant(session, grant, now);
    Route(session, catalog_, running->role, running->scope, now);
  });
}

void Desk::SetActive(std::int64_t id, bool active, std::int64_t now) {
  database_.Write([&](storage::Session& session) {
    auto person = storage::FindPerson(session, id);
    if (!person || person->active == active) return;
    person->active = active;
    storage::UpdatePerson(session, *person);
    if (!active) storage::EndWebSessionsOf(session, id);
    for (const auto& grant : storage::GrantsOf(session, id)) {
      Route(session, catalog_, grant.role, grant.scope, now);
    }
    storage::ProjectFilter theirs;
    theirs.person = id;
    theirs.limit = kTheirProjectsMax;
    for (const auto& project : storage::ListProjects(session, theirs)) {
      RouteTasks(session, *catalog_.Pinned(session, project.definition), project, now);
    }
  });
}

}  // namespace aiguillage::workflows
