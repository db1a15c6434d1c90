// What the tests against real mail servers share: a mail, hurried options, and an authority of
// their own that vouches for the servers it is asked to.
//
//   TestAuthority authority(directory);
//   const auto good = authority.Vouch("good", "IP:127.0.0.1");      // good.chain: key and
//   certificate options.ca_file = authority.file();
#pragma once

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

#include "notifications/smtp.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::notifications {

inline MailMessage MailTo(const std::string& address, int number = 1) {
  MailMessage mail;
  mail.from = {"Aiguillage", "aap@exemple.invalid"};
  mail.to = {"", address};
  mail.subject = "Votre cadrage est validé";
  mail.text = "Bonjour\n.\n..\nfin\n";
  mail.html = "<p>Bonjour</p>";
  mail.message_id = MessageIdFor("act:" + std::to_string(number), "exemple.invalid");
  return mail;
}

inline TransportOptions Fast(const std::string& url) {
  TransportOptions options;
  options.url = url;
  options.connect_timeout_ms = 2'000;
  options.mail_timeout_ms = 2'000;
  return options;
}

inline std::string InWords(const DeliveryResult& result) {
  static const std::map<DeliveryResult::Verdict, std::string> kNames = {
      {DeliveryResult::Verdict::kSent, "sent"},
      {DeliveryResult::Verdict::kRefused, "refused"},
      {DeliveryResult::Verdict::kLater, "later"},
      {DeliveryResult::Verdict::kUncertain, "uncertain"}};
  return kNames.at(result.verdict) + " " + std::to_string(result.code) + " " + result.text;
}

struct ServerPapers {
  std::string certificate, key, chain;  // PEM files; chain: both in one
};

class TestAuthority {
 public:
  explicit TestAuthority(const test::TempDirectory& directory, const std::string& name = "ca")
      : folder_(directory.path()), name_(folder_ + "/" + name) {
    Openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=" + name + " -keyout " + name_ +
            ".key -out " + name_ + ".crt");
  }

  // `days` below 0: it is over.
  ServerPapers Vouch(const std::string& name, const std::string& for_whom, int days = 2) {
    const std::string base = folder_ + "/" + name;
    Openssl("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -addext subjectAltName=" +
            for_whom + " -keyout " + base + ".key -out " + base + ".csr");
    Openssl("x509 -req -in " + base + ".csr -copy_extensions copy -CA " + name_ + ".crt -CAkey " +
            name_ + ".key -CAcreateserial -days " + std::to_string(days) + " -out " + base +
            ".crt");
    Shell("cat " + base + ".key " + base + ".crt > " + base + ".pem");
    return {base + ".crt", base + ".key", base + ".pem"};
  }
  std::string file() const { return name_ + ".crt"; }

 private:
  static void Openssl(const std::string& words) { Shell("openssl " + words + " 2>/dev/null"); }
  static void Shell(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }

  std::string folder_, name_;
};

}  // namespace aiguillage::notifications
