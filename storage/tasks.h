// Tasks: an action waiting for somebody. Written by the act that opened them, closed by the act
// that did them; worklists, badges and the dashboard read these rows only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Task {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::string state;   // the state that asks; "": none does, it is kept beside the rails
  std::string action;  // the main action, an event name
  std::string label;   // « Valider le cadrage »
  std::string role;
  std::string assignee;  // "ROLE@SCOPE" (collection_lead@collection:numerique) or "person:17"
  std::int64_t since_at = 0;
  std::int64_t due_at = 0;   // 0 without deadline
  std::int64_t version = 1;  // pages carry it: same task still open -> the act passes
  std::string status;        // open | done | withdrawn
  std::int64_t closed_at = 0;
  std::int64_t closed_by = 0;  // person

  bool OfRails() const { return !state.empty(); }
};
std::int64_t InsertTask(Session&, const Task&);
void UpdateTask(Session&, const Task&);
std::optional<Task> FindTask(Session&, std::int64_t id);
std::vector<Task> OpenTasks(Session&, std::int64_t project);
std::vector<Task> TasksOf(Session&, std::int64_t project);

// A row of somebody's worklist, with what the line shows of the project.
struct TaskLine {
  Task task;
  std::string number, title, collection, call;
};
// assignees: every "ROLE@SCOPE" the person holds, and "person:ID". Sorted by due date, none last.
std::vector<TaskLine> Worklist(Session&, const std::vector<std::string>& assignees,
                               int limit = 200);
std::vector<TaskLine> RecentlyDone(Session&, std::int64_t person, std::int64_t since,
                                   int limit = 20);
std::vector<Task> OpenTasksFor(Session&, const std::string& role);  // to route them again

}  // namespace aiguillage::storage
