#include "web/login.h"

#include "notifications/compose.h"
#include "storage/hash.h"
#include "web/response.h"
#include "web/session.h"

namespace aiguillage::web {

namespace {

storage::LoginLink LinkFor(const std::string& token, std::int64_t person, const std::string& next,
                           std::int64_t now, std::int64_t life_ms, bool reusable) {
  return {storage::Sha256(token), person, now + life_ms, reusable, OwnPath(next), now};
}

}  // namespace

std::string IssueLoginLink(storage::Database& database, const std::string& public_url,
                           std::int64_t person, const std::string& next, std::int64_t now,
                           bool reusable) {
  const std::string token = storage::RandomHex(32);
  const auto link =
      LinkFor(token, person, next, now, reusable ? kDemoLinkLifeMs : kLinkLifeMs, reusable);
  database.Write([&](storage::Session& session) { storage::InsertLoginLink(session, link); });
  return public_url + "/connexion/" + token;
}

// Memory first, so that a flood does not reach the record; then what all processes count together.
bool AskedTooOften(Visit& visit) {
  constexpr std::int64_t kHour = 3'600'000;
  const std::string source = "source " + visit.request.client;
  if (!visit.house.attendance.Allow(source, kRequestsAnHourPerSource, kHour, visit.now))
    return true;
  return visit.services.database.Write([&](storage::Session& session) {
    return storage::CountRequest(session, storage::Sha256(source), kHour, visit.now) >
           kRequestsAnHourPerSource;
  });
}

// Who really has an account is nobody’s business here.
bool LooksLikeEmail(const std::string& text) {
  const auto at = text.find('@');
  return text.size() <= 254 && at != std::string::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string::npos &&
         text.find_first_of(" \t\r\n<>\",;") == std::string::npos;
}

void MailLoginLink(Services& services, const std::string& email, const std::string& next,
                   std::int64_t now) {
  const std::string token = storage::RandomHex(32);
  services.database.Write([&](storage::Session& session) {
    const auto person = storage::FindPersonByEmail(session, email);
    if (!person || !person->active) return;
    if (storage::LoginLinksSince(session, person->id, now - 3'600'000) >= kLinksAnHour) return;
    const auto link = LinkFor(token, person->id, next, now, kLinkLifeMs, false);
    storage::InsertLoginLink(session, link);
    notifications::QueueLoginMail(session, *person, "login-" + link.token_hash.substr(0, 32),
                                  services.options.public_url + "/connexion/" + token,
                                  link.expires_at, now);
  });
}

}  // namespace aiguillage::web
