// What an act changed, kept beside it in the journal so that it can be taken back: rows as they
// were, and the ids of rows it added.
#include "storage/outbox.h"
#include "storage/people.h"
#include "workflows/desk_rows.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Task;
using storage::Timer;

Task TaskFromJson(const json& row) {
  Task task;
  task.id = row.at("id");
  task.project = row.at("project");
  task.state = row.at("state");
  task.action = row.at("action");
  task.label = row.at("label");
  task.role = row.at("role");
  task.assignee = row.at("assignee");
  task.since_at = row.at("since");
  task.due_at = row.at("due");
  task.version = row.at("version");
  task.status = row.at("status");
  task.closed_at = row.at("closed");
  task.closed_by = row.at("by");
  return task;
}

Timer TimerFromJson(const json& row) {
  Timer timer;
  timer.id = row.at("id");
  timer.project = row.at("project");
  timer.kind = row.at("kind");
  timer.event = row.at("event");
  timer.owner = row.at("owner");
  timer.send_id = row.at("send_id");
  timer.rule = row.at("rule");
  timer.resume = row.at("resume");
  timer.started_at = row.at("started");
  timer.due_at = row.at("due");
  timer.status = row.at("status");
  timer.stopped_at = row.at("stopped");
  timer.remaining_days = row.at("remaining");
  timer.data = row.at("data");
  timer.counts = row.value("counts", timer.rule);
  timer.counts_from = row.value("counts_from", timer.started_at);
  timer.extension = row.value("extension", "");
  timer.extended_at = row.value("extended", std::int64_t{0});
  timer.rung = row.value("rung", 0);
  timer.rung_at = row.value("rung_at", std::int64_t{0});
  return timer;
}

void CloseNewTasks(storage::Session& session, const json& ids, std::int64_t now) {
  for (const auto& id : ids) {
    auto task = storage::FindTask(session, id.get<std::int64_t>());
    if (!task || task->status != "open") continue;
    task->status = "withdrawn";
    task->closed_at = now;
    storage::UpdateTask(session, *task);
  }
}

// Cancelled, and no state's any more: what looks for the last deadline of a state must find the one
// before it.
void CancelNewTimers(storage::Session& session, const json& ids, std::int64_t now) {
  for (const auto& id : ids) {
    auto timer = storage::FindTimer(session, id.get<std::int64_t>());
    if (!timer) continue;
    timer->owner.clear();
    timer->rung_at = 0;
    if (timer->status == "waiting") {
      timer->status = "cancelled";
      timer->stopped_at = now;
    }
    storage::UpdateTimer(session, *timer);
  }
}

// Mails that the act had replaced wait again.
void GiveMailsBack(storage::Session& session, const json& replaced) {
  for (const auto& mail : replaced) {
    auto row = storage::FindOutbox(session, mail.at("id").get<std::int64_t>());
    if (!row || row->status != "withdrawn") continue;
    row->status = "pending";
    row->detail = mail.at("detail");
    row->done_at = 0;
    storage::UpdateOutbox(session, *row);
  }
}

}  // namespace

json TaskToJson(const Task& task) {
  return {{"id", task.id},
          {"project", task.project},
          {"state", task.state},
          {"action", task.action},
          {"label", task.label},
          {"role", task.role},
          {"assignee", task.assignee},
          {"since", task.since_at},
          {"due", task.due_at},
          {"version", task.version},
          {"status", task.status},
          {"closed", task.closed_at},
          {"by", task.closed_by}};
}

json TimerToJson(const Timer& timer) {
  return {{"id", timer.id},
          {"project", timer.project},
          {"kind", timer.kind},
          {"event", timer.event},
          {"owner", timer.owner},
          {"send_id", timer.send_id},
          {"rule", timer.rule},
          {"resume", timer.resume},
          {"started", timer.started_at},
          {"due", timer.due_at},
          {"status", timer.status},
          {"stopped", timer.stopped_at},
          {"remaining", timer.remaining_days},
          {"data", timer.data},
          {"counts", timer.counts},
          {"counts_from", timer.counts_from},
          {"extension", timer.extension},
          {"extended", timer.extended_at},
          {"rung", timer.rung},
          {"rung_at", timer.rung_at}};
}

json UndoToJson(const Undo& undo, const storage::Project& before) {
  json row = {{"tasks", undo.tasks},
              {"timers", undo.timers},
              {"new_tasks", undo.new_tasks},
              {"new_timers", undo.new_timers},
              {"new_grants", undo.new_grants},
              {"ended_grants", undo.ended_grants},
              {"project",
               {{"title", before.title},
                {"collection", before.collection},
                {"states", before.states},
                {"state", before.state},
                {"file_holder", before.file_holder},
                {"since", before.since_at},
                {"due", before.due_at},
                {"ended", before.ended_at},
                {"publication_on", before.publication_on},
                {"course_url", before.course_url}}}};
  if (!undo.replaced.empty()) row["replaced"] = undo.replaced;
  return row;
}

void ChangeTask(Work& work, const Task& before, const Task& after) {
  CountRow(work);
  work.undo.tasks.push_back(TaskToJson(before));
  storage::UpdateTask(work.session, after);
}

void ChangeTimer(Work& work, const Timer& before, const Timer& after) {
  CountRow(work);
  work.undo.timers.push_back(TimerToJson(before));
  storage::UpdateTimer(work.session, after);
}

// Last changes first: a row changed twice ends as it was before the first change.
storage::Project PutBack(storage::Session& session, const storage::Project& project,
                         const json& undo, std::int64_t now) {
  const auto& tasks = undo.at("tasks");
  for (auto row = tasks.rbegin(); row != tasks.rend(); ++row) {
    Task task = TaskFromJson(*row);
    const auto present = storage::FindTask(session, task.id);
    if (present) task.version = present->version + 1;  // pages opened in between are out of date
    storage::UpdateTask(session, task);
  }
  const auto& timers = undo.at("timers");
  for (auto row = timers.rbegin(); row != timers.rend(); ++row) {
    storage::UpdateTimer(session, TimerFromJson(*row));
  }
  // Last: what the act both made and changed was put back among the others.
  CloseNewTasks(session, undo.at("new_tasks"), now);
  CancelNewTimers(session, undo.at("new_timers"), now);
  if (undo.contains("replaced")) GiveMailsBack(session, undo.at("replaced"));
  for (const auto& id : undo.at("new_grants")) {
    storage::EndGrant(session, id.get<std::int64_t>(), now);
  }
  for (const auto& grant : undo.at("ended_grants")) {
    storage::InsertGrant(
        session, {0, grant.at("person"), grant.at("role"), ProjectScope(project.number), now, 0});
  }
  storage::Project restored = project;
  const auto& columns = undo.at("project");
  restored.title = columns.at("title");
  restored.collection = columns.at("collection");
  restored.states = columns.at("states");
  restored.state = columns.at("state");
  restored.file_holder = columns.at("file_holder");
  restored.since_at = columns.at("since");
  restored.due_at = columns.at("due");
  restored.ended_at = columns.at("ended");
  restored.publication_on = columns.at("publication_on");
  restored.course_url = columns.at("course_url");
  return restored;
}

}  // namespace aiguillage::workflows
