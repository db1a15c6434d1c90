#include "web/timeline.h"

#include <algorithm>

#include "forms/points.h"
#include "storage/documents.h"
#include "storage/exchange.h"
#include "web/difference.h"
#include "web/project_head.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"

namespace aiguillage::web {

namespace {

std::string ReasonIn(const nlohmann::json& body, const forms::Form* form) {
  const auto event = body.is_object() ? body.find("event") : body.end();
  if (!body.is_object() || event == body.end() || !event->contains("data")) return "";
  const auto& data = event->at("data");
  if (!data.is_object()) return "";
  if (form != nullptr && forms::AskingField(*form) != nullptr) {
    return forms::RequestText(*form, data);
  }
  for (const char* key : {"reason", "comment", "message", "note"}) {
    const auto found = data.find(key);
    if (found != data.end() && found->is_string()) return found->get<std::string>();
  }
  return "";
}

struct Kind {
  const char* id;
  const char* label;
};
constexpr Kind kKinds[] = {{"", "Tout"},
                           {"personnes", "Actes des personnes"},
                           {"dossier", "Changements du dossier"},
                           {"machine", "Automatique"}};

struct TimelineLine {
  std::int64_t at = 0;
  std::string kind;
  View view;
};

struct Lines {
  storage::Session& session;
  const Sight& sight;
  const workflows::Definition& definition;
  const storage::Project& project;
  std::vector<storage::Document> documents;
  std::vector<TimelineLine> lines = {};

  View& Line(const char* kind, std::int64_t at, const std::string& label, const std::string& who) {
    View& line = lines.emplace_back(TimelineLine{at, kind, View()}).view;
    line.Set("act_label", label)
        .Set("act_who", who)
        .Set("act_when", workflows::FrenchInstant(at))
        .Set("act_iso", workflows::IsoInstant(at))
        .Set("act_reason", "")
        .Set("act_state", "")
        .Set("act_changes", "")
        .Set("act_machine", false);
    return line;
  }

  // Where what this document changed is told, "" when it changed nothing that one may read.
  std::string ChangesOf(const storage::Document& document) const {
    const auto* form = FormOf(definition, document.form);
    const bool told = form != nullptr && !document.taken_back && sight.MayRead(form, document) &&
                      BaselineOf(documents, document, *form, sight) != nullptr;
    return told ? ChangesAddress(project.number, document) : "";
  }
};

void AddActs(Lines& lines, const std::vector<storage::JournalRow>& journal) {
  const Rails rails(lines.definition.chart);
  const Sight& sight = lines.sight;
  std::string before;
  for (const auto& row : journal) {
    const auto* form = FormOfAction(lines.definition, row.action);
    const bool told = sight.all_papers || row.person == sight.person ||
                      (form != nullptr && form->is_public && row.role != "reviewer");
    View& line = lines.Line(
        row.person == 0 ? "machine" : "personnes", row.at, ActLabel(lines.definition, row),
        FirstUpper(ActorWords(lines.session, sight, row.person, row.on_behalf_of, row.role)));
    line.Set("act_reason", told && !row.erased ? ReasonIn(row.body, form) : "")
        .Set("act_state", row.states != before ? rails.Labels(row.states, sight.inside) : "")
        .Set("act_machine", row.person == 0);
    for (const auto& document : lines.documents) {
      if (document.act == row.act) line.Set("act_changes", lines.ChangesOf(document));
    }
    before = row.states;
  }
}

// What the holder changed in DS while nothing waited for it, or just before the act that did.
void AddVersions(Lines& lines) {
  for (const auto& document : lines.documents) {
    if (!document.act.empty() || document.person != 0) continue;
    const std::string changes = lines.ChangesOf(document);
    if (changes.empty()) continue;
    lines
        .Line("dossier", document.at, "Dossier modifié dans Démarches Simplifiées",
              "Porteur du projet")
        .Set("act_changes", changes);
  }
}

void AddCompleted(Lines& lines) {
  if (!lines.sight.inside || lines.project.dossier == 0) return;
  const auto* form = FormOf(lines.definition, "application");
  for (const auto& one : storage::CorrectionsOf(lines.session, lines.project.dossier)) {
    const auto* field = form == nullptr ? nullptr : forms::FindField(*form, one.field);
    lines
        .Line("dossier", one.at,
              "Dossier complété : " + (field == nullptr ? one.field : field->title),
              workflows::NameOf(lines.session, one.person))
        .Set("act_reason", one.value.is_null()     ? "effacé"
                           : one.value.is_string() ? one.value.get<std::string>()
                                                   : one.value.dump());
  }
}

}  // namespace

std::string TimelineLabel(const std::string& wanted) {
  for (const Kind& kind : kKinds) {
    if (!wanted.empty() && wanted == kind.id) return kind.label;
  }
  return "";
}

std::size_t AddTimeline(View& view, storage::Session& session, const Sight& sight,
                        const workflows::Definition& definition, const storage::Project& project,
                        const std::vector<storage::JournalRow>& journal, bool shown,
                        const std::string& wanted) {
  Lines lines{session, sight, definition, project, storage::DocumentsOf(session, project.id)};
  AddCompleted(lines);
  AddVersions(lines);
  AddActs(lines, journal);
  std::stable_sort(lines.lines.begin(), lines.lines.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  view.SetList("journal").SetList("journal_kinds");
  if (!shown) return lines.lines.size();
  std::string filter;  // an unknown one shows everything
  for (const Kind& kind : kKinds) {
    if (wanted == kind.id) filter = wanted;
  }
  for (const Kind& kind : kKinds) {
    const std::string id = kind.id;
    const auto count =
        std::count_if(lines.lines.begin(), lines.lines.end(),
                      [&](const TimelineLine& line) { return id.empty() || line.kind == id; });
    if (count == 0) continue;
    view.AddRow("journal_kinds")
        .Set("kind_label", kind.label)
        .Set("kind_count", std::to_string(count))
        .Set("kind_here", id == filter)
        .Set("kind_href", "/projets/" + project.number + "?onglet=journal" +
                              (id.empty() ? "" : "&fil=" + id) + "#onglets");
  }
  for (auto line = lines.lines.rbegin(); line != lines.lines.rend(); ++line) {
    if (!filter.empty() && line->kind != filter) continue;
    view.AddRow("journal") = std::move(line->view);
  }
  return lines.lines.size();
}

}  // namespace aiguillage::web
