#include "workflows/reminder_mail.h"

#include <algorithm>

#include "workflows/access.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"
#include "workflows/mail_pace.h"
#include "workflows/reminders.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;

constexpr std::size_t kLinesMax = 50;  // of one mail of reminders

// One mail a person: a deadline said already is said anew, beyond fifty they are only counted.
void PutLine(json& payload, const std::string& label, const ReminderLine& line) {
  json& items = payload["items"];
  for (json& item : items) {
    if (item.value(line.about, std::int64_t{0}) == line.id) {
      item["value"] = line.words;
      return;
    }
  }
  if (items.size() < kLinesMax) {
    items.push_back({{"label", label}, {"value", line.words}, {line.about, line.id}});
    return;
  }
  const std::int64_t more = payload.value("more", std::int64_t{0}) + 1;
  payload["more"] = more;
  if (items.size() == kLinesMax) items.push_back({{"label", "Et encore"}});
  items.back()["value"] =
      std::to_string(more) + (more == 1 ? " autre échéance" : " autres échéances");
}

}  // namespace

std::string TellOf(const Work& work, const Recipient& reader, const ReminderLine& line) {
  const std::string label = work.project.number + " · " + work.project.title;
  if (auto waiting = storage::WaitingReminders(work.session, reader.person.id)) {
    PutLine(waiting->payload, label, line);
    storage::UpdateOutbox(work.session, *waiting);
    return waiting->key;
  }
  storage::OutboxRow row;
  row.kind = "mail";
  row.key = work.act + ":reminders:" + std::to_string(reader.person.id);
  row.topic = storage::kRemindersTopic;
  row.person = reader.person.id;
  row.address = reader.person.email;
  row.payload = {{"recipient", NameOf(work.session, reader.person.id)},
                 {"date", FrenchDate(work.now)},
                 {"items", json::array()}};
  PutLine(row.payload, label, line);
  row.status = "pending";
  row.created_at = work.now;
  const std::string pace = PaceFor(work.session, reader.person.id, kDuties);
  if (pace != kNow) row.pace = pace;
  row.not_before = LeavesAt(pace, work.now + kGatherMs);
  storage::InsertOutbox(work.session, row);
  return row.key;
}

void AddReader(std::vector<Recipient>& readers, Recipient reader) {
  const bool told = std::any_of(readers.begin(), readers.end(), [&](const Recipient& one) {
    return one.person.id == reader.person.id;
  });
  if (!told) readers.push_back(std::move(reader));
}

void AddStandInsOf(storage::Session& session, const storage::Project& project, std::int64_t now,
                   std::vector<Recipient>& readers) {
  const auto own = readers;
  for (const Recipient& one : own) {
    if (!one.standing_for.empty()) continue;  // a loan is not lent on
    for (auto& stand_in : StandInsOf(session, one.person.id, project, now)) {
      AddReader(readers, {one.role, std::move(stand_in), one.copy, NameOf(session, one.person.id)});
    }
  }
}

std::string ReaderNames(storage::Session& session, const std::vector<Recipient>& readers) {
  std::string text;
  for (const auto& one : readers) {
    text += (text.empty() ? "" : ", ") + NameOf(session, one.person.id);
  }
  return text;
}

}  // namespace aiguillage::workflows
