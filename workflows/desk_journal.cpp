// The journal row of an act, and the order in which everything after the law's answer is written.
#include <algorithm>

#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/drafts.h"
#include "storage/journal.h"
#include "storage/publication_slots.h"
#include "workflows/desk_rows.h"
#include "workflows/panel.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;

// The act's form as a numbered version, when it has one.
void WriteDocument(Work& work) {
  const auto form = work.definition.forms.find(work.form);
  if (form == work.definition.forms.end() || !work.answers.is_object()) return;
  storage::Document document;
  document.project = work.project.id;
  document.form = work.form;
  document.person = work.person;
  document.act = work.act;
  document.at = work.now;
  document.answers = work.answers;
  document = storage::InsertDocument(work.session, document);
  work.documents.push_back({{"form", document.form}, {"version", document.version}});
  if (work.person != 0) {
    storage::DeleteDraft(work.session, work.project.id, work.event.name, work.person);
  }
}

// What this act was decided upon, as it stands (aap:freeze). A panel frozen before is frozen again
// as it is: a project that comes back to the committee brings the same sheets.
void WriteFrozen(Work& work) {
  const auto& lines = work.step.transition_lines;
  for (const auto& transition : work.definition.chart.transitions) {
    const std::string& form = engine::Attribute(transition, "freeze");
    if (form.empty() || std::find(lines.begin(), lines.end(), transition.at.line) == lines.end()) {
      continue;
    }
    const Panel panel = ReadPanel(work.session, work.definition, work.project.id);
    if (panel.sheets.empty()) return;
    storage::Document document;
    document.project = work.project.id;
    document.form = form;
    document.person = work.person;
    document.act = work.act;
    document.at = work.now;
    document.answers = Frozen(panel);
    document = storage::InsertDocument(work.session, document);
    work.documents.push_back({{"form", document.form}, {"version", document.version}});
    return;
  }
}

void WriteProject(Work& work) {
  // A reminder is no change: pages that people have open stay good.
  const bool moved = work.person != 0 || work.before.snapshot != work.project.snapshot;
  work.project.version = work.before.version + (moved ? 1 : 0);
  if (!storage::UpdateProject(work.session, work.before, work.project)) {
    throw InvariantBroken("Expected version " + std::to_string(work.before.version) + " of " +
                          work.project.number + ", but it moved inside the transaction");
  }
  storage::KeepSlot(work.session, work.before, work.project, work.now);
}

void WriteIncidents(Work& work) {
  for (const std::string& incident : work.step.incidents) {
    const std::string sentence =
        "Une partie des rails n’a pas pu être exécutée ; le reste de l’acte est enregistré. Détail "
        "pour qui entretient les rails : " +
        incident;
    storage::InsertIncident(work.session, {0, work.project.id, "rails", sentence, work.now, 0});
  }
}

}  // namespace

json EventToJson(const engine::Event& event) {
  json row = {{"name", event.name}, {"data", event.data}, {"origin", event.origin}};
  if (!event.send_id.empty()) row["send_id"] = event.send_id;
  if (!event.invoke_id.empty()) row["invoke_id"] = event.invoke_id;
  if (!event.origin_type.empty()) row["origin_type"] = event.origin_type;
  if (!event.session.empty()) row["session"] = event.session;
  if (!event.target.empty()) row["target"] = event.target;
  if (!event.raw.empty()) row["raw"] = event.raw;
  if (event.exact) row["exact"] = true;
  return row;
}

engine::Event EventFromJson(const json& row) {
  engine::Event event;
  event.name = row.at("name");
  event.data = row.at("data");
  event.origin = row.at("origin");
  event.send_id = row.value("send_id", "");
  event.invoke_id = row.value("invoke_id", "");
  event.origin_type = row.value("origin_type", "");
  event.session = row.value("session", "");
  event.target = row.value("target", "");
  event.raw = row.value("raw", "");
  event.exact = row.value("exact", false);
  return event;
}

void WriteJournal(Work& work) {
  storage::JournalRow row;
  row.project = work.project.id;
  row.act = work.act;
  row.action = work.event.name;
  row.role = work.permit.role;
  row.at = work.now;
  row.states = work.project.states;
  row.definition = work.project.definition;
  row.person = work.person;
  row.on_behalf_of = work.permit.on_behalf_of;
  row.body = {{"event", EventToJson(work.event)},
              {"label", work.permit.action.label},
              {"form", work.form},
              {"snapshot", work.project.snapshot},
              {"entered", work.step.entered},
              {"exited", work.step.exited},
              {"lines", work.step.transition_lines},
              {"documents", work.documents},
              {"grace_minutes", work.grace_minutes},
              {"notes", work.notes},
              {"version", work.project.version},
              {"holder", work.project.file_holder},
              {"answer", ToJson(work.answer)},
              {"undo", UndoToJson(work.undo, work.before)}};
  storage::AppendJournal(work.session, std::move(row));
}

void CarryOut(Work& work) {
  CheckInvariants(work);
  ApplyEffects(work);
  SyncTasks(work);
  WriteProject(work);
  WriteDocument(work);
  WriteFrozen(work);
  WriteOutbox(work);
  WriteIncidents(work);
  work.answer.project = work.project.number;
  work.answer.act = work.act;
  work.answer.version = work.project.version;
  work.answer.states = work.step.snapshot.ActiveStates();
  work.answer.transition_lines = work.step.transition_lines;
  WriteJournal(work);
}

}  // namespace aiguillage::workflows
