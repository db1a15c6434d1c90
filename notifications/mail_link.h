// Where a mail leads, built anew for each sending: never an address that a row holds.
//
//   MailLink(session, row, "AIG-2026-0042", "https://aap…")    the project, its decision, its tab
//   MailLink(session, row, "", "https://aap…")                 by the mail's topic: a call's news
//                                                              lead to where they are ended
#pragma once

#include <string>

#include "storage/database.h"
#include "storage/outbox.h"

namespace aiguillage::notifications {

// Mails of no project, each with a place of its own.
inline constexpr char kSubscribeTemplate[] = "call_subscription";  // to confirm an address
inline constexpr char kCallPublishedTemplate[] = "call_published";
inline constexpr char kCallClosingTemplate[] = "call_closing";
inline constexpr char kConvenedTemplate[] = "committee_convened";
inline constexpr char kSteeringTemplate[] = "steering_month";

std::string MailLink(storage::Session& session, const storage::OutboxRow& row,
                     const std::string& number, const std::string& public_url);
// The page of the call that the row is about; "" when it is about none.
std::string CallLink(const storage::OutboxRow& row, const std::string& call,
                     const std::string& public_url);
// Where one click ends what is mailed for information: of a person, or of a subscriber of calls.
std::string UnsubscribeLink(storage::Session& session, const storage::OutboxRow& row,
                            const std::string& public_url);
// Who asked for the news of calls and ended it meanwhile is told nothing more.
bool HasEnded(storage::Session& session, const storage::OutboxRow& row);

std::string TextIn(const nlohmann::json& payload, const char* name);  // "" for what is no text

}  // namespace aiguillage::notifications
