// One mail by hand, through its page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/outbox.h"
#include "tests/web/counter.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::int64_t WaitingMail(Counter& counter) {
  storage::OutboxFilter filter;
  filter.kind = "mail";
  filter.status = "pending";
  return counter.database()
      .Read([&](storage::Session& session) { return storage::ListOutbox(session, filter); })
      .at(0)
      .id;
}

TEST(MailHand, IsTheOfficesAloneAndLeavesItsTrace) {
  Counter counter;
  counter.services().draft_mail = [](const storage::OutboxRow&) {
    return notifications::Words{"Objet d’avant", "Texte d’avant " + kCanary};
  };
  const std::string mail = "/courriels/" + std::to_string(WaitingMail(counter));
  EXPECT_THAT(counter.Get(mail, "officer").body, HasSubstr("Écarter ce courriel"));
  EXPECT_THAT(counter.Get(mail, "holder").body, Not(HasSubstr("Écarter ce courriel")));
  const auto form = counter.Get(mail + "/recrire", "officer");
  EXPECT_THAT(form.body, HasSubstr("Objet d’avant"));
  EXPECT_FALSE(HoldsCanary(form.body));
  const auto wrong =
      counter.Post(mail + "/recrire",
                   {{"subject", "Mon objet"}, {"text", "Voir http://ailleurs.invalid"}}, "officer");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("mène ailleurs"));
  EXPECT_THAT(wrong.body, HasSubstr("Mon objet")) << "nothing typed is lost";
  EXPECT_EQ(
      counter.Post(mail + "/recrire", {{"subject", "Mon objet"}, {"text", "Bref."}}, "officer")
          .status,
      303);
  const auto unexplained = counter.Post(mail + "/ecarter", {{"reason", ""}}, "pilot");
  EXPECT_EQ(unexplained.status, 422);
  EXPECT_THAT(unexplained.body, HasSubstr("aria-describedby=\"erreur\"")) << "said at the field";
  EXPECT_EQ(counter.Post(mail + "/ecarter", {{"reason", "Appelé " + kCanary}}, "pilot").status,
            303);
  const auto page = counter.Get(mail, "pilot").body;
  EXPECT_THAT(page, HasSubstr("Récrit par"));
  EXPECT_THAT(page, HasSubstr("Écarté par"));
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_EQ(counter.Post(mail + "/envoyer", {}, "officer").status, 409);
  const auto again = counter.Post(mail + "/renvoyer", {}, "officer");
  ASSERT_EQ(again.status, 303);
  EXPECT_THAT(counter.Get(*again.FindHeader("Location"), "officer").body,
              HasSubstr("Voir le courriel d’origine"));
}

TEST(MailHand, SentNowItWaitsNoLonger) {
  Counter counter;
  const auto id = WaitingMail(counter);
  const auto row = [&] {
    return counter.database().Read(
        [&](storage::Session& session) { return *storage::FindOutbox(session, id); });
  };
  ASSERT_GT(row().not_before, counter.now);
  const std::string mail = "/courriels/" + std::to_string(id);
  EXPECT_THAT(counter.Get(mail, "officer").body, HasSubstr("Départ prévu"));
  const std::string planned =
      "<td>prévu le " + workflows::FrenchInstant(row().not_before) + "</td>";
  EXPECT_THAT(counter.Get("/courriels", "officer").body, HasSubstr(planned));
  EXPECT_EQ(counter.Post(mail + "/envoyer", {}, "holder").status, 403);
  EXPECT_GT(row().not_before, counter.now);
  EXPECT_EQ(counter.Post(mail + "/envoyer", {}, "officer").status, 303);
  EXPECT_LE(row().not_before, counter.now);
  EXPECT_EQ(row().status, "pending");
  EXPECT_THAT(counter.Get(mail, "officer").body, HasSubstr("Envoi avancé par"));
}

TEST(MailHand, AListThatIsEmptyBecauseOfItsFilterSaysSo) {
  Counter counter;
  const auto none = counter.Get("/courriels?q=personne-ici", "officer").body;
  EXPECT_THAT(none, HasSubstr("Aucun envoi ne correspond à ces critères."));
  EXPECT_THAT(none, Not(HasSubstr("Rien n’est parti")));
}

// No button that would only be refused.
TEST(MailHand, AMailThatHoldsASecretOffersNoGesture) {
  Counter counter;
  for (const char* topic : {"login_link", "call_subscription"}) {
    storage::OutboxRow row;
    row.kind = "mail";
    row.key = topic;
    row.topic = topic;
    row.address = "quelquun@exemple.invalid";
    row.payload = {{"token", "s3cret"}, {"url", "http://127.0.0.1:8080/connexion/s3cret"}};
    row.status = "pending";
    row.created_at = row.not_before = counter.now;
    const auto id = counter.database().Write(
        [&](storage::Session& session) { return storage::InsertOutbox(session, row); });
    const std::string mail = "/courriels/" + std::to_string(id);
    const auto page = counter.Get(mail, "pilot");
    EXPECT_EQ(page.status, 200) << topic;
    EXPECT_THAT(page.body, Not(HasSubstr("s3cret"))) << topic;
    for (const char* gesture : {"/recrire", "/envoyer", "/ecarter", "/renvoyer"}) {
      EXPECT_THAT(page.body, Not(HasSubstr(mail + gesture))) << topic;
    }
    EXPECT_EQ(counter.Get(mail + "/recrire", "pilot").status, 403) << topic;
    EXPECT_EQ(counter.Post(mail + "/envoyer", {}, "pilot").status, 403) << topic;
  }
}

}  // namespace
}  // namespace aiguillage::web
