#include "workflows/desk_beside.h"

#include "storage/journal.h"
#include "workflows/access.h"
#include "workflows/conflict.h"

namespace aiguillage::workflows {

bool IsBesideRails(const std::string& action) {
  return action == kSettled || action == kReminded || action == kNudged || action == kExtended ||
         action == kMoved;
}

Work WorkBeside(storage::Session& session, const Definition& definition, const DeskOptions& options,
                const storage::Project& project, const Actor& actor, std::int64_t now) {
  Work work(session, definition, options, now, project);
  work.step.snapshot = engine::Snapshot::FromJson(definition.chart, project.snapshot);
  const auto call = storage::FindCall(session, project.call);
  if (call) work.call = *call;
  work.person = actor.person;
  work.act = options.new_id();
  return work;
}

void AppendBeside(Work& work, const BesideAct& act) {
  const storage::Project& project = work.project;
  work.answer.project = project.number;
  work.answer.act = work.act;
  work.answer.version = project.version;
  work.answer.states = Words(project.states);
  work.event.name = act.action;
  work.event.data = act.data;
  if (work.person != 0) work.event.origin = std::to_string(work.InTheNameOf());
  storage::JournalRow row;
  row.project = project.id;
  row.act = work.act;
  row.action = act.action;
  row.role = act.role;
  row.at = work.now;
  row.states = project.states;
  row.definition = project.definition;
  row.person = work.person;
  row.on_behalf_of = work.permit.on_behalf_of;
  row.body = {{"event", EventToJson(work.event)},
              {"label", act.label},
              {"form", ""},
              {"snapshot", project.snapshot},
              {"entered", nlohmann::json::array()},
              {"exited", nlohmann::json::array()},
              {"lines", nlohmann::json::array()},
              {"documents", nlohmann::json::array()},
              {"grace_minutes", 0},
              {"notes", work.notes},
              {"version", project.version},
              {"holder", project.file_holder},
              {"answer", ToJson(work.answer)},
              {"undo", UndoToJson({}, project)}};
  storage::AppendJournal(work.session, std::move(row));
}

std::vector<storage::Person> PeopleOf(storage::Session& session, const storage::Project& project,
                                      const storage::Task& task) {
  std::vector<storage::Person> people;
  if (task.assignee.starts_with("person:")) {
    const auto one = storage::FindPerson(session, std::stoll(task.assignee.substr(7)));
    if (one && one->active) people.push_back(*one);
    return people;
  }
  people = PeopleWith(session, task.role, project);
  return people.empty() ? PeopleWith(session, "program_admin", project) : people;
}

std::vector<storage::Task> TasksWithin(storage::Session& session, const engine::Chart& chart,
                                       std::int64_t project, const std::string& state) {
  const auto* around = engine::FindState(chart, state);
  std::vector<storage::Task> tasks;
  for (auto& task : storage::OpenTasks(session, project)) {
    const auto* own = task.OfRails() ? engine::FindState(chart, task.state) : nullptr;
    if (own == nullptr || around == nullptr) continue;
    if (own->index != around->index && !engine::IsDescendant(chart, own->index, around->index)) {
      continue;
    }
    tasks.push_back(std::move(task));
  }
  return tasks;
}

void Redate(storage::Session& session, const Definition& definition,
            const storage::Project& project, std::int64_t now) {
  RouteTasks(session, definition, project, now);
  storage::Project after = project;
  after.due_at = NearestDue(session, project.id,
                            engine::Snapshot::FromJson(definition.chart, project.snapshot));
  if (after.due_at == project.due_at) return;
  if (!storage::UpdateProject(session, project, after)) {
    throw InvariantBroken("Expected " + project.number + " to stay as it was read");
  }
}

}  // namespace aiguillage::workflows
