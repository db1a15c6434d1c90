// Days in a calendar, as other programs read them: iCalendar (RFC 5545), METHOD:PUBLISH.
//
//   CalendarEvent event;
//   event.uid = "publication-AIG-2026-0042@aap.exemple.fr";
//   event.day = "2026-12-31";
//   event.summary = "Accueil des agents";
//   ICalendar("Calendrier de publication", {event});
//
// An event keeps its uid whatever becomes of it and counts its changes, so that a calendar moves
// the one it has rather than adding another. It takes the whole day and nobody's time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiguillage::notifications {

struct CalendarEvent {
  std::string uid;
  std::int64_t sequence = 0, changed_at = 0;
  std::string day;  // ISO
  std::string summary, description, category, url;
  bool cancelled = false;
};

std::string ICalendar(const std::string& name, const std::vector<CalendarEvent>& events);

inline constexpr char kCalendarType[] = "text/calendar; charset=utf-8";
std::string HostOf(const std::string& url);  // "https://aap.exemple.fr:8080/x" -> "aap.exemple.fr"

}  // namespace aiguillage::notifications
