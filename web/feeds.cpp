#include "web/feeds.h"

#include <algorithm>

#include "notifications/icalendar.h"
#include "notifications/mime_text.h"
#include "storage/calls.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/xml_tree.h"

namespace aiguillage::web {

namespace {

using notifications::HostOf;

constexpr std::size_t kTitleMax = 500;  // characters of a title

std::string XmlText(const std::string& text) {
  return workflows::EscapedXml(notifications::CleanLine(text, kTitleMax));
}

std::string Told(const Slot& slot) {
  const std::string day = FrenchIsoDate(slot.told.day);
  const bool anew = !slot.told.project.course_url.empty();
  if (slot.kind == Slot::kOnline) return "En ligne depuis le " + day;
  if (slot.kind == Slot::kCancelled) {
    return (anew ? "Nouvelle version annulée (prévue le " : "Publication annulée (prévue le ") +
           day + ")";
  }
  if (anew) return "Nouvelle version prévue le " + day;
  return slot.told.moved_from.empty() ? "Publication prévue le " + day
                                      : "Publication déplacée au " + day + " (prévue d’abord le " +
                                            FrenchIsoDate(slot.told.moved_from) + ")";
}

// Where one reads more: the training when it is online, else the calendar.
std::string LinkOf(const Slot& slot, const std::string& public_url) {
  const std::string& course = slot.told.project.course_url;
  const bool safe = slot.kind == Slot::kOnline && course.starts_with("https://");
  return safe ? course : public_url + "/calendrier";
}

notifications::CalendarEvent EventOf(const Slot& slot, const std::string& public_url) {
  const auto& project = slot.told.project;
  return {.uid = "publication-" + project.number + "@" + HostOf(public_url),
          .sequence = slot.told.changes,
          .changed_at = slot.told.changed_at,
          .day = slot.told.day,
          .summary = project.title,
          .description = Told(slot),
          .category = slot.collection,
          .url = LinkOf(slot, public_url),
          .cancelled = slot.kind == Slot::kCancelled};
}

std::string Entry(const Slot& slot, const std::string& public_url) {
  const auto& project = slot.told.project;
  std::string entry = "<entry>\n<id>tag:" + XmlText(HostOf(public_url)) + ",2026:publication/" +
                      XmlText(project.number) + "</id>\n";
  entry += "<title>" + XmlText(Told(slot) + " : " + project.title) + "</title>\n";
  entry += "<updated>" + workflows::IsoInstant(slot.told.changed_at) + "</updated>\n";
  entry += "<link href=\"" + XmlText(LinkOf(slot, public_url)) + "\"/>\n";
  if (!slot.collection.empty()) {
    entry += "<category term=\"" + XmlText(slot.collection) + "\"/>\n";
  }
  return entry + "<summary>" + XmlText(Told(slot)) + "</summary>\n</entry>\n";
}

}  // namespace

std::vector<Slot> SlotsOf(storage::Session& session, const std::string& today) {
  std::vector<Slot> slots;
  for (auto& told : storage::PublicationSlots(session)) {
    const auto& project = told.project;
    const bool over = project.ended_at > 0 || project.state == "suspended";
    const bool online = !project.course_url.empty() && told.day <= today;
    if (online && (over || project.publication_on.empty())) continue;  // it was, and is no more
    const auto kind = online                                   ? Slot::kOnline
                      : over || project.publication_on.empty() ? Slot::kCancelled
                                                               : Slot::kPlanned;
    const auto collection = storage::FindCollection(session, project.collection);
    slots.push_back({kind, std::move(told), collection ? collection->label : ""});
  }
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
    return a.told.changed_at > b.told.changed_at;
  });
  const std::int64_t updated = newest.empty() ? 0 : newest.front().told.changed_at;
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
