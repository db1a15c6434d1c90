#include "workflows/verify_rows.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "engine/interpreter.h"
#include "storage/documents.h"
#include "storage/outbox.h"
#include "storage/timers.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::JournalRow;

using ActRows = std::multiset<std::array<std::string, 3>>;  // act, kind, which one

ActRows OutboxToldOf(const std::vector<JournalRow>& rows) {
  ActRows told;
  for (const JournalRow& row : rows) {
    const json& answer = row.body.at("answer");
    for (const auto& mail : answer.at("mails")) told.insert({row.act, "mail", mail.at("template")});
    for (const auto& effect : answer.at("ds")) told.insert({row.act, "ds", effect});
  }
  return told;
}

// Mails that no act caused (log-in links, digests) are nobody's.
ActRows OutboxFoundOf(storage::Session& session, std::int64_t project) {
  ActRows found;
  for (const auto& row : storage::OutboxListOf(session, project)) {
    if (!row.act.empty()) found.insert({row.act, row.kind, row.topic});
  }
  return found;
}

ActRows DocumentsToldOf(const std::vector<JournalRow>& rows) {
  ActRows told;
  for (const JournalRow& row : rows) {
    for (const auto& document : row.body.value("documents", json::array())) {
      told.insert({row.act, document.at("form"),
                   std::to_string(document.at("version").get<std::int64_t>())});
    }
  }
  return told;
}

ActRows DocumentsFoundOf(storage::Session& session, std::int64_t project) {
  ActRows found;
  for (const auto& document : storage::DocumentsOf(session, project)) {
    if (document.act.empty()) continue;  // new content of a dossier: no act
    found.insert({document.act, document.form, std::to_string(document.version)});
  }
  return found;
}

std::string FirstDifference(const storage::Project& project, const std::vector<JournalRow>& rows,
                            const ActRows& told, const ActRows& found, const std::string& what) {
  if (told == found) return "";
  ActRows differing;
  std::set_symmetric_difference(told.begin(), told.end(), found.begin(), found.end(),
                                std::inserter(differing, differing.end()));
  for (const JournalRow& row : rows) {
    for (const auto& [act, kind, which] : differing) {
      if (act != row.act) continue;
      return project.number + ", acte " + std::to_string(row.seq) + " (" + row.action +
             ") : " + what + " (" + kind + " " + which + ")";
    }
  }
  return project.number + " : " + what + " d’un acte qui n’est pas au journal";
}

}  // namespace

std::string WrongRows(storage::Session& session, const Definition& definition,
                      const storage::Project& project, const std::vector<JournalRow>& rows) {
  std::string wrong =
      FirstDifference(project, rows, OutboxToldOf(rows), OutboxFoundOf(session, project.id),
                      "envois perdus ou en trop");
  if (!wrong.empty()) return wrong;
  wrong = FirstDifference(project, rows, DocumentsToldOf(rows),
                          DocumentsFoundOf(session, project.id), "documents perdus ou en trop");
  if (!wrong.empty()) return wrong;
  const auto snapshot = engine::Snapshot::FromJson(definition.chart, project.snapshot);
  for (const auto& timer : storage::TimersOf(session, project.id)) {
    if (timer.status != "waiting" || timer.owner.empty() || snapshot.IsActive(timer.owner))
      continue;
    return project.number + " : l’échéance « " + timer.event +
           " » attend pour un état qui n’est plus le sien";
  }
  return "";
}

}  // namespace aiguillage::workflows
