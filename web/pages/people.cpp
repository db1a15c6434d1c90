// People and their roles: who may do what, where, since when.
#include "storage/people.h"

#include "forms/validate.h"
#include "storage/calls.h"
#include "storage/error.h"
#include "storage/projects.h"
#include "web/absences.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/table_file.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

struct PersonDraft {
  std::string email, name, siret, error;
  bool added = false;
};

constexpr std::size_t kShown = 300;
constexpr std::size_t kPeopleInFile = 5000;

bool Matches(const storage::Person& person, const std::string& text) {
  if (text.empty()) return true;
  const std::string wanted = Lower(text);
  return Lower(person.name).find(wanted) != std::string::npos ||
         person.email.find(wanted) != std::string::npos;
}

struct PersonLine {
  storage::Person person;
  std::vector<storage::Grant> grants;
  std::int64_t projects = 0;  // those they hold, or hold a role on
};

std::string PeopleText(const Visit& visit) { return visit.request.Query("q").substr(0, 200); }

// Roles and projects are read of the first `most` only.
std::vector<PersonLine> ReadPeople(storage::Session& session, const std::string& text,
                                   std::size_t most) {
  std::vector<PersonLine> found;
  for (auto& person : storage::People(session)) {
    if (!Matches(person, text)) continue;
    if (found.size() >= most) {
      found.push_back({person, {}, 0});
      continue;
    }
    storage::ProjectFilter theirs;
    theirs.person = person.id;
    found.push_back(
        {person, storage::GrantsOf(session, person.id), storage::CountProjects(session, theirs)});
  }
  return found;
}

// « chef de file (collection Numérique), relecteur (projet AIG-2026-0042) »
std::string RolesAndScopes(Visit& visit, const std::vector<storage::Grant>& grants) {
  std::string words;
  for (const auto& grant : grants) {
    const std::string scope = ScopeLabel(visit, grant.scope);
    words += (words.empty() ? "" : ", ") + RoleLabel(grant.role);
    if (!scope.empty()) words += " (" + scope + ")";
  }
  return words;
}

TableFile PeopleTable(Visit& visit) {
  TableFile table{"Personnes",
                  {"Nom", "Adresse électronique", "SIRET", "Rôles", "Projets en propre", "Compte"},
                  {}};
  const auto lines = visit.services.database.Read([&](storage::Session& session) {
    return ReadPeople(session, PeopleText(visit), kPeopleInFile);
  });
  if (lines.size() > kPeopleInFile) {
    throw HttpError(422, "Cette liste a plus de 5 000 lignes : filtrez-la avant de l’exporter.");
  }
  for (const auto& line : lines) {
    table.rows.push_back({NameOf(line.person), line.person.email, line.person.siret,
                          RolesAndScopes(visit, line.grants),
                          TableCell::Number(static_cast<double>(line.projects)),
                          std::string(line.person.active ? "actif" : "désactivé")});
  }
  return table;
}

Response ShowPeople(Visit& visit, int status, const PersonDraft& draft) {
  const std::string text = PeopleText(visit);
  View view;
  std::size_t count = 0;
  view.SetList("people");
  const auto lines = visit.services.database.Read(
      [&](storage::Session& session) { return ReadPeople(session, text, kShown); });
  for (const auto& line : lines) {
    ++count;
    if (count > kShown) continue;
    std::string roles;
    for (const auto& grant : line.grants) {
      const std::string label = RoleLabel(grant.role);
      if (roles.find(label) == std::string::npos) roles += (roles.empty() ? "" : ", ") + label;
    }
    view.AddRow("people")
        .Set("p_name", NameOf(line.person))
        .Set("p_href", "/personnes/" + std::to_string(line.person.id))
        .Set("p_email", line.person.email)
        .Set("p_refused", line.person.refused)
        .Set("p_roles", roles)
        .Set("p_projects", line.projects == 0 ? "" : std::to_string(line.projects))
        .Set("p_inactive", !line.person.active);
  }
  view.Set("count", Plural(static_cast<std::int64_t>(count), "personne", "personnes"))
      .Set("text", text)
      .Set("csv_href", "/personnes.csv" + QueryOf({{"q", text}}))
      .Set("xlsx_href", "/personnes.xlsx" + QueryOf({{"q", text}}))
      .Set("may_add", !CheckRule(Rule::kPeople, visit.visitor))
      .Set("new_email", draft.email)
      .Set("new_name", draft.name)
      .Set("new_siret", draft.siret)
      .Set("error", draft.error);
  return Page(visit, status, "people", draft.error.empty() ? "Personnes" : "Erreur : Personnes",
              std::move(view));
}

