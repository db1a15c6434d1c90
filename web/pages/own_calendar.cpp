// One's calendar of deadlines: a secret address made, renewed and ended in one's account, and what
// a calendar program reads there.
#include "web/own_calendar.h"

#include "notifications/deadlines.h"
#include "storage/calendar_addresses.h"
#include "storage/hash.h"
#include "storage/people.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kSecretBytes = 16;
constexpr std::string_view kEnding = ".ics";

}  // namespace

std::string MakeOwnCalendar(Visit& visit) {
  const std::string secret = storage::RandomHex(kSecretBytes);
  visit.services.database.Write([&](storage::Session& session) {
    storage::SaveCalendarAddress(session, visit.visitor->person.id, storage::Sha256(secret),
                                 visit.now);
  });
  return visit.services.options.public_url + "/mon-calendrier/" + secret + std::string(kEnding);
}

Response EndOwnCalendar(Visit& visit) {
  visit.services.database.Write([&](storage::Session& session) {
    storage::EndCalendarAddress(session, visit.visitor->person.id);
  });
  return SeeOther("/compte#echeances");
}

void AddOwnCalendar(View& view, const Visit& visit, storage::Session& session,
                    const std::string& fresh_address) {
  const auto since = storage::CalendarAddressSince(session, visit.visitor->person.id);
  view.Set("calendar_address", fresh_address)
      .Set("calendar_since", since ? workflows::FrenchInstant(*since) : "");
}

Response OwnCalendar(Visit& visit) {
  std::string secret = visit.Parameter("token");
  if (!secret.ends_with(kEnding)) throw HttpError(404, "Cette page n’existe pas.");
  secret.resize(secret.size() - kEnding.size());
  const std::string& public_url = visit.services.options.public_url;
  const auto calendar =
      visit.services.database.Read([&](storage::Session& session) -> std::optional<std::string> {
        const auto id = storage::PersonOfCalendar(session, storage::Sha256(secret));
        const auto person = id ? storage::FindPerson(session, *id) : std::nullopt;
        if (!person || !person->active) return std::nullopt;
        return notifications::ICalendar(
            "Mes échéances", notifications::DeadlinesOf(session, *id, public_url, visit.now));
      });
  if (!calendar) throw HttpError(404, "Cette adresse n’est plus celle d’un calendrier.");
  Response response = Text(200, *calendar);
  response.type = notifications::kCalendarType;
  return response;
}

}  // namespace aiguillage::web
