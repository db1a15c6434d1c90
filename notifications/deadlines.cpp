#include "notifications/deadlines.h"

#include <algorithm>

#include "storage/tasks.h"
#include "workflows/access.h"
#include "workflows/calendar.h"

namespace aiguillage::notifications {
namespace {

using storage::Task;

constexpr int kDeadlinesMax = 1000;

// One of several reviewers' own task is another event than a colleague's, for whom they stand in.
std::string UidOf(const Task& task, const std::string& number, const std::string& host) {
  std::string uid = "echeance-" + number + "-" + (task.OfRails() ? task.state : task.action);
  constexpr std::string_view kOwn = "person:";
  if (task.assignee.starts_with(kOwn)) uid += "-" + task.assignee.substr(kOwn.size());
  return uid + "@" + host;
}

CalendarEvent DeadlineEvent(const Task& task, const storage::Project& project,
                            const std::string& public_url, std::int64_t now) {
  return {.uid = UidOf(task, project.number, HostOf(public_url)),
          .sequence = project.version,
          .changed_at = now,
          .day = workflows::ParisDate(task.due_at),
          .summary = task.label + " : " + project.title,
          .description =
              "Projet " + project.number + ", à faire ce jour au plus tard (heure de Paris).",
          .category = "Échéance",
          .url = public_url + "/projets/" + project.number};
}

}  // namespace

std::vector<CalendarEvent> DeadlinesOf(storage::Session& session, std::int64_t person,
                                       const std::string& public_url, std::int64_t now) {
  std::vector<CalendarEvent> events;
  for (const auto& [line, absent] : workflows::WorklistOf(session, person, now, kDeadlinesMax)) {
    if (line.task.due_at == 0) continue;
    const auto project = storage::FindProjectById(session, line.task.project);
    events.push_back(DeadlineEvent(line.task, *project, public_url, now));
  }
  return events;
}

std::vector<CalendarEvent> DeadlinesOn(storage::Session& session, std::int64_t person,
                                       const storage::Project& project,
                                       const std::string& public_url, std::int64_t now) {
  auto tasks = storage::OpenTasks(session, project.id);
  std::erase_if(tasks, [&](const Task& task) { return task.due_at <= now; });
  if (tasks.empty()) return {};
  const auto keys = workflows::AssigneesIn(session, person, project, now);
  std::vector<CalendarEvent> events;
  for (const Task& task : tasks) {
    if (std::find(keys.begin(), keys.end(), task.assignee) == keys.end()) continue;
    events.push_back(DeadlineEvent(task, project, public_url, now));
  }
  return events;
}

}  // namespace aiguillage::notifications
