// The words of a call's messages, through their pages: what is refused and how it is said, whom
// they reach, versions, the preview, the trial to oneself.
#include "storage/mail_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/compose.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "tests/web/counter.h"
#include "web/mail_text_page.h"
#include "web/mail_uses.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kPage = "/appels/mentor-2026/courriels/completion_requested";
const std::string kWords = "{{title}} est à compléter.\n\n{{reason}}\n\nVoir : {{url}}\n";
const std::string kMarkup = "<p>{{title}}</p>\n<p><a href=\"{{url}}\">Voir</a></p>\n";

class MailTextPages : public ::testing::Test {
 protected:
  MailTextPages() {
    auto composer = notifications::Composer::Load(counter.services().catalog,
                                                  {.public_url = "https://aap.exemple.invalid",
                                                   .from = {"Aiguillage", "aap@exemple.invalid"},
                                                   .reply_to = ""});
    EXPECT_TRUE(composer) << composer.refusal().sentence;
    composer_ = std::move(composer).value();
    counter.services().preview_mail = [this](const storage::OutboxRow& row) {
      return counter.database().Read([&](storage::Session& session) {
        const auto mail = composer_->Preview(session, row, counter.now);
        if (!mail) return MailLook{"", mail.refusal().sentence, ""};
        return MailLook{mail.value().subject, mail.value().text, mail.value().html};
      });
    };
    counter.services().draft_mail = [this](const storage::OutboxRow& row) {
      return counter.database().Read([&](storage::Session& session) {
        const auto words = composer_->Draft(session, row);
        return words ? words.value() : notifications::Words{};
      });
    };
  }
  Response Send(const std::string& gesture, const std::string& subject,
                const std::string& text = kWords, const std::string& html = kMarkup,
                const Fields& more = {}, const std::string& who = "pilot") {
    Fields fields = {{"geste", gesture}, {"subject", subject}, {"text", text}, {"html", html}};
    fields.insert(fields.end(), more.begin(), more.end());
    return counter.Post(kPage, fields, who);
  }
  Response Save(const std::string& subject, int version, const std::string& collection = "") {
    return Send("enregistrer", subject, kWords, kMarkup,
                {{"version", std::to_string(version)}, {"collection", collection}});
  }
  // What a completion asked now would leave with, for that project.
  std::string SubjectFor(int project) {
    return counter.database().Read([&](storage::Session& session) {
      storage::OutboxRow row;
      row.topic = "completion_requested";
      row.project = storage::FindProject(session, counter.number(project))->id;
      row.payload = nlohmann::json::object();
      return composer_->Draft(session, row).value().subject;
    });
  }
  std::vector<storage::OutboxRow> Trials() {
    storage::OutboxFilter filter;
    filter.kind = "mail";
    auto rows = counter.database().Read(
        [&](storage::Session& session) { return storage::ListOutbox(session, filter); });
    std::erase_if(rows, [](const auto& row) { return !row.payload.contains("trial"); });
    return rows;
  }

  Counter counter;
  std::unique_ptr<notifications::Composer> composer_;
};

TEST_F(MailTextPages, TheListSaysWhenAndToWhomAndWhoseWords) {
  const auto before = counter.Get("/appels/mentor-2026/courriels", "pilot").body;
  EXPECT_THAT(before, HasSubstr("completion_requested"));
  EXPECT_THAT(before, HasSubstr("échéance, étape"));
  EXPECT_THAT(before, HasSubstr("message écrit dans « Échanges »"));
  EXPECT_THAT(before, Not(HasSubstr("login_link")));
  EXPECT_THAT(before, Not(HasSubstr("texte propre")));
  ASSERT_EQ(Save("Numérique à compléter", 0, "numerique").status, 303);
  const auto after = counter.Get("/appels/mentor-2026/courriels", "pilot").body;
  EXPECT_THAT(after, HasSubstr("texte propre"));
  EXPECT_THAT(after, HasSubstr(kPage + "?collection=numerique"));
  EXPECT_FALSE(HoldsCanary(after));
  EXPECT_THAT(counter.Get("/appels", "pilot").body, HasSubstr("/appels/mentor-2026/courriels\""));
}

