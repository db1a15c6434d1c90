// Coming in and going out.
#include <chrono>
#include <thread>

#include "storage/hash.h"
#include "storage/people.h"
#include "web/absences.h"
#include "web/api.h"
#include "web/login.h"
#include "web/mail_paces.h"
#include "web/own_calendar.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/session.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

Response ShowLogin(Visit& visit, int status, const std::string& email, const std::string& next,
                   bool sent, const std::string& error) {
  View view;
  view.Set("sent", sent).Set("email", email).Set("next", next).Set("error", error);
  return Page(visit, status, "login", error.empty() ? "Connexion" : "Erreur : Connexion",
              std::move(view));
}

std::string NextOf(const std::string& wanted) {
  const std::string next = OwnPath(wanted);
  return next == "/" ? "/taches" : next;
}

}  // namespace

Response LoginPage(Visit& visit) {
  const std::string next = NextOf(visit.request.Query("suite"));
  if (visit.visitor) return SeeOther(next);
  return ShowLogin(visit, 200, "", next, false, "");
}

Response AskLoginLink(Visit& visit) {
  const std::string email = Lower(Trim(visit.request.Field("email")));
  const std::string next = NextOf(visit.request.Field("suite"));
  if (!LooksLikeEmail(email)) {
    return ShowLogin(visit, 422, email.substr(0, 254), next, false,
                     "Cette adresse n’est pas complète : elle s’écrit comme "
                     "prenom.nom@ministere.gouv.fr.");
  }
  if (AskedTooOften(visit)) {
    throw HttpError(429, "Trop de demandes en une heure : réessayez plus tard.");
  }
  // A link costs a few writes more than none: who listens to the clock hears nothing of it.
  const auto answer_at = std::chrono::steady_clock::now() +
                         std::chrono::milliseconds(visit.services.options.login_answer_ms);
  MailLoginLink(visit.services, email, next, visit.now);
  std::this_thread::sleep_until(answer_at);
  return ShowLogin(visit, 200, email, next, true, "");
}

Response LoginLinkPage(Visit& visit) {
  const std::string& token = visit.Parameter("token");
  const auto name = visit.services.database.Read([&](storage::Session& session) -> std::string {
    const auto link = storage::FindLoginLink(session, storage::Sha256(token));
    if (!link || link->expires_at < visit.now) return "";
    if (link->consumed_at != 0 && !link->reusable) return "";
    const auto person = storage::FindPerson(session, link->person);
    return person && person->active ? NameOf(*person) : "";
  });
  View view;
  view.Set("usable", !name.empty()).Set("link_person", name).Set("token", token);
  return Page(visit, name.empty() ? 404 : 200, "login_link",
              name.empty() ? "Ce lien n’est plus valable" : "Connexion par lien", std::move(view));
}

Response UseLoginLink(Visit& visit) {
  const std::string hash = storage::Sha256(visit.Parameter("token"));
  struct Entry {
    std::int64_t person = 0;
    std::string next;
  };
  const auto entry = visit.services.database.Write([&](storage::Session& session) {
    const auto link = storage::FindLoginLink(session, hash);
    if (!link || !storage::ConsumeLoginLink(session, hash, visit.now)) return Entry{};
    const auto person = storage::FindPerson(session, link->person);
    return person && person->active ? Entry{person->id, link->next} : Entry{};
  });
  if (entry.person == 0) {
    View view;
    view.Set("usable", false).Set("link_person", "").Set("token", "");
    return Page(visit, 404, "login_link", "Ce lien n’est plus valable", std::move(view));
  }
  Response response = SeeOther(NextOf(entry.next));
  if (visit.visitor) EndSession(visit, response);
  response.cookies.clear();
  BeginSession(visit, response, entry.person, "mail_link");
  return response;
}

Response LogOut(Visit& visit) {
  Response response = SeeOther("/");
  EndSession(visit, response);
  return response;
}

