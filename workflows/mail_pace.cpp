#include "workflows/mail_pace.h"

#include <algorithm>

#include "storage/dossiers.h"
#include "storage/hash.h"
#include "storage/mail_paces.h"
#include "storage/outbox.h"
#include "workflows/calendar.h"

namespace aiguillage::workflows {

namespace {

constexpr std::int64_t kHourMs = 3'600'000, kDayMs = 24 * kHourMs;
constexpr std::size_t kSignatureSize = 32;  // 128 bits in hex
constexpr char kSecretSetting[] = "mail.unsubscribe_secret";
constexpr std::size_t kSecretBytes = 32;

std::int64_t EightOn(std::int64_t at) { return ParseInstant(ParisDate(at) + "T08:00").value(); }

bool IsMonday(std::int64_t at) {
  constexpr std::int64_t kMondayMs = 4 * kDayMs;  // 5 January 1970, at noon to be clear of zones
  const std::int64_t noon = ParseInstant(ParisDate(at) + "T12:00").value();
  return (noon / kDayMs * kDayMs - kMondayMs) % (7 * kDayMs) == 0;
}

constexpr char kOfPerson[] = "", kOfSubscriber[] = "call ";  // what is signed, before its number

std::string Signature(const std::string& secret, const std::string& text) {
  // The secret on both sides: nothing can be added behind what is signed.
  return storage::Sha256(secret + "\n" + text + "\n" + secret).substr(0, kSignatureSize);
}

std::string SignedToken(storage::Session& session, const std::string& what, std::int64_t id) {
  const auto secret = storage::FindSetting(session, kSecretSetting);
  if (!secret || id == 0) return "";
  const std::string number = std::to_string(id);
  return number + "-" + Signature(*secret, what + number);
}

std::optional<std::int64_t> SignedNumber(storage::Session& session, const std::string& what,
                                         const std::string& token) {
  const auto secret = storage::FindSetting(session, kSecretSetting);
  const auto dash = token.find('-');
  if (!secret || dash == 0 || dash == std::string::npos || dash > 15) return std::nullopt;
  const std::string number = token.substr(0, dash);
  if (number.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const bool same = storage::SameSecret(token.substr(dash + 1), Signature(*secret, what + number));
  return same ? std::optional<std::int64_t>(std::stoll(number)) : std::nullopt;
}

}  // namespace

const std::vector<MailKind>& MailKinds() {
  static const std::vector<MailKind> kinds = {
      {kDuties, "Ce qui vous est demandé et les décisions sur vos projets", kNow, false},
      {kMessages, "Les messages que l’on vous écrit", kNow, false},
      {kNews, "Pour information : les copies, les étapes franchies", "hourly", true}};
  return kinds;
}

const std::vector<MailPace>& MailPaces() {
  static const std::vector<MailPace> paces = {
      {kNow, "tout de suite, un par un"},
      {"hourly", "réunis, une fois par heure au plus"},
      {"daily", "réunis, chaque jour à 8 h"},
      {"weekly", "réunis, le lundi à 8 h"},
      {kNeverSent, "aucun courriel (tout reste sur la page du projet)"}};
  return paces;
}

bool IsPaceOf(const std::string& kind, const std::string& pace) {
  const auto& kinds = MailKinds();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.id == kind; });
  if (found == kinds.end() || (pace == kNeverSent && !found->mutable_)) return false;
  return std::any_of(MailPaces().begin(), MailPaces().end(),
                     [&](const auto& one) { return one.id == pace; });
}

bool ChoosePace(storage::Session& session, std::int64_t person, const std::string& kind,
                const std::string& pace, std::int64_t now) {
  if (!IsPaceOf(kind, pace)) return false;
  storage::SetPace(session, person, kind, pace);
  if (pace != kNeverSent) return true;
  for (auto& row : storage::UntriedMailsTo(session, person)) {
    if (!row.copy && !row.payload.value("news", false)) continue;
    row.status = "skipped";
    row.detail = kNewsUnwanted;
    row.done_at = now;
    storage::UpdateTry(session, row);
  }
  return true;
}

std::string PaceFor(storage::Session& session, std::int64_t person, const std::string& kind) {
  const auto chosen = storage::PacesOf(session, person);
  const auto found = chosen.find(kind);
  if (found != chosen.end() && IsPaceOf(kind, found->second)) return found->second;
  for (const MailKind& one : MailKinds()) {
    if (one.id == kind) return one.usual;
  }
  return kNow;
}

std::int64_t LeavesAt(const std::string& pace, std::int64_t at) {
  if (pace == "hourly") return (at + kHourMs - 1) / kHourMs * kHourMs;
  if (pace != "daily" && pace != "weekly") return at;
  std::int64_t day = at;
  while (EightOn(day) < at || (pace == "weekly" && !IsMonday(day))) {
    day = EndOfParisDay(ParisDate(day)) + 1000;  // the first second of the next one
  }
  return EightOn(day);
}

void MakeUnsubscribeSecret(storage::Session& session) {
  if (storage::FindSetting(session, kSecretSetting)) return;
  storage::SaveSetting(session, kSecretSetting, storage::RandomHex(kSecretBytes));
}

std::string UnsubscribeToken(storage::Session& session, std::int64_t person) {
  return SignedToken(session, kOfPerson, person);
}

std::optional<std::int64_t> PersonOfToken(storage::Session& session, const std::string& token) {
  return SignedNumber(session, kOfPerson, token);
}

std::string SubscriberToken(storage::Session& session, std::int64_t subscriber) {
  return SignedToken(session, kOfSubscriber, subscriber);
}

std::optional<std::int64_t> SubscriberOfToken(storage::Session& session, const std::string& token) {
  return SignedNumber(session, kOfSubscriber, token);
}

}  // namespace aiguillage::workflows