TEST_F(MailTextPages, EveryMessageThatTheRailsSendHasItsPage) {
  for (const char* call : {"mentor-2026"}) {
    const auto definition = counter.services().catalog.Newest("mentor");
    std::set<std::string> messages;
    for (const auto& use : MailUses(definition->chart)) {
      EXPECT_FALSE(use.where.empty() || use.where.ends_with(" ")) << use.message << use.where;
      EXPECT_FALSE(use.to.empty()) << use.message;
      messages.insert(use.message);
    }
    EXPECT_GT(messages.size(), 60U);
    for (const auto& message : messages) {
      const auto page =
          counter.Get("/appels/" + std::string(call) + "/courriels/" + message, "pilot");
      EXPECT_EQ(page.status, 200) << message;
      EXPECT_THAT(page.body, Not(HasSubstr("Erreur"))) << message;
      EXPECT_FALSE(HoldsCanary(page.body)) << message;
      const auto look = counter.Get(
          "/appels/" + std::string(call) + "/courriels/" + message + "/apercu", "pilot");
      EXPECT_EQ(look.status, 200) << message << ": " << look.body;
      EXPECT_THAT(look.body, ::testing::StartsWith("<!DOCTYPE html>")) << message;
      EXPECT_FALSE(HoldsCanary(look.body)) << message;
    }
  }
  EXPECT_THAT(counter.house().pages.Missing(), ::testing::IsEmpty());
}

TEST_F(MailTextPages, EachFaultIsSaidAtItsFieldAndNothingTypedIsLost) {
  const auto said = [&](const std::string& subject, const std::string& text,
                        const std::string& html) {
    const auto page = Send("enregistrer", subject, text, html, {{"version", "0"}});
    EXPECT_EQ(page.status, 422);
    EXPECT_FALSE(HoldsCanary(page.body));
    EXPECT_THAT(page.body, HasSubstr("Erreur : Texte d’un courriel"));
    const auto from = page.body.find("<ul>", page.body.find("id=\"erreurs\""));
    return page.body.substr(from, page.body.find("</ul>", from) - from);
  };
  EXPECT_THAT(said("Objet", "Bonjour\n{{titel}}\n{{url}}\n", kMarkup),
              HasSubstr("<a href=\"#text\">Texte, ligne 2 : {{titel}} n’est pas une variable des "
                        "messages</a>"));
  EXPECT_THAT(
      said("{{reason}}", kWords, kMarkup),
      HasSubstr("<a href=\"#subject\">Objet : {{reason}} n’est pas une variable des objets"));
  EXPECT_THAT(said("", kWords, kMarkup),
              HasSubstr("<a href=\"#subject\">Objet : l’objet est vide"));
  EXPECT_THAT(said("Objet", "", kMarkup), HasSubstr("<a href=\"#text\">Texte : {{url}} manque"));
  EXPECT_THAT(said("Objet", kWords, ""), HasSubstr("HTML, ligne 1 : il manque"));
  EXPECT_THAT(said("Objet", kWords, "<p>{{title}}</p>"), HasSubstr("HTML : {{url}} manque"));
  EXPECT_THAT(said("Objet", kWords, kMarkup + "<p>{{{title}}}</p>"),
              HasSubstr("HTML, ligne 3 : une valeur s’écrit {{nom}}"));
  EXPECT_THAT(said("Objet", kWords, kMarkup + kCanary),
              HasSubstr("<a href=\"#html\">HTML, ligne 3 : "));
  EXPECT_THAT(said("Objet", kWords, kMarkup + "<p onclick=\"x()\">a</p>"),
              HasSubstr("HTML, ligne 3 : &lt;p onclick=…&gt; n’est pas admis"));
  const auto kept = Send("enregistrer", "Mon objet", "Mon texte " + kCanary, "<b>Mon HTML</b>");
  EXPECT_THAT(kept.body, HasSubstr("Mon objet"));
  EXPECT_THAT(kept.body, HasSubstr("Mon texte"));
  EXPECT_THAT(kept.body, HasSubstr("&lt;b&gt;Mon HTML"));
  EXPECT_FALSE(HoldsCanary(kept.body));
  EXPECT_THAT(SubjectFor(1), Not(HasSubstr("Mon objet"))) << "nothing was saved";
}

