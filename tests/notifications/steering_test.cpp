// The pilot's monthly mail: when it leaves, once, to whom, and that its figures are those of the
// record.
#include "notifications/steering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/compose.h"
#include "storage/calls.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "tests/support/desk_world.h"
#include "tests/support/filled_in.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"

namespace aiguillage::notifications {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Steering : public testing::Test {
 protected:
  Steering() : world_(Options()) {}

  static test::WorldOptions Options() {
    test::WorldOptions options;
    options.rails = "workflows/definitions";
    options.definition = "mentor";
    return options;
  }

  // Who is told at that instant, by first name.
  std::vector<std::string> TickAt(const std::string& instant, bool dry_run = false) {
    world_.At(instant);
    std::vector<std::string> told;
    for (const auto& firing :
         TellOfTheMonth(world_.database(), world_.catalog(), world_.now, dry_run)) {
      for (const auto& address : firing.told) told.push_back(address.substr(0, address.find('@')));
    }
    return told;
  }

  // Newest first.
  std::vector<storage::OutboxRow> Rows() {
    auto rows = world_.database().Read([](Session& s) { return storage::ListOutbox(s, {}); });
    std::erase_if(rows, [](const auto& row) { return row.topic != "steering_month"; });
    return rows;
  }

  static std::string Lines(const storage::OutboxRow& row) {
    std::string text;
    for (const auto& item : row.payload["items"]) {
      text += item["label"].get<std::string>() + " : " + item["value"].get<std::string>() + "\n";
    }
    return text;
  }

  void Act(const std::string& number, const std::string& who, const std::string& action) {
    const auto rails = world_.catalog().Newest("mentor");
    json data = json::object();
    for (const auto& transition : rails->chart.transitions) {
      if (transition.events != std::vector<std::string>{action}) continue;
      const std::string& form = engine::Attribute(transition, "form");
      if (!form.empty()) data = test::FilledIn(rails->forms.at(form));
    }
    const std::string said = world_.Do(number, who, action, data);
    EXPECT_EQ(said.find(": "), std::string::npos) << said;
  }

