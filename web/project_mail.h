// Mails of a project that no rails send: a message that was written, a survey that was opened.
//
//   auto payload = ProjectVariables(session, rails, project, now);
//   payload["reason"] = message.body;
//   QueueProjectMail(session, project, {"message_posted", "message:42", payload, kMessages},
//   reader,
//                    now);
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "storage/database.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "web/rails.h"

namespace aiguillage::web {

// What the texts say of it, whoever reads.
nlohmann::json ProjectVariables(storage::Session& session, const Rails& rails,
                                const storage::Project& project, std::int64_t now);

// In a list: when it was over, else when it will leave, « prévu le … », else since when it waits.
std::string MailDay(const storage::OutboxRow& mail, std::int64_t now);

struct ProjectMail {
  std::string topic, key;  // the reader's number is added to the key
  nlohmann::json payload;
  std::string kind;  // workflows/mail_pace.h: at what pace it leaves
  bool copy = false;
};
void QueueProjectMail(storage::Session& session, const storage::Project& project, ProjectMail mail,
                      const storage::Person& reader, std::int64_t now);

}  // namespace aiguillage::web
