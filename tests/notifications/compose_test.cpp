#include "notifications/compose.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "notifications/mime_text.h"
#include "storage/projects.h"
#include "tests/notifications/fixture.h"
#include "tests/support/test_record.h"

namespace aiguillage::notifications {
namespace {

using nlohmann::json;
using storage::OutboxRow;
using storage::Session;

// Every text that ships, as the catalog puts them together: the definition's own and the common.
std::map<std::string, std::string> ShippedMails(const std::string& own = "mentor") {
  std::map<std::string, std::string> mails;
  for (const std::string& folder : {own + "/mails", std::string("common/mails")}) {
    const auto path =
        std::filesystem::path(AIGUILLAGE_SOURCE_DIR) / "workflows/definitions" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      std::ifstream file(entry.path());
      std::ostringstream text;
      text << file.rdbuf();
      mails[entry.path().filename().string()] = text.str();
    }
  }
  return mails;
}

View ViewOf(const std::string& text) {
  View view;
  std::vector<std::string> names;
  for (const MailVariable& variable : kMailVariables) names.emplace_back(variable.name);
  names.push_back(kMailReason);
  for (const std::string& name : names) view.Set(name, text).Set("has_" + name, !text.empty());
  if (text.empty()) {
    view.SetList("items").Set("has_items", false);
  } else {
    view.AddRow("items").Set("label", text).Set("value", text);
    view.Set("has_items", true);
  }
  return view;
}

class ShippedMailsOf : public testing::TestWithParam<std::string> {};

TEST_P(ShippedMailsOf, AreAllSoundWithEverythingAndWithNothing) {
  const auto kit = MailKit::Load(ShippedMails(GetParam()));
  ASSERT_TRUE(kit) << kit.refusal().sentence;
  EXPECT_GT(kit.value().Ids().size(), 40U);
  for (const std::string& id : kit.value().Ids()) {
    for (const std::string text : {"<X&>", ""}) {
      const View view = ViewOf(text);
      EXPECT_FALSE(kit.value().Subject(id, view).empty()) << id;
      EXPECT_EQ(kit.value().Text(id, view).find("{{"), std::string::npos) << id;
      const std::string html = kit.value().Html(id, view);
      EXPECT_EQ(html.find("<X&>"), std::string::npos) << id << " lets a value through unescaped";
      EXPECT_EQ(html.substr(0, 15), "<!DOCTYPE html>") << id;
    }
    if (id == kLoginTemplate) continue;
    EXPECT_NE(kit.value().Text(id, ViewOf("@@")).find("@@"), std::string::npos) << id;
  }
}

INSTANTIATE_TEST_SUITE_P(Calls, ShippedMailsOf, testing::Values("mentor", "fep"));

std::string KitRefusal(const std::map<std::string, std::string>& mails) {
  const auto kit = MailKit::Load(mails);
  return kit ? "accepted" : kit.refusal().sentence;
}

TEST(MailKit, TellsWhereATextIsWrong) {
  EXPECT_EQ(KitRefusal({{"a.txt.mustache", "Bonjour\n"}, {"a.html.mustache", "x"}}),
            "a.txt.mustache:1 : attendu une première ligne « Objet : … »");
  EXPECT_EQ(KitRefusal({{"a.txt.mustache", "Objet : x\n\ny\n"}}),
            "a.txt.mustache:0 : il manque le même en .html");
  EXPECT_EQ(KitRefusal({{"a.html.mustache", "x"}}),
            "a.html.mustache:0 : il manque le même en .txt");
  EXPECT_EQ(
      KitRefusal({{"a.txt.mustache", "Objet : x\n\ny\n{{{title}}}\n"}, {"a.html.mustache", "x"}}),
      "a.txt.mustache:4 : une valeur s’écrit {{nom}} : la sortie brute n’est pas admise");
  EXPECT_EQ(
      KitRefusal({{"a.txt.mustache", "Objet : x\n\ny\n{{titel}}\n"}, {"a.html.mustache", "x"}}),
      "a.txt.mustache:4 : {{titel}} n’est pas une variable des messages");
  EXPECT_EQ(KitRefusal({{"a.txt.mustache", "Objet : {{reason}}\n\ny\n"}, {"a.html.mustache", "x"}}),
            "a.txt.mustache:1 : {{reason}} n’est pas une variable des objets");
  EXPECT_EQ(KitRefusal({{"a.txt.mustache", "Objet : {{#x}}\n\ny\n"}, {"a.html.mustache", "x"}}),
            "a.txt.mustache:1 : section « x » non fermée");
}

class Compose : public ::testing::Test {
 protected:
  Compose() {
    record_.Seed();
    record_->Write([&](Session& session) {
      project_ = InsertProject(session, record_.NewProject("Les « IA »"), 2026);
    });
  }
  OutboxRow Row(const json& payload) const {
    OutboxRow row;
    row.kind = "mail";
    row.key = "act:1";
    row.project = project_.id;
    row.topic = "hello";
    row.person = 1;
    row.address = "old@exemple.invalid";
    row.payload = payload;
    return row;
  }
  engine::Outcome<MailMessage> Mail(const OutboxRow& row) {
    return record_->Read(
        [&](Session& session) { return composer_->Compose(session, row, 1795442645000); });
  }

