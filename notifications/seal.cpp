#include "notifications/seal.h"

#include <set>
#include <vector>

#include "notifications/call_mail.h"
#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/seals.h"
#include "workflows/calendar.h"

namespace aiguillage::notifications {
namespace {

constexpr const char* kSealTemplate = "journal_sealed";
constexpr const char* kConsidered = "journal.sealed";  // the last day that was, news or not
constexpr std::int64_t kDayMs = 86'400'000;

// Midday of the day before: never lands two days back, whatever the clocks did at night.
std::string DayBefore(std::int64_t now) {
  const std::int64_t end = workflows::EndOfParisDay(workflows::ParisDate(now));
  return workflows::ParisDate(end - kDayMs - kDayMs / 2);
}

storage::OutboxRow SealMail(const storage::Seal& seal) {
  storage::OutboxRow row;
  row.key = "seal-" + seal.day;
  row.topic = kSealTemplate;
  row.payload = {
      {"date", workflows::FrenchDate(workflows::EndOfParisDay(seal.day))},
      {"items",
       {{{"label", "Projets dont le journal a grandi"}, {"value", std::to_string(seal.heads)}},
        {{"label", "Jour"}, {"value", seal.day}},
        {{"label", "Sceau"}, {"value", seal.hash}}}}};
  return row;
}

}  // namespace

bool SealYesterday(storage::Database& database, std::int64_t now) {
  const std::string day = DayBefore(now);
  const auto considered = [&](storage::Session& session) {
    return storage::FindSetting(session, kConsidered).value_or("") >= day;
  };
  if (database.Read(considered)) return false;
  return database.Write([&](storage::Session& session) {
    if (considered(session)) return false;  // another process was quicker
    storage::SaveSetting(session, kConsidered, day);
    const auto seal = storage::SealJournal(session, day, now);
    if (!seal) return false;
    std::vector<storage::Person> pilots;
    std::set<std::string> scopes;
    for (const auto& grant : storage::GrantsFor(session, "program_admin")) {
      auto pilot = storage::FindPerson(session, grant.person);
      if (!pilot || !pilot->active) continue;
      pilots.push_back(std::move(*pilot));
      scopes.insert({"", grant.scope});
    }
    for (const auto& reader : CallReaders(session, pilots, scopes, now)) {
      QueueCallMail(session, SealMail(*seal), reader, false, now);
    }
    return true;
  });
}

}  // namespace aiguillage::notifications
