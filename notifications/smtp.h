// SMTP by libcurl: the connection is kept from mail to mail, and what was said is followed closely
// enough to know whether a mail that failed may have been taken.
//
//   … MAIL, RCPT, DATA                lost here: kLater, the server has nothing
//   … the whole body and its dot      lost here: kUncertain, unless the server answered
//   250 | 4xx | 5xx                   kSent | kLater | kRefused
//
// A 5xx to our own greeting, log-in or sender is not the recipient's fault: kLater.
#pragma once

#include <memory>
#include <string>

#include "notifications/transport.h"

namespace aiguillage::notifications {

class SmtpTransport : public MailTransport {
 public:
  explicit SmtpTransport(TransportOptions options);
  ~SmtpTransport() override;

  DeliveryResult Deliver(const MailMessage& mail) override;
  void Rest() override;

 private:
  struct Connection;
  struct Attempt;
  Attempt Try(const MailMessage& mail, const std::string& mime);

  const TransportOptions options_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace aiguillage::notifications