TEST_F(MailTextPages, EveryVariableIsListedWithItsMeaningAndWhatItIsForTheProjectShown) {
  const auto body = counter.Get(kPage + "?projet=" + counter.number(2), "pilot").body;
  const auto line = [&](const std::string& name) {
    const auto at = body.find("<code>{{" + name + "}}</code>");
    EXPECT_NE(at, std::string::npos) << name;
    return at == std::string::npos ? "" : body.substr(at, body.find("</tr>", at) - at);
  };
  for (const notifications::MailVariable& variable : notifications::kMailVariables) {
    const std::string told = line(variable.name);
    EXPECT_THAT(told, HasSubstr(variable.meaning)) << variable.name;
    EXPECT_EQ(told.find("aussi dans l’objet") != std::string::npos, variable.in_subject)
        << variable.name;
  }
  EXPECT_THAT(line("number"), HasSubstr(">" + counter.number(2) + "</td>"));
  EXPECT_THAT(line("url"), HasSubstr("/projets/" + counter.number(2) + "</td>"));
  line(notifications::kMailReason);
}

TEST_F(MailTextPages, ThePreviewIsMadeOfARealProjectInASandboxAndSavesNothing) {
  const std::string before = SubjectFor(1);
  const auto look = [&](const std::string& html, const std::string& project,
                        const std::string& form = "") {
    return counter.Post(kPage + "/apercu",
                        {{"subject", "[{{number}}] À compléter"},
                         {"text", kWords},
                         {"html", html},
                         {"projet", project},
                         {"forme", form}},
                        "pilot");
  };
  const auto html = look(kMarkup, counter.number(1));
  EXPECT_EQ(html.status, 200);
  EXPECT_THAT(html.body, HasSubstr("<a href=\"https://aap.exemple.invalid/projets/" +
                                   counter.number(1) + "\">Voir</a>"));
  EXPECT_FALSE(HoldsCanary(html.body));
  EXPECT_THAT(*html.FindHeader("Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_THAT(*html.FindHeader("Content-Security-Policy"), HasSubstr("sandbox;"));
  const auto text = look(kMarkup, counter.number(1), "texte");
  EXPECT_EQ(text.type, "text/plain; charset=utf-8");
  EXPECT_THAT(text.body,
              ::testing::StartsWith("Objet : [" + counter.number(1) + "] À compléter\n"));
  EXPECT_THAT(text.body, HasSubstr("Voir : https://aap.exemple.invalid/projets/"));
  const auto wrong = look(kMarkup + kCanary, counter.number(1));
  EXPECT_EQ(std::to_string(wrong.status) + wrong.type, "422text/plain; charset=utf-8");
  EXPECT_THAT(wrong.body,
              ::testing::StartsWith("L’aperçu attend un texte sans erreur.\n\nHTML, ligne 3 : "));
  EXPECT_EQ(look(kMarkup, "AIG-2020-9999").body, "Aucun projet de cet appel ne porte ce numéro.\n");
  counter.AddSecondCall();
  EXPECT_EQ(look(kMarkup, counter.number(3)).status, 422) << "a project of another call";
  const auto aimless = Send("", "Mon objet", kWords, kMarkup, {{"version", "0"}});
  EXPECT_EQ(aimless.status, 200);
  EXPECT_THAT(aimless.body, HasSubstr("Mon objet"));
  EXPECT_EQ(SubjectFor(1), before) << "only « Enregistrer » saves";
  EXPECT_THAT(Trials(), ::testing::IsEmpty());
  const auto page = counter.Get(kPage + "?projet=" + counter.number(2), "pilot");
  EXPECT_THAT(page.body, HasSubstr("src=\"" + kPage + "/apercu?projet=" + counter.number(2) +
                                   "\" title=\"Le courriel tel qu’il se présentera\" sandbox>"));
  EXPECT_THAT(*page.FindHeader("Content-Security-Policy"), HasSubstr("style-src 'self';"));
}

TEST_F(MailTextPages, WordsReachTheirCollectionInTheMailsAndInTheDecision) {
  ASSERT_EQ(Save("Appel à compléter", 0).status, 303);
  ASSERT_EQ(Save("Langues à compléter", 0, "langues").status, 303);
  EXPECT_EQ(SubjectFor(1), "Appel à compléter");
  EXPECT_EQ(SubjectFor(2), "Langues à compléter");
  // The decision shows the words that would leave, to be put otherwise in place.
  const std::string ask = "/projets/" + counter.number(2) + "/actions/completion.request";
  const auto page = counter.Get(ask, "officer").body;
  Fields fields = {{"reason", "Il manque l’accord."}, {"do", "rehearse"}};
  for (const std::string name : {"cle", "tache", "tache_version", "projet_version", "lignes"}) {
    const std::string mark = "name=\"" + name + "\" value=\"";
    const auto at = page.find(mark);
    if (at == std::string::npos) continue;
    const auto from = at + mark.size();
    fields.emplace_back(name, page.substr(from, page.find('"', from) - from));
  }
  EXPECT_THAT(counter.Post(ask, fields, "officer").body,
              HasSubstr("name=\"objet.completion_requested\" value=\"Langues à compléter\""));
  EXPECT_EQ(counter.Post(kPage + "/0/retablir", {{"collection", "langues"}}, "pilot").status, 303);
  EXPECT_EQ(SubjectFor(2), "Appel à compléter");
}

TEST_F(MailTextPages, VersionsAreToldComparedAndRestored) {
  const std::string origin = SubjectFor(1);
  ASSERT_EQ(Save("Première", 0).status, 303);
  ASSERT_EQ(Save("Seconde", 1).status, 303);
  const auto late = Save("Troisième", 1);
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body, HasSubstr("a enregistré une autre version entre-temps"));
  EXPECT_THAT(late.body, HasSubstr("Troisième")) << "nothing typed is lost";
  EXPECT_EQ(SubjectFor(1), "Seconde");
  const auto page = counter.Get(kPage, "pilot").body;
  EXPECT_THAT(page, HasSubstr("Ce qui change depuis la version 1"));
  EXPECT_THAT(page, HasSubstr("Ce qui change depuis le texte des règles"));
  EXPECT_THAT(page, HasSubstr("<del>Première"));
  EXPECT_THAT(page, HasSubstr("<ins>Seconde"));
  EXPECT_EQ(counter.Post(kPage + "/1/retablir", {}, "pilot").status, 303);
  EXPECT_EQ(SubjectFor(1), "Première");
  EXPECT_EQ(counter.Post(kPage + "/0/retablir", {}, "pilot").status, 303);
  EXPECT_EQ(SubjectFor(1), origin);
  EXPECT_THAT(counter.Get(kPage, "pilot").body, HasSubstr("Version 4 : retour au texte d’origine"));
  EXPECT_EQ(counter.Post(kPage + "/9/retablir", {}, "pilot").status, 404);
  EXPECT_EQ(counter.Post(kPage + "/2/retablir", {{"collection", "numerique"}}, "pilot").status, 404)
      << "versions are a collection's own";
}

// Saved before the rails changed, or by a hand in the record.
TEST_F(MailTextPages, AVersionThatTheRailsNoLongerBearIsShownAndNotRestored) {
  counter.database().Write([&](storage::Session& session) {
    storage::InsertMailText(session, {"mentor-2026", "completion_requested", "", 0, false,
                                      "Objet : {{gone}}\n\n{{url}}\n", kMarkup,
                                      counter.PersonId("pilot"), counter.now});
  });
  const auto page = counter.Get(kPage, "pilot");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("celui des règles part à sa place"));
  EXPECT_THAT(SubjectFor(1), Not(HasSubstr("gone")));
  ASSERT_EQ(Save("Réparé", 1).status, 303);
  const auto restored = counter.Post(kPage + "/1/retablir", {}, "pilot");
  EXPECT_EQ(restored.status, 422);
  EXPECT_THAT(restored.body, HasSubstr("Cette version ne va plus avec les règles"));
  EXPECT_EQ(SubjectFor(1), "Réparé");
}

