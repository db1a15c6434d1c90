#include "notifications/convene.h"

#include <set>
#include <sstream>

#include "notifications/call_mail.h"
#include "notifications/mail_link.h"
#include "storage/dossiers.h"
#include "storage/hash.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"

namespace aiguillage::notifications {
namespace {

constexpr std::size_t kPrintSize = 16;
constexpr const char* kSits[] = {"committee_member", "committee_chair"};

std::string SettingOf(const storage::CommitteeSession& sitting) {
  return "sitting.convened." + std::to_string(sitting.id);
}

// Of what the convocation says: the order in which projects were put on the agenda is nothing.
std::string PrintOf(const storage::CommitteeSession& sitting,
                    const std::vector<storage::Project>& agenda) {
  std::set<std::string> numbers;
  for (const auto& project : agenda) numbers.insert(project.number);
  std::string text = sitting.held_on + "\n" + sitting.note;
  for (const auto& number : numbers) text += "\n" + number;
  return storage::Sha256(text).substr(0, kPrintSize);
}

// « 2 1790000000000 4f… »: how many convocations, when the last left, what it said.
struct Last {
  int count = 0;
  std::int64_t at = 0;
  std::string print;
};

Last ReadLast(storage::Session& session, const storage::CommitteeSession& sitting) {
  Last last;
  std::istringstream(storage::FindSetting(session, SettingOf(sitting)).value_or("")) >>
      last.count >> last.at >> last.print;
  return last;
}

}  // namespace

Convened LastConvened(storage::Session& session, const storage::CommitteeSession& sitting,
                      const std::vector<storage::Project>& agenda) {
  const Last last = ReadLast(session, sitting);
  return {last.at, last.count > 0 && last.print != PrintOf(sitting, agenda)};
}

int Convene(storage::Session& session, const storage::CommitteeSession& sitting,
            const storage::Call& call, const std::vector<storage::Project>& agenda,
            std::int64_t now) {
  const Last last = ReadLast(session, sitting);
  const std::string print = PrintOf(sitting, agenda);
  if (last.print == print) return 0;
  storage::OutboxRow row;
  row.topic = kConvenedTemplate;
  row.key = "sitting-" + std::to_string(sitting.id) + "-" + std::to_string(last.count + 1);
  nlohmann::json items = nlohmann::json::array();
  std::set<std::string> collections;
  for (const auto& project : agenda) {
    items.push_back({{"label", project.number}, {"value", project.title}});
    collections.insert(project.collection);
  }
  row.payload = {{"call", call.title},
                 {"call_id", call.id},
                 {"sitting", std::to_string(sitting.id)},
                 {"date", workflows::FrenchDate(workflows::EndOfParisDay(sitting.held_on))},
                 {"day", sitting.held_on},
                 {"count", last.count},
                 {"changed_at", now},
                 {"reason", sitting.note},
                 {"items", items}};
  std::set<std::int64_t> told;
  const auto tell = [&](const std::vector<storage::Person>& people, bool copy) {
    const auto scopes = ScopesOfCall(call.id, collections);
    for (const auto& reader : CallReaders(session, people, scopes, now)) {
      if (told.insert(reader.person.id).second) QueueCallMail(session, row, reader, copy, now);
    }
  };
  std::vector<storage::Person> sitters;
  for (const char* role : kSits) {
    for (auto& one : PeopleOfCall(session, role, call.id)) sitters.push_back(std::move(one));
  }
  if (sitters.empty()) return 0;
  tell(sitters, false);
  tell(PeopleOfCall(session, "collection_lead", call.id, collections), true);
  storage::SaveSetting(session, SettingOf(sitting),
                       std::to_string(last.count + 1) + " " + std::to_string(now) + " " + print);
  return static_cast<int>(told.size());
}

std::optional<CalendarEvent> DayOfSitting(const storage::OutboxRow& row,
                                          const std::string& public_url) {
  const std::string day = TextIn(row.payload, "day");
  if (row.topic != kConvenedTemplate || workflows::EndOfParisDay(day) == 0) return std::nullopt;
  CalendarEvent event;
  event.uid = "seance-" + TextIn(row.payload, "sitting") + "@" + HostOf(public_url);
  event.sequence = row.payload.value("count", std::int64_t{0});
  event.changed_at = row.payload.value("changed_at", std::int64_t{0});
  event.day = day;
  event.summary = "Comité de sélection : " + TextIn(row.payload, "call");
  event.description = TextIn(row.payload, "reason");
  event.url = public_url + "/comite/" + TextIn(row.payload, "sitting");
  return event;
}

}  // namespace aiguillage::notifications
