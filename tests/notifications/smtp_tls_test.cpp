// TLS both ways, from the first byte and by STARTTLS: only a server that an authority we trust
// vouches for, under the name that we called, gets a mail. And OpenSMTPD, where it runs.
#include <gtest/gtest.h>

#include <set>

#include "tests/notifications/smtp_kit.h"
#include "tests/support/opensmtpd.h"
#include "tests/support/smtp_sink.h"

namespace aiguillage::notifications {
namespace {

using test::OpenSmtpd;
using test::SmtpSink;
using test::TempDirectory;
using Verdict = DeliveryResult::Verdict;

enum class Way { kFromTheFirstByte, kStarttls };

class SmtpTls : public ::testing::TestWithParam<Way> {
 protected:
  // What comes of a mail to a server with these papers, when `trusted` is who we believe.
  std::string Outcome(const ServerPapers& papers, const std::string& trusted) {
    std::vector<std::string> arguments = {"--certificate", papers.chain};
    if (GetParam() == Way::kStarttls) arguments.push_back("--starttls");
    SmtpSink sink(directory_ / ("mails" + std::to_string(++servers_)), arguments);
    const char* scheme = GetParam() == Way::kStarttls ? "smtp" : "smtps";
    TransportOptions options =
        Fast(std::string(scheme) + "://127.0.0.1:" + std::to_string(sink.port()));
    options.tls = Tls::kRequired;
    options.ca_file = trusted;
    const std::string words = InWords(SmtpTransport(options).Deliver(MailTo("a@x.invalid")));
    const auto mails = sink.Mails();
    if (mails.empty()) return words;
    return words.substr(0, 8) + (mails[0].tls ? " over TLS" : " in clear");
  }

