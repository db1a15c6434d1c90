#include "notifications/seal.h"

#include <set>

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

void Mail(storage::Session& session, const storage::Seal& seal, const storage::Person& pilot,
          std::int64_t now) {
  storage::OutboxRow row;
  row.kind = "mail";
  row.key = "seal-" + seal.day + "-" + std::to_string(pilot.id);
  row.topic = kSealTemplate;
  row.person = pilot.id;
  row.address = pilot.email;
  row.payload = {
      {"recipient", pilot.name.empty() ? pilot.email : pilot.name},
      {"date", workflows::FrenchDate(workflows::EndOfParisDay(seal.day))},
      {"items",
       {{{"label", "Projets dont le journal a grandi"}, {"value", std::to_string(seal.heads)}},
        {{"label", "Jour"}, {"value", seal.day}},
        {{"label", "Sceau"}, {"value", seal.hash}}}}};
  row.status = "pending";
  row.created_at = row.not_before = now;
  storage::InsertOutbox(session, row);
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
    std::set<std::int64_t> told;
    for (const auto& grant : storage::GrantsFor(session, "program_admin")) {
      const auto pilot = storage::FindPerson(session, grant.person);
      if (pilot && pilot->active && told.insert(pilot->id).second) {
        Mail(session, *seal, *pilot, now);
      }
    }
    return true;
  });
}

}  // namespace aiguillage::notifications
