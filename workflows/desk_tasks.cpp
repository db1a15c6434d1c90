// Tasks follow from the configuration: one per active state and role whose turn it is, one per
// person where the state asks each of them, as long as there is something that role can do.
//
//   lead_review, aap:turn="collection_lead"   ->   task « Valider le cadrage », framing.validate,
//                                                  collection_lead@collection:numerique
#include <algorithm>
#include <optional>
#include <sstream>

#include "workflows/access.h"
#include "workflows/desk_rows.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using engine::Action;
using engine::StateNode;
using storage::Task;

// Whether the transition behind the action says that it never makes a task.
bool NeverATask(const engine::Chart& chart, const Action& action) {
  const StateNode* state = engine::FindState(chart, action.state);
  for (const int index : state->transitions) {
    const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
    if (!Contains(transition.events, action.id)) continue;
    if (engine::Attribute(transition, "label") != action.label) continue;
    return engine::Attribute(transition, "task") == "no";
  }
  return false;
}

struct Planner {
  storage::Session& session;
  const Definition& definition;
  const engine::Snapshot& snapshot;
  const storage::Project& project;
  std::vector<Action> actions;
  std::vector<storage::Timer> deadlines;
  std::vector<WantedTask> wanted;

  // The first thing the role can do there: in the state itself, else in what contains it.
  const Action* FirstFor(const StateNode& state, const std::string& role) const {
    for (int index = state.index; index > 0;
         index = definition.chart.states[static_cast<std::size_t>(index)].parent) {
      const auto& id = definition.chart.states[static_cast<std::size_t>(index)].id;
      for (const Action& action : actions) {
        if (action.state != id || action.locked || !Contains(action.roles, role)) continue;
        if (!NeverATask(definition.chart, action)) return &action;
      }
    }
    return nullptr;
  }

  // The nearest deadline of the state, else of the closest one that contains it and has some.
  std::int64_t DueOf(const StateNode& state) const {
    for (int index = state.index; index > 0;
         index = definition.chart.states[static_cast<std::size_t>(index)].parent) {
      std::int64_t due = 0;
      for (const auto& timer : deadlines) {
        if (timer.owner != definition.chart.states[static_cast<std::size_t>(index)].id) continue;
        if (due == 0 || timer.due_at < due) due = timer.due_at;
      }
      if (due != 0) return due;
    }
    return 0;
  }

  void AddEach(const StateNode& state, WantedTask task) {
    const std::string& variable = engine::Attribute(state, "done");
    const nlohmann::json done = variable.empty() ? nlohmann::json() : snapshot.Data(variable);
    const std::string scope = ProjectScope(project.number);
    for (const auto& person : storage::Holders(session, task.role, scope)) {
      const std::string id = std::to_string(person.id);
      const bool has_done =
          done.is_array() && std::find(done.begin(), done.end(), id) != done.end();
      if (has_done || !person.active) continue;
      task.assignee = "person:" + id;
      wanted.push_back(task);
    }
  }

  // Whose words aap:task are: those of the role asked person by person, else of the first in turn.
  std::string LabelFor(const StateNode& state, const std::string& role, const std::string& first,
                       const Action& action) const {
    const std::string& words = engine::Attribute(state, "task");
    const std::string& each = engine::Attribute(state, "each");
    return !words.empty() && role == (each.empty() ? first : each) ? words : action.label;
  }

  void Add(const StateNode& state) {
    const auto turn = Words(engine::Attribute(state, "turn"));
    for (const std::string& role : turn) {
      const Action* action = FirstFor(state, role);
      if (action == nullptr) continue;
      WantedTask task{state.id,    role, "", action->id, LabelFor(state, role, turn[0], *action),
                      DueOf(state)};
      if (engine::Attribute(state, "each") == role) {
        AddEach(state, task);
      } else {
        task.assignee = AssigneeFor(session, role, project).assignee;
        wanted.push_back(task);
      }
    }
  }
};

bool OfOnePerson(const std::string& assignee) { return assignee.starts_with("person:"); }

// The same demand: a role's task stays the same when the role changes hands.
bool Same(const Task& task, const WantedTask& wanted) {
  return task.state == wanted.state && task.role == wanted.role &&
         OfOnePerson(task.assignee) == OfOnePerson(wanted.assignee) &&
         (!OfOnePerson(task.assignee) || task.assignee == wanted.assignee);
}

