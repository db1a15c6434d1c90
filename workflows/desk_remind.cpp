// Reminding: the steps of a ladder, each once, and the nudge by hand.
#include <algorithm>

#include "workflows/access.h"
#include "workflows/delegation.h"
#include "workflows/desk_beside.h"
#include "workflows/desk_run.h"
#include "workflows/ladder.h"
#include "workflows/mail_pace.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Person;
using storage::Task;
using storage::Timer;

constexpr std::size_t kLinesMax = 50;  // of one mail of reminders
constexpr const char* kNudgeTemplate = "nudge";
const std::vector<std::string> kNudgers = {"program_admin", "case_officer", "collection_lead"};

void Add(std::vector<Recipient>& readers, Recipient reader) {
  const bool told = std::any_of(readers.begin(), readers.end(), [&](const Recipient& one) {
    return one.person.id == reader.person.id;
  });
  if (!told) readers.push_back(std::move(reader));
}

// Who may do the task instead: whoever stands in, else the co-holders, else who holds the role of
// the task more widely than those it waits for.
void AddDelegates(storage::Session& session, const storage::Project& project, const Task& task,
                  std::int64_t now, std::vector<Recipient>& readers) {
  const auto people = PeopleOf(session, project, task);
  const auto count = readers.size();
  for (const Person& absent : people) {
    for (auto& stand_in : StandInsOf(session, absent.id, project, now)) {
      Add(readers, {task.role, std::move(stand_in), false, NameOf(session, absent.id)});
    }
  }
  if (readers.size() != count || task.assignee.starts_with("person:")) return;
  std::vector<Person> others;
  if (task.role == "project_holder") others = PeopleWith(session, "co_holder", project);
  for (const auto& scope : ScopesOf(session, project)) {
    for (auto& one : storage::Holders(session, task.role, scope)) others.push_back(std::move(one));
  }
  for (auto& one : others) {
    const bool asked = std::any_of(people.begin(), people.end(),
                                   [&](const Person& each) { return each.id == one.id; });
    if (one.active && !asked) Add(readers, {task.role, std::move(one), false, ""});
  }
}

std::vector<Recipient> ReadersOf(storage::Session& session, const storage::Project& project,
                                 const std::vector<Task>& tasks, const Rung& rung,
                                 std::int64_t now) {
  std::vector<Recipient> readers;
  for (const std::string& whom : rung.to) {
    if (whom == kDelegate) {
      for (const Task& task : tasks) AddDelegates(session, project, task, now, readers);
    } else if (whom == kTurn) {
      for (const Task& task : tasks) {
        for (auto& person : PeopleOf(session, project, task)) {
          Add(readers, {task.role, std::move(person), false, ""});
        }
      }
    } else {
      for (auto& person : PeopleWith(session, whom, project)) {
        Add(readers, {whom, std::move(person), false, ""});
      }
    }
  }
  const auto own = readers;
  for (const Recipient& one : own) {
    for (auto& person : StandInsOf(session, one.person.id, project, now)) {
      Add(readers, {one.role, std::move(person), one.copy, NameOf(session, one.person.id)});
    }
  }
  return readers;
}

// « Valider le cadrage (chef de file de collection) : en retard depuis le 14 décembre 2026 »
std::string LineOf(const std::vector<Task>& tasks, const Timer& timer, const Recipient& reader,
                   std::int64_t now) {
  const auto own = std::find_if(tasks.begin(), tasks.end(),
                                [&](const Task& task) { return task.role == reader.role; });
  const Task& task = own == tasks.end() ? tasks[0] : *own;
  std::string words = task.label;
  if (own == tasks.end()) words += " (" + RoleLabel(task.role) + ")";
  words += " : " + DueWordsAt(timer.due_at, now);
  if (!reader.standing_for.empty()) words += ", à la place de " + reader.standing_for;
  return words;
}

// One mail a person: a deadline said already is said anew, beyond fifty they are only counted.
void PutLine(json& payload, std::int64_t timer, const std::string& label,
             const std::string& value) {
  json& items = payload["items"];
  for (json& item : items) {
    if (item.value("timer", std::int64_t{0}) == timer) {
      item["value"] = value;
      return;
    }
  }
  if (items.size() < kLinesMax) {
    items.push_back({{"label", label}, {"value", value}, {"timer", timer}});
    return;
  }
  const std::int64_t more = payload.value("more", std::int64_t{0}) + 1;
  payload["more"] = more;
  if (items.size() == kLinesMax) items.push_back({{"label", "Et encore"}});
  items.back()["value"] =
      std::to_string(more) + (more == 1 ? " autre échéance" : " autres échéances");
}

