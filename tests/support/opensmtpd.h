// OpenSMTPD, a mail server of the kind that will stand before us, on free ports of 127.0.0.1. It
// insists on root, on one queue folder and one control socket for the whole machine: it gets a view
// of the file system of its own, where those two are empty and end with it. The TLS of Debian 12's
// is mended on the way (preload/opensmtpd_key.cpp).
//
//   auto server = OpenSmtpd::Start(certificate, key);   // PEM files
//   if (!server) GTEST_SKIP() << server.refusal().sentence;
//   … deliver to server.value()->Url() …
//   server.value()->Mails(3)     // waits for so many, each with what the server put before it
//
// Refused where it cannot run (no package, no root, no mount): the sentence says which. It refuses
// every address that begins with refuse@.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::test {

class OpenSmtpd {
 public:
  static engine::Outcome<std::unique_ptr<OpenSmtpd>> Start(const std::string& certificate,
                                                           const std::string& key);
  ~OpenSmtpd();
  OpenSmtpd(const OpenSmtpd&) = delete;
  OpenSmtpd& operator=(const OpenSmtpd&) = delete;

  std::string Url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }  // or STARTTLS
  std::string TlsUrl() const { return "smtps://127.0.0.1:" + std::to_string(tls_port_); }
  std::vector<std::string> Mails(
      std::size_t count) const;  // of its maildir, after five seconds all
  std::string Log() const;

 private:
  OpenSmtpd() = default;

  TempDirectory directory_;
  pid_t process_ = -1;
  int port_ = 0, tls_port_ = 0;
};

}  // namespace aiguillage::test