storage::Person PersonAsked(Visit& visit) {
  const auto id = IdIn(visit.Parameter("person"));
  const auto person = visit.services.database.Read([&](storage::Session& session) {
    return id ? storage::FindPerson(session, *id) : std::nullopt;
  });
  if (!person) throw HttpError(404, "Cette personne n’existe pas.");
  return *person;
}

void AddScopes(View& view, Visit& visit) {
  view.SetList("roles").SetList("scopes");
  for (const auto& role : workflows::Roles()) {
    view.AddRow("roles").Set("option_value", role.id).Set("option_label", FirstUpper(role.label));
  }
  visit.services.database.Read([&](storage::Session& session) {
    for (const auto& collection : storage::Collections(session)) {
      view.AddRow("scopes")
          .Set("option_value", workflows::CollectionScope(collection.slug))
          .Set("option_label", "Collection " + collection.label);
    }
    for (const auto& call : storage::Calls(session)) {
      view.AddRow("scopes")
          .Set("option_value", workflows::CallScope(call.id))
          .Set("option_label", "Appel " + call.title);
    }
  });
}

std::string AddressOfPerson(const storage::Person& person) {
  return "/personnes/" + std::to_string(person.id);
}

Response ShowPerson(Visit& visit, int status, const storage::Person& person,
                    const std::string& error, const AbsenceDraft& absence = {}) {
  View view;
  AddAbsences(view, visit, person.id, AddressOfPerson(person) + "/absences", absence);
  const auto grants = visit.services.database.Read(
      [&](storage::Session& session) { return storage::GrantsOf(session, person.id); });
  view.SetList("grants");
  for (const auto& grant : grants) {
    const std::string scope = ScopeLabel(visit, grant.scope);
    view.AddRow("grants")
        .Set("g_role", FirstUpper(RoleLabel(grant.role)))
        .Set("g_scope", scope.empty() ? "partout" : scope)
        .Set("g_since", workflows::FrenchDate(grant.granted_at))
        .Set("g_end_href", AddressOfPerson(person) + "/roles/" + std::to_string(grant.id) + "/fin");
  }
  AddScopes(view, visit);
  view.Set("p_name", NameOf(person))
      .Set("p_email", person.email)
      .Set("p_refused", person.refused)
      .Set("p_siret", person.siret)
      .Set("p_inactive", !person.active)
      .Set("may_close", person.active && person.id != visit.visitor->person.id)
      .Set("p_href", AddressOfPerson(person))
      .Set("may_change", !CheckRule(Rule::kPeople, visit.visitor))
      .Set("error", error);
  const bool refused = !error.empty() || !absence.error.empty();
  return Page(visit, status, "person", (refused ? "Erreur : " : "") + NameOf(person),
              std::move(view));
}

// "" when the role may be held there, else why not.
std::string ScopeError(Visit& visit, const std::string& role, const std::string& scope) {
  if (!workflows::IsRole(role)) return "Choisissez un rôle dans la liste.";
  if (!workflows::IsScope(scope)) return "Choisissez un périmètre dans la liste.";
  if (scope.rfind("project:", 0) != 0) return "";
  const auto project = visit.services.database.Read(
      [&](storage::Session& session) { return storage::FindProject(session, scope.substr(8)); });
  return project ? "" : "Aucun projet ne porte ce numéro.";
}

}  // namespace

Response PeopleCsv(Visit& visit) { return AnswerWith(PeopleTable(visit), "csv", "personnes"); }
Response PeopleXlsx(Visit& visit) { return AnswerWith(PeopleTable(visit), "xlsx", "personnes"); }

Response PeoplePage(Visit& visit) { return ShowPeople(visit, 200, {}); }

Response AddPerson(Visit& visit) {
  PersonDraft draft{Lower(Trim(visit.request.Field("email"))), Trim(visit.request.Field("name")),
                    Trim(visit.request.Field("siret")), "", false};
  draft.error = forms::FormatError("email", draft.email);
  if (draft.error.empty() && (draft.name.empty() || draft.name.size() > 200)) {
    draft.error = "Indiquez le nom de la personne (200 caractères au plus).";
  }
  if (draft.error.empty() && !draft.siret.empty()) {
    draft.error = forms::FormatError("siret", draft.siret);
  }
  if (!draft.error.empty()) return ShowPeople(visit, 422, draft);
  storage::Person person;
  person.email = draft.email;
  person.name = draft.name;
  person.siret = draft.siret;
  person.created_at = visit.now;
  try {
    const auto id = visit.services.database.Write(
        [&](storage::Session& session) { return storage::InsertPerson(session, person); });
    return SeeOther("/personnes/" + std::to_string(id));
  } catch (const storage::Conflict&) {
    draft.error = "Une personne a déjà cette adresse.";
    return ShowPeople(visit, 422, draft);
  }
}

