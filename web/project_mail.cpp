#include "web/project_mail.h"

#include "storage/calls.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/mail_pace.h"

namespace aiguillage::web {

nlohmann::json ProjectVariables(storage::Session& session, const Rails& rails,
                                const storage::Project& project, std::int64_t now) {
  const auto collection = storage::FindCollection(session, project.collection);
  const auto call = storage::FindCall(session, project.call);
  return {{"number", project.number},
          {"title", project.title},
          {"collection", collection ? collection->label : "Sans collection"},
          {"call", call ? call->title : project.call},
          {"state", rails.Labels(project.states, true)},
          {"public_state", rails.Labels(project.states, false)},
          {"date", workflows::FrenchDate(now)}};
}

std::string MailDay(const storage::OutboxRow& mail, std::int64_t now) {
  if (mail.done_at == 0 && mail.status == "pending" && mail.not_before > now) {
    return "prévu le " + workflows::FrenchInstant(mail.not_before);
  }
  return workflows::FrenchInstant(mail.done_at != 0 ? mail.done_at : mail.created_at);
}

void QueueProjectMail(storage::Session& session, const storage::Project& project, ProjectMail mail,
                      const storage::Person& reader, std::int64_t now) {
  const std::string pace = workflows::PaceFor(session, reader.id, mail.kind);
  if (pace == workflows::kNeverSent) return;
  storage::OutboxRow row;
  row.kind = "mail";
  row.key = mail.key + ":" + std::to_string(reader.id);
  row.project = project.id;
  row.topic = mail.topic;
  row.person = reader.id;
  row.address = reader.email;
  row.copy = mail.copy;
  row.payload = std::move(mail.payload);
  row.payload["recipient"] = NameOf(reader);
  row.status = "pending";
  row.created_at = now;
  row.not_before = workflows::LeavesAt(pace, now);
  if (pace != workflows::kNow) row.pace = pace;
  storage::InsertOutbox(session, row);
}

}  // namespace aiguillage::web