Task Updated(Task task, const WantedTask& wanted) {
  if (task.assignee != wanted.assignee) ++task.version;  // pages opened before are out of date
  task.assignee = wanted.assignee;
  task.action = wanted.action;
  task.label = wanted.label;
  task.due_at = wanted.due_at;
  return task;
}

bool Differs(const Task& a, const Task& b) {
  return a.assignee != b.assignee || a.action != b.action || a.label != b.label ||
         a.due_at != b.due_at;
}

Task NewTask(const WantedTask& wanted, std::int64_t project, std::int64_t now) {
  Task task;
  task.project = project;
  task.state = wanted.state;
  task.action = wanted.action;
  task.label = wanted.label;
  task.role = wanted.role;
  task.assignee = wanted.assignee;
  task.since_at = now;
  task.due_at = wanted.due_at;
  task.status = "open";
  return task;
}

// Done when the person's act was what this task asked for, in its state; else withdrawn.
Task Closed(const Work& work, Task task) {
  const bool own = !OfOnePerson(task.assignee) ||
                   task.assignee == "person:" + std::to_string(work.InTheNameOf());
  const bool done = work.person != 0 && own && work.permit.action.state == task.state;
  task.status = done ? "done" : "withdrawn";
  task.closed_at = work.now;
  task.closed_by = done ? work.person : 0;
  return task;
}

// What no state asks only changes hands, in ended projects too.
void RouteBesideRails(storage::Session& session, const storage::Project& project) {
  for (Task task : storage::OpenTasks(session, project.id)) {
    if (task.OfRails()) continue;
    const std::string owner = AssigneeFor(session, task.role, project).assignee;
    if (owner == task.assignee) continue;
    task.assignee = owner;
    ++task.version;
    storage::UpdateTask(session, task);
  }
}

}  // namespace

std::vector<std::string> Words(const std::string& list) {
  std::istringstream in(list);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<WantedTask> WantedTasks(storage::Session& session, const Definition& definition,
                                    const engine::Snapshot& snapshot,
                                    const storage::Project& project) {
  if (snapshot.finished) return {};
  Planner planner{session,
                  definition,
                  snapshot,
                  project,
                  engine::Actions(definition.chart, snapshot),
                  CurrentDeadlines(session, project.id, snapshot),
                  {}};
  for (const std::string& id : snapshot.ActiveStates()) {
    planner.Add(*engine::FindState(definition.chart, id));
  }
  return std::move(planner.wanted);
}

void SyncTasks(Work& work) {
  auto wanted = WantedTasks(work.session, work.definition, work.step.snapshot, work.project);
  const std::set<std::string> exited(work.step.exited.begin(), work.step.exited.end());
  std::vector<bool> met(wanted.size(), false);
  for (const Task& task : storage::OpenTasks(work.session, work.project.id)) {
    if (!task.OfRails()) continue;
    std::optional<std::size_t> match;
    for (std::size_t i = 0; i < wanted.size() && !exited.contains(task.state); ++i) {
      if (!met[i] && Same(task, wanted[i])) match = i;
    }
    Task after = match ? Updated(task, wanted[*match]) : Closed(work, task);
    if (match) met[*match] = true;
    if (!match || Differs(task, after)) ChangeTask(work, task, after);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    work.answer.tasks.push_back(wanted[i].label);
    if (met[i]) continue;
    CountRow(work);
    work.undo.new_tasks.push_back(
        storage::InsertTask(work.session, NewTask(wanted[i], work.project.id, work.now)));
  }
  FillColumns(work, wanted);
}

void RouteTasks(storage::Session& session, const Definition& definition,
                const storage::Project& project, std::int64_t now) {
  RouteBesideRails(session, project);
  if (project.ended_at != 0 || project.snapshot.is_null()) return;
  const auto snapshot = engine::Snapshot::FromJson(definition.chart, project.snapshot);
  const auto wanted = WantedTasks(session, definition, snapshot, project);
  std::vector<bool> met(wanted.size(), false);
  for (const Task& task : storage::OpenTasks(session, project.id)) {
    if (!task.OfRails()) continue;
    std::optional<std::size_t> match;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!met[i] && Same(task, wanted[i])) match = i;
    }
    Task after = task;
    if (match) {
      met[*match] = true;
      after = Updated(task, wanted[*match]);
    } else {
      after.status = "withdrawn";
      after.closed_at = now;
    }
    if (!match || Differs(task, after)) storage::UpdateTask(session, after);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!met[i]) storage::InsertTask(session, NewTask(wanted[i], project.id, now));
  }
}

}  // namespace aiguillage::workflows
