#include "notifications/mail_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "notifications/mime_text.h"

namespace aiguillage::notifications {
namespace {

MailMessage Sample() {
  return {.from = {"Aiguillage", "aap@exemple.invalid"},
          .to = {"Élodie Martin", "elodie@exemple.invalid"},
          .reply_to = "contact@exemple.invalid",
          .subject = "[AIG-2026-0042] Votre cadrage est validé",
          .text = "Bonjour,\n\nLe cadrage est validé.\n.\nFrom nous\nfin \n",
          .html = "<p>Le cadrage est <b>validé</b>.</p>",
          .message_id = MessageIdFor("0f3c:1", "exemple.invalid"),
          .in_reply_to = ThreadIdFor("AIG-2026-0042", "exemple.invalid"),
          .references = {ThreadIdFor("AIG-2026-0042", "exemple.invalid")},
          .headers = {},
          .attachments = {},
          .date_at = 1795442645000};
}

std::string WithoutReturns(std::string text) {
  std::erase(text, '\r');
  return text;
}

std::string Refusal(const MailMessage& mail) {
  const auto mime = ToMime(mail);
  return mime ? "accepted" : mime.refusal().sentence;
}

TEST(MailMessage, IsThisTextOnTheWire) {
  const auto mime = ToMime(Sample());
  ASSERT_TRUE(mime) << mime.refusal().sentence;
  EXPECT_EQ(WithoutReturns(mime.value()), R"(From: Aiguillage
 <aap@exemple.invalid>
To: =?UTF-8?Q?=C3=89lodie_Martin?=
 <elodie@exemple.invalid>
Reply-To: contact@exemple.invalid
Subject: =?UTF-8?Q?=5BAIG-2026-0042=5D_Votre_cadrage_est_valid=C3=A9?=
Date: Mon, 23 Nov 2026 14:04:05 +0000
Message-ID: <0f3c_3a1@exemple.invalid>
In-Reply-To: <projet-AIG-2026-0042@exemple.invalid>
References: <projet-AIG-2026-0042@exemple.invalid>
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_aiguillage_alternative"

--=_aiguillage_alternative
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Bonjour,

Le cadrage est valid=C3=A9.
=2E
=46rom nous
fin=20
--=_aiguillage_alternative
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Le cadrage est <b>valid=C3=A9</b>.</p>
--=_aiguillage_alternative--
)");
}

TEST(MailMessage, EndsEveryLineWithCrlfAndKeepsItShort) {
  MailMessage mail = Sample();
  mail.text = std::string(3000, 'x') + "é\n" + std::string(75, 'y') + "=\n" + std::string(76, 'z');
  mail.subject = std::string(199, 'e') + "é";
  mail.to.name = "O'Hara, \"Zoë\" <evil@x>";
  const std::string mime = ToMime(mail).value();
  std::istringstream lines(mime);
  for (std::string line; std::getline(lines, line);) {
    ASSERT_FALSE(line.empty());
    EXPECT_EQ(line.back(), '\r') << line;
    EXPECT_LE(line.size() - 1, 76U) << line;
  }
}

TEST(MailMessage, CarriesAttachmentsBesideTheTexts) {
  MailMessage mail = Sample();
  mail.attachments = {{"échéance\r\n.ics", "text/calendar; charset=utf-8", "BEGIN:VCALENDAR"}};
  const std::string mime = ToMime(mail).value();
  EXPECT_NE(mime.find("multipart/mixed; boundary=\"=_aiguillage_mixed\""), std::string::npos);
  EXPECT_NE(mime.find("filename=\"__ch__ance__.ics\"\r\n\r\nQkVHSU46VkNBTEVOREFS\r\n"),
            std::string::npos);
}

TEST(MailMessage, RefusesWhateverCouldAddAHeaderOrARecipient) {
  MailMessage mail = Sample();
  mail.to.address = "a@b>\r\nRCPT TO:<c@d";
  EXPECT_EQ(Refusal(mail), "Adresse invalide avant « @ » : « a@b> RCPT TO:<c@d »");
  mail = Sample();
  mail.from.address = "a\n@b.fr";
  EXPECT_EQ(Refusal(mail), "Adresse invalide avant « @ » : « a @b.fr »");
  mail = Sample();
  mail.reply_to = "a@b.fr, c@d.fr";
  EXPECT_EQ(Refusal(mail), "Adresse invalide avant « @ » : « a@b.fr, c@d.fr »");
  mail = Sample();
  mail.subject = "Bonjour\r\nBcc: tous@exemple.invalid";
  EXPECT_EQ(Refusal(mail),
            "L’objet contient un saut de ligne : « Bonjour Bcc: tous@exemple.invalid »");
  mail = Sample();
  mail.subject = std::string("a\0b", 3);
  EXPECT_EQ(Refusal(mail), "L’objet contient un saut de ligne : « ab »");
  mail = Sample();
  mail.message_id = "<a@b>\r\nX: y";
  EXPECT_EQ(Refusal(mail), "Message-ID invalide : « <a@b> X: y »");
  mail = Sample();
  mail.references = {"<a b@c>"};
  EXPECT_EQ(Refusal(mail), "Référence invalide : « <a b@c> »");
  mail = Sample();
  mail.headers = {{"X-A", "b\nc"}};
  EXPECT_EQ(Refusal(mail), "En-tête invalide : « X-A: b c »");
  mail.headers = {{"X A", "b"}};
  EXPECT_EQ(Refusal(mail), "En-tête invalide : « X A: b »");
  mail = Sample();
  mail.attachments = {{"a", "text/plain\r\nX: y", ""}};
  EXPECT_EQ(Refusal(mail), "Type de pièce jointe invalide : « text/plain X: y »");
}

TEST(MailMessage, DisarmsNames) {
  MailMessage mail = Sample();
  mail.to.name = "\"Bob\" <evil@x>\r\nBcc: a@b, \u202Egpj.exe";
  const std::string mime = ToMime(mail).value();
  const std::size_t from = mime.find("\r\nTo: ") + 2;
  EXPECT_EQ(WithoutReturns(mime.substr(from, mime.find("Reply-To") - from)),
            "To: =?UTF-8?B?IkJvYiIgPGV2aWxAeD4gQmNjOiBhQGIsIGdwai5leGU=?=\n"
            " <elodie@exemple.invalid>\n");
}

TEST(MailMessage, KnowsAddresses) {
  for (const char* good : {"a@b.fr", "prenom.nom+mentor@sous.domaine.gouv.fr", "x@localhost",
                           "o'hara@exemple.invalid"}) {
    EXPECT_EQ(WhyNotAddress(good), "") << good;
  }
  const std::string long_local = std::string(65, 'a') + "@b.fr";
  const std::string long_all = "a@" + std::string(250, 'b') + ".fr";
  for (const std::string bad :
       {"", "a", "@b.fr", "a@", ".a@b.fr", "a..b@c.fr", "a@b..fr", "a@-b.fr", "a b@c.fr", "a@b.fr>",
        "<a@b.fr>", "\"a b\"@c.fr", "a@[127.0.0.1]", "é@b.fr", "a@b.fr\n", "a@b@c d",
        long_local.c_str(), long_all.c_str()}) {
    EXPECT_NE(WhyNotAddress(bad), "") << bad;
  }
}

TEST(MailMessage, ReadsMailboxes) {
  const auto one = ParseMailbox("Aiguillage <aap@exemple.invalid>");
  EXPECT_EQ(one.value().name + "|" + one.value().address, "Aiguillage|aap@exemple.invalid");
  EXPECT_EQ(ParseMailbox("\"AAP, Mentor\" <a@b.fr>").value().name, "AAP, Mentor");
  EXPECT_EQ(ParseMailbox("a@b.fr").value().address, "a@b.fr");
  EXPECT_FALSE(ParseMailbox("Aiguillage <a@b.fr> x"));
  EXPECT_FALSE(ParseMailbox("Aiguillage"));
}

TEST(MailMessage, TwoKeysNeverShareAnId) {
  EXPECT_NE(MessageIdFor("a:1", "x.fr"), MessageIdFor("a-1", "x.fr"));
  EXPECT_NE(MessageIdFor("a_3a1", "x.fr"), MessageIdFor("a:1", "x.fr"));
}

TEST(MimeText, CleansWhatCouldDeceive) {
  EXPECT_EQ(CleanText("a\r\nb\rc\x01\x7F\u202E"
                      "d\u200Be\xFF"
                      "f\xC3"),
            "a\nb\ncde\uFFFDf\uFFFD");
  EXPECT_EQ(CleanLine("  L’IA \n\t générative  ", 100), "L’IA générative");
  EXPECT_EQ(CleanLine("éééééé", 4), "ééé…");
  EXPECT_EQ(CleanLine("éééé", 4), "éééé");
}

TEST(MimeText, EncodesHeadersInWholeCharacters) {
  EXPECT_EQ(HeaderText("Bonjour", 9), "Bonjour");
  EXPECT_EQ(HeaderText("a =?UTF-8?Q?b?=", 9), "=?UTF-8?B?YSA9P1VURi04P1E/Yj89?=");
  std::string euros;
  for (int i = 0; i < 60; ++i) euros += "€";
  std::istringstream words(HeaderText(euros, 9));
  std::string bytes;
  for (std::string word; words >> word;) {
    EXPECT_LE(word.size(), 75U);
    ASSERT_EQ(word.substr(0, 10), "=?UTF-8?B?");
    EXPECT_EQ((word.size() - 12) % 4, 0U) << "each word holds whole groups";
  }
}

// Random texts through our encoder and a decoder written here from RFC 2045, 6.7.
TEST(MimeText, QuotedPrintableComesBack) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::size_t n = random() % 400; n > 0; --n) text += "ab =.\t\nFrom é"[random() % 14];
    const std::string encoded = QuotedPrintable(text);
    std::string decoded;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      if (encoded.compare(i, 3, "=\r\n") == 0) {
        i += 2;
      } else if (encoded[i] == '=') {
        decoded += static_cast<char>(std::stoi(encoded.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else if (encoded[i] != '\r') {
        decoded += encoded[i];
      }
    }
    ASSERT_EQ(decoded, text);
    std::istringstream lines(encoded);
    for (std::string line; std::getline(lines, line);) ASSERT_LE(line.size(), 77U);
  }
}

}  // namespace
}  // namespace aiguillage::notifications
