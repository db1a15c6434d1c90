#include "workflows/incidents.h"

#include <algorithm>

#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "storage/timers.h"
#include "workflows/requests.h"

namespace aiguillage::workflows {

namespace {

// Words to DS that failed: they wait again, in order, or will not leave.
int MoveFailedWords(storage::Session& session, const storage::Incident& incident,
                    const IncidentEnd& end) {
  int moved = 0;
  for (auto& row : storage::OutboxOf(session, incident.project, "ds")) {
    if (row.status != "failed") continue;
    const bool again = end.choice == "retry";
    row.status = again ? "pending" : "withdrawn";
    row.detail = (again ? "À refaire : " : "Passé outre : ") + end.reason;
    row.attempts = 0;
    row.not_before = end.now;
    row.done_at = again ? 0 : end.now;
    storage::UpdateOutbox(session, row);
    ++moved;
  }
  return moved;
}

bool Stands(const storage::Project& project, const std::string& state) {
  return state.empty() || (" " + project.states + " ").find(" " + state + " ") != std::string::npos;
}

// Deadlines that were due, could not be raised and were set aside since, of steps still under way.
int RaiseAgain(storage::Session& session, const storage::Incident& incident) {
  const auto project = storage::FindProjectById(session, incident.project);
  if (!project) return 0;
  int moved = 0;
  for (auto& timer : storage::TimersOf(session, incident.project)) {
    const bool aside = timer.status == "cancelled" && timer.stopped_at >= incident.at &&
                       timer.due_at <= timer.stopped_at;
    if (!aside || !Stands(*project, timer.owner)) continue;
    timer.status = "waiting";
    timer.stopped_at = 0;
    storage::UpdateTimer(session, timer);
    ++moved;
  }
  return moved;
}

std::string Told(const std::string& choice, const std::string& kind, int moved) {
  if (choice == "mended") return "L’incident est clos : c’est réparé.";
  if (choice == "skip") {
    return moved == 0 ? "L’incident est clos : on passe outre."
                      : "L’incident est clos : l’envoi est abandonné.";
  }
  return kind == "timer" ? "L’échéance est de nouveau due : elle repart dans la minute."
                         : "L’envoi attend de nouveau : il repart au prochain échange.";
}

}  // namespace

const std::vector<IncidentKind>& IncidentKinds() {
  static const std::vector<IncidentKind> kinds = {
      {"ds_refused", "Envoi refusé par Démarches Simplifiées", true, true},
      {"ds_correction", "Correction que Démarches Simplifiées n’a pas ouverte", false, true},
      {"ds_deleted", "Dossier supprimé dans Démarches Simplifiées", false, true},
      {"timer", "Échéance qui n’a pas pu être traitée", true, true},
      {"mail_refused", "Adresse refusée par le serveur de courriel", false, true},
      {"mail_text", "Texte de courriel de l’appel qui ne peut plus servir", false, true},
      {"rails", "Rails exécutés en partie", false, true},
      {"invariant", "Acte annulé : le dossier serait devenu incohérent", false, false},
  };
  return kinds;
}

const IncidentKind& KindOfIncident(const std::string& id) {
  static const IncidentKind other = {"", "Autre incident", false, false};
  for (const auto& kind : IncidentKinds()) {
    if (id == kind.id) return kind;
  }
  return other;
}

engine::Outcome<std::string> EndIncident(storage::Session& session, const IncidentEnd& end) {
  using engine::Refusal;
  auto incident = storage::FindIncident(session, end.incident);
  if (!incident) return Refusal{"unknown", "Cet incident n’existe pas.", {}};
  const IncidentKind& kind = KindOfIncident(incident->kind);
  const bool known = end.choice == "mended" || (end.choice == "retry" && kind.retry) ||
                     (end.choice == "skip" && kind.skip);
  if (!known) return Refusal{"bad_input", "Cet incident ne se traite pas de cette façon.", {}};
  if (end.reason.empty() || end.reason.size() > kReasonMax) {
    return Refusal{"bad_input", "Dites pourquoi, en une phrase : elle reste avec l’incident.", {}};
  }
  if (incident->closed_at != 0) {
    return Refusal{"over", "Quelqu’un a déjà traité cet incident.", {}};
  }
  int moved = 0;
  if (incident->kind == "ds_refused" && end.choice != "mended") {
    moved = MoveFailedWords(session, *incident, end);
  } else if (end.choice == "retry") {
    moved = RaiseAgain(session, *incident);
  }
  if (end.choice == "retry" && moved == 0) {
    return Refusal{"nothing",
                   "Il n’y a plus rien à réessayer : l’envoi ou l’échéance n’est plus en attente "
                   "d’une reprise. Dites que c’est réparé.",
                   {}};
  }
  incident->closed_at = end.now;
  incident->closed_by = end.person;
  incident->choice = end.choice;
  incident->reason = end.reason;
  storage::CloseIncident(session, *incident);
  return Told(end.choice, incident->kind, moved);
}

}  // namespace aiguillage::workflows