namespace {

// What the page calls a session: not the key of its row.
std::string HandleOf(const storage::WebSession& row) {
  return storage::Sha256("session " + row.token_hash).substr(0, 16);
}

std::string AuthWords(const std::string& method) {
  return method == "mail_link" ? "par un lien reçu par courriel" : "";
}

Response ShowAccount(Visit& visit, int status, const AbsenceDraft& draft,
                     const std::string& calendar_address = "", const ApiKeyDraft& key = {}) {
  View view;
  const auto& person = visit.visitor->person;
  view.Set("email", person.email);
  view.SetList("roles");
  for (const auto& held : visit.visitor->roles) {
    view.AddRow("roles")
        .Set("role_label", FirstUpper(RoleLabel(held.role)))
        .Set("role_scope", ScopeLabel(visit, held.scope));
  }
  AddAbsences(view, visit, person.id, "/compte/absences", draft);
  const auto sessions = visit.services.database.Read([&](storage::Session& session) {
    AddMailPaces(view, visit, session);
    AddOwnCalendar(view, visit, session, calendar_address);
    AddApiKeys(view, visit, session, key);
    return storage::WebSessionsOf(session, person.id);
  });
  view.SetList("sessions").Set("has_others", false);
  for (const auto& row : sessions) {
    const bool here = row.token_hash == visit.visitor->session_hash;
    const std::int64_t seen = visit.house.attendance.LastSeen(row.token_hash, row.seen_at);
    if (!IsOpen(row, seen, visit.now)) continue;
    if (!here) view.Set("has_others", true);
    view.AddRow("sessions")
        .Set("opened", workflows::FrenchInstant(row.created_at))
        .Set("seen", workflows::FrenchInstant(seen))
        .Set("how", AuthWords(row.auth_method))
        .Set("this_one", here)
        .Set("end_href", "/compte/sessions/" + HandleOf(row) + "/fin");
  }
  return Page(visit, status, "account", status < 400 ? "Mon compte" : "Erreur : Mon compte",
              std::move(view));
}

}  // namespace

Response AccountPage(Visit& visit) { return ShowAccount(visit, 200, {}); }

// The page itself and not a way back to it: the address is shown this once.
Response RenewOwnCalendar(Visit& visit) {
  return ShowAccount(visit, 200, {}, MakeOwnCalendar(visit));
}

Response MakeApiKeyAct(Visit& visit) {
  const ApiKeyDraft key = MakeApiKey(visit);
  return ShowAccount(visit, key.error.empty() ? 200 : 422, {}, "", key);
}

Response DeclareOwnAbsence(Visit& visit) {
  const auto draft = DeclareAbsenceOf(visit, visit.visitor->person.id);
  return draft.error.empty() ? SeeOther("/compte#absences") : ShowAccount(visit, 422, draft);
}

Response EndOwnAbsence(Visit& visit) {
  EndAbsenceOf(visit, visit.visitor->person.id);
  return SeeOther("/compte#absences");
}

Response EndOneSession(Visit& visit) {
  const auto& visitor = *visit.visitor;
  const std::string& handle = visit.Parameter("session");
  const auto ended = visit.services.database.Write([&](storage::Session& session) -> std::string {
    for (const auto& row : storage::WebSessionsOf(session, visitor.person.id)) {
      if (HandleOf(row) != handle) continue;
      storage::EndWebSession(session, row.token_hash);
      return row.token_hash;
    }
    return "";
  });
  if (ended.empty()) throw HttpError(404, "Cette connexion est déjà fermée.");
  visit.house.attendance.Forget(ended);
  Response response = SeeOther(ended == visitor.session_hash ? "/" : "/compte");
  if (ended == visitor.session_hash) response.Cookie(kSessionCookie, "", 0);
  return response;
}

Response EndOtherSessions(Visit& visit) {
  const auto& visitor = *visit.visitor;
  visit.services.database.Write([&](storage::Session& session) {
    for (const auto& row : storage::WebSessionsOf(session, visitor.person.id)) {
      if (row.token_hash != visitor.session_hash) storage::EndWebSession(session, row.token_hash);
    }
  });
  return SeeOther("/compte");
}

}  // namespace aiguillage::web
