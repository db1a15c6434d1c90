// Deadlines in French time: working days, public holidays, end of day in Europe/Paris.
//
//   auto rule = ParseDeadlineRule("15 jours ouvrés");          // or "2 mois", "10 jours",
//   "call:committee" std::int64_t due = DueAt(rule.value(), started_at, calendar, call_dates);   //
//   23:59:59 Paris
//
// Day counting follows the usual civil rule: the day of the event does not count, and a month ends
// on the same day of the month or on its last one. Civil days are not carried over a week-end: the
// date announced is the date kept. Holidays: article L. 3133-1 of the Code du travail.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/outcome.h"

namespace aiguillage::workflows {

enum class DeadlineUnit { kWorkingDays, kDays, kMonths, kCallDate };

struct DeadlineRule {
  DeadlineUnit unit = DeadlineUnit::kWorkingDays;
  int count = 0;
  std::string call_date;  // name of a date of the call, for kCallDate
};
engine::Outcome<DeadlineRule> ParseDeadlineRule(const std::string& text);

// What a call adds to the holidays of all France: those of one territory, and what no law says
// (bridge days, summer closing).
struct Calendar {
  std::set<std::string> closed_days;  // ISO dates
  std::string territory;              // an id of Territories(), "" none
};
// Where the law has holidays of its own: Alsace-Moselle (Code du travail, L. 3134-13) and overseas,
// the day on which slavery was abolished there (L. 3422-2).
struct Territory {
  const char* id;
  const char* label;  // French
};
const std::vector<Territory>& Territories();

bool IsHoliday(const std::string& iso_date, const Calendar& calendar);
bool IsWorkingDay(const std::string& iso_date, const Calendar& calendar);

// Instant (ms) of 23:59:59 Paris on the due day. call_dates: name -> ISO date; a missing one gives
// 0.
std::int64_t DueAt(const DeadlineRule& rule, std::int64_t start_at, const Calendar& calendar,
                   const std::map<std::string, std::string>& call_dates);
// So many days or months before that day, in the same units, as an ISO date; "" for a date of the
// call.
std::string DayBefore(const DeadlineRule& rule, const std::string& iso_date,
                      const Calendar& calendar);
// Whole working (or civil) days between two instants, Paris days, never negative.
std::int64_t DaysLeft(DeadlineUnit unit, std::int64_t now, std::int64_t due_at,
                      const Calendar& calendar);

std::string ParisDate(std::int64_t at);                   // "2026-11-23"
std::string FrenchDate(std::int64_t at);                  // « 23 novembre 2026 »
std::string MonthWords(const std::string& iso_month);     // "2027-05" -> « mai 2027 », "" if none
std::string FrenchInstant(std::int64_t at);               // « 23 novembre 2026 à 14 h 05 »
std::string IsoInstant(std::int64_t at);                  // "2026-11-23T14:05:00+01:00"
std::int64_t EndOfParisDay(const std::string& iso_date);  // 23:59:59 Paris, ms; 0 if not a date
std::int64_t ParisHour(const std::string& iso_date, int hour);  // ms; 0 if not a date
// "2026-05-15 2026-08-03..2026-08-14", parted by spaces, commas or lines -> every day of them; else
// a refusal that names what could not be read.
engine::Outcome<std::set<std::string>> ParseDays(const std::string& text);
std::string DaysText(const std::set<std::string>& days);  // the same, spans joined again
// Accepts 2026-11-23 (midnight in Paris), 2026-11-23T14:05 (Paris), …T14:05:00Z, …+01:00; else a
// refusal with the expected form.
engine::Outcome<std::int64_t> ParseInstant(const std::string& text);

}  // namespace aiguillage::workflows
