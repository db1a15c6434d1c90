#include "workflows/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace aiguillage::workflows {
namespace {

using date::days;
using date::local_days;
using date::year_month_day;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Longest rule a definition may state: beyond ten years it is a typing error.
constexpr int kCountMax = 3660;
// A calendar whose every day is closed must not hang the desk.
constexpr int kSearchDaysMax = 10 * kCountMax;
constexpr const char* kBetweenDays = " ,;\r\n\t";
constexpr int kSpanMax = 92;                  // a longer closing is a typing error
constexpr std::size_t kClosedDaysMax = 1000;  // of one call

const date::time_zone* Paris() {
  static const date::time_zone* const zone = date::locate_zone("Europe/Paris");
  return zone;
}

std::optional<int> ParseDigits(std::string_view text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text[0] == '-' || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<local_days> ParseDay(std::string_view iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
  auto year = ParseDigits(iso.substr(0, 4));
  auto month = ParseDigits(iso.substr(5, 2));
  auto day = ParseDigits(iso.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  year_month_day ymd{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                     date::day{static_cast<unsigned>(*day)}};
  if (!ymd.ok()) return std::nullopt;
  return local_days{ymd};
}

std::string IsoDay(local_days day) {
  const year_month_day ymd{day};
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  return text.data();
}

local_days ParisDay(std::int64_t at) {
  static thread_local date::sys_info season;  // the last one asked for: most days are of it
  const date::sys_time<milliseconds> instant{milliseconds{at}};
  if (instant < season.begin || instant >= season.end) season = Paris()->get_info(instant);
  return local_days{date::floor<days>(instant + season.offset).time_since_epoch()};
}

std::int64_t ToInstant(date::local_seconds local) {
  // The night of the change to summer time skips an hour: `choose` takes the instant of the skip.
  return std::chrono::duration_cast<milliseconds>(
             Paris()->to_sys(local, date::choose::earliest).time_since_epoch())
      .count();
}

std::int64_t EndOf(local_days day) { return ToInstant(day + std::chrono::hours{24} - seconds{1}); }

// Gregorian Easter Sunday (the "anonymous" algorithm, Meeus, Astronomical Algorithms, ch. 8).
local_days Easter(date::year in) {
  const int year = static_cast<int>(in);
  const int a = year % 19, b = year / 100, c = year % 100;
  const int f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - b / 4 - g + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
  return local_days{in / month / day};
}

constexpr const char* kAlsaceMoselle = "alsace_moselle";

struct Abolition {
  const char* territory;
  int month_day;
};
constexpr Abolition kAbolitions[] = {
    {"mayotte", 427}, {"martinique", 522},        {"guadeloupe", 527}, {"saint_martin", 528},
    {"guyane", 610},  {"saint_barthelemy", 1009}, {"reunion", 1220}};

bool IsHolidayDay(local_days day, const std::string& territory) {
  const year_month_day ymd{day};
  const int code =
      static_cast<int>(static_cast<unsigned>(ymd.month()) * 100 + static_cast<unsigned>(ymd.day()));
  for (int fixed : {101, 501, 508, 714, 815, 1101, 1111, 1225}) {
    if (code == fixed) return true;
  }
  // Easter is between 22 March and 25 April, Whit Monday on 14 June at the latest.
  const bool spring = code >= 320 && code <= 614;
  const auto after_easter = spring ? (day - Easter(ymd.year())).count() : 0;
  if (after_easter == 1 || after_easter == 39 || after_easter == 50) return true;
  if (territory.empty()) return false;
  if (territory == kAlsaceMoselle) return code == 1226 || after_easter == -2;
  return std::any_of(std::begin(kAbolitions), std::end(kAbolitions), [&](const Abolition& one) {
    return territory == one.territory && code == one.month_day;
  });
}

bool IsWorking(local_days day, const Calendar& calendar) {
  const date::weekday weekday{day};
  if (weekday == date::Saturday || weekday == date::Sunday) return false;
  if (IsHolidayDay(day, calendar.territory)) return false;
  return calendar.closed_days.empty() || !calendar.closed_days.contains(IsoDay(day));
}

// `way` 1 or -1.
local_days AddWorkingDays(local_days day, int count, const Calendar& calendar, int way = 1) {
  for (int searched = 0; count > 0; ++searched) {
    if (searched > kSearchDaysMax) {
      throw std::invalid_argument("Expected working days in the calendar, but every day is closed");
    }
    day += days{way};
    if (IsWorking(day, calendar)) --count;
  }
  return day;
}

// Article 641 of the code of civil procedure: the same day of the month, else its last one.
local_days AddMonths(local_days day, int count) {
  year_month_day ymd{day};
  ymd += date::months{count};
  if (!ymd.ok()) return local_days{ymd.year() / ymd.month() / date::last};
  return local_days{ymd};
}

engine::Refusal BadRule(const std::string& text) {
  return {"bad_deadline",
          "Échéance attendue sous la forme « 15 jours ouvrés », « 10 jours », « 2 mois » ou "
          "« call:NOM », reçu « " +
              text + " ».",
          {}};
}

engine::Refusal BadInstant(const std::string& text) {
  return {"bad_instant",
          "Instant attendu sous la forme 2026-11-23, 2026-11-23T14:05:00Z ou "
          "2026-11-23T14:05:00+01:00, reçu « " +
              text + " ».",
          {}};
}

std::string Month(date::month month) {
  static constexpr std::array<const char*, 12> kMonths = {
      "janvier", "février", "mars",      "avril",   "mai",      "juin",
      "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
  return kMonths[static_cast<unsigned>(month) - 1];
}

std::string FrenchDay(local_days day) {
  const year_month_day ymd{day};
  const unsigned number = static_cast<unsigned>(ymd.day());
  return (number == 1 ? "1er" : std::to_string(number)) + " " + Month(ymd.month()) + " " +
         std::to_string(static_cast<int>(ymd.year()));
}

// "14:05", "14:05:00", "14:05:00.250" -> time of day; the fraction is dropped.
std::optional<seconds> ParseTimeOfDay(std::string_view text) {
  const auto dot = text.find('.');
  if (dot != std::string_view::npos) {
    if (dot != 8 || !ParseDigits(text.substr(9, 9))) return std::nullopt;
    text = text.substr(0, dot);
  }
  if ((text.size() != 5 && text.size() != 8) || text[2] != ':') return std::nullopt;
  auto hour = ParseDigits(text.substr(0, 2)), minute = ParseDigits(text.substr(3, 2));
  std::optional<int> second = 0;
  if (text.size() == 8) {
    if (text[5] != ':') return std::nullopt;
    second = ParseDigits(text.substr(6, 2));
  }
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return seconds{*hour * 3600 + *minute * 60 + *second};
}

// "+01:00" or "-0230" -> seconds east of Greenwich.
std::optional<seconds> ParseOffset(std::string_view text) {
  if (text.size() == 6 && text[3] == ':') {
    auto hours = ParseDigits(text.substr(1, 2)), minutes = ParseDigits(text.substr(4, 2));
    if (hours && minutes && *hours <= 18 && *minutes <= 59) {
      return seconds{(text[0] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60)};
    }
  }
  return std::nullopt;
}

}  // namespace

engine::Outcome<DeadlineRule> ParseDeadlineRule(const std::string& text) {
  DeadlineRule rule;
  if (text.starts_with("call:") && text.size() > 5) {
    rule.unit = DeadlineUnit::kCallDate;
    rule.call_date = text.substr(5);
    return rule;
  }
  const auto space = text.find(' ');
  if (space == std::string::npos) return BadRule(text);
  auto count = ParseDigits(std::string_view(text).substr(0, space));
  const std::string unit = text.substr(space + 1);
  if (!count || *count < 1 || *count > kCountMax) return BadRule(text);
  rule.count = *count;
  if (unit == "jours ouvrés" || unit == "jour ouvré") {
    rule.unit = DeadlineUnit::kWorkingDays;
  } else if (unit == "jours" || unit == "jour") {
    rule.unit = DeadlineUnit::kDays;
  } else if (unit == "mois") {
    rule.unit = DeadlineUnit::kMonths;
  } else {
    return BadRule(text);
  }
  return rule;
}

const std::vector<Territory>& Territories() {
  static const std::vector<Territory> territories = {{kAlsaceMoselle, "Alsace-Moselle"},
                                                     {"guadeloupe", "Guadeloupe"},
                                                     {"guyane", "Guyane"},
                                                     {"martinique", "Martinique"},
                                                     {"mayotte", "Mayotte"},
                                                     {"reunion", "La Réunion"},
                                                     {"saint_barthelemy", "Saint-Barthélemy"},
                                                     {"saint_martin", "Saint-Martin"}};
  return territories;
}

bool IsHoliday(const std::string& iso_date, const Calendar& calendar) {
  auto day = ParseDay(iso_date);
  return day && IsHolidayDay(*day, calendar.territory);
}

bool IsWorkingDay(const std::string& iso_date, const Calendar& calendar) {
  auto day = ParseDay(iso_date);
  return day && IsWorking(*day, calendar);
}

std::int64_t DueAt(const DeadlineRule& rule, std::int64_t start_at, const Calendar& calendar,
                   const std::map<std::string, std::string>& call_dates) {
  const local_days start = ParisDay(start_at);
  switch (rule.unit) {
    case DeadlineUnit::kWorkingDays:
      return EndOf(AddWorkingDays(start, rule.count, calendar));
    case DeadlineUnit::kDays:
      return EndOf(start + days{rule.count});
    case DeadlineUnit::kMonths:
      return EndOf(AddMonths(start, rule.count));
    case DeadlineUnit::kCallDate:
      break;
  }
  auto found = call_dates.find(rule.call_date);
  return found == call_dates.end() ? 0 : EndOfParisDay(found->second);
}

std::string DayBefore(const DeadlineRule& rule, const std::string& iso_date,
                      const Calendar& calendar) {
  const auto day = ParseDay(iso_date);
  if (!day || rule.unit == DeadlineUnit::kCallDate) return "";
  if (rule.unit == DeadlineUnit::kWorkingDays) {
    return IsoDay(AddWorkingDays(*day, rule.count, calendar, -1));
  }
  if (rule.unit == DeadlineUnit::kMonths) return IsoDay(AddMonths(*day, -rule.count));
  return IsoDay(*day - days{rule.count});
}

std::int64_t DaysLeft(DeadlineUnit unit, std::int64_t now, std::int64_t due_at,
                      const Calendar& calendar) {
  const local_days today = ParisDay(now), due = ParisDay(due_at);
  if (due <= today) return 0;
  if (unit != DeadlineUnit::kWorkingDays) return (due - today).count();
  std::int64_t left = 0;
  for (local_days day = today + days{1}; day <= due; day += days{1}) {
    if (IsWorking(day, calendar)) ++left;
  }
  return left;
}

std::string ParisDate(std::int64_t at) { return IsoDay(ParisDay(at)); }

std::string FrenchDate(std::int64_t at) { return FrenchDay(ParisDay(at)); }

std::string MonthWords(const std::string& iso_month) {
  // Not the first, which is written « 1er ».
  const std::int64_t at = iso_month.size() == 7 ? EndOfParisDay(iso_month + "-02") : 0;
  const std::string date = at == 0 ? "" : FrenchDate(at);
  return date.substr(std::min(date.size(), date.find(' ') + 1));
}

std::string FrenchInstant(std::int64_t at) {
  date::sys_time<milliseconds> instant{milliseconds{at}};
  const auto local = Paris()->to_local(instant);
  const auto day = date::floor<days>(local);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
  const std::string minute = std::to_string(minutes % 60);
  return FrenchDay(day) + " à " + std::to_string(minutes / 60) + " h " +
         (minute.size() == 1 ? "0" : "") + minute;
}

std::string IsoInstant(std::int64_t at) {
  date::sys_time<seconds> instant =
      date::floor<seconds>(date::sys_time<milliseconds>{milliseconds{at}});
  return date::format("%FT%T%Ez", date::make_zoned(Paris(), instant));
}

std::int64_t EndOfParisDay(const std::string& iso_date) {
  auto day = ParseDay(iso_date);
  return day ? EndOf(*day) : 0;
}

std::int64_t ParisHour(const std::string& iso_date, int hour) {
  auto day = ParseDay(iso_date);
  return day ? ToInstant(*day + std::chrono::hours{hour}) : 0;
}

engine::Outcome<std::set<std::string>> ParseDays(const std::string& text) {
  std::set<std::string> listed;
  for (std::size_t at = 0; (at = text.find_first_not_of(kBetweenDays, at)) != std::string::npos;) {
    const std::string word = text.substr(at, text.find_first_of(kBetweenDays, at) - at);
    at += word.size();
    const auto dots = word.find("..");
    const auto first = ParseDay(word.substr(0, dots));
    const auto last = dots == std::string::npos ? first : ParseDay(word.substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first > days{kSpanMax}) {
      return engine::Refusal{
          "bad_days",
          "Jours attendus sous la forme 2026-05-15 ou 2026-08-03..2026-08-14, reçu « " + word +
              " ».",
          {}};
    }
    for (local_days day = *first; day <= *last; day += days{1}) listed.insert(IsoDay(day));
    if (listed.size() > kClosedDaysMax) {
      return engine::Refusal{
          "bad_days", "Au plus " + std::to_string(kClosedDaysMax) + " jours chômés par appel.", {}};
    }
  }
  return listed;
}

std::string DaysText(const std::set<std::string>& listed) {
  std::string text;
  for (auto day = listed.begin(); day != listed.end();) {
    auto last = day, next = std::next(day);
    for (; next != listed.end() && ParseDay(*last) && ParseDay(*next) &&
           *ParseDay(*next) - *ParseDay(*last) == days{1};
         ++next) {
      last = next;
    }
    text += (text.empty() ? "" : " ") + *day + (last == day ? "" : ".." + *last);
    day = next;
  }
  return text;
}

engine::Outcome<std::int64_t> ParseInstant(const std::string& text) {
  auto day = ParseDay(std::string_view(text).substr(0, 10));
  if (!day) return BadInstant(text);
  if (text.size() == 10) return ToInstant(*day);
  if (text[10] != 'T' && text[10] != ' ') return BadInstant(text);
  const std::string_view rest = std::string_view(text).substr(11);
  const auto zone = rest.find_first_of("Z+-");
  auto time = ParseTimeOfDay(rest.substr(0, zone));
  if (!time) return BadInstant(text);
  if (zone == std::string_view::npos) return ToInstant(*day + *time);
  std::optional<seconds> offset = seconds{0};
  if (rest.substr(zone) != "Z") offset = ParseOffset(rest.substr(zone));
  if (!offset) return BadInstant(text);
  return std::chrono::duration_cast<milliseconds>(day->time_since_epoch() + *time - *offset)
      .count();
}

}  // namespace aiguillage::workflows
