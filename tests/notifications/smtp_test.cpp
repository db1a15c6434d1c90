#include "notifications/smtp.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "tests/notifications/smtp_kit.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::notifications {
namespace {

using test::SmtpSink;
using test::TempDirectory;

std::string Deliver(const std::string& url, const std::string& address) {
  return InWords(SmtpTransport(Fast(url)).Deliver(MailTo(address)));
}

TEST(Smtp, DeliversWhatWasWritten) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  EXPECT_EQ(Deliver(sink.Url(), "porteur@exemple.invalid"), "sent 250 250 OK kept as 1");
  const auto mails = sink.Mails();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].from + " " + mails[0].to, "aap@exemple.invalid porteur@exemple.invalid");
  std::string expected = ToMime(MailTo("porteur@exemple.invalid")).value();
  std::erase(expected, '\r');
  EXPECT_EQ(mails[0].text, expected);
}

TEST(Smtp, KeepsAConnectionForAHundredMails) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  SmtpTransport transport(Fast(sink.Url()));
  for (int i = 1; i <= 220; ++i) {
    ASSERT_EQ(transport.Deliver(MailTo("a" + std::to_string(i) + "@exemple.invalid", i)).code, 250);
  }
  const auto mails = sink.Mails();
  ASSERT_EQ(mails.size(), 220U);
  std::map<int, int> by_connection;
  for (const auto& mail : mails) by_connection[mail.connection] += 1;
  EXPECT_EQ(by_connection.size(), 3U);
  EXPECT_EQ(by_connection[mails[0].connection], 100);
  EXPECT_EQ(by_connection[mails[219].connection], 20);
}

TEST(Smtp, GoesOnWhenTheServerHasHadEnoughOfAConnection) {
  for (const char* enough : {"421", "452"}) {
    TempDirectory directory;
    SmtpSink sink(directory / "mails", {"--max-per-connection", "7", "--enough", enough});
    SmtpTransport transport(Fast(sink.Url()));
    for (int i = 1; i <= 30; ++i) {
      const auto result = transport.Deliver(MailTo("a@exemple.invalid", i));
      ASSERT_EQ(result.verdict, DeliveryResult::Verdict::kSent) << i << ": " << InWords(result);
    }
    EXPECT_EQ(sink.Mails().size(), 30U);
  }
}

TEST(Smtp, ConnectsAgainAfterAPause) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  SmtpTransport transport(Fast(sink.Url()));
  transport.Deliver(MailTo("a@exemple.invalid", 1));
  transport.Rest();
  EXPECT_EQ(transport.Deliver(MailTo("a@exemple.invalid", 2)).code, 250);
  EXPECT_NE(sink.Mails()[0].connection, sink.Mails()[1].connection);
}

TEST(Smtp, TellsRefusedFromLater) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  EXPECT_EQ(Deliver(sink.Url(), "reject550@x.invalid"), "refused 550 550 5.1.1 no such mailbox");
  EXPECT_EQ(Deliver(sink.Url(), "busy450@x.invalid"), "later 450 450 4.2.0 greylisted, come back");
  EXPECT_EQ(Deliver(sink.Url(), "closing421@x.invalid"), "later 421 421 4.3.2 shutting down");
  EXPECT_EQ(Deliver(sink.Url(), "reject-data554@x.invalid"),
            "refused 554 554 5.7.1 message refused");
  EXPECT_EQ(Deliver(sink.Url(), "busy-data451@x.invalid"), "later 451 451 4.3.0 try later");
  EXPECT_TRUE(sink.Mails().empty());
}

TEST(Smtp, IsUncertainOnlyOnceTheWholeMailHasLeft) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  EXPECT_EQ(Deliver(sink.Url(), "drop-before@x.invalid").substr(0, 6), "later ");
  EXPECT_TRUE(sink.Mails().empty());
  EXPECT_EQ(Deliver(sink.Url(), "drop-body@x.invalid").substr(0, 9), "uncertain")
      << "a short mail is gone from our hands at once: how much of it arrived, nobody knows";
  EXPECT_TRUE(sink.Mails().empty());
  EXPECT_EQ(Deliver(sink.Url(), "drop-after@x.invalid").substr(0, 9), "uncertain");
  EXPECT_EQ(sink.Mails().size(), 1U) << "it was taken, and nobody said so";
  TransportOptions hurried = Fast(sink.Url());
  hurried.mail_timeout_ms = 300;
  EXPECT_EQ(InWords(SmtpTransport(hurried).Deliver(MailTo("stall@x.invalid"))).substr(0, 9),
            "uncertain");
}

