#include "connectors/demarches_simplifiees/deletions.h"

#include <optional>

#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/dossiers.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

constexpr int kPage = 50;  // DS's pending list is slow on large démarches

bool ByTheHolder(const std::string& reason) {
  return reason == "user_request" || reason == "user_removed" || reason == "user_expired";
}

}  // namespace

bool Deletions::Read() {
  return ReadList(Operation::kPendingDeleted, "pendingDeletedDossiers", "pending_deleted") &&
         ReadList(Operation::kDeleted, "deletedDossiers", "deleted");
}

bool Deletions::ReadList(Operation operation, const char* field, const std::string& kind) {
  const std::int64_t demarche = context_.options.demarche;
  std::string after = context_.database.Read(
      [&](storage::Session& session) { return storage::FindCursor(session, demarche, kind); });
  for (int timeouts = 0;;) {
    json variables = {{"number", demarche}, {"first", kPage}};
    if (!after.empty()) variables["after"] = after;
    const DsAnswer page = client_.AskPatiently(operation, variables);
    if (page.failure == DsFailure::kTimeout && ++timeouts < 3) continue;
    if (!page.Ok()) {
      report_.stopped = true;
      report_.words.push_back(page.sentence);
      return false;
    }
    const json& list = PartOf(PartOf(page.data, "demarche"), field);
    for (const json& node : PartOf(list, "nodes")) TakeOut(node);
    const std::string end = TextAt(PartOf(list, "pageInfo"), "endCursor");
    if (end.empty()) return true;
    after = end;
    context_.database.Write(
        [&](storage::Session& session) { storage::SaveCursor(session, demarche, kind, end); });
    if (PartOf(PartOf(list, "pageInfo"), "hasNextPage") != json(true)) return true;
  }
}

void Deletions::TakeOut(const json& node) {
  const json& number = PartOf(node, "number");
  if (!number.is_number_integer()) return;
  const auto dossier = number.get<std::int64_t>();
  const auto project = context_.database.Write([&](storage::Session& session) {
    const auto held = storage::FindDossier(session, dossier);
    if (held && held->status == "quarantined") {
      storage::SetDossierStatus(session, dossier, "superseded", held->reasons);
    }
    return storage::FindProjectByDossier(session, dossier);
  });
  if (!project || project->ended_at != 0) return;
  const std::string reason = TextAt(node, "reason");
  if (ByTheHolder(reason)) return Withdraw(*project, reason, dossier);
  Tell(*project, "Le dossier " + std::to_string(dossier) +
                     " a été supprimé dans Démarches Simplifiées (motif « " + reason +
                     " ») ; le projet continue ici. À vérifier.");
}

void Deletions::Withdraw(const storage::Project& project, const std::string& reason,
                         std::int64_t number) {
  workflows::ActRequest request;
  request.project = project.number;
  request.action = event_;
  request.actor.role = "ds";
  request.data = {{"reason", "Le dossier a été supprimé dans Démarches Simplifiées."},
                  {"ds_reason", reason}};
  request.key = "ds:" + std::to_string(number) + ":deleted";
  request.now = context_.Now();
  const auto answer = context_.desk.Act(request);
  if (answer && answer.value().version > project.version) {
    ++report_.updated;
    return;
  }
  Tell(project, "Le dossier " + std::to_string(number) +
                    " a été retiré par son déposant dans Démarches Simplifiées, mais le projet ne "
                    "peut pas l’être à cette étape.");
}

void Deletions::Tell(const storage::Project& project, const std::string& sentence) {
  report_.words.push_back(project.number + " : " + sentence);
  storage::Incident incident;
  incident.project = project.id;
  incident.kind = "ds_deleted";
  incident.sentence = sentence;
  incident.at = context_.Now();
  context_.database.Write(
      [&](storage::Session& session) { storage::InsertIncident(session, incident); });
}

void Deletions::LookForMissing(const std::set<std::int64_t>& met) {
  const auto held = context_.database.Read([&](storage::Session& session) {
    return storage::DossierNumbers(session, context_.options.demarche);
  });
  for (const std::int64_t number : held) {
    if (met.contains(number)) continue;
    const auto project = context_.database.Read(
        [&](storage::Session& session) { return storage::FindProjectByDossier(session, number); });
    if (!project || project->ended_at != 0) continue;
    const DsAnswer answer = client_.AskPatiently(Operation::kDossierStatus, {{"number", number}});
    if (answer.failure != DsFailure::kNotFound) continue;
    Tell(*project, "Le dossier " + std::to_string(number) +
                       " n’est plus visible dans Démarches Simplifiées, sans avoir été annoncé "
                       "comme supprimé. À vérifier.");
  }
}

}  // namespace aiguillage::connectors
