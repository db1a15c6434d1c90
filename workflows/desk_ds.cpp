// What DS is told, as rows of the outbox: the push reads the dossier before it sends them.
//
//   <aap:ds effect="refuse"/>  with {"reason": "…"} in the form  ->  {effect refuse, text "…"}
#include "workflows/delegation.h"
#include "workflows/desk_outbox.h"
#include "workflows/mail_pace.h"

namespace aiguillage::workflows {
namespace {

void WriteDs(Work& work, OutboxWriter& writer, const engine::CustomEffect& effect) {
  const std::string what = EffectText(effect, "effect");
  if (work.project.dossier == 0) {
    work.notes.push_back("Sans dossier dans Démarches Simplifiées : « " + what +
                         " » non transmis.");
    return;
  }
  std::string text = EffectText(effect, "text");
  if (text.empty()) text = RequestWords(work);
  storage::OutboxRow row;
  row.topic = what;
  row.status = work.options.ds_configured ? "pending" : "not_configured";
  row.payload = {
      {"effect", what},
      {"text", text},
      {"motivation", text},
      {"body", text},
      {"number", work.project.number},
      {"dossier", work.project.dossier},
      {"demarche", work.call.demarche},
      {"state", work.project.state},
      {"states", work.project.states},
      {"label", StateLabels(work.definition.chart, work.step.snapshot, "label")},
      {"public_label", StateLabels(work.definition.chart, work.step.snapshot, "public")},
      {"url", "/projets/" + work.project.number},
      {"definition", work.definition.name},
      {"decided_by", work.person},
  };
  const std::string file = EffectText(effect, "justificatif");
  if (!file.empty()) row.payload["justificatif"] = file;
  writer.Ds(row);
  work.answer.ds.push_back(what);
}

}  // namespace

void OutboxWriter::Write(const char* kind, storage::OutboxRow& row) {
  CountRow(work);
  row.kind = kind;
  row.key = work.act + ":" + row.kind + ":" + std::to_string(++count);
  row.project = work.project.id;
  row.act = work.act;
  row.created_at = work.now;
  row.not_before = LeavesAt(row.pace, work.now + std::int64_t{work.grace_minutes} * 60'000);
  storage::InsertOutbox(work.session, row);
}

void WriteOutbox(Work& work) {
  OutboxWriter writer{work, nullptr, {}, 0};
  for (const engine::Effect& effect : work.step.effects) {
    const auto* custom = std::get_if<engine::CustomEffect>(&effect);
    if (custom == nullptr) continue;
    if (custom->name == "mail") WriteMail(work, writer, *custom);
    if (custom->name == "ds") WriteDs(work, writer, *custom);
  }
}

}  // namespace aiguillage::workflows
