// Mails into a folder, a file each: for the demo, and for looking at them.
//
//   spool:mails   ->   mails/0f3c_3a1@exemple.invalid.eml
//
// A file appears whole or not at all, under its Message-ID: sent twice, it is there once.
#pragma once

#include <string>

#include "notifications/transport.h"

namespace aiguillage::notifications {

class SpoolTransport : public MailTransport {
 public:
  explicit SpoolTransport(std::string directory) : directory_(std::move(directory)) {}

  DeliveryResult Deliver(const MailMessage& mail) override;

 private:
  const std::string directory_;
};

}  // namespace aiguillage::notifications