Response PersonPage(Visit& visit) { return ShowPerson(visit, 200, PersonAsked(visit), ""); }

Response ChangeAccess(Visit& visit) {
  const auto person = PersonAsked(visit);
  const std::string wanted = visit.request.Field("acces");
  if (wanted != "ouvert" && wanted != "ferme") {
    return ShowPerson(visit, 422, person, "Indiquez si l’accès doit être fermé ou rouvert.");
  }
  const bool active = wanted == "ouvert";
  if (!active && person.id == visit.visitor->person.id) {
    return ShowPerson(visit, 422, person,
                      "Vous ne pouvez pas fermer votre propre accès : demandez à un autre pilote.");
  }
  visit.services.desk.SetActive(person.id, active, visit.now);
  visit.services.log({LogLevel::kWarning,
                      active ? "access_reopened" : "access_closed",
                      {{"person", person.id}, {"by", visit.visitor->person.id}, {"id", visit.id}}});
  return SeeOther(AddressOfPerson(person));
}

// A new address opens the log-in to whoever reads it: sessions end, and the log tells who changed
// it.
Response ChangeAddress(Visit& visit) {
  auto person = PersonAsked(visit);
  const std::string email = Lower(Trim(visit.request.Field("email")));
  const std::string error = forms::FormatError("email", email);
  if (!error.empty()) return ShowPerson(visit, 422, person, error);
  if (email == person.email) return SeeOther(AddressOfPerson(person));
  auto changed = person;
  changed.email = email;
  try {
    visit.services.database.Write([&](storage::Session& session) {
      storage::UpdatePerson(session, changed);
      storage::EndWebSessionsOf(session, person.id);
      storage::EndLoginLinks(session, person.id, visit.now);  // mailed to the former address
    });
  } catch (const storage::Conflict&) {
    return ShowPerson(visit, 422, person, "Une personne a déjà cette adresse.");
  }
  visit.services.log({LogLevel::kWarning,
                      "address_changed",
                      {{"person", person.id}, {"by", visit.visitor->person.id}, {"id", visit.id}}});
  return SeeOther(AddressOfPerson(person));
}

Response AddRole(Visit& visit) {
  const auto person = PersonAsked(visit);
  const std::string role = visit.request.Field("role");
  std::string scope = visit.request.Field("scope");
  const std::string number = Trim(visit.request.Field("number"));
  if (!number.empty()) scope = workflows::ProjectScope(number);
  const std::string error = ScopeError(visit, role, scope);
  if (!error.empty()) return ShowPerson(visit, 422, person, error);
  visit.services.desk.GrantRole(person.id, role, scope, visit.now);
  return SeeOther(AddressOfPerson(person));
}

Response EndRole(Visit& visit) {
  const auto person = PersonAsked(visit);
  const std::string& id = visit.Parameter("grant");
  const auto grants = visit.services.database.Read(
      [&](storage::Session& session) { return storage::GrantsOf(session, person.id); });
  for (const auto& grant : grants) {
    if (std::to_string(grant.id) != id) continue;
    if (grant.person == visit.visitor->person.id && grant.role == "program_admin") {
      return ShowPerson(visit, 422, person,
                        "Vous ne pouvez pas vous retirer le rôle de pilote : demandez à un autre "
                        "pilote.");
    }
    visit.services.desk.EndGrant(grant.id, visit.now);
  }
  return SeeOther(AddressOfPerson(person));
}

Response DeclareTheirAbsence(Visit& visit) {
  const auto person = PersonAsked(visit);
  const auto draft = DeclareAbsenceOf(visit, person.id);
  if (!draft.error.empty()) return ShowPerson(visit, 422, person, "", draft);
  return SeeOther(AddressOfPerson(person) + "#absences");
}

Response EndTheirAbsence(Visit& visit) {
  const auto person = PersonAsked(visit);
  EndAbsenceOf(visit, person.id);
  return SeeOther(AddressOfPerson(person) + "#absences");
}

}  // namespace aiguillage::web
