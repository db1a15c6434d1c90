// From a row of the outbox to the mail that leaves: template and variables, links and recipient.
//
//   auto composer = Composer::Load(catalog, {.public_url = "https://aap…", .from = …});
//   auto mail = composer.value()->Compose(session, row, now);     // a MailMessage, or why not
//
// The words are the call's own where it has some (text_choice.h), else the definition's.
//
// What an act wrote in the row is data, never a place to go: the address is the person's of today
// and every link is built here from public.url. Mails of a project refer to one id of its own, so
// that a reader shows them as one conversation. Who is addressed and has something to do by a date
// finds that day attached, for their calendar.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/outcome.h"
#include "notifications/icalendar.h"
#include "notifications/mail_kit.h"
#include "notifications/mail_message.h"
#include "notifications/outbox_hand.h"
#include "notifications/own_text.h"
#include "notifications/text_choice.h"
#include "storage/database.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "workflows/catalog.h"

namespace aiguillage::notifications {

// The one template without a project; its link opens a session, so nobody else may ever read it.
inline constexpr const char* kLoginTemplate = "login_link";
// What carries the words that the office put in place of a mail's own (outbox_hand.h).
inline constexpr const char* kRewrittenTemplate = "rewritten";
// What carries several mails of one person.
inline constexpr const char* kTogetherTemplate = "together";

struct ComposeOptions {
  std::string public_url;  // "https://aap.exemple.invalid", without a final slash
  Mailbox from;
  std::string reply_to;
};

class Composer {
 public:
  // Every mail text of every definition is checked now; refused with file, line and reason.
  static engine::Outcome<std::unique_ptr<Composer>> Load(const workflows::Catalog& catalog,
                                                         ComposeOptions options);
  // From the texts themselves: definition -> file name -> text.
  using Mails = std::map<std::string, std::map<std::string, std::string>>;
  static engine::Outcome<std::unique_ptr<Composer>> Make(const Mails& mails,
                                                         ComposeOptions options);

  // Refused (code "inactive") when the recipient's account is closed: there is nobody to tell.
  engine::Outcome<MailMessage> Compose(storage::Session& session, const storage::OutboxRow& row,
                                       std::int64_t now) const;
  // The one mail that carries these rows of one person, the first being its lead: each under its
  // own subject, with its own link. Of a single row, that row's mail.
  engine::Outcome<MailMessage> ComposeTogether(storage::Session& session,
                                               const std::vector<storage::OutboxRow>& rows,
                                               std::int64_t now) const;
  // The same for the pages of staff: a log-in link is not shown.
  engine::Outcome<MailMessage> Preview(storage::Session& session, const storage::OutboxRow& row,
                                       std::int64_t now) const;
  // Its subject and its text without frame or links, to begin rewriting from.
  engine::Outcome<Words> Draft(storage::Session& session, const storage::OutboxRow& row) const;

 private:
  View ViewOf(storage::Session& session, const storage::OutboxRow& row,
              const std::optional<storage::Project>& project) const;
  // The kit of its definition, for what is in every kit; without a project, any of them will do.
  engine::Outcome<const MailKit*> KitOf(const std::string& topic,
                                        const std::string& definition) const;
  // What this row is worded with; the project's call says which definition.
  engine::Outcome<ChosenText> TextOfRow(storage::Session& session, const storage::OutboxRow& row,
                                        const std::optional<storage::Project>& project) const;
  engine::Outcome<Words> DraftOf(storage::Session& session, const storage::OutboxRow& row,
                                 std::string& fell_back) const;
  Composer(ComposeOptions options, Mails mails)
      : options_(std::move(options)), mails_(std::move(mails)) {}
  std::vector<CalendarEvent> DaysOf(storage::Session& session, const storage::OutboxRow& row,
                                    const std::optional<storage::Project>& project,
                                    std::int64_t now) const;
  void AddUnsubscribe(storage::Session& session, const storage::OutboxRow& row,
                      MailMessage& mail) const;

  ComposeOptions options_;
  const Mails mails_;
  std::map<std::string, MailKit> kits_;  // by name of definition
  OwnTexts own_;
};

// Puts a log-in mail in the outbox; it waits for no grace. `key`: unique, made of the token's hash.
void QueueLoginMail(storage::Session& session, const storage::Person& person,
                    const std::string& key, const std::string& url, std::int64_t expires_at,
                    std::int64_t now);

}  // namespace aiguillage::notifications
