#include "notifications/icalendar.h"

#include <algorithm>
#include <ctime>

#include "notifications/mime_text.h"

namespace aiguillage::notifications {
namespace {

constexpr std::size_t kIcalTextMax = 500;   // characters of a title
constexpr std::size_t kIcalLineBytes = 75;  // RFC 5545, 3.1

std::string WithoutDashes(std::string iso_date) {
  std::erase(iso_date, '-');
  return iso_date;
}

// 20261123T130500Z
std::string UtcInstant(std::int64_t at) {
  const std::time_t seconds = at / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[20];
  const auto size = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return {text, size};
}

// A value of iCalendar's type TEXT (3.3.11).
std::string IcalText(const std::string& text) {
  std::string escaped;
  for (const char c : CleanLine(text, kIcalTextMax)) {
    if (c == '\\' || c == ';' || c == ',') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// A content line, folded between characters.
std::string IcalLine(const std::string& line) {
  std::string folded;
  std::size_t used = 0;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t next = i + 1;
    while (next < line.size() && (static_cast<unsigned char>(line[next]) & 0xC0U) == 0x80U) ++next;
    if (used + next - i > kIcalLineBytes) {
      folded += "\r\n ";
      used = 1;
    }
    folded.append(line, i, next - i);
    used += next - i;
    i = next;
  }
  return folded + "\r\n";
}

std::string Event(const CalendarEvent& event) {
  const std::string changed = UtcInstant(event.changed_at);
  std::string text = IcalLine("BEGIN:VEVENT") + IcalLine("UID:" + event.uid);
  text += IcalLine("SEQUENCE:" + std::to_string(event.sequence));
  text += IcalLine("DTSTAMP:" + changed) + IcalLine("LAST-MODIFIED:" + changed);
  text += IcalLine("DTSTART;VALUE=DATE:" + WithoutDashes(event.day));
  text += IcalLine("SUMMARY:" + IcalText(event.summary));
  text += IcalLine("DESCRIPTION:" + IcalText(event.description));
  if (!event.category.empty()) text += IcalLine("CATEGORIES:" + IcalText(event.category));
  text += IcalLine("URL:" + event.url);
  text += IcalLine(event.cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
  text += IcalLine("TRANSP:TRANSPARENT");
  return text + IcalLine("END:VEVENT");
}

}  // namespace

std::string HostOf(const std::string& url) {
  const auto start = url.find("://");
  const auto from = start == std::string::npos ? 0 : start + 3;
  return url.substr(from, url.find_first_of(":/", from) - from);
}

std::string ICalendar(const std::string& name, const std::vector<CalendarEvent>& events) {
  std::string calendar = IcalLine("BEGIN:VCALENDAR") + IcalLine("VERSION:2.0") +
                         IcalLine("PRODID:-//Aiguillage//" + name + "//FR") +
                         IcalLine("METHOD:PUBLISH") + IcalLine("X-WR-CALNAME:" + IcalText(name));
  for (const CalendarEvent& event : events) calendar += Event(event);
  return calendar + IcalLine("END:VCALENDAR");
}

}  // namespace aiguillage::notifications