// The mail it is told in, by its key.
std::string TellOf(const Work& work, const Recipient& reader, std::int64_t timer,
                   const std::string& line) {
  const std::string label = work.project.number + " · " + work.project.title;
  if (auto waiting = storage::WaitingReminders(work.session, reader.person.id)) {
    PutLine(waiting->payload, timer, label, line);
    storage::UpdateOutbox(work.session, *waiting);
    return waiting->key;
  }
  storage::OutboxRow row;
  row.kind = "mail";
  row.key = work.act + ":reminders:" + std::to_string(reader.person.id);
  row.topic = storage::kRemindersTopic;
  row.person = reader.person.id;
  row.address = reader.person.email;
  row.payload = {{"recipient", NameOf(work.session, reader.person.id)},
                 {"date", FrenchDate(work.now)},
                 {"items", json::array()}};
  PutLine(row.payload, timer, label, line);
  row.status = "pending";
  row.created_at = work.now;
  const std::string pace = PaceFor(work.session, reader.person.id, kDuties);
  if (pace != kNow) row.pace = pace;
  row.not_before = LeavesAt(pace, work.now + kGatherMs);
  storage::InsertOutbox(work.session, row);
  return row.key;
}

// One step of a ladder, planned against the rows as they are.
struct Step {
  std::optional<storage::Project> project;  // none: it is over
  std::shared_ptr<const Definition> definition;
  Ladder ladder;
  std::vector<Task> tasks;
  std::vector<Recipient> readers;
};

Step PlanStep(storage::Session& session, Catalog& catalog, const Timer& timer, std::int64_t now) {
  Step step;
  step.project = storage::FindProjectById(session, timer.project);
  if (step.project && (step.project->ended_at != 0 || step.project->snapshot.is_null())) {
    step.project.reset();
  }
  if (!step.project) return step;
  step.definition = catalog.Pinned(session, step.project->definition);
  step.ladder = LadderOf(step.definition->chart, timer.owner, timer.event);
  if (static_cast<std::size_t>(timer.rung) >= step.ladder.size()) return step;
  step.tasks = TasksWithin(session, step.definition->chart, timer.project, timer.owner);
  if (step.tasks.empty()) return step;  // those it waited for have acted
  step.readers = ReadersOf(session, *step.project, step.tasks,
                           step.ladder[static_cast<std::size_t>(timer.rung)], now);
  return step;
}

Reminder ReminderOf(const Timer& timer, const Step& step) {
  Reminder reminder{step.project->number, timer.event, timer.rung_at, {}};
  for (const auto& reader : step.readers) reminder.told.push_back(reader.person.email);
  return reminder;
}

std::optional<Timer> DueRung(storage::Session& session, std::int64_t id, std::int64_t now) {
  auto timer = storage::FindTimer(session, id);
  if (timer && (timer->rung_at == 0 || timer->rung_at > now)) timer.reset();
  return timer;
}

std::string Names(storage::Session& session, const std::vector<Recipient>& readers) {
  std::string text;
  for (const auto& one : readers) {
    text += (text.empty() ? "" : ", ") + NameOf(session, one.person.id);
  }
  return text;
}

void WriteStep(storage::Session& session, const DeskOptions& options, const Timer& timer,
               const Step& step, std::int64_t now) {
  Work work = WorkBeside(session, *step.definition, options, *step.project, {}, now);
  json mails = json::array();
  for (const Recipient& reader : step.readers) {
    const std::string line = LineOf(step.tasks, timer, reader, now);
    mails.push_back({{"key", TellOf(work, reader, timer.id, line)}, {"to", reader.person.email}});
  }
  AppendBeside(work, {kReminded,
                      "Rappel d’échéance",
                      "timer",
                      {{"event", timer.event},
                       {"state", timer.owner},
                       {"due", timer.due_at},
                       {"step", timer.rung},
                       {"mails", mails},
                       {"message", Names(session, step.readers)}}});
}

// The role in which somebody follows the file here; "" when they do not.
HeldRole NudgesAs(storage::Session& session, const storage::Project& project, std::int64_t person,
                  std::int64_t now) {
  for (auto& held : RolesIn(session, person, project, now)) {
    if (Contains(kNudgers, RoleLike(held.role))) return std::move(held);
  }
  return {};
}

std::vector<Recipient> OthersOf(storage::Session& session, const storage::Project& project,
                                const Task& task, std::int64_t person, std::int64_t now) {
  std::vector<Recipient> readers;
  for (auto& one : PeopleOf(session, project, task)) {
    Add(readers, {task.role, std::move(one), false, ""});
  }
  const auto own = readers;
  for (const Recipient& one : own) {
    for (auto& stand_in : StandInsOf(session, one.person.id, project, now)) {
      Add(readers, {one.role, std::move(stand_in), false, NameOf(session, one.person.id)});
    }
  }
  std::erase_if(readers, [&](const Recipient& one) { return one.person.id == person; });
  return readers;
}

