// How a mail leaves: over SMTP, or into a folder. One answer for each, and what to do next.
//
//   auto transport = OpenTransport({.url = "smtp://127.0.0.1:2525"});
//   DeliveryResult result = transport.value()->Deliver(mail);
//   result.verdict == DeliveryResult::Verdict::kUncertain  // sent whole, but nobody said « 250 »
//
// A transport serves one thread at a time; each dispatcher has its own.
#pragma once

#include <memory>
#include <string>

#include "engine/outcome.h"
#include "notifications/mail_message.h"

namespace aiguillage::notifications {

struct DeliveryResult {
  enum class Verdict {
    kSent,      // the server took charge of it
    kRefused,   // this mail will never pass: no use to try again
    kLater,     // the server has surely not taken it: try again
    kUncertain  // it may have been taken: try again once, under the same Message-ID
  };
  Verdict verdict = Verdict::kLater;
  int code = 0;              // of the server's answer, 0 without
  std::string text;          // its words, or ours in French
  bool unreachable = false;  // kLater before a word of this mail was said: no mail would pass
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;
  virtual DeliveryResult Deliver(const MailMessage& mail) = 0;
  // The batch is over: hang up politely. The next Deliver() connects again.
  virtual void Rest() {}
};

enum class Tls {
  kAuto,     // required with a password, tried otherwise, neither on this machine itself
  kNever,    // smtp:// in clear
  kRequired  // no mail without STARTTLS
};

struct TransportOptions {
  std::string url;             // smtp://HOST[:PORT] | smtps://HOST[:PORT] | spool:DIR
  std::string user, password;  // "" = none
  std::string hello;           // what we call ourselves, "" = the machine's name
  Tls tls = Tls::kAuto;
  std::string ca_file;  // certificates to trust, "" = the system's
  long connect_timeout_ms = 10'000;
  long mail_timeout_ms = 60'000;   // for one mail, whole
  int mails_per_connection = 100;  // OpenSMTPD refuses the 101st
};
engine::Outcome<std::unique_ptr<MailTransport>> OpenTransport(const TransportOptions& options);

}  // namespace aiguillage::notifications
