// What a call may write in place of a message of its rails, and which words a mail leaves with.
#include "notifications/own_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "notifications/dispatcher.h"
#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/mail_texts.h"
#include "tests/notifications/fixture.h"
#include "tests/support/test_record.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using storage::Session;

MailFiles RailsOf(const std::string& definition) {
  MailFiles mails;
  for (const std::string& folder : {definition, std::string("common")}) {
    const std::filesystem::path path = AIGUILLAGE_SOURCE_DIR "/workflows/definitions";
    for (const auto& entry : std::filesystem::directory_iterator(path / folder / "mails")) {
      std::ifstream in(entry.path());
      std::stringstream text;
      text << in.rdbuf();
      mails[entry.path().filename().string()] = text.str();
    }
  }
  return mails;
}

std::string Told(const std::string& text, const std::string& html) {
  static const MailFiles rails = RailsOf("mentor");
  std::string told;
  for (const auto& problem : CheckOwnText(rails, "selected", {text, html})) {
    told += (told.empty() ? "" : "\n") + problem.file + ":" + std::to_string(problem.line) + " " +
            problem.message;
  }
  return told.empty() ? "accepted" : told;
}

const std::string kText = "Objet : [{{number}}] Bravo\n\n{{title}}\n{{url}}\n";
const std::string kHtml = "<p>{{title}}</p>\n<p><a href=\"{{url}}\">Ouvrir</a></p>\n";