bool NudgedToday(const std::vector<storage::OutboxRow>& mails, const Task& task,
                 const Recipient& reader, std::int64_t now) {
  return std::any_of(mails.begin(), mails.end(), [&](const storage::OutboxRow& mail) {
    return mail.topic == kNudgeTemplate && mail.person == reader.person.id &&
           mail.payload.is_object() && mail.payload.value("task", std::int64_t{0}) == task.id &&
           ParisDate(mail.created_at) == ParisDate(now);
  });
}

engine::Refusal NudgedAlready(const std::string& names) {
  return {"nudged",
          names + " : déjà relancé aujourd’hui pour cette tâche. Une relance par jour, pas plus.",
          {}};
}

// Those of the task who may be told now; Refused when there is none.
std::vector<Recipient> ReadersOfNudge(storage::Session& session, const storage::Project& project,
                                      const Task& task, std::int64_t person, std::int64_t now) {
  auto readers = OthersOf(session, project, task, person, now);
  if (readers.empty()) {
    throw Refused{
        {"not_yours", "Cette tâche n’attend que vous : il n’y a personne à relancer.", {}}};
  }
  const auto mails = storage::OutboxOf(session, project.id, "mail");
  const std::string names = Names(session, readers);
  std::erase_if(readers, [&](const Recipient& one) { return NudgedToday(mails, task, one, now); });
  if (readers.empty()) throw Refused{NudgedAlready(names)};
  return readers;
}

ActAnswer NudgeIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
                  const NudgeRequest& request) {
  const storage::Project project = ProjectNamed(session, request.project);
  const auto task = storage::FindTask(session, request.task);
  const bool waits = task && task->project == project.id && task->status == "open";
  if (!waits || !task->OfRails()) {
    throw Refused{{"not_now", "Cette tâche n’attend plus : il n’y a personne à relancer.", {}}};
  }
  const HeldRole held = NudgesAs(session, project, request.actor.person, request.now);
  if (held.role.empty()) {
    throw Refused{{"not_yours", "Relancer revient à " + RoleLabels(kNudgers) + ".", kNudgers}};
  }
  const auto readers = ReadersOfNudge(session, project, *task, request.actor.person, request.now);
  const auto definition = catalog.Pinned(session, project.definition);
  Work work = WorkBeside(session, *definition, options, project, request.actor, request.now);
  work.permit.on_behalf_of = held.on_behalf_of;
  OutboxWriter writer{work, nullptr, {}, 0};
  WriteMailTo(work, writer, kNudgeTemplate, readers,
              {{"task", task->id},
               {"action", task->action},
               {"next", task->label},
               {"due", task->due_at == 0 ? std::string() : FrenchDate(task->due_at)}});
  AppendBeside(
      work, {kNudged,
             "Relance",
             held.role,
             {{"task", task->label}, {"message", task->label + " : " + Names(session, readers)}}});
  return std::move(work.answer);
}

}  // namespace

std::vector<TaskToNudge> TasksToNudge(storage::Session& session, const storage::Project& project,
                                      std::int64_t person, std::int64_t now) {
  std::vector<TaskToNudge> list;
  if (project.ended_at != 0 || NudgesAs(session, project, person, now).role.empty()) return list;
  for (auto& task : storage::OpenTasks(session, project.id)) {
    if (!task.OfRails()) continue;
    TaskToNudge one;
    for (const auto& reader : OthersOf(session, project, task, person, now)) {
      one.names.push_back(NameOf(session, reader.person.id));
    }
    if (one.names.empty()) continue;
    try {
      ReadersOfNudge(session, project, task, person, now);
    } catch (const Refused& refused) {
      one.refused = refused.refusal.sentence;
    }
    one.task = std::move(task);
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<Reminder> Desk::Remind(std::int64_t id, std::int64_t now, bool dry_run) {
  std::vector<Reminder> reminders;
  const auto climb = [&](storage::Session& session) {
    reminders.clear();  // of a try that failed
    for (auto timer = DueRung(session, id, now); timer && timer->rung_at != 0;) {
      const Step step = PlanStep(session, catalog_, *timer, now);
      if (!step.readers.empty()) reminders.push_back(ReminderOf(*timer, step));
      if (!dry_run && !step.readers.empty()) WriteStep(session, options_, *timer, step, now);
      const Calendar calendar =
          step.project ? CalendarOf(CallOf(session, step.project->call)) : Calendar{};
      SetRung(*timer, step.ladder, timer->rung + 1, 0, calendar);
      if (!dry_run) return storage::UpdateTimer(session, *timer);
      if (timer->rung_at > now) return;
    }
  };
  if (dry_run) {
    database_.Read(climb);
  } else {
    database_.Write(climb);
  }
  return reminders;
}

engine::Outcome<ActAnswer> Desk::Nudge(const NudgeRequest& request) {
  return RunAct(
      database_, options_, request.project, request.now, /*dry_run=*/false,
      [&](storage::Session& session) { return NudgeIn(session, catalog_, options_, request); });
}

}  // namespace aiguillage::workflows
