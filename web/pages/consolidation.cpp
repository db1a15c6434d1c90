// The reviewers' opinions side by side, and the synthesis that goes with the decision.
#include "storage/hash.h"
#include "web/done.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/project_head.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"

namespace aiguillage::web {

namespace {

constexpr char kWriteSynthesis[] = "synthesis.write";

// Whether the visitor may write the synthesis now; why not is said by its own page.
bool MayWrite(Visit& visit, storage::Session& session) {
  const auto actions =
      visit.services.desk.ActionsFor(session, *visit.project, visit.visitor->person.id, visit.now);
  for (const auto& one : actions) {
    if (one.action.id == kWriteSynthesis) return one.mine && !one.action.locked;
  }
  return false;
}

void AddSynthesis(View& view, Visit& visit, storage::Session& session, const Sight& sight,
                  const workflows::Panel& panel) {
  const auto& project = *visit.project;
  std::string origin = "Proposée d’après les fiches ; personne ne l’a encore relue.";
  if (panel.frozen && !panel.frozen->answers.value("written", false)) {
    origin = "Proposée d’après les fiches, retenue telle quelle à la décision.";
  } else if (panel.written) {
    origin = "Version " + std::to_string(panel.written->version) + ", enregistrée le " +
             workflows::FrenchInstant(panel.written->at);
    if (sight.names) origin += " par " + workflows::NameOf(session, panel.written->person);
    origin += ".";
  }
  const bool may_write = panel.sheets.empty() || panel.frozen ? false : MayWrite(visit, session);
  view.Set("synthesis", panel.synthesis)
      .Set("synthesis_origin", panel.sheets.empty() ? "" : origin)
      .Set("synthesis_may", may_write)
      .Set("synthesis_href", "/projets/" + project.number + "/actions/" + kWriteSynthesis)
      .Set("key", storage::RandomHex(16))
      .Set("version", std::to_string(project.version));
  view.SetList("synthesis_versions");
  for (const auto& document : storage::DocumentsOf(session, project.id)) {
    if (document.form != workflows::kSynthesis || document.taken_back) continue;
    if (!sight.MayRead(nullptr, document)) continue;
    view.AddRow("synthesis_versions")
        .Set("w_label", "version " + std::to_string(document.version) + " du " +
                            workflows::FrenchDate(document.at))
        .Set("w_href", "/projets/" + project.number + "/documents/" + document.form + "/" +
                           std::to_string(document.version));
  }
}

}  // namespace

Response ConsolidationPage(Visit& visit) {
  View view;
  visit.services.database.Read([&](storage::Session& session) {
    const auto& project = *visit.project;
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const Sight sight = SightOf(session, *visit.visitor, project, visit.now);
    const auto panel = workflows::ReadPanel(session, *definition, project.id);
    AddProjectHead(view, visit, session, sight, *definition, {});
    AddDoneNotice(view, visit, session);
    AddPanel(view, session, sight, project, panel);
    AddSynthesis(view, visit, session, sight, panel);
    std::string frozen_href;
    if (panel.frozen && sight.all_papers) {
      frozen_href = "/projets/" + project.number + "/documents/" + panel.frozen->form + "/" +
                    std::to_string(panel.frozen->version);
    }
    view.Set("frozen_href", frozen_href);
  });
  return Page(visit, 200, "consolidation", "Avis consolidés", std::move(view));
}

}  // namespace aiguillage::web
