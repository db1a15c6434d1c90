#include "web/feeds.h"

#include <algorithm>
#include <ctime>

#include "notifications/mime_text.h"
#include "storage/calls.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kTitleMax = 500;  // characters of a title
constexpr std::size_t kLineBytes = 75;  // RFC 5545, 3.1

// "https://aap.exemple.fr:8080/x" -> "aap.exemple.fr"
std::string HostOf(const std::string& url) {
  const auto start = url.find("://");
  const auto from = start == std::string::npos ? 0 : start + 3;
  return url.substr(from, url.find_first_of(":/", from) - from);
}

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
  for (const char c : notifications::CleanLine(text, kTitleMax)) {
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
    if (used + next - i > kLineBytes) {
      folded += "\r\n ";
      used = 1;
    }
    folded.append(line, i, next - i);
    used += next - i;
    i = next;
  }
  return folded + "\r\n";
}

std::string XmlText(const std::string& text) {
  std::string escaped;
  for (const char c : notifications::CleanLine(text, kTitleMax)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string Told(const Slot& slot) {
  const std::string day = FrenchIsoDate(slot.project.publication_on);
  if (slot.kind == Slot::kOnline) return "En ligne depuis le " + day;
  return slot.kind == Slot::kCancelled ? "Publication annulée (prévue le " + day + ")"
                                       : "Publication prévue le " + day;
}

// Where one reads more: the training when it is online, else the calendar.
std::string LinkOf(const Slot& slot, const std::string& public_url) {
  const bool safe = slot.kind == Slot::kOnline && slot.project.course_url.starts_with("https://");
  return safe ? slot.project.course_url : public_url + "/calendrier";
}

std::string Event(const Slot& slot, const std::string& public_url) {
  const auto& project = slot.project;
  const std::string changed = UtcInstant(project.since_at);
  std::string event = IcalLine("BEGIN:VEVENT");
  event += IcalLine("UID:publication-" + project.number + "@" + HostOf(public_url));
  event += IcalLine("SEQUENCE:" + std::to_string(project.version));
  event += IcalLine("DTSTAMP:" + changed) + IcalLine("LAST-MODIFIED:" + changed);
  event += IcalLine("DTSTART;VALUE=DATE:" + WithoutDashes(project.publication_on));
  event += IcalLine("SUMMARY:" + IcalText(project.title));
  event += IcalLine("DESCRIPTION:" + IcalText(Told(slot)));
  if (!slot.collection.empty()) event += IcalLine("CATEGORIES:" + IcalText(slot.collection));
  event += IcalLine("URL:" + LinkOf(slot, public_url));
  event += IcalLine(slot.kind == Slot::kCancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
  event += IcalLine("TRANSP:TRANSPARENT");
  return event + IcalLine("END:VEVENT");
}

std::string Entry(const Slot& slot, const std::string& public_url) {
  const auto& project = slot.project;
  std::string entry = "<entry>\n<id>tag:" + XmlText(HostOf(public_url)) + ",2026:publication/" +
                      XmlText(project.number) + "</id>\n";
  entry += "<title>" + XmlText(Told(slot) + " : " + project.title) + "</title>\n";
  entry += "<updated>" + workflows::IsoInstant(project.since_at) + "</updated>\n";
  entry += "<link href=\"" + XmlText(LinkOf(slot, public_url)) + "\"/>\n";
  if (!slot.collection.empty()) {
    entry += "<category term=\"" + XmlText(slot.collection) + "\"/>\n";
  }
  return entry + "<summary>" + XmlText(Told(slot)) + "</summary>\n</entry>\n";
}

}  // namespace

std::vector<Slot> SlotsOf(storage::Session& session) {
  std::vector<Slot> slots;
  const auto add = [&](std::vector<storage::Project> projects, bool cancelled) {
    for (auto& project : projects) {
      const auto collection = storage::FindCollection(session, project.collection);
      const auto kind = cancelled                    ? Slot::kCancelled
                        : project.course_url.empty() ? Slot::kPlanned
                                                     : Slot::kOnline;
      slots.push_back({kind, std::move(project), collection ? collection->label : ""});
    }
  };
  add(storage::Publications(session), false);
  add(storage::CancelledPublications(session), true);
  return slots;
}

std::string ICalendarOf(const std::vector<Slot>& slots, const std::string& public_url) {
  std::string calendar = IcalLine("BEGIN:VCALENDAR") + IcalLine("VERSION:2.0") +
                         IcalLine("PRODID:-//Aiguillage//Calendrier de publication//FR") +
                         IcalLine("METHOD:PUBLISH") +
                         IcalLine("X-WR-CALNAME:Calendrier de publication");
  for (const Slot& slot : slots) calendar += Event(slot, public_url);
  return calendar + IcalLine("END:VCALENDAR");
}

std::string AtomOf(const std::vector<Slot>& slots, const std::string& public_url) {
  std::vector<Slot> newest = slots;
  std::stable_sort(newest.begin(), newest.end(), [](const Slot& a, const Slot& b) {
    return a.project.since_at > b.project.since_at;
  });
  const std::int64_t updated = newest.empty() ? 0 : newest.front().project.since_at;
  std::string feed =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"fr\">\n"
      "<id>tag:" +
      XmlText(HostOf(public_url)) +
      ",2026:publications</id>\n<title>Calendrier de publication</title>\n<updated>" +
      workflows::IsoInstant(updated) + "</updated>\n<author><name>Aiguillage</name></author>\n" +
      "<link rel=\"self\" href=\"" + XmlText(public_url) + "/calendrier.atom\"/>\n" +
      "<link href=\"" + XmlText(public_url) + "/calendrier\"/>\n";
  for (const Slot& slot : newest) feed += Entry(slot, public_url);
  return feed + "</feed>\n";
}

}  // namespace aiguillage::web
