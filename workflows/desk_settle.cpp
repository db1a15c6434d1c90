// What is kept beside the rails when DS decided otherwise, and how a person settles it.
#include <algorithm>

#include "storage/outbox.h"
#include "workflows/access.h"
#include "workflows/conflict.h"
#include "workflows/delegation.h"
#include "workflows/desk_beside.h"
#include "workflows/desk_run.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Task;

[[noreturn]] void No(const std::string& code, const std::string& sentence) {
  throw Refused{{code, sentence, {}}};
}

Task OpenTaskOf(storage::Session& session, const storage::Project& project) {
  for (const Task& task : storage::OpenTasks(session, project.id)) {
    if (IsConflictTask(task)) return task;
  }
  throw InvariantBroken("Expected an open task for the conflict of " + project.number);
}

storage::DsConflict Checked(storage::Session& session, const storage::Project& project,
                            const SettleRequest& request) {
  auto conflict = storage::OpenConflict(session, project.id);
  if (!conflict || conflict->id != request.conflict) {
    No("not_now", "Ce désaccord est déjà tranché : il n’attend plus.");
  }
  if (!MaySettle(session, project, request.actor.person, request.now)) {
    No("not_yours", "Seul le pilote du programme tranche un désaccord avec Démarches Simplifiées.");
  }
  if (request.choice != "theirs" && request.choice != "again") {
    No("bad_input", "Choisissez ce qui compte.");
  }
  if (request.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    No("bad_input", "Dites pourquoi : le journal du projet le garde.");
  }
  if (request.reason.size() > kReasonMax) {
    No("bad_input", "Cette raison est trop longue : 1 000 caractères au plus.");
  }
  return *std::move(conflict);
}

// The absent person when it is their task, not one's own.
std::int64_t OnBehalfOf(storage::Session& session, const storage::Project& project,
                        const SettleRequest& request, const std::string& role) {
  std::int64_t absent = 0;
  for (const HeldRole& held : RolesIn(session, request.actor.person, project, request.now)) {
    if (held.role != role) continue;
    if (held.on_behalf_of == 0) return 0;
    absent = held.on_behalf_of;
  }
  return absent;
}

void SettleRow(storage::Session& session, const storage::DsConflict& conflict,
               const std::string& name) {
  auto row = storage::FindOutbox(session, conflict.outbox);
  if (!row || row->status != "failed") return;
  if (conflict.choice == "theirs") {
    row->status = "withdrawn";
    row->detail = "Abandonné par " + name + " : " + conflict.reason;
    row->done_at = conflict.closed_at;
  } else {
    row->status = "pending";
    row->detail.clear();
    row->attempts = 0;
    row->not_before = conflict.closed_at;
    row->done_at = 0;
  }
  storage::UpdateOutbox(session, *row);
}

ActAnswer SettleIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
                   const SettleRequest& request) {
  const storage::Project project = ProjectNamed(session, request.project);
  storage::DsConflict conflict = Checked(session, project, request);
  conflict.closed_at = request.now;
  conflict.closed_by = request.actor.person;
  conflict.choice = request.choice;
  conflict.reason = request.reason;
  storage::UpdateConflict(session, conflict);
  Task task = OpenTaskOf(session, project);
  task.status = "done";
  task.closed_at = request.now;
  task.closed_by = request.actor.person;
  storage::UpdateTask(session, task);
  const std::int64_t absent = OnBehalfOf(session, project, request, task.role);
  SettleRow(session, conflict, ActedBy(session, request.actor.person, absent));
  const auto definition = catalog.Pinned(session, project.definition);
  Work work = WorkBeside(session, *definition, options, project, request.actor, request.now);
  work.permit.on_behalf_of = absent;
  AppendBeside(work, {kSettled,
                      task.label,
                      task.role,
                      {{"choice", conflict.choice},
                       {"reason", conflict.reason},
                       {"here", conflict.here},
                       {"there", conflict.there}}});
  return std::move(work.answer);
}

}  // namespace

bool IsConflictTask(const Task& task) { return !task.OfRails() && task.action == kConflictTask; }

void OpenConflict(storage::Session& session, const storage::Project& project,
                  storage::DsConflict conflict, std::int64_t now) {
  if (storage::OpenConflict(session, project.id)) return;
  conflict.project = project.id;
  conflict.opened_at = now;
  storage::InsertConflict(session, conflict);
  Task task;
  task.project = project.id;
  task.action = kConflictTask;
  task.label = "Trancher un désaccord avec Démarches Simplifiées";
  task.role = "program_admin";
  task.assignee = AssigneeFor(session, task.role, project).assignee;
  task.since_at = now;
  task.status = "open";
  storage::InsertTask(session, task);
}

bool MaySettle(storage::Session& session, const storage::Project& project, std::int64_t person,
               std::int64_t now) {
  const auto mine = AssigneesIn(session, person, project, now);
  const auto tasks = storage::OpenTasks(session, project.id);
  return std::any_of(tasks.begin(), tasks.end(), [&](const Task& task) {
    return IsConflictTask(task) && Contains(mine, task.assignee);
  });
}

engine::Outcome<ActAnswer> Desk::Settle(const SettleRequest& request) {
  return RunAct(
      database_, options_, request.project, request.now, /*dry_run=*/false,
      [&](storage::Session& session) { return SettleIn(session, catalog_, options_, request); });
}

}  // namespace aiguillage::workflows
