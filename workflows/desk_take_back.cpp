// Taking an act back within its grace period: journalled, the version rises, the snapshot before
// the act comes back with the first dates of its tasks and timers, and what waits to leave is
// withdrawn.
#include <algorithm>
#include <set>

#include "storage/documents.h"
#include "storage/drafts.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/publication_slots.h"
#include "workflows/desk_beside.h"
#include "workflows/desk_run.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::JournalRow;

[[noreturn]] void Refuse(const std::string& code, const std::string& sentence) {
  throw Refused{{code, sentence, {}}};
}

// The project's last act, when this person may still take it back.
JournalRow LastOf(storage::Session& session, const storage::Project& project,
                  const std::string& act, const Actor& actor, std::int64_t now) {
  const auto last = storage::LastJournal(session, project.id);
  if (!last || last->act != act) {
    Refuse("not_last", "Autre chose s’est passé depuis : cet acte ne peut plus être repris. " +
                           WhatHappened(session, project.id));
  }
  if (actor.person == 0 || last->person != actor.person) {
    Refuse("not_yours", "Seule la personne qui a agi peut reprendre cet acte.");
  }
  const std::int64_t grace = last->body.is_object() ? last->body.value("grace_minutes", 0) : 0;
  if (last->action == "intake" || last->action == "take_back" || grace <= 0) {
    Refuse("too_late", "Cet acte ne se reprend pas.");
  }
  if (now > last->at + grace * 60'000) {
    Refuse("too_late",
           "Le délai de " + std::to_string(grace) + " minutes pour reprendre cet acte est passé.");
  }
  return *last;
}

// What the act wrote, and what was sent again of it by hand.
std::vector<storage::OutboxRow> RowsOf(storage::Session& session, std::int64_t project,
                                       const std::string& act) {
  auto rows = storage::OutboxOfAct(session, act);
  std::set<std::int64_t> ids;
  for (const auto& row : rows) ids.insert(row.id);
  for (auto& row : storage::OutboxOf(session, project, "mail")) {  // a copy of a copy comes later
    if (!ids.contains(row.payload.value("again_of", std::int64_t{0}))) continue;
    ids.insert(row.id);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<storage::OutboxRow> WaitingRows(storage::Session& session, std::int64_t project,
                                            const std::string& act) {
  auto rows = RowsOf(session, project, act);
  for (const auto& row : rows) {
    const bool waits = row.status == "pending" || row.status == "skipped" ||
                       row.status == "not_configured" || row.status == "withdrawn";
    if (!waits) {
      Refuse("sending",
             "Un message ou une décision de cet acte est déjà parti : il ne peut plus "
             "être repris.");
    }
  }
  return rows;
}

JournalRow RowBefore(storage::Session& session, const JournalRow& row) {
  if (auto before = storage::FindJournal(session, row.project, row.seq - 1)) return *before;
  throw InvariantBroken("Expected a journal row before " + row.act);
}

// What was typed goes back to the person's draft.
void KeepAsDrafts(storage::Session& session, const storage::Project& project,
                  const JournalRow& last, std::int64_t now) {
  for (const auto& document : storage::DocumentsOf(session, project.id)) {
    if (document.act != last.act || document.person == 0) continue;
    storage::SaveDraft(
        session, {project.id, last.action, document.person, document.form, now, document.answers});
  }
  storage::MarkDocumentsTakenBack(session, last.act);
}

ActAnswer TakeBackIn(storage::Session& session, const DeskOptions& options,
                     const std::string& number, const std::string& act, const Actor& actor,
                     std::int64_t now) {
  const storage::Project project = ProjectNamed(session, number);
  const JournalRow last = LastOf(session, project, act, actor, now);
  auto rows = WaitingRows(session, project.id, act);
  const JournalRow before = RowBefore(session, last);
  storage::Project restored = PutBack(session, project, last.body.at("undo"), now);
  restored.snapshot = before.body.at("snapshot");
  restored.version = project.version + 1;
  if (!storage::UpdateProject(session, restored, project.version)) {
    throw InvariantBroken("Expected version " + std::to_string(project.version) + " of " + number);
  }
  storage::KeepSlot(session, project, restored, now);
  for (auto& row : rows) {
    if (row.status == "skipped") continue;
    row.status = "withdrawn";
    if (row.kind == "mail") row.detail = "L’acte a été repris avant son départ.";
    row.done_at = now;
    storage::UpdateOutbox(session, row);
  }
  KeepAsDrafts(session, restored, last, now);
  ActAnswer answer;
  answer.project = number;
  answer.act = options.new_id();
  answer.version = restored.version;
  answer.states = Words(restored.states);
  for (const auto& task : storage::OpenTasks(session, project.id)) {
    answer.tasks.push_back(task.label);
  }
  JournalRow row;
  row.project = project.id;
  row.act = answer.act;
  row.action = "take_back";
  row.role = last.role;
  row.at = now;
  row.states = restored.states;
  row.definition = restored.definition;
  row.person = actor.person;
  row.on_behalf_of = last.on_behalf_of;
  row.body = {{"label", "Reprise de l’acte"},
              {"taken_back", act},
              {"snapshot", restored.snapshot},
              {"version", restored.version},
              {"grace_minutes", 0},
              {"answer", ToJson(answer)},
              {"holder", restored.file_holder},
              {"undo", UndoToJson({}, project)}};
  storage::AppendJournal(session, row);
  return answer;
}

}  // namespace

engine::Outcome<ActAnswer> Desk::TakeBack(const std::string& project, const std::string& act,
                                          const Actor& actor, std::int64_t now) {
  return RunAct(database_, options_, project, now, /*dry_run=*/false,
                [&](storage::Session& session) {
                  auto answer = TakeBackIn(session, options_, project, act, actor, now);
                  // What it gave back stood aside when a calendar that changed was counted by.
                  RecountIn(session, catalog_, options_, project, now);
                  return answer;
                });
}

}  // namespace aiguillage::workflows
