// Readings of Démarches Simplifiées: how far the one under way has come, whichever process does it,
// and what the last ones did.
#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/exchange_runs.h"
#include "web/exchange_words.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

std::string KindWords(const std::string& kind) {
  if (kind == "whole") return "Tout relire";
  return kind == "replay" ? "Relire ce qui est déjà ici" : "Ce qui a changé";
}

std::string EndWords(const storage::ExchangeRun& run, bool goes_on) {
  if (goes_on) return "en cours";
  if (run.outcome == "done") return "menée à sa fin";
  return run.outcome == "stopped" ? "arrêtée : " + run.words : "interrompue";
}

void AddRunning(View& row, const storage::ExchangeRun& run) {
  row.Set("x_progress", ProgressWords(run))
      .Set("x_since", workflows::FrenchInstant(run.started_at))
      .Set("x_told", workflows::FrenchInstant(run.told_at))
      .Set("x_reached", run.reached_at == 0 ? "" : workflows::FrenchDate(run.reached_at));
}

void AddReadings(View& row, Visit& visit, storage::Session& session, const storage::Call& call) {
  const auto standing = storage::FindExchangeStanding(session, call.demarche);
  const auto runs = storage::RunsOf(session, call.demarche);
  const bool leased = storage::IsLeased(session, "ds." + std::to_string(call.demarche), visit.now);
  const bool running = !runs.empty() && runs.front().outcome == "running";
  row.Set("x_call", call.title)
      .Set("x_demarche", std::to_string(call.demarche))
      .Set("x_read", standing.read_at == 0 ? "" : workflows::FrenchInstant(standing.read_at))
      .Set("x_trouble", standing.failing_since == 0 ? "" : standing.trouble)
      .Set("x_cut_off", running && !leased)
      .Set("x_running", running && leased);
  AddRunning(row, running ? runs.front() : storage::ExchangeRun());
  row.SetList("runs");
  for (const auto& run : runs) {
    const bool goes_on = running && leased && run.id == runs.front().id;
    row.AddRow("runs")
        .Set("r_start", workflows::FrenchInstant(run.started_at))
        .Set("r_kind", KindWords(run.kind))
        .Set("r_took", DurationWords(run.told_at - run.started_at))
        .Set("r_seen", Grouped(run.seen))
        .Set("r_created", Grouped(run.created))
        .Set("r_updated", Grouped(run.updated))
        .Set("r_held", Grouped(run.held))
        .Set("r_end", EndWords(run, goes_on));
  }
}

}  // namespace

Response ExchangePage(Visit& visit) {
  View view;
  view.SetList("demarches");
  visit.services.database.Read([&](storage::Session& session) {
    for (const auto& call : CallsFor(Rule::kSteering, *visit.visitor).Demarches(session)) {
      AddReadings(view.AddRow("demarches"), visit, session, call);
    }
  });
  return Page(visit, 200, "exchange", "Échanges avec Démarches Simplifiées", std::move(view));
}

}  // namespace aiguillage::web
