#include "web/queue.h"

#include "storage/tasks.h"
#include "workflows/access.h"
#include "workflows/conflict.h"

namespace aiguillage::web {

namespace {

std::vector<storage::TaskLine> TasksOf(const Visit& visit, storage::Session& session) {
  std::vector<storage::TaskLine> lines;
  for (auto& one : workflows::WorklistOf(session, visit.visitor->person.id, visit.now)) {
    lines.push_back(std::move(one.line));
  }
  return lines;
}

}  // namespace

std::string AddressOfTask(const storage::TaskLine& line) {
  const std::string project = "/projets/" + line.number;
  if (workflows::IsConflictTask(line.task)) return project + "/desaccord";
  return project + "/actions/" + line.task.action + "?tache=" + std::to_string(line.task.id);
}

void AddQueue(View& view, const Visit& visit, storage::Session& session) {
  view.Set("queue_words", "").Set("queue_previous", "").Set("queue_next", "");
  const auto lines = TasksOf(visit, session);
  const std::string asked = visit.request.Query("tache");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool same = lines[i].number == visit.project->number &&
                      (std::to_string(lines[i].task.id) == asked ||
                       (asked.empty() && lines[i].task.action == visit.Parameter("action")));
    if (!same || lines.size() < 2) continue;
    view.Set("queue_words",
             "Tâche " + std::to_string(i + 1) + " sur " + std::to_string(lines.size()))
        .Set("queue_previous", i == 0 ? "" : AddressOfTask(lines[i - 1]))
        .Set("queue_next", i + 1 == lines.size() ? "" : AddressOfTask(lines[i + 1]));
    return;
  }
}

std::string NextTask(const Visit& visit, storage::Session& session) {
  for (const auto& line : TasksOf(visit, session)) {
    const bool decision = !workflows::IsConflictTask(line.task);
    if (decision && line.number != visit.project->number) return AddressOfTask(line);
  }
  return "";
}

}  // namespace aiguillage::web