TEST_F(MailTextPages, ATrialLeavesToWhoeverAsksAndIsRationed) {
  const auto answer = Send("essai", "Bravo", kWords, kMarkup,
                           {{"projet", counter.number(1)}, {"to", "victime@exemple.invalid"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("Un essai part à votre adresse, pilot@exemple.invalid"));
  EXPECT_THAT(answer.body, HasSubstr("value=\"Bravo\"")) << "what was typed is still there";
  const auto trials = Trials();
  ASSERT_EQ(trials.size(), 1U);
  EXPECT_EQ(trials[0].person, counter.PersonId("pilot"));
  EXPECT_EQ(trials[0].status, "pending");
  counter.database().Read([&](storage::Session& session) {
    const auto mail = composer_->Compose(session, trials[0], counter.now);
    ASSERT_TRUE(mail) << mail.refusal().sentence;
    EXPECT_EQ(mail.value().subject, "[Essai] Bravo");
    EXPECT_EQ(mail.value().to.address, "pilot@exemple.invalid");
  });
  EXPECT_THAT(SubjectFor(1), Not(HasSubstr("Bravo"))) << "nothing was saved";
  EXPECT_EQ(Send("essai", "Bravo", kWords, "<script>x</script>").status, 422);
  for (int i = 2; i <= 10; ++i) EXPECT_EQ(Send("essai", "Bravo").status, 200) << i;
  const auto over = Send("essai", "Bravo");
  EXPECT_EQ(over.status, 429);
  EXPECT_THAT(over.body, HasSubstr("Dix essais sont déjà partis"));
  EXPECT_EQ(Trials().size(), 10U);
  for (int third = 1; third <= 3; ++third) {
    counter.now += 1'210'000;
    counter.Get(kPage, "pilot");  // a session ends when nobody is there
  }
  EXPECT_EQ(Send("essai", "Bravo").status, 200);
}

TEST_F(MailTextPages, AreThePilotsAlone) {
  for (const char* who : {"officer", "lead", "holder", "auditor", ""}) {
    EXPECT_NE(counter.Get(kPage, who).status, 200) << who;
    EXPECT_NE(Send("enregistrer", "Non", kWords, kMarkup, {{"version", "0"}}, who).status, 303);
  }
  for (const char* address : {"/login_link", "/together", "/inconnu", "/_layout",
                              "/completion_requested?collection=nulle"}) {
    EXPECT_EQ(counter.Get("/appels/mentor-2026/courriels" + std::string(address), "pilot").status,
              404)
        << address;
  }
}

TEST(MailTextSource, ComesBackAsItWasTyped) {
  const TypedText typed{"[{{number}}] Oui : non", "Une ligne.\n\nDeux.\n", "<p>x</p>\n"};
  const auto again = TypedOf(SourceFrom(typed));
  EXPECT_EQ(again.subject + "|" + again.text + "|" + again.html,
            typed.subject + "|" + typed.text + "|" + typed.html);
  EXPECT_EQ(TitleOf(SourceFrom(typed)), "Oui : non");
}

}  // namespace
}  // namespace aiguillage::web
