// What differs between here and Démarches Simplifiées, project by project, as last looked at.
// Asking again leaves a mark that the exchange picks up: no page waits for DS.
#include <nlohmann/json.hpp>

#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/calls.h"
#include "storage/exchange.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using connectors::TextAt;

constexpr std::size_t kDriftsShown = 500;

void AddDrift(View& view, storage::Session& session, const nlohmann::json& drift) {
  const std::string number = TextAt(drift, "number");
  const auto project = storage::FindProject(session, number);
  view.AddRow("drifts")
      .Set("d_number", number.empty() ? "toute la démarche" : number)
      .Set("d_title", project ? project->title : "")
      .Set("d_href", project ? "/projets/" + project->number : "")
      .Set("d_what", FirstUpper(TextAt(drift, "what")))
      .Set("d_here", TextAt(drift, "here"))
      .Set("d_there", TextAt(drift, "there"));
}

void AddDemarche(View& row, storage::Session& session, const storage::Call& call) {
  const auto last = storage::FindComparison(session, call.demarche);
  const auto count = static_cast<std::int64_t>(last.rows.size());
  row.Set("d_call", call.title)
      .Set("d_demarche", std::to_string(call.demarche))
      .Set("d_at", last.at == 0 ? "" : workflows::FrenchInstant(last.at))
      .Set("d_count", Plural(count, "écart", "écarts"))
      .Set("d_waits", last.asked_at > last.at)
      .Set("d_none", last.at != 0 && count == 0)
      .Set("d_more", last.rows.size() > kDriftsShown);
  row.SetList("drifts");
  std::size_t shown = 0;
  for (const auto& drift : last.rows) {
    if (shown++ == kDriftsShown) break;
    AddDrift(row, session, drift);
  }
}

}  // namespace

Response DriftPage(Visit& visit) {
  View view;
  view.SetList("demarches");
  visit.services.database.Read([&](storage::Session& session) {
    for (const auto& call : CallsFor(Rule::kSteering, *visit.visitor).Demarches(session)) {
      AddDemarche(view.AddRow("demarches"), session, call);
    }
  });
  view.Set("may_ask", !CheckRule(Rule::kOffice, visit.visitor));
  return Page(visit, 200, "drift", "Écarts avec Démarches Simplifiées", std::move(view));
}

Response AskForDrift(Visit& visit) {
  visit.services.database.Write([&](storage::Session& session) {
    for (const auto& call : CallsFor(Rule::kOffice, *visit.visitor).Demarches(session)) {
      if (std::to_string(call.demarche) != visit.request.Field("demarche")) continue;
      storage::AskForComparison(session, call.demarche, visit.now);
    }
  });
  return SeeOther("/pilotage/ecarts");
}

}  // namespace aiguillage::web
