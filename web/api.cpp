#include "web/api.h"

#include <nlohmann/json.hpp>

#include "storage/api_keys.h"
#include "storage/hash.h"
#include "web/session.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kKeyLabelMax = 80;  // characters

}  // namespace

bool IsApi(const Request& request) { return request.path.starts_with("/api/"); }

void RecogniseKey(Visit& visit) {
  const std::string shown = visit.request.Header("authorization");
  if (shown.empty()) return;
  constexpr std::int64_t kHour = 3'600'000;
  if (!visit.house.attendance.Allow("api " + visit.request.client, kApiRequestsAnHour, kHour,
                                    visit.now)) {
    throw HttpError(429, "Trop de demandes en une heure : réessayez plus tard.");
  }
  const std::string hash = storage::Sha256(
      shown.starts_with(kBearer) ? Trim(std::string_view(shown).substr(kBearer.size())) : "");
  auto visitor =
      visit.services.database.Read([&](storage::Session& session) -> std::optional<Visitor> {
        const auto key = storage::FindApiKey(session, hash);
        auto person = key ? storage::FindPerson(session, key->person) : std::nullopt;
        if (!person || !person->active) return std::nullopt;
        return Visitor{*person, workflows::RolesOf(session, person->id, visit.now), "", hash};
      });
  if (!visitor) {
    throw HttpError(401,
                    "Cette clé n’ouvre rien, ou plus : on en fait une autre dans « Mon "
                    "compte ».");
  }
  visit.house.attendance.SeenKey(hash, visit.now);
  visit.visitor = std::move(visitor);
}

Response Problem(int status, const std::string& title, const std::string& sentence) {
  const nlohmann::json problem = {{"title", title}, {"status", status}, {"detail", sentence}};
  Response response = Json(status, problem.dump() + "\n");
  response.type = "application/problem+json";
  if (status == 401) response.Header("WWW-Authenticate", "Bearer");
  return response;
}

ApiKeyDraft MakeApiKey(Visit& visit) {
  ApiKeyDraft draft{Trim(visit.request.Field("nom")), "", ""};
  if (draft.label.empty()) draft.error = "Donnez-lui un nom : celui du programme qui s’en servira.";
  if (CharactersIn(draft.label) > kKeyLabelMax) {
    draft.error = "Ce nom est trop long : " + std::to_string(kKeyLabelMax) + " caractères au plus.";
  }
  if (!draft.error.empty()) return draft;
  const std::string secret = "aig_" + storage::RandomHex(32);
  visit.services.database.Write([&](storage::Session& session) {
    const std::int64_t person = visit.visitor->person.id;
    draft.error.clear();
    if (storage::ApiKeysOf(session, person).size() >= kApiKeysMax) {
      draft.error = "Vous avez déjà " + std::to_string(kApiKeysMax) +
                    " clés : supprimez-en une avant d’en faire une autre.";
      return;
    }
    storage::InsertApiKey(session, {0, person, draft.label, storage::Sha256(secret), visit.now});
  });
  if (draft.error.empty()) draft = {"", "", secret};
  return draft;
}

void AddApiKeys(View& view, const Visit& visit, storage::Session& session,
                const ApiKeyDraft& draft) {
  const bool may = !CheckRule(Rule::kSteering, visit.visitor);
  const auto keys = storage::ApiKeysOf(session, visit.visitor->person.id);
  view.Set("keys_may", may)
      .Set("keys_any", may || !keys.empty())
      .Set("key_secret", draft.secret)
      .Set("key_label", draft.label)
      .Set("key_error", draft.error)
      .SetList("keys");
  for (const auto& key : keys) {
    const auto used = visit.house.attendance.LastSeenKey(key.token_hash, key.used_at);
    view.AddRow("keys")
        .Set("key_name", key.label)
        .Set("key_made", workflows::FrenchInstant(key.made_at))
        .Set("key_used", used == 0 ? "" : workflows::FrenchInstant(used))
        .Set("key_end", "/compte/cles/" + std::to_string(key.id) + "/fin");
  }
}

}  // namespace aiguillage::web
