// A real mail server for tests: Debian's aiosmtpd behind tests/support/smtp_sink.py, on a free port
// of 127.0.0.1, keeping what it receives in a folder. Addresses ask it to misbehave: see there.
//
//   SmtpSink sink(directory / "mails");
//   … deliver to sink.Url() …
//   sink.Mails()[0].text
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace aiguillage::test {

struct ReceivedMail {
  std::string from, to, hello;
  int connection = 0;  // the same for mails of one connection
  bool tls = false;
  std::string text;  // as received
};

class SmtpSink {
 public:
  explicit SmtpSink(std::string folder, const std::vector<std::string>& arguments = {});
  ~SmtpSink();
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  int port() const { return port_; }
  std::string Url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  std::vector<ReceivedMail> Mails() const;  // in the order of arrival
  // Ends the server; what it kept stays.
  void Stop();

 private:
  std::string folder_;
  pid_t process_ = -1;
  int input_ = -1;  // the server ends when this closes, even if the test dies
  int port_ = 0;
};

}  // namespace aiguillage::test
