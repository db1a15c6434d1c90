// « X pour Y »: who stands in sees for whom each task is, and wherever they acted it is said.
#include <gmock/gmock.h>

#include "storage/journal.h"
#include "storage/people.h"
#include "tests/web/steps.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// 21 September 2026: from today to the 25th, Anne Martin, the lead, is replaced by Bruno Petit, a
// lead of another collection.
void LeadIsAway(Counter& counter) {
  const auto named = [&](const std::string& who, const std::string& name) {
    return counter.database().Write([&](storage::Session& session) {
      auto person = *storage::FindPerson(session, counter.PersonId(who));
      person.name = name;
      storage::UpdatePerson(session, person);
      return person.email;
    });
  };
  named("lead", "Anne Martin");
  const auto email = named("other_lead", "Bruno Petit");
  const auto said = counter.Post(
      "/compte/absences",
      {{"du", "2026-09-21"}, {"au", "2026-09-25"}, {"remplacant", email}, {"perimetre", ""}},
      "lead");
  ASSERT_EQ(said.status, 303) << said.body;
}

TEST(OnBehalf, TheTaskListSaysForWhomAndUntilWhichDay) {
  Counter counter;
  ToLeadReview(counter);
  LeadIsAway(counter);
  const auto tasks = counter.Get("/taches", "other_lead").body;
  EXPECT_THAT(tasks, HasSubstr("<span class=\"tag\">pour Anne Martin</span> : <a href=\"" +
                               Project(counter) + "\">"));
  EXPECT_THAT(tasks, HasSubstr("Vous agissez aussi pour Anne Martin, jusqu’au 25 septembre 2026"));
  const auto own = counter.Get("/taches", "lead").body;
  EXPECT_THAT(own, HasSubstr("Bruno Petit agit pour vous jusqu’au 25 septembre 2026"));
  EXPECT_THAT(own, Not(HasSubstr("<span class=\"tag\">pour ")));
  counter.services().desk.SetActive(counter.PersonId("lead"), false, counter.now);
  EXPECT_THAT(counter.Get("/taches", "other_lead").body, Not(HasSubstr("Vous agissez aussi pour")))
      << "an account that is closed lends nothing";
}

TEST(OnBehalf, WhereverTheyActedItIsSaid) {
  Counter counter;
  ToLeadReview(counter);
  LeadIsAway(counter);
  const std::string both = "Bruno Petit pour Anne Martin";
  Act(counter, "other_lead", "framing.validate",
      test::FilledIn(FormNamed(counter, "framing_opinion")));
  ASSERT_EQ(counter
                .Post(Project(counter) + "/echanges",
                      {{"genre", "public"}, {"texte", "Bon courage."}, {"cle", "k1"}}, "other_lead")
                .status,
            303);
  const auto tab = [&](const std::string& name, const std::string& who) {
    return counter.Get(Project(counter) + "?onglet=" + name, who).body;
  };
  for (const char* who : {"pilot", "holder", "lead", "other_lead"}) {
    EXPECT_THAT(tab("journal", who), HasSubstr(both + " (")) << "the timeline, for " << who;
    EXPECT_THAT(tab("echanges", who), HasSubstr(both + " (")) << "the messages, for " << who;
  }
  EXPECT_THAT(tab("documents", "pilot"), HasSubstr(both));
  EXPECT_THAT(counter.Get(Project(counter) + "/documents/framing_opinion/1", "pilot").body,
              HasSubstr(both))
      << "what is printed";
  const auto id = Row(counter).id;
  int told = 0;
  counter.database().Read([&](storage::Session& session) {
    for (const auto& row : storage::OutboxOf(session, id, "mail")) {
      if (row.topic == "framing_validated") {
        ++told;
        EXPECT_EQ(row.payload.at("actor"), both) << "the mail to " << row.address;
      }
      if (row.topic == "message_posted") {
        ++told;
        EXPECT_THAT(row.payload.at("actor").get<std::string>(), HasSubstr(both));
      }
    }
    const auto last = storage::LastJournal(session, id).value();
    EXPECT_EQ(last.person, counter.PersonId("other_lead"));
    EXPECT_EQ(last.on_behalf_of, counter.PersonId("lead"));
  });
  EXPECT_GE(told, 2);
}

TEST(OnBehalf, AfterTheAbsenceThereIsNothingLeftOfIt) {
  Counter counter;
  ToLeadReview(counter);
  LeadIsAway(counter);
  EXPECT_THAT(counter.Get("/taches", "other_lead").body, HasSubstr(counter.number(1)));
  const auto absences = counter.database().Read([&](storage::Session& session) {
    return storage::AbsencesOf(session, counter.PersonId("lead"), counter.now);
  });
  ASSERT_EQ(absences.size(), 1U);
  counter.Post("/compte/absences/" + std::to_string(absences[0].id) + "/fin", {}, "lead");
  EXPECT_THAT(counter.Get("/taches", "other_lead").body, Not(HasSubstr(counter.number(1))));
  EXPECT_EQ(counter.Get(Project(counter), "other_lead").status, 403);
  EXPECT_EQ(counter.Get(Action(counter, "framing.validate"), "other_lead").status, 403);
}

}  // namespace
}  // namespace aiguillage::web
