#include "web/feeds.h"

#include <algorithm>

#include "notifications/icalendar.h"
#include "notifications/mime_text.h"
#include "storage/calls.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using notifications::HostOf;

constexpr std::size_t kTitleMax = 500;  // characters of a title

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

notifications::CalendarEvent EventOf(const Slot& slot, const std::string& public_url) {
  const auto& project = slot.project;
  return {.uid = "publication-" + project.number + "@" + HostOf(public_url),
          .sequence = project.version,
          .changed_at = project.since_at,
          .day = project.publication_on,
          .summary = project.title,
          .description = Told(slot),
          .category = slot.collection,
          .url = LinkOf(slot, public_url),
          .cancelled = slot.kind == Slot::kCancelled};
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
  std::vector<notifications::CalendarEvent> events;
  for (const Slot& slot : slots) events.push_back(EventOf(slot, public_url));
  return notifications::ICalendar("Calendrier de publication", events);
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