  DeskWorld world_;  // 23 November 2026
};

TEST_F(Steering, IsDueOnTheFirstWorkingDayAtEight) {
  const auto due = [](const char* month) { return workflows::IsoInstant(SteeringDue(month)); };
  EXPECT_EQ(due("2026-12"), "2026-12-01T08:00:00+01:00");
  EXPECT_EQ(due("2027-01"), "2027-01-04T08:00:00+01:00") << "New Year's day, then a week-end";
  EXPECT_EQ(due("2027-05"), "2027-05-03T08:00:00+02:00") << "1 May is a Saturday";
  EXPECT_EQ(due("2028-05"), "2028-05-02T08:00:00+02:00");
  EXPECT_EQ(due("2026-11"), "2026-11-02T08:00:00+01:00");
}

TEST_F(Steering, LeavesOnceAMonthAndNotAgainAfterARestart) {
  world_.Intake("Accueil");
  EXPECT_THAT(TickAt("2026-11-24T10:00"), ElementsAre()) << "a record that begins";
  EXPECT_THAT(TickAt("2026-12-01T07:59"), ElementsAre());
  EXPECT_THAT(TickAt("2026-12-01T08:00", true), ElementsAre("paul")) << "a rehearsal";
  EXPECT_TRUE(Rows().empty());
  EXPECT_THAT(TickAt("2026-12-01T08:00"), ElementsAre("paul"));
  EXPECT_THAT(TickAt("2026-12-01T08:00"), ElementsAre()) << "what was told is in the record";
  EXPECT_THAT(TickAt("2026-12-31T23:59"), ElementsAre());
  EXPECT_EQ(Rows().size(), 1U);
  EXPECT_THAT(TickAt("2027-01-04T08:00"), ElementsAre("paul"));
  EXPECT_EQ(Rows().size(), 2U);
}

TEST_F(Steering, AfterAWeekDownLeavesLateAndOnce) {
  world_.Intake("Accueil");
  TickAt("2026-11-24T10:00");
  EXPECT_THAT(TickAt("2026-12-08T15:00"), ElementsAre("paul"));
  EXPECT_THAT(TickAt("2026-12-08T15:01"), ElementsAre());
  EXPECT_THAT(TickAt("2027-04-02T12:00"), ElementsAre("paul")) << "of three months, the last";
  EXPECT_EQ(Rows().size(), 2U);
  EXPECT_EQ(Rows()[0].payload["date"], "mars 2027");
}

TEST_F(Steering, ARecordThatOnlyLearntToTellTellsAtOnce) {
  world_.Intake("Accueil");
  EXPECT_THAT(TickAt("2026-12-10T10:00"), ElementsAre("paul"));
  EXPECT_THAT(TickAt("2026-12-10T10:01"), ElementsAre());
}

TEST_F(Steering, WhoStandsInForThePilotIsToldInTheirPlace) {
  TickAt("2026-11-24T10:00");
  const auto paul = world_.Person("paul"), zoe = world_.Person("zoe");
  world_.database().Write([&](Session& session) {
    const auto monday = workflows::ParseInstant("2026-11-30T00:00").value();
    ASSERT_TRUE(workflows::DeclareAbsence(
        session, {0, paul, zoe, "", monday, monday + 14LL * 86'400'000}, world_.now));
  });
  EXPECT_THAT(TickAt("2026-12-01T08:00"), ElementsAre("paul", "zoe"));
  ASSERT_EQ(Rows().size(), 2U);
  EXPECT_EQ(Rows()[0].person, zoe);
  EXPECT_EQ(Rows()[0].payload.value("standing_for", ""), "paul");
  EXPECT_FALSE(Rows()[1].payload.contains("standing_for"));
  EXPECT_THAT(TickAt("2027-01-04T08:00"), ElementsAre("paul")) << "paul is back";
}

TEST_F(Steering, AnEmptyCallSaysSo) {
  TickAt("2026-11-24T10:00");
  EXPECT_THAT(TickAt("2026-12-01T08:00"), ElementsAre("paul"));
  EXPECT_EQ(Lines(Rows()[0]), "Appel de démonstration : aucun projet pour l’instant\n");
}

TEST_F(Steering, TellsEachPilotOfTheirCallsOnly) {
  world_.database().Write([](Session& session) {
    storage::Call call;
    call.id = "fep-2027";
    call.title = "Appel FEP";
    call.definition = "fep";
    call.status = "closed";
    storage::SaveCall(session, call);
    call.id = "ancien";
    call.title = "Appel ancien";
    call.status = "archived";
    storage::SaveCall(session, call);
  });
  world_.Grant("zoe", "program_admin", "call:fep-2027");
  TickAt("2026-11-24T10:00");
  EXPECT_THAT(TickAt("2026-12-01T08:00"), ElementsAre("paul", "zoe"));
  EXPECT_EQ(Lines(Rows()[0]), "Appel FEP : aucun projet pour l’instant\n");
  EXPECT_EQ(Lines(Rows()[1]),
            "Appel de démonstration : aucun projet pour l’instant\n"
            "Appel FEP : aucun projet pour l’instant\n");
}

TEST_F(Steering, TellsWhereProjectsStandWhatMovedAndWhatIsLate) {
  TickAt("2026-11-24T10:00");
  const std::string one = world_.Intake("Accueil"), two = world_.Intake("Budget");
  world_.At("2026-12-02T10:00");
  const std::string three = world_.Intake("Courrier", "", "achat");
  Act(one, "olga", "admissibility.accept");
  Act(two, "olga", "admissibility.accept");
  world_.At("2026-12-10T10:00");
  Act(two, "lea", "framing.refuse");
  world_.database().Write([&](Session& session) {
    const auto before = storage::FindProject(session, one).value();
    auto after = before;
    after.publication_on = "2026-12-15";
    after.course_url = "https://mentor.exemple.invalid/1";
    EXPECT_TRUE(storage::UpdateProject(session, before, after));
  });
  EXPECT_THAT(TickAt("2027-01-04T08:00"), ElementsAre("paul"));
  const auto row = Rows()[0];
  EXPECT_EQ(Lines(row),
            "Appel de démonstration : 2 projets en cours, 1 terminé ; 1 dossier arrivé en décembre "
            "2026, contre 2 le mois d’avant\n"
            "Recevabilité : 1 projet, dont 1 en retard ; 1 entré, 2 sortis\n"
            "Validation du cadrage : 1 projet, dont 1 en retard ; 2 entrés, 1 sorti\n"
            "Non retenu : 1 projet ; 1 entré, 0 sorti\n"
            "Mises en ligne : 1 formation : « Accueil »\n"
            "Retards : 1 à l’étape « Recevabilité », Achat public ; 1 à l’étape « Validation du "
            "cadrage », Numérique\n");

  const auto composer =
      Composer::Load(world_.catalog(), {.public_url = "https://aap.exemple.invalid",
                                        .from = {"Aiguillage", "aap@exemple.invalid"},
                                        .reply_to = ""});
  ASSERT_TRUE(composer) << composer.refusal().sentence;
  const auto mail = world_.database().Read(
      [&](Session& session) { return composer.value()->Compose(session, row, world_.now); });
  ASSERT_TRUE(mail) << mail.refusal().sentence;
  EXPECT_EQ(mail.value().subject, "Le point sur les projets : décembre 2026");
  EXPECT_THAT(mail.value().text, HasSubstr("au 4 janvier 2027"));
  EXPECT_THAT(mail.value().text, HasSubstr("https://aap.exemple.invalid/pilotage\n"));
  EXPECT_EQ(world_.Broken(), "");
}

}  // namespace
}  // namespace aiguillage::notifications
