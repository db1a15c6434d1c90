// Requests as checklists: asked, answered, told to whoever asked.
#include <gmock/gmock.h>

#include "storage/documents.h"
#include "storage/journal.h"
#include "tests/web/steps.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Fields kTwoPoints = {{"points.0.part", "application.context"},
                           {"points.0.expected", "Dire d’où vient le besoin " + kCanary},
                           {"points.0.importance", "required"},
                           {"points.1.expected", "Relire l’orthographe"}};

void AskTwoPoints(Counter& counter) {
  ToLeadReview(counter);
  const std::string address = Action(counter, "framing.change");
  const auto page = counter.Get(address, "lead");
  ASSERT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<option value=\"application.context\">"));
  EXPECT_THAT(page.body, Not(HasSubstr("<option value=\"framing_note."))) << "not this step’s";
  EXPECT_THAT(page.body, HasSubstr("Ensemble du dossier</option>"));
  counter.now += 60'000;
  ASSERT_EQ(counter.Post(address, Filled(page.body, kTwoPoints), "lead").status, 303);
  ASSERT_EQ(Row(counter).state, "framing_changes");
}

TEST(Checklist, IsReadAsAListInDemarchesSimplifieesMailAndJournal) {
  Counter counter;
  AskTwoPoints(counter);
  const std::string list = ". Ensemble du dossier\u00a0: Relire l’orthographe";
  const auto id = Row(counter).id;
  const auto rows = counter.database().Read(
      [&](storage::Session& session) { return storage::OutboxOf(session, id); });
  int told = 0;
  for (const auto& row : rows) {
    if (row.topic != "correction" && row.topic != "framing_change_asked") continue;
    const auto text = row.payload.at(row.kind == "ds" ? "body" : "reason").get<std::string>();
    EXPECT_THAT(text, HasSubstr("1. "));
    EXPECT_THAT(text, HasSubstr("Dire d’où vient le besoin"));
    EXPECT_THAT(text, HasSubstr("(indispensable)\n2" + list)) << row.kind;
    ++told;
  }
  EXPECT_GE(told, 2);
  const auto journal = counter.Get(Project(counter) + "?onglet=journal", "holder").body;
  EXPECT_THAT(journal, HasSubstr("2" + list));
  EXPECT_FALSE(HoldsCanary(journal));
}

TEST(Checklist, AsksForAtLeastOneThing) {
  Counter counter;
  ToLeadReview(counter);
  const std::string address = Action(counter, "framing.change");
  const auto page = counter.Get(address, "lead").body;
  const auto wrong = counter.Post(address, Filled(page, {{"positive", "Bravo"}}), "lead");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("Dites au moins une chose à reprendre"));
  EXPECT_EQ(counter.Post(address, Filled(page, {{"reason", "Tout reprendre"}}), "lead").status, 303)
      << "a sentence alone will do";
  EXPECT_THAT(counter.Get(Project(counter), "holder").body, HasSubstr("1\u00a0point reste sur 1"));
}