// Whoever begins from a shipped text must be able to save it.
TEST(OwnText, EveryShippedTextOfAProjectMayStandAsItIs) {
  int checked = 0;
  for (const char* definition : {"mentor", "fep"}) {
    const MailFiles rails = RailsOf(definition);
    for (const auto& [file, text] : rails) {
      const auto end = file.find(".txt.mustache");
      if (end == std::string::npos || !MayBeOwn(file.substr(0, end))) continue;
      const auto message = file.substr(0, end);
      const auto kit = LoadOwnText(rails, message, SourceOf(rails, message));
      EXPECT_TRUE(kit) << definition << " " << message << ": " << kit.refusal().sentence;
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

TEST(OwnText, SaysWhatIsWrongWhereAndHowToMendIt) {
  EXPECT_EQ(Told(kText, kHtml), "accepted");
  EXPECT_EQ(Told(kText, ""), "html:1 il manque : un courriel part en texte et en HTML");
  EXPECT_EQ(Told("Objet : Bravo\n\n{{titel}}\n{{url}}\n", kHtml),
            "text:3 {{titel}} n’est pas une variable des messages");
  EXPECT_EQ(Told("Objet : {{reason}}\n\n{{url}}\n", kHtml),
            "text:1 {{reason}} n’est pas une variable des objets");
  EXPECT_EQ(Told("Bravo\n\n{{url}}\n", kHtml), "text:1 attendu une première ligne « Objet : … »");
  EXPECT_EQ(Told("Objet : \n\n{{url}}\n", kHtml), "text:1 l’objet est vide");
  EXPECT_EQ(Told("Objet : " + std::string(151, 'o') + "\n\n{{url}}\n", kHtml),
            "text:1 l’objet est trop long : 150 caractères au plus");
  EXPECT_EQ(Told("Objet : Bravo\n\nVoir le site.\n", kHtml),
            "text:0 {{url}} manque : sans ce lien, le destinataire ne sait où aller ; ajoutez une "
            "ligne « Ouvrir le projet : {{url}} »");
  EXPECT_EQ(Told("Objet : Bravo\n\n{{#has_due}}{{url}}{{/has_due}}\n", kHtml).substr(0, 22),
            "text:0 {{url}} manque ");
  EXPECT_EQ(Told(kText, "<p>Bravo {{url}}</p>"),
            "html:0 {{url}} manque : sans ce lien, le destinataire ne sait où aller ; ajoutez "
            "<p><a href=\"{{url}}\">Ouvrir le projet</a></p>");
  EXPECT_EQ(Told(kText, kHtml + "<p>{{{title}}}</p>"),
            "html:3 une valeur s’écrit {{nom}} : la sortie brute n’est pas admise");
  EXPECT_EQ(Told(kText, kHtml + "<p>{{&title}}</p>").substr(0, 69),
            "html:3 une valeur s’écrit {{nom}} : la sortie brute n’est pas ad");
  EXPECT_EQ(Told(kText, kHtml + "{{> _layout}}"),
            "html:3 {{> _layout}} : un message n’en inclut pas un autre");
  EXPECT_EQ(Told(kText, kHtml + "<p>{{#has_due}}</p>"), "html:3 section « has_due » non fermée");
  EXPECT_EQ(Told(kText, kHtml + "<script>alert(1)</script>"),
            "html:3 <script> n’est pas admis : les balises sont p, a, strong, em, ul, ol, li, br, "
            "blockquote, h2, h3");
  EXPECT_EQ(Told(kText, kHtml + "<p onclick=\"x()\">a</p>"),
            "html:3 <p onclick=…> n’est pas admis : seuls le sont href sur <a> et "
            "style=\"white-space:pre-line\" sur <p> ou <blockquote>");
  EXPECT_EQ(Told(kText, kHtml + "<p><a href=\"javascript:alert(1)\">a</a></p>"),
            "html:3 lien « javascript:alert(1) » : écrivez {{url}}, {{call_url}} ou une adresse "
            "https://");
  EXPECT_EQ(Told(kText, kHtml + "<p>un\ndeux"),
            "html:4 HTML mal formé : chaque balise ouverte se ferme dans l’ordre, un attribut "
            "s’écrit entre guillemets, « & » s’écrit &amp; et « < » s’écrit &lt;");
}

TEST(OwnText, TakesWhatAMailNeeds) {
  EXPECT_EQ(Told(kText, kHtml + "<h2>Et <em>vite</em></h2><ul><li>un<br>deux<br/></li></ul>"),
            "accepted");
  EXPECT_EQ(Told(kText, kHtml + "<blockquote style=\"white-space:pre-line\">{{reason}}</blockquote>"
                                "<p><a href=\"https://exemple.invalid/a?b=1&amp;c=2\">x</a></p>"),
            "accepted");
}

// What one reader of HTML would take for something else than another.
TEST(OwnText, HostileMarkupIsRefusedWhateverItsDisguise) {
  for (const std::string hostile : {"<img src=\"https://x.invalid/a.png\"/>",
                                    "<iframe src=\"https://x\"></iframe>",
                                    "<SCRIPT>x</SCRIPT>",
                                    "<p STYLE=\"white-space:pre-line\">a</p>",
                                    "<p style=\"background:url(https://x)\">a</p>",
                                    "<style>p{}</style>",
                                    "<a href=\"&#106;avascript:x\">a</a>",
                                    "<a href=\" javascript:x\">a</a>",
                                    "<a href=\"http://x.invalid\">a</a>",
                                    "<a href=\"//x.invalid\">a</a>",
                                    "<a href=\"https://x{{title}}\">a</a>",
                                    "<a href=\"{{title}}\">a</a>",
                                    "<a href=\"{{#has_due}}{{url}}{{/has_due}}\">a</a>",
                                    "<a href={{url}}>a</a>",
                                    "<a href=\"{{url}}\" target=\"_blank\">a</a>",
                                    "<a>a</a>",
                                    "<a xlink:href=\"x\">a</a>",
                                    "<!--><script>x</script>-->",
                                    "<![CDATA[><script>x</script>]]>",
                                    "<?x ><script>x</script>?>",
                                    "<!DOCTYPE p>",
                                    "<svg onload=\"x\"/>",
                                    "<p {{title}}>a</p>",
                                    "<{{title}}>a</p>",
                                    "<p><form action=\"https://x\"/></p>",
                                    "</mail><p>a</p><mail>",
                                    "<p xmlns=\"http://www.w3.org/2000/svg\">a</p>",
                                    "<p>a & b</p>",
                                    "<p>&eacute;</p>",
                                    "<p>\xE2\x80\xAE</p>",
                                    "<p>\x01</p>",
                                    "<base href=\"https://x\"/>",
                                    "<meta http-equiv=\"refresh\" content=\"0\"/>",
                                    "<{{! x }}script>x</{{! x }}script>"}) {
    EXPECT_NE(Told(kText, kHtml + hostile), "accepted") << hostile;
  }
}

class OwnWords : public ::testing::Test {
 protected:
  OwnWords() {
    record_.Seed();
    record_->Write([&](Session& s) {
      project_ = InsertProject(s, record_.NewProject("Accueil"), 2026);
      auto below = record_.NewProject("Cyber");
      below.collection = "cyber";
      below_ = InsertProject(s, below, 2026);
      auto without = record_.NewProject("Sans");
      without.collection = "";
      without_ = InsertProject(s, without, 2026);
    });
  }
  void Save(const std::string& collection, const std::string& words, bool removed = false) {
    record_->Write([&](Session& s) {
      InsertMailText(s, {"demo-2026", "hello", collection, 0, removed,
                         "Objet : [{{number}}] " + words + "\n\n" + words + "\n{{url}}\n",
                         "<p>" + words + " <a href=\"{{url}}\">{{title}}</a></p>\n", 1, 1000});
    });
  }
  OutboxRow Row(const storage::Project& project) const {
    OutboxRow row;
    row.kind = "mail";
    row.key = "act:" + project.number;
    row.project = project.id;
    row.topic = "hello";
    row.person = 1;
    row.payload = {{"title", "<b>&"}};
    row.status = "pending";
    row.created_at = row.not_before = 1000;
    return row;
  }
  std::string Subject(const storage::Project& project) {
    return record_->Read([&](Session& s) {
      const auto mail = composer_->Compose(s, Row(project), 1000);
      return mail ? mail.value().subject : mail.refusal().sentence;
    });
  }
  test::TestRecord record_;
  storage::Project project_, below_, without_;
  std::unique_ptr<Composer> composer_ = test::DemoComposer();
};

TEST_F(OwnWords, AreTheClosestCollectionsThenTheCallsThenTheRails) {
  EXPECT_EQ(Subject(below_), "[AIG-2026-0002] Bonjour <b>&");
  Save("", "Appel");
  EXPECT_EQ(Subject(below_), "[AIG-2026-0002] Appel");
  EXPECT_EQ(Subject(without_), "[AIG-2026-0003] Appel");
  Save("numerique", "Numérique");
  EXPECT_EQ(Subject(below_), "[AIG-2026-0002] Numérique");
  Save("cyber", "Cyber");
  Save("cyber", "Cyber deux");
  EXPECT_EQ(Subject(below_), "[AIG-2026-0002] Cyber deux");
  EXPECT_EQ(Subject(project_), "[AIG-2026-0001] Numérique");
  Save("cyber", "", true);
  EXPECT_EQ(Subject(below_), "[AIG-2026-0002] Numérique");
  Save("numerique", "", true);
  Save("", "", true);
  EXPECT_EQ(Subject(below_), "[AIG-2026-0002] Bonjour <b>&");
}

TEST_F(OwnWords, StandInTheFrameOfTheRailsAndEscapeWhatPeopleTyped) {
  Save("", "Bravo");
  record_->Read([&](Session& s) {
    const auto mail = composer_->Compose(s, Row(project_), 1000);
    ASSERT_TRUE(mail) << mail.refusal().sentence;
    EXPECT_EQ(mail.value().text,
              "Bonjour,\nBravo\nhttps://aap.exemple.invalid/projets/AIG-2026-0001\n");
    EXPECT_EQ(
        mail.value().html,
        "<p>Bonjour,</p>\n<p>Bravo <a "
        "href=\"https://aap.exemple.invalid/projets/AIG-2026-0001\">&lt;b&gt;&amp;</a></p>\n");
    EXPECT_EQ(mail.value().fell_back, "");
    // Where the office begins rewriting from, and what stands in a mail of several.
    EXPECT_EQ(composer_->Draft(s, Row(project_)).value().text, "Bravo\n");
    const auto both = composer_->ComposeTogether(s, {Row(project_), Row(below_)}, 1000);
    EXPECT_NE(both.value().text.find("Bravo"), std::string::npos) << both.value().text;
  });
}

// Saved under other rails, or by a hand in the database.
TEST_F(OwnWords, ThatNoLongerServeNeverLeaveAndThePilotIsToldOnce) {
  record_->Write([&](Session& s) {
    InsertMailText(s, {"demo-2026", "hello", "", 0, false, "Objet : {{gone}}\n\n{{url}}\n",
                       "<p><a href=\"{{url}}\">x</a></p>", 1, 1000});
    for (const auto& project : {project_, below_}) InsertOutbox(s, Row(project));
  });
  struct Kept : MailTransport {
    DeliveryResult Deliver(const MailMessage& mail) override {
      subjects.push_back(mail.subject);
      return {DeliveryResult::Verdict::kSent, 250, "250 OK"};
    }
    void Rest() override {}
    std::vector<std::string> subjects;
  } transport;
  EXPECT_EQ(Dispatcher(*record_, *composer_, transport, {}).DeliverOnce(2000).sent, 2);
  EXPECT_EQ(transport.subjects, (std::vector<std::string>{"[AIG-2026-0001] Bonjour <b>&",
                                                          "[AIG-2026-0002] Bonjour <b>&"}));
  const auto open = record_->Read([](Session& s) { return storage::OpenIncidents(s); });
  ASSERT_EQ(open.size(), 1U) << "one for the text, not one a mail";
  EXPECT_EQ(open[0].kind, "mail_text");
  EXPECT_EQ(open[0].sentence,
            "Le texte du message « hello », version 1 de l’appel « Appel de démonstration », ne "
            "peut plus servir : celui des règles part à sa place. Corrigez-le sur la page "
            "Courriels de l’appel. text:1 : {{gone}} n’est pas une variable des objets");
  Save("", "Mieux");
  EXPECT_EQ(Subject(project_), "[AIG-2026-0001] Mieux");
}

TEST_F(OwnWords, OnTrialLeaveMarkedOrNotAtAll) {
  Save("", "En vigueur");
  OutboxRow row = Row(project_);
  row.payload["trial"] = {{"text", "Objet : À voir\n\n{{url}}\n"},
                          {"html", "<p><a href=\"{{url}}\">x</a></p>"}};
  const auto subject = [&] {
    return record_->Read([&](Session& s) {
      const auto mail = composer_->Compose(s, row, 1000);
      return mail ? mail.value().subject : mail.refusal().sentence;
    });
  };
  EXPECT_EQ(subject(), "À voir");
  row.payload["trial"]["mark"] = true;
  EXPECT_EQ(subject(), "[Essai] À voir");
  row.payload["trial"]["html"] = "<script>x</script>";
  EXPECT_EQ(subject().substr(0, 35), "html:1 : <script> n’est pas admis");
}

}  // namespace
}  // namespace aiguillage::notifications
