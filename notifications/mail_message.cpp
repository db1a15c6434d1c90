#include "notifications/mail_message.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>

#include "notifications/mime_text.h"

namespace aiguillage::notifications {
namespace {

constexpr std::size_t kSubjectCharactersMax = 200;
constexpr std::size_t kLocalPartMax = 64, kDomainMax = 253, kAddressMax = 254;
// Quoted-printable never holds `=_`, base64 neither: these can stand in no part.
constexpr char kAlternative[] = "=_aiguillage_alternative";
constexpr char kMixed[] = "=_aiguillage_mixed";

bool IsAlnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool IsAtom(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (IsAlnum(c) && static_cast<unsigned char>(c) < 0x80) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

bool IsLabel(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsAlnum(c) || c == '-'; });
}

template <typename Check>
bool EachBetweenDots(std::string_view text, Check check) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!check(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// For messages to people: the address itself may be hostile.
std::string Quoted(std::string_view text) { return "« " + CleanLine(text, 60) + " »"; }

bool IsMessageId(const std::string& id) {
  if (id.size() < 5 || id.size() > 250 || id.front() != '<' || id.back() != '>') return false;
  const std::string_view inner = std::string_view(id).substr(1, id.size() - 2);
  const std::size_t at = inner.find('@');
  return at != std::string_view::npos && EachBetweenDots(inner.substr(0, at), IsAtom) &&
         EachBetweenDots(inner.substr(at + 1), IsLabel);
}

bool IsHeaderSafe(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

engine::Refusal Refuse(const std::string& sentence) { return {"mail", sentence, {}}; }

std::string MailboxHeader(const char* name, const Mailbox& mailbox) {
  const std::string head = std::string(name) + ": ";
  const std::string shown = CleanLine(mailbox.name, 100);
  if (shown.empty()) return head + mailbox.address + "\r\n";
  return head + HeaderPhrase(shown, head.size()) + "\r\n <" + mailbox.address + ">\r\n";
}

// What is wrong with any part that becomes a header, "" when nothing.
std::string WhyNotHeaders(const MailMessage& mail) {
  for (const Mailbox* mailbox : {&mail.from, &mail.to}) {
    const std::string why = WhyNotAddress(mailbox->address);
    if (!why.empty()) return why;
  }
  if (!mail.reply_to.empty() && !WhyNotAddress(mail.reply_to).empty()) {
    return WhyNotAddress(mail.reply_to);
  }
  if (!IsMessageId(mail.message_id)) return "Message-ID invalide : " + Quoted(mail.message_id);
  std::vector<std::string> ids = mail.references;
  if (!mail.in_reply_to.empty()) ids.push_back(mail.in_reply_to);
  for (const std::string& id : ids) {
    if (!IsMessageId(id)) return "Référence invalide : " + Quoted(id);
  }
  if (mail.subject.find_first_of(std::string("\r\n\0", 3)) != std::string::npos) {
    return "L’objet contient un saut de ligne : " + Quoted(mail.subject);
  }
  for (const auto& [name, value] : mail.headers) {
    const bool named =
        std::all_of(name.begin(), name.end(), [](char c) { return IsAlnum(c) || c == '-'; });
    if (name.empty() || !named || !IsHeaderSafe(value) || value.size() > 900) {
      return "En-tête invalide : " + Quoted(name + ": " + value);
    }
  }
  for (const Attachment& file : mail.attachments) {
    if (file.content_type.find('/') == std::string::npos || !IsHeaderSafe(file.content_type)) {
      return "Type de pièce jointe invalide : " + Quoted(file.content_type);
    }
  }
  return "";
}

std::string Headers(const MailMessage& mail) {
  std::string out = MailboxHeader("From", mail.from) + MailboxHeader("To", mail.to);
  if (!mail.reply_to.empty()) out += "Reply-To: " + mail.reply_to + "\r\n";
  out += "Subject: " + HeaderText(CleanLine(mail.subject, kSubjectCharactersMax), 9) + "\r\n";
  out += "Date: " + MailDate(mail.date_at) + "\r\n";
  out += "Message-ID: " + mail.message_id + "\r\n";
  if (!mail.in_reply_to.empty()) out += "In-Reply-To: " + mail.in_reply_to + "\r\n";
  if (!mail.references.empty()) {
    out += "References:";
    for (const std::string& id : mail.references)
      out += (id == mail.references.front() ? " " : "\r\n ") + id;
    out += "\r\n";
  }
  // RFC 3834, and Exchange's own: no absence notice ever answers us.
  out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
  for (const auto& [name, value] : mail.headers) out += name + ": " + value + "\r\n";
  return out + "MIME-Version: 1.0\r\n";
}

std::string TextPart(const char* type, const std::string& text) {
  std::string body = CleanText(text);
  if (body.empty() || body.back() != '\n') body += '\n';
  return "Content-Type: text/" + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
         QuotedPrintable(body);
}

std::string Part(const char* boundary, const std::string& part) {
  return "--" + std::string(boundary) + "\r\n" + part;
}

std::string Container(const char* type, const char* boundary, const std::string& parts) {
  return "Content-Type: multipart/" + std::string(type) + "; boundary=\"" + boundary +
         "\"\r\n\r\n" + parts + "--" + boundary + "--\r\n";
}

std::string FilePart(const Attachment& file) {
  std::string name;
  for (char c : file.file_name) name += IsAlnum(c) || c == '.' || c == '-' ? c : '_';
  return "Content-Type: " + file.content_type +
         "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"" +
         name.substr(0, 60) + "\"\r\n\r\n" + Base64Lines(file.content);
}

}  // namespace

engine::Outcome<std::string> ToMime(const MailMessage& mail) {
  if (!mail.wire.empty()) return mail.wire;
  const std::string why = WhyNotHeaders(mail);
  if (!why.empty()) return Refuse(why);
  std::string body = TextPart("plain", mail.text);
  if (!mail.html.empty()) {
    body = Container("alternative", kAlternative,
                     Part(kAlternative, body) + Part(kAlternative, TextPart("html", mail.html)));
  }
  if (!mail.attachments.empty()) {
    std::string parts = Part(kMixed, body);
    for (const Attachment& file : mail.attachments) parts += Part(kMixed, FilePart(file));
    body = Container("mixed", kMixed, parts);
  }
  return Headers(mail) + body;
}

std::string WhyNotAddress(std::string_view address) {
  const std::string shown = Quoted(address);
  if (address.empty()) return "Adresse vide";
  if (address.size() > kAddressMax) return "Adresse trop longue : " + shown;
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return "Adresse sans « @ » : " + shown;
  const std::string_view local = address.substr(0, at), domain = address.substr(at + 1);
  if (local.size() > kLocalPartMax || !EachBetweenDots(local, IsAtom)) {
    return "Adresse invalide avant « @ » : " + shown;
  }
  if (domain.size() > kDomainMax || !EachBetweenDots(domain, IsLabel)) {
    return "Domaine invalide dans l’adresse : " + shown;
  }
  return "";
}

engine::Outcome<Mailbox> ParseMailbox(const std::string& text) {
  Mailbox mailbox;
  const std::size_t open = text.rfind('<');
  if (open == std::string::npos) {
    mailbox.address = text;
  } else {
    if (text.back() != '>') return Refuse("Attendu « Nom <adresse> », reçu " + Quoted(text));
    mailbox.address = text.substr(open + 1, text.size() - open - 2);
    mailbox.name = CleanLine(text.substr(0, open), 100);
    if (mailbox.name.size() > 1 && mailbox.name.front() == '"' && mailbox.name.back() == '"') {
      mailbox.name = mailbox.name.substr(1, mailbox.name.size() - 2);
    }
  }
  const std::string why = WhyNotAddress(mailbox.address);
  if (!why.empty()) return Refuse(why);
  return mailbox;
}

std::string DomainOf(const std::string& address) { return address.substr(address.rfind('@') + 1); }

std::string MessageIdFor(const std::string& key, const std::string& domain) {
  std::string local;
  for (char c : key) {
    // What no id may hold is spelled out, so that two keys never share an id.
    if (IsAlnum(c) || c == '-') {
      local += c;
    } else {
      char hex[8];
      std::snprintf(hex, sizeof hex, "_%02x", static_cast<unsigned char>(c));
      local += hex;
    }
  }
  return "<" + local + "@" + domain + ">";
}

std::string ThreadIdFor(const std::string& project_number, const std::string& domain) {
  return MessageIdFor("projet-" + project_number, domain);
}

std::string MailDate(std::int64_t at) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  using namespace std::chrono;
  const sys_time<milliseconds> instant{milliseconds(at)};
  const sys_days day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(instant - day)};
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d +0000",
                kDays[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

}  // namespace aiguillage::notifications
