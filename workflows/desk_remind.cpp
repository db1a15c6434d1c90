// Reminding: the steps of a ladder, each once.
#include <algorithm>

#include "workflows/access.h"
#include "workflows/delegation.h"
#include "workflows/desk_beside.h"
#include "workflows/desk_run.h"
#include "workflows/ladder.h"
#include "workflows/reminder_mail.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Person;
using storage::Task;
using storage::Timer;

// Who may do the task instead: whoever stands in and is there, else the co-holders, else who holds
// the role of the task more widely than those it waits for.
void AddDelegates(storage::Session& session, const storage::Project& project, const Task& task,
                  std::int64_t now, std::vector<Recipient>& readers) {
  const auto people = PeopleOf(session, project, task);
  bool there = false;
  for (const Person& absent : people) {
    for (auto& stand_in : StandInsOf(session, absent.id, project, now)) {
      if (IsAway(session, stand_in.id, project, now)) continue;
      there = true;
      AddReader(readers, {task.role, std::move(stand_in), false, NameOf(session, absent.id)});
    }
  }
  if (there || task.assignee.starts_with("person:")) return;
  std::vector<Person> others;
  if (task.role == "project_holder") others = PeopleWith(session, "co_holder", project);
  for (const auto& scope : ScopesOf(session, project)) {
    for (auto& one : storage::Holders(session, task.role, scope)) others.push_back(std::move(one));
  }
  for (auto& one : others) {
    const bool asked = std::any_of(people.begin(), people.end(),
                                   [&](const Person& each) { return each.id == one.id; });
    if (one.active && !asked) AddReader(readers, {task.role, std::move(one), false, ""});
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
          AddReader(readers, {task.role, std::move(person), false, ""});
        }
      }
    } else {
      for (auto& person : PeopleWith(session, whom, project)) {
        AddReader(readers, {whom, std::move(person), false, ""});
      }
    }
  }
  AddStandInsOf(session, project, now, readers);
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

Calendar CalendarFor(storage::Session& session, const Step& step) {
  return step.project ? CalendarOf(CallOf(session, step.project->call)) : Calendar{};
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

void WriteStep(storage::Session& session, const DeskOptions& options, const Timer& timer,
               const Step& step, std::int64_t now) {
  Work work = WorkBeside(session, *step.definition, options, *step.project, {}, now);
  json mails = json::array();
  for (const Recipient& reader : step.readers) {
    const std::string line = LineOf(step.tasks, timer, reader, now);
    mails.push_back(
        {{"key", TellOf(work, reader, {"timer", timer.id, line})}, {"to", reader.person.email}});
  }
  AppendBeside(work, {kReminded,
                      "Rappel d’échéance",
                      "timer",
                      {{"event", timer.event},
                       {"state", timer.owner},
                       {"due", timer.due_at},
                       {"step", timer.rung},
                       {"mails", mails},
                       {"message", ReaderNames(session, step.readers)}}});
}

}  // namespace

std::vector<Reminder> Desk::Remind(std::int64_t id, std::int64_t now, bool dry_run) {
  if (dry_run) {
    auto timer = database_.Read([&](storage::Session& s) { return DueRung(s, id, now); });
    return timer ? Rehearse(std::move(*timer), now) : std::vector<Reminder>{};
  }
  return database_.Write([&](storage::Session& session) {
    std::vector<Reminder> reminders;
    auto timer = DueRung(session, id, now);
    if (!timer) return reminders;
    const Step step = PlanStep(session, catalog_, *timer, now);
    if (!step.readers.empty()) {
      reminders.push_back(ReminderOf(*timer, step));
      WriteStep(session, options_, *timer, step, now);
    }
    SetRung(*timer, step.ladder, timer->rung + 1, 0, CalendarFor(session, step));
    storage::UpdateTimer(session, *timer);
    return reminders;
  });
}

std::vector<Reminder> Desk::Rehearse(Timer timer, std::int64_t now) {
  return database_.Read([&](storage::Session& session) {
    std::vector<Reminder> reminders;
    while (timer.rung_at != 0 && timer.rung_at <= now) {
      const Step step = PlanStep(session, catalog_, timer, now);
      if (!step.readers.empty()) reminders.push_back(ReminderOf(timer, step));
      SetRung(timer, step.ladder, timer.rung + 1, 0, CalendarFor(session, step));
    }
    return reminders;
  });
}

}  // namespace aiguillage::workflows
