#include "storage/tasks.h"

#include <algorithm>
#include <tuple>

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kTaskColumns =
    "t.id, t.project, t.state, t.action, t.label, t.role, t.assignee, t.since_at, t.due_at,"
    " t.version, t.status, t.closed_at, t.closed_by";
const std::string kTask = "select " + kTaskColumns + " from task t where ";
const std::string kLine = "select " + kTaskColumns +
                          ", p.number, p.title, p.collection, p.call"
                          " from task t join project p on p.id = t.project where ";

Query& Out(Query& query, Task& t) {
  return query.Out(t.id)
      .Out(t.project)
      .Out(t.state)
      .Out(t.action)
      .Out(t.label)
      .Out(t.role)
      .Out(t.assignee)
      .Out(t.since_at)
      .OutDue(t.due_at)
      .Out(t.version)
      .Out(t.status)
      .Out(t.closed_at)
      .Out(t.closed_by);
}

Query& Out(Query& query, TaskLine& line) {
  return Out(query, line.task).Out(line.number).Out(line.title).Out(line.collection).Out(line.call);
}

Query& In(Query& query, const Task& t) {
  return query.In("project", t.project)
      .In("state", t.state)
      .In("action", t.action)
      .In("label", t.label)
      .In("role", t.role)
      .In("assignee", t.assignee)
      .In("since_at", t.since_at)
      .Due("due_at", t.due_at)
      .In("version", t.version)
      .In("status", t.status)
      .In("closed_at", t.closed_at)
      .Ref("closed_by", t.closed_by);
}

auto WorklistOrder(const TaskLine& line) {
  return std::tuple(line.task.due_at == 0 ? kNever : line.task.due_at, line.task.id);
}

std::string OpenTasksKey(std::int64_t project) { return "open tasks " + std::to_string(project); }

// The open tasks of one project in the memo, kept up to date by what is written.
void Remember(Session& session, const Task& task) {
  auto* known = session.memo().Find<std::vector<Task>>(OpenTasksKey(task.project));
  if (known == nullptr) return;
  const auto place = std::lower_bound(known->begin(), known->end(), task.id,
                                      [](const Task& one, std::int64_t id) { return one.id < id; });
  const bool there = place != known->end() && place->id == task.id;
  if (task.status != "open") {
    if (there) known->erase(place);
  } else if (there) {
    *place = task;
  } else {
    known->insert(place, task);
  }
}

std::vector<std::string> Distinct(std::vector<std::string> assignees) {
  std::sort(assignees.begin(), assignees.end());
  assignees.erase(std::unique(assignees.begin(), assignees.end()), assignees.end());
  return assignees;
}

}  // namespace

std::int64_t InsertTask(Session& session, const Task& task) {
  std::int64_t id = 0;
  Query query(session,
              "insert into task (project, state, action, label, role, assignee, since_at, due_at,"
              " version, status, closed_at, closed_by)"
              " values (:project, :state, :action, :label, :role, :assignee, :since_at, :due_at,"
              " :version, :status, :closed_at, :closed_by) returning id");
  In(query, task).Out(id).One();
  Task written = task;
  written.id = id;
  Remember(session, written);
  return id;
}

void UpdateTask(Session& session, const Task& task) {
  Query query(session,
              "update task set project = :project, state = :state, action = :action,"
              " label = :label, role = :role, assignee = :assignee, since_at = :since_at,"
              " due_at = :due_at, version = :version, status = :status, closed_at = :closed_at,"
              " closed_by = :closed_by where id = :id");
  In(query, task).In("id", task.id).Run();
  Remember(session, task);
}

std::optional<Task> FindTask(Session& session, std::int64_t id) {
  Task task;
  Query query(session, kTask + "t.id = :id");
  query.In("id", id);
  return Out(query, task).One() ? std::optional(task) : std::nullopt;
}

std::vector<Task> OpenTasks(Session& session, std::int64_t project) {
  return session.memo().Of<std::vector<Task>>(OpenTasksKey(project), [&] {
    Task task;
    Query query(session, kTask + "t.project = :project and t.status = 'open' order by t.id");
    query.In("project", project);
    return Out(query, task).All(task);
  });
}

std::vector<Task> TasksOf(Session& session, std::int64_t project) {
  Task task;
  Query query(session, kTask + "t.project = :project order by t.id");
  query.In("project", project);
  return Out(query, task).All(task);
}

// One short walk of the index per assignee, merged: never a sort of all that waits for a role.
std::vector<TaskLine> Worklist(Session& session, const std::vector<std::string>& assignees,
                               int limit) {
  std::vector<TaskLine> lines;
  for (const std::string& assignee : Distinct(assignees)) {
    TaskLine line;
    Query query(session, kLine +
                             "t.assignee = :assignee and t.status = 'open'"
                             " order by t.due_at, t.id limit :limit");
    query.In("assignee", assignee).In("limit", limit);
    auto some = Out(query, line).All(line);
    lines.insert(lines.end(), some.begin(), some.end());
  }
  std::sort(lines.begin(), lines.end(), [](const TaskLine& a, const TaskLine& b) {
    return WorklistOrder(a) < WorklistOrder(b);
  });
  if (lines.size() > static_cast<std::size_t>(limit)) lines.resize(static_cast<std::size_t>(limit));
  return lines;
}

std::vector<TaskLine> RecentlyDone(Session& session, std::int64_t person, std::int64_t since,
                                   int limit) {
  TaskLine line;
  Query query(session, kLine +
                           "t.closed_by = :person and t.closed_at >= :since and t.status = 'done'"
                           " order by t.closed_at desc, t.id desc limit :limit");
  query.In("person", person).In("since", since).In("limit", limit);
  return Out(query, line).All(line);
}

std::vector<Task> OpenTasksFor(Session& session, const std::string& role) {
  Task task;
  Query query(session, kTask + "t.role = :role and t.status = 'open' order by t.id");
  query.In("role", role);
  return Out(query, task).All(task);
}

}  // namespace aiguillage::storage
