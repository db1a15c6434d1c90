#include "web/object_access.h"

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "storage/committee.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "web/panel.h"
#include "web/rights.h"
#include "web/sight.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

using Scopes = std::vector<std::string>;

[[noreturn]] void Refuse(Visit& visit, const Route& route, const std::string& sentence) {
  visit.refused = NameOf(route.rule());
  throw HttpError(403, sentence);
}

std::int64_t IdOf(const Visit& visit, const char* name) {
  return IdIn(visit.Parameter(name)).value_or(0);
}

void LetIntoProject(Visit& visit, const Route& route, storage::Session& session,
                    std::optional<storage::Project> project) {
  if (!project) throw HttpError(404, "Ce projet n’existe pas.");
  if (!workflows::MaySee(session, visit.visitor->person.id, *project, visit.now)) {
    Refuse(visit, route, ForeignProjectSentence(session, *project));
  }
  visit.scopes = workflows::ScopesOf(session, *project);
  visit.project = std::move(project);
}

Scopes ScopesOfProject(storage::Session& session, std::int64_t id) {
  const auto project = id == 0 ? std::nullopt : storage::FindProjectById(session, id);
  return project ? workflows::ScopesOf(session, *project) : Scopes{""};
}

// The scopes that cover the object, or nothing when there is no such thing.
std::optional<Scopes> ScopesOfObject(Visit& visit, storage::Session& session, Object object) {
  switch (object) {
    case Object::kMail: {
      const auto row = storage::FindOutbox(session, IdOf(visit, "mail"));
      if (row) return ScopesOfProject(session, row->project);
      return std::nullopt;
    }
    case Object::kIncident: {
      const auto incident = storage::FindIncident(session, IdOf(visit, "incident"));
      if (incident) return ScopesOfProject(session, incident->project);
      return std::nullopt;
    }
    case Object::kDossier: {
      const auto dossier = storage::FindDossier(session, IdOf(visit, "dossier"));
      if (!dossier) return std::nullopt;
      const auto call = connectors::CallTaking(session, dossier->demarche);
      return call ? Scopes{workflows::CallScope(call->id), ""} : Scopes{""};
    }
    case Object::kSitting: {
      const auto sitting = storage::FindCommitteeSession(session, IdOf(visit, "sitting"));
      if (sitting) return Scopes{workflows::CallScope(sitting->call), ""};
      return std::nullopt;
    }
    case Object::kCall:
      return Scopes{workflows::CallScope(visit.Parameter("call")), ""};
    default:
      return Scopes{""};
  }
}

// Also to who holds no role but is the one it was sent to.
void LetReadMail(Visit& visit, const Route& route, storage::Session& session) {
  const auto row = storage::FindOutbox(session, IdOf(visit, "mail"));
  if (!row) throw HttpError(404, "Ce courriel n’existe pas.");
  const auto project = storage::FindProjectById(session, row->project);
  visit.scopes = ScopesOfProject(session, row->project);
  const bool open =
      project ? workflows::MaySee(session, visit.visitor->person.id, *project, visit.now) &&
                    SightOf(session, *visit.visitor, *project, visit.now).MayRead(*row)
              : Covers(Rule::kOffice, *visit.visitor, visit.scopes) ||
                    (row->kind == "mail" && row->person == visit.visitor->person.id);
  if (!open) Refuse(visit, route, "Ce courriel ne vous est pas adressé.");
}

}  // namespace

void CheckObjectOf(Visit& visit, const Route& route) {
  const Object object = ObjectOf(route.pattern());
  const bool asks_roles = !RowOf(route.rule()).roles.empty();
  visit.services.database.Read([&](storage::Session& session) {
    if (route.rule() == Rule::kSeesProject) {
      LetIntoProject(visit, route, session,
                     storage::FindProject(session, visit.Parameter("number")));
    } else if (route.rule() == Rule::kSeesPanel) {
      LetIntoProject(visit, route, session,
                     storage::FindProject(session, visit.Parameter("number")));
      const std::string refusal = PanelRefusal(visit, session);
      if (!refusal.empty()) Refuse(visit, route, refusal);
    } else if (route.rule() == Rule::kSeesFile) {
      const auto file = storage::FindFile(session, IdOf(visit, "file"));
      if (!file) throw HttpError(404, "Ce fichier n’existe pas.");
      LetIntoProject(visit, route, session, storage::FindProjectById(session, file->project));
    } else if (route.rule() == Rule::kReadsMail) {
      LetReadMail(visit, route, session);
    } else if (object != Object::kNone && asks_roles) {
      const auto scopes = ScopesOfObject(visit, session, object);
      if (!scopes) throw HttpError(404, "Cette page n’existe pas, ou plus.");
      visit.scopes = *scopes;
      if (!Covers(route.rule(), *visit.visitor, visit.scopes)) {
        Refuse(visit, route, "Cela relève d’un autre appel que ceux où vous avez un rôle.");
      }
    }
  });
}

}  // namespace aiguillage::web
