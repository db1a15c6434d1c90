// One mail, as a value, and its exact text on the wire.
//
//   MailMessage mail{.from = {"Aiguillage", "aap@exemple.invalid"}, .to = {"Élodie",
//   "e@x.invalid"},
//                    .subject = "[AIG-2026-0042] Votre cadrage est validé", .text = "…",
//                    .html = "<p>…</p>", .message_id = MessageIdFor("act:1", "exemple.invalid")};
//   auto mime = ToMime(mail);      // refused, in words, when an address or a header could be
//   abused
//
// multipart/alternative, text first then HTML; UTF-8 in quoted-printable, lines of 76 at most;
// subjects and names by RFC 2047. libcurl passes CR and LF of an address on to the server: every
// address and header is checked here, whatever was checked before.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/outcome.h"

namespace aiguillage::notifications {

struct Mailbox {
  std::string name;  // any text, may be empty
  std::string address;
};

struct Attachment {
  std::string file_name;
  std::string content_type;  // "text/calendar; charset=utf-8; method=PUBLISH"
  std::string content;
};

struct MailMessage {
  Mailbox from, to;
  std::string reply_to;  // an address, "" = none
  std::string subject, text, html;
  std::string message_id;   // "<…@…>"
  std::string in_reply_to;  // "" = none
  std::vector<std::string> references;
  std::vector<std::pair<std::string, std::string>> headers;  // further ones, ASCII
  std::vector<Attachment> attachments;
  std::int64_t date_at = 0;
  // Not of the mail: a text of the call that could not serve, and why. For the pilot, French.
  std::string fell_back = {};
  std::string wire = {};  // what ToMime() makes of it, where it was asked beforehand
};

engine::Outcome<std::string> ToMime(const MailMessage& mail);

// "" when the address can be given to a mail server, else why not (French). ASCII only: the few
// servers that take others need an extension that we do not speak.
std::string WhyNotAddress(std::string_view address);
// "Aiguillage <aap@exemple.invalid>" or "aap@exemple.invalid".
engine::Outcome<Mailbox> ParseMailbox(const std::string& text);
std::string DomainOf(const std::string& address);

// The same key gives the same id, so that a mail sent twice shows once.
std::string MessageIdFor(const std::string& key, const std::string& domain);
// What all the mails of a project refer to: readers show them as one conversation.
std::string ThreadIdFor(const std::string& project_number, const std::string& domain);

std::string MailDate(std::int64_t at);  // "Mon, 23 Nov 2026 14:05:00 +0000"

}  // namespace aiguillage::notifications