TEST(Checklist, IsAnsweredPointByPointAndToldToWhoeverAsked) {
  Counter counter;
  AskTwoPoints(counter);
  const auto before = counter.Get(Project(counter), "holder").body;
  EXPECT_THAT(before, HasSubstr("Ce qui a été demandé : 2\u00a0points restent sur 2"));
  EXPECT_THAT(before, HasSubstr("pas encore de réponse"));
  EXPECT_THAT(before, HasSubstr("Inchangé depuis la demande"));
  EXPECT_FALSE(HoldsCanary(before));
  const std::string address = Action(counter, "resubmit");
  const auto page = counter.Get(address, "holder").body;
  EXPECT_THAT(page, HasSubstr("Réponse aux points demandés"));
  EXPECT_FALSE(HoldsCanary(page));
  // The application changes in DS meanwhile; the holder ticks one point and tries to drop the
  // other.
  const auto id = Row(counter).id;
  json answers = counter.database().Read([&](storage::Session& session) {
    return storage::LatestDocument(session, id, "application")->answers;
  });
  answers["context"] = "Une enquête de 2026";
  counter.now += 60'000;
  counter.services().desk.RecordAnswers(counter.number(1), answers, counter.now);
  counter.now += 60'000;
  const auto done = counter.Post(address,
                                 Filled(page, {{"message", "Voilà"},
                                               {"points.0.part", "application.context"},
                                               {"points.0.asked", kTwoPoints[1].second},
                                               {"points.0.done", "true"},
                                               {"points.0.answer", "Enquête citée " + kCanary},
                                               {"points.1.asked", "Rien du tout"},
                                               {"points.1.done", "true"}}),
                                 "holder");
  ASSERT_EQ(done.status, 303) << done.body;
  const auto kept = counter.database().Read([&](storage::Session& session) {
    return storage::LatestDocument(session, id, "resubmission")->answers["points"];
  });
  ASSERT_EQ(kept.size(), 2U) << "in the document’s version, as asked";
  EXPECT_EQ(kept[1]["asked"], "Relire l’orthographe");
  EXPECT_EQ(kept[1]["done"], false);
  for (const auto& place : {Action(counter, "framing.validate"), Project(counter)}) {
    const auto shown = counter.Get(place, "lead").body;
    EXPECT_THAT(shown, HasSubstr("1\u00a0point reste sur 2")) << place;
    EXPECT_THAT(shown, HasSubstr("Enquête citée")) << place;
    EXPECT_THAT(shown, HasSubstr("Modifié depuis la demande")) << place;
    EXPECT_THAT(shown, HasSubstr("<ins>Une enquête de 2026</ins>")) << place;
    EXPECT_FALSE(HoldsCanary(shown)) << place;
  }
  // What is left is offered again, in one gesture.
  const std::string again = Action(counter, "framing.change");
  const auto form = counter.Get(again, "lead").body;
  EXPECT_THAT(form, HasSubstr("reste à faire sur ce projet"));
  EXPECT_THAT(form, HasSubstr("value=\"suggest:\nRelire l’orthographe\""));
  const auto added = counter.Post(
      again, Filled(form, {{"positive", "Mieux"}}, "suggest:\r\nRelire l’orthographe"), "lead");
  EXPECT_EQ(added.status, 200);
  EXPECT_THAT(added.body, HasSubstr("name=\"points.0.expected\""));
  EXPECT_THAT(added.body, HasSubstr("Relire l’orthographe</textarea>"));
  EXPECT_THAT(added.body, HasSubstr("Mieux")) << "nothing typed is lost";
  EXPECT_THAT(added.body, Not(HasSubstr("value=\"suggest:\nRelire"))) << "not offered twice";
}

TEST(Checklist, EndsWithItsPhase) {
  Counter counter;
  AskTwoPoints(counter);
  Act(counter, "holder", "resubmit", {{"message", "Voilà"}});
  EXPECT_THAT(counter.Get(Project(counter), "lead").body, HasSubstr("2\u00a0points restent sur 2"))
      << "answered in DS, say: nothing is ticked";
  Act(counter, "lead", "framing.validate", json::object());
  EXPECT_THAT(counter.Get(Project(counter), "lead").body, Not(HasSubstr("Ce qui a été demandé")));
  const auto last = counter.database().Read([&, id = Row(counter).id](storage::Session& session) {
    return storage::LastJournal(session, id)->act;
  });
  ASSERT_TRUE(counter.services().desk.TakeBack(counter.number(1), last,
                                               {counter.PersonId("lead"), ""}, counter.now));
  EXPECT_THAT(counter.Get(Project(counter), "lead").body, HasSubstr("points restent sur 2"))
      << "what was taken back ended nothing";
}

TEST(Checklist, SuggestsWhatTheCollectionIsAskedOften) {
  Counter counter;
  AskTwoPoints(counter);
  workflows::IntakeRequest intake;
  intake.call = "mentor-2026";
  intake.title = "Autre";
  intake.collection = "numerique";
  intake.holder_email = "other_holder@exemple.invalid";
  intake.answers = {{"title", "Autre"}};
  intake.now = counter.now;
  const auto other = counter.services().desk.Intake(intake);
  ASSERT_TRUE(other);
  workflows::ActRequest accept{.project = other.value().project,
                               .action = "admissibility.accept",
                               .actor = {counter.PersonId("officer"), ""},
                               .data = test::FilledIn(FormNamed(counter, "admissibility")),
                               .now = counter.now};
  ASSERT_TRUE(counter.services().desk.Act(accept));
  const auto page =
      counter.Get("/projets/" + other.value().project + "/actions/framing.change", "lead").body;
  EXPECT_THAT(page, HasSubstr("souvent demandé dans la collection"));
  EXPECT_THAT(page, HasSubstr("Dire d’où vient le besoin"));
  EXPECT_FALSE(HoldsCanary(page));
}

}  // namespace
}  // namespace aiguillage::web
