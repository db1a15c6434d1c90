// Démarches Simplifiées decided otherwise than we did: both sides, what waits meanwhile, and what
// the pilot may choose.
#include "workflows/conflict.h"

#include <algorithm>

#include "connectors/demarches_simplifiees/delivery.h"
#include "storage/calls.h"
#include "storage/conflicts.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/rails.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"

namespace aiguillage::web {

namespace {

using connectors::TextAt;
using storage::DsConflict;

struct Reply {
  int status = 200;
  std::string error, reason;  // what was refused, and what was typed
};

std::string DsStateWords(const std::string& state, const std::string& ours) {
  if (state.empty()) return ours + ", sans décision envoyée";
  if (state == "correction") return "complément demandé";
  return connectors::FrenchState(state);
}

// A person of the house by name, an agent of DS by address.
std::string Who(storage::Session& session, const std::string& email) {
  const auto person = email.empty() ? std::nullopt : storage::FindPersonByEmail(session, email);
  return person ? NameOf(*person) : email;
}

std::string When(const nlohmann::json& side) {
  const std::int64_t at = side.value("at", std::int64_t{0});
  return at == 0 ? "" : workflows::FrenchInstant(at);
}

void AddSides(View& view, storage::Session& session, const DsConflict& conflict,
              const std::string& ours) {
  view.SetList("sides");
  const auto add = [&](const char* label, const std::string& here, const std::string& there) {
    view.AddRow("sides")
        .Set("side_label", label)
        .Set("side_here", here.empty() ? "non précisé" : here)
        .Set("side_there", there.empty() ? "non précisé" : there);
  };
  const auto& here = conflict.here;
  const auto& there = conflict.there;
  add("État", FirstUpper(DsStateWords(TextAt(here, "state"), ours)),
      FirstUpper(DsStateWords(TextAt(there, "state"), "")));
  add("Motivation", TextAt(here, "motivation"), TextAt(there, "motivation"));
  add("Par", Who(session, TextAt(here, "by")), Who(session, TextAt(there, "by")));
  add("Le", When(here), When(there));
}

// « message au porteur, annotations »: what does not leave meanwhile.
std::string WaitingWords(storage::Session& session, std::int64_t project) {
  std::string words;
  for (const auto& row : storage::OutboxOf(session, project, "ds")) {
    if (row.status != "pending") continue;
    words += (words.empty() ? "" : ", ") + DsEffectLabel(row.topic);
  }
  return words;
}

std::string ChoiceWords(const DsConflict& conflict) {
  if (conflict.choice == "theirs") {
    return conflict.outbox == 0 ? "Prendre acte de Démarches Simplifiées"
                                : "Démarches Simplifiées a raison, envoi abandonné";
  }
  return conflict.outbox == 0 ? "Décision annulée dans Démarches Simplifiées"
                              : "Remis en l’état là-bas, envoi refait";
}

void AddSettled(View& view, storage::Session& session, std::int64_t project) {
  view.SetList("settled").Set("any_settled", false);
  for (const auto& one : storage::ConflictsOf(session, project)) {
    if (one.closed_at == 0) continue;
    view.Set("any_settled", true)
        .AddRow("settled")
        .Set("settled_choice", ChoiceWords(one))
        .Set("settled_who", workflows::NameOf(session, one.closed_by))
        .Set("settled_when", workflows::FrenchInstant(one.closed_at))
        .Set("settled_reason", one.reason);
  }
}

std::string DossierAddress(storage::Session& session, const Visit& visit) {
  const std::string& origin = visit.services.options.ds_address;
  const auto call = storage::FindCall(session, visit.project->call);
  if (origin.empty() || !call) return "";
  return origin + "/procedures/" + std::to_string(call->demarche) + "/dossiers/" +
         std::to_string(visit.project->dossier);
}

// That there is one is not for the holder either.
void RefuseStrangers(Visit& visit, storage::Session& session) {
  if (SeesConflict(visit, session)) return;
  throw HttpError(404, "Ce projet n’a rien à trancher pour vous.");
}

Response Show(Visit& visit, const Reply& reply) {
  View view;
  const auto& project = *visit.project;
  visit.services.database.Read([&](storage::Session& session) {
    RefuseStrangers(visit, session);
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const auto open = storage::OpenConflict(session, project.id);
    view.SetList("sides");
    if (open) {
      AddSides(view, session, *open, Rails(definition->chart).Labels(project.states, true));
    }
    AddSettled(view, session, project.id);
    view.Set("open", open.has_value())
        .Set("conflict", open ? std::to_string(open->id) : "")
        .Set("since", open ? workflows::FrenchInstant(open->opened_at) : "")
        .Set("was_said", open && open->outbox != 0)
        .Set("held_back", WaitingWords(session, project.id))
        .Set("may_settle",
             workflows::MaySettle(session, project, visit.visitor->person.id, visit.now))
        .Set("ds_href", DossierAddress(session, visit));
  });
  view.Set("number", project.number)
      .Set("project_title", project.title)
      .Set("error", reply.error)
      .Set("reason", reply.reason);
  const std::string title = "Désaccord avec Démarches Simplifiées";
  return Page(visit, reply.status, "conflict", reply.error.empty() ? title : "Erreur : " + title,
              std::move(view));
}

}  // namespace

bool SeesConflict(const Visit& visit, storage::Session& session) {
  return !CheckRule(Rule::kSteering, visit.visitor) ||
         workflows::MaySettle(session, *visit.project, visit.visitor->person.id, visit.now);
}

Response ConflictPage(Visit& visit) { return Show(visit, {}); }

Response SettleConflict(Visit& visit) {
  visit.services.database.Read([&](storage::Session& session) { RefuseStrangers(visit, session); });
  workflows::SettleRequest request;
  request.project = visit.project->number;
  request.conflict = IdIn(visit.request.Field("conflict")).value_or(0);
  request.choice = visit.request.Field("choice");
  request.reason = Trim(visit.request.Field("reason"));
  request.actor = {visit.visitor->person.id, ""};
  request.now = visit.now;
  const auto answer = visit.services.desk.Settle(request);
  if (answer) {
    return SeeOther("/projets/" + visit.project->number + "?fait=" + answer.value().act);
  }
  const auto& refusal = answer.refusal();
  if (refusal.code == "bad_input") return Show(visit, {422, refusal.sentence, request.reason});
  throw HttpError(refusal.code == "not_yours" ? 403 : 409, refusal.sentence);
}

}  // namespace aiguillage::web