  TempDirectory directory_;
  TestAuthority authority_{directory_};
  int servers_ = 0;
};

TEST_P(SmtpTls, DeliversToAServerThatIsVouchedFor) {
  EXPECT_EQ(Outcome(authority_.Vouch("good", "IP:127.0.0.1"), authority_.file()),
            "sent 250 over TLS");
}

TEST_P(SmtpTls, RefusesEveryOtherAndKeepsTheMail) {
  const TestAuthority stranger(directory_, "stranger");
  const auto good = authority_.Vouch("good", "IP:127.0.0.1");
  for (const auto& [why, words] : std::map<std::string, std::string>{
           {"not the system's authority", Outcome(good, "")},
           {"another authority's", Outcome(good, stranger.file())},
           {"another name",
            Outcome(authority_.Vouch("other", "DNS:mail.exemple.invalid"), authority_.file())},
           {"over since yesterday",
            Outcome(authority_.Vouch("old", "IP:127.0.0.1", -1), authority_.file())}}) {
    EXPECT_EQ(words.substr(0, 6), "later ") << why << ": " << words;
    EXPECT_NE(words.find("certificate"), std::string::npos) << why << ": " << words;
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, SmtpTls, ::testing::Values(Way::kFromTheFirstByte, Way::kStarttls),
                         [](const auto& way) {
                           return way.param == Way::kStarttls ? "Starttls" : "FromTheFirstByte";
                         });

TEST(SmtpLogin, HappensOverStarttlsOnly) {
  TempDirectory directory;
  TestAuthority authority(directory);
  SmtpSink sink(directory / "mails", {"--certificate", authority.Vouch("a", "IP:127.0.0.1").chain,
                                      "--starttls", "--login", "aap:s3cret with space"});
  TransportOptions options = Fast(sink.Url());
  options.ca_file = authority.file();
  options.user = "aap";
  options.password = "s3cret with space";
  EXPECT_EQ(SmtpTransport(options).Deliver(MailTo("a@x.invalid")).code, 250);
  EXPECT_TRUE(sink.Mails().at(0).tls);
  options.password = "wrong";
  const auto wrong = SmtpTransport(options).Deliver(MailTo("a@x.invalid"));
  EXPECT_EQ(wrong.verdict, Verdict::kLater) << "our own fault, not the address's";
  EXPECT_EQ(wrong.code, 535);
  SmtpSink clear(directory / "clear");
  options = Fast(clear.Url());
  options.tls = Tls::kRequired;
  EXPECT_EQ(SmtpTransport(options).Deliver(MailTo("a@x.invalid")).verdict, Verdict::kLater);
  EXPECT_TRUE(clear.Mails().empty());
}

class WithOpenSmtpd : public ::testing::Test {
 protected:
  void SetUp() override {
    papers_ = authority_.Vouch("sink", "IP:127.0.0.1");
    auto server = OpenSmtpd::Start(papers_.certificate, papers_.key);
    if (!server) GTEST_SKIP() << server.refusal().sentence;
    server_ = std::move(server).value();
  }

  TempDirectory directory_;
  TestAuthority authority_{directory_};
  ServerPapers papers_;
  std::unique_ptr<OpenSmtpd> server_;
};

TEST_F(WithOpenSmtpd, TakesWhatWasWritten) {
  SmtpTransport transport(Fast(server_->Url()));
  const auto sent = transport.Deliver(MailTo("porteur@x.invalid"));
  EXPECT_EQ(sent.verdict, Verdict::kSent);
  EXPECT_NE(sent.text.find("Message accepted for delivery"), std::string::npos) << sent.text;
  EXPECT_EQ(InWords(transport.Deliver(MailTo("refuse@x.invalid"))),
            "refused 550 550 Invalid recipient: <refuse@x.invalid>");
  const auto mails = server_->Mails(1);
  ASSERT_EQ(mails.size(), 1U) << server_->Log();
  std::string expected = ToMime(MailTo("porteur@x.invalid")).value();
  std::erase(expected, '\r');
  EXPECT_TRUE(mails[0].ends_with(expected)) << mails[0];
}

// It hangs up after a hundred mails of one connection, and says 421 first.
TEST_F(WithOpenSmtpd, TakesThreeHundredMailsOverConnectionsThatItEnds) {
  TransportOptions options = Fast(server_->Url());
  options.mails_per_connection = 1'000'000;
  SmtpTransport transport(options);
  for (int i = 1; i <= 300; ++i) {
    const auto result = transport.Deliver(MailTo("a" + std::to_string(i) + "@x.invalid", i));
    ASSERT_EQ(result.verdict, Verdict::kSent) << i << ": " << InWords(result);
  }
  transport.Rest();
  std::set<std::string> ids;
  for (const std::string& mail : server_->Mails(300)) {
    const auto begin = mail.find("Message-ID: ");
    ids.insert(mail.substr(begin, mail.find('\n', begin) - begin));
  }
  EXPECT_EQ(ids.size(), 300U);
  const std::string log = server_->Log();
  std::size_t connections = 0;
  for (auto at = log.find("smtp connected"); at != std::string::npos;
       at = log.find("smtp connected", at + 1)) {
    ++connections;
  }
  EXPECT_GE(connections, 3U);
}

TEST_F(WithOpenSmtpd, SpeaksTlsBothWays) {
  for (const std::string& url : {server_->Url(), server_->TlsUrl()}) {
    TransportOptions options = Fast(url);
    options.tls = Tls::kRequired;
    const std::string stranger = InWords(SmtpTransport(options).Deliver(MailTo("a@x.invalid")));
    EXPECT_TRUE(stranger.starts_with("later") && stranger.find("certificate") != std::string::npos)
        << stranger;
    options.ca_file = authority_.file();
    EXPECT_EQ(InWords(SmtpTransport(options).Deliver(MailTo("a@x.invalid"))).substr(0, 8),
              "sent 250")
        << server_->Log();
  }
  const auto mails = server_->Mails(2);
  ASSERT_EQ(mails.size(), 2U);
  for (const std::string& mail : mails) EXPECT_NE(mail.find("(TLS"), std::string::npos) << mail;
}

}  // namespace
}  // namespace aiguillage::notifications