TEST(Smtp, TheNextMailPassesAfterAnyTrouble) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  SmtpTransport transport(Fast(sink.Url()));
  for (const char* word : {"reject550", "busy450", "closing421", "reject-data554", "drop-before",
                           "drop-body", "drop-after"}) {
    transport.Deliver(MailTo("a@x.invalid", 1));
    transport.Deliver(MailTo(std::string(word) + "@x.invalid", 2));
    EXPECT_EQ(transport.Deliver(MailTo("a@x.invalid", 3)).code, 250) << "after " << word;
  }
}

TEST(Smtp, AKeptConnectionThatDiedIsNotTheMailsFault) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  SmtpTransport transport(Fast(sink.Url()));
  transport.Deliver(MailTo("a@x.invalid", 1));
  // The kept connection drops in the middle of the next one, once; a fresh one is tried at once.
  EXPECT_EQ(transport.Deliver(MailTo("drop-before+1@x.invalid", 2)).code, 250);
  EXPECT_EQ(transport.Deliver(MailTo("closing421+1@x.invalid", 3)).code, 250);
  EXPECT_EQ(sink.Mails().size(), 3U);
}

TEST(Smtp, SaysWhenNobodyListens) {
  TempDirectory directory;
  std::string url;
  {
    SmtpSink sink(directory / "mails");
    url = sink.Url();
  }
  const std::string words = Deliver(url, "a@x.invalid");
  EXPECT_EQ(words.substr(0, 8), "later 0 ");
  EXPECT_NE(words.find("Failed to connect"), std::string::npos) << words;
}

// A server that takes the call and never says a word: the system answers for it.
TEST(Smtp, WaitsForNoGreetingLongerThanTold) {
  const int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(silent, 1), 0);
  getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
  TransportOptions options = Fast("smtp://127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
  options.connect_timeout_ms = options.mail_timeout_ms = 300;
  const auto result = SmtpTransport(options).Deliver(MailTo("a@x.invalid"));
  EXPECT_EQ(InWords(result).substr(0, 8), "later 0 ") << "it has nothing of ours";
  close(silent);
}

TEST(Smtp, NeverHandsOverAForgedAddress) {
  TempDirectory directory;
  SmtpSink sink(directory / "mails");
  EXPECT_EQ(Deliver(sink.Url(), "a@b.fr>\r\nRCPT TO:<c@d.fr"),
            "refused 0 Adresse invalide avant « @ » : « a@b.fr> RCPT TO:<c@d.fr »");
  EXPECT_TRUE(sink.Mails().empty());
}

TEST(Spool, WritesEachMailOnce) {
  TempDirectory directory;
  TransportOptions options;
  options.url = "spool:" + (directory / "spool");
  auto transport = OpenTransport(options);
  ASSERT_TRUE(transport);
  for (int twice = 0; twice < 2; ++twice) {
    EXPECT_EQ(transport.value()->Deliver(MailTo("a@x.invalid", 7)).text,
              "Écrit dans act_3a7@exemple.invalid.eml");
  }
  EXPECT_EQ(transport.value()->Deliver(MailTo("a@x\n")).verdict, DeliveryResult::Verdict::kRefused);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "spool")) {
    names.push_back(entry.path().filename());
  }
  EXPECT_EQ(names, std::vector<std::string>{"act_3a7@exemple.invalid.eml"});
  std::ofstream(directory / "file") << "not a folder";
  options.url = "spool:" + (directory / "file");
  EXPECT_EQ(OpenTransport(options).value()->Deliver(MailTo("a@x.invalid")).verdict,
            DeliveryResult::Verdict::kLater);
}

TEST(Transport, RefusesAddressesItDoesNotKnow) {
  for (const char* url : {"", "spool:", "http://x", "smtp://", "smtp://user:pw@host",
                          "smtp://host/path", "smtp://host\r\nQUIT"}) {
    TransportOptions options;
    options.url = url;
    EXPECT_FALSE(OpenTransport(options)) << url;
  }
}

}  // namespace
}  // namespace aiguillage::notifications
