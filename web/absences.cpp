#include "web/absences.h"

#include <set>

#include "storage/people.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

constexpr std::int64_t kSecondMs = 1000;

// « du 3 au 21 août 2026 », both days included.
std::string DatesOf(const storage::Delegation& absence) {
  return "du " + workflows::FrenchDate(absence.from_at) + " au " +
         workflows::FrenchDate(absence.until_at - kSecondMs);
}

// From its first second, or from now when it is today.
std::optional<storage::Delegation> ReadDates(const AbsenceDraft& draft, std::int64_t now) {
  const auto from = workflows::ParseInstant(draft.from);
  const std::int64_t until = workflows::EndOfParisDay(draft.until);
  if (draft.from.size() != 10 || !from || until == 0) return std::nullopt;
  storage::Delegation absence;
  absence.from_at = draft.from == workflows::ParisDate(now) ? now : from.value();
  absence.until_at = until + kSecondMs;
  return absence;
}

}  // namespace

void AddAbsences(View& view, Visit& visit, std::int64_t person, const std::string& address,
                 const AbsenceDraft& draft) {
  std::vector<storage::Delegation> absences;
  std::vector<std::string> names;  // of who stands in
  std::set<std::string> scopes;
  visit.services.database.Read([&](storage::Session& session) {
    absences = storage::AbsencesOf(session, person, visit.now);
    for (const auto& absence : absences) {
      names.push_back(workflows::NameOf(session, absence.delegate));
    }
    for (const auto& grant : storage::GrantsOf(session, person)) scopes.insert(grant.scope);
  });
  scopes.erase("");
  view.SetList("absences").SetList("absence_scopes");
  for (std::size_t i = 0; i < absences.size(); ++i) {
    const std::string scope = ScopeLabel(visit, absences[i].scope);
    view.AddRow("absences")
        .Set("absence_dates", DatesOf(absences[i]))
        .Set("absence_stand_in", names[i])
        .Set("absence_scope", scope.empty() ? "pour tous ses rôles" : "pour : " + scope)
        .Set("absence_running", absences[i].from_at <= visit.now)
        .Set("absence_end", address + "/" + std::to_string(absences[i].id) + "/fin");
  }
  for (const auto& scope : scopes) {
    view.AddRow("absence_scopes")
        .Set("option_value", scope)
        .Set("option_label", FirstUpper(ScopeLabel(visit, scope)))
        .Set("option_selected", scope == draft.scope);
  }
  view.Set("absence_address", address)
      .Set("absence_from", draft.from)
      .Set("absence_until", draft.until)
      .Set("absence_who", draft.stand_in)
      .Set("absence_error", draft.error);
}

AbsenceDraft DeclareAbsenceOf(Visit& visit, std::int64_t person) {
  const Request& request = visit.request;
  AbsenceDraft draft{Trim(request.Field("du")), Trim(request.Field("au")),
                     Lower(Trim(request.Field("remplacant"))), request.Field("perimetre"), ""};
  auto absence = ReadDates(draft, visit.now);
  if (!absence) {
    draft.error = "Indiquez le premier et le dernier jour de l’absence (par exemple 2027-08-03).";
    return draft;
  }
  draft.error = visit.services.database.Write([&](storage::Session& session) -> std::string {
    const auto stand_in = storage::FindPersonByEmail(session, draft.stand_in);
    if (!stand_in) {
      return "Aucun compte n’a l’adresse « " + draft.stand_in +
             " ». Demandez au pilote de l’inscrire, ou choisissez quelqu’un d’autre.";
    }
    absence->person = person;
    absence->delegate = stand_in->id;
    absence->scope = draft.scope;
    const auto declared = workflows::DeclareAbsence(session, *absence, visit.now);
    return declared ? "" : declared.refusal().sentence;
  });
  return draft;
}

void EndAbsenceOf(Visit& visit, std::int64_t person) {
  const auto id = IdIn(visit.Parameter("absence"));
  const bool ended = id && visit.services.database.Write([&](storage::Session& session) {
    return storage::EndDelegation(session, *id, person, visit.now);
  });
  if (!ended) throw HttpError(404, "Cette absence n’existe pas, ou elle est déjà finie.");
}

}  // namespace aiguillage::web