  test::TestRecord record_;
  storage::Project project_;
  std::unique_ptr<Composer> composer_ = test::DemoComposer();
};

TEST_F(Compose, BuildsLinksAndRecipientItself) {
  const auto mail = Mail(Row({{"title", "Les « IA »"},
                              {"number", "forged"},
                              {"url", "https://evil.invalid/"},
                              {"call_url", "https://evil.invalid/"},
                              {"action", "framing.validate"}}));
  ASSERT_TRUE(mail) << mail.refusal().sentence;
  EXPECT_EQ(mail.value().to.name + " " + mail.value().to.address,
            "Camille Martin camille@example.fr");
  EXPECT_EQ(mail.value().subject, "[AIG-2026-0001] Bonjour Les « IA »");
  EXPECT_EQ(mail.value().text,
            "Bonjour,\nLes « IA »\n"
            "https://aap.exemple.invalid/projets/AIG-2026-0001/actions/framing.validate\n"
            "https://aap.exemple.invalid/appels/demo-2026\n");
  EXPECT_EQ(mail.value().message_id, "<act_3a1@exemple.invalid>");
  EXPECT_EQ(mail.value().references,
            std::vector<std::string>{"<projet-AIG-2026-0001@exemple.invalid>"});
}

TEST_F(Compose, LeadsToTheTabThatTheRowNames) {
  const auto text = [&](const nlohmann::json& payload) { return Mail(Row(payload)).value().text; };
  EXPECT_NE(text({{"title", "a"}, {"tab", "echanges"}})
                .find("/projets/AIG-2026-0001?onglet=echanges#onglets\n"),
            std::string::npos);
  EXPECT_NE(text({{"title", "a"}, {"tab", "x&y=//evil.invalid"}}).find("/projets/AIG-2026-0001\n"),
            std::string::npos);
}

TEST_F(Compose, KeepsAHostileTitleInItsPlace) {
  const std::string title = "a\r\nBcc: x@y.fr\u202E <script>" + std::string(500, 'z');
  const auto mail = Mail(Row({{"title", title}}));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail.value().subject.substr(0, 53),
            "[AIG-2026-0001] Bonjour a Bcc: x@y.fr <script>zzzzzzz");
  EXPECT_EQ(mail.value().subject.find('\n'), std::string::npos);
  EXPECT_EQ(mail.value().subject, CleanLine(mail.value().subject, 200)) << "bounded, and clean";
  EXPECT_TRUE(mail.value().subject.ends_with("…"));
  EXPECT_NE(mail.value().html.find("&lt;script&gt;"), std::string::npos);
  EXPECT_TRUE(ToMime(mail.value()));
}

TEST_F(Compose, ShowsReasonsAndItemsBounded) {
  OutboxRow row = Row({{"reason", "première\nligne"},
                       {"items",
                        {{{"label", "Avis"}, {"value", std::string(3000, 'x')}},
                         {{"label", "Vide"}, {"value", ""}},
                         "not an item"}}});
  row.topic = "long";
  const std::string text = Mail(row).value().text;
  EXPECT_EQ(text, "Bonjour,\npremière\nligne\n- Avis : " + std::string(1000, 'x') + "…\n");
}

TEST_F(Compose, SaysWhyThereIsNoMail) {
  OutboxRow row = Row(json::object());
  row.topic = "nowhere";
  EXPECT_EQ(Mail(row).refusal().sentence, "Le message « nowhere » n’existe pas.");
  record_->Write([&](Session& session) {
    auto person = *storage::FindPerson(session, 1);
    person.active = false;
    storage::UpdatePerson(session, person);
  });
  EXPECT_EQ(Mail(Row(json::object())).refusal().code, "inactive");
}

TEST_F(Compose, ShowsALogInLinkToNobodyElse) {
  OutboxRow row = Row(json::object());
  row.project = 0;
  row.topic = kLoginTemplate;
  row.payload["url"] = "https://aap.exemple.invalid/connexion/s3cret";
  EXPECT_EQ(Mail(row).value().text, "Bonjour,\nhttps://aap.exemple.invalid/connexion/s3cret\n");
  EXPECT_TRUE(Mail(row).value().references.empty());
  const auto seen = record_->Read(
      [&](Session& session) { return composer_->Preview(session, row, 0).value().text; });
  EXPECT_EQ(seen, "Bonjour,\nhttps://aap.exemple.invalid/connexion/…\n");
  row.payload["url"] = "https://evil.invalid/connexion/x";
  EXPECT_EQ(Mail(row).value().text, "Bonjour,\n\n");
}

}  // namespace
}  // namespace aiguillage::notifications
