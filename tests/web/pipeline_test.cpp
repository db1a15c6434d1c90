// The pilot's page: what it says of the exchange with Démarches Simplifiées.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "storage/calls.h"
#include "storage/database.h"
#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "tests/support/temp_directory.h"
#include "tests/web/counter.h"
#include "web/drawings.h"
#include "workflows/flow.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Pipeline, SaysSinceWhenDsIsDownAndThatNothingIsLost) {
  Counter counter;
  const auto stands = [&](const storage::ExchangeStanding& standing) {
    counter.database().Write([&](storage::Session& session) {
      storage::Call call = *storage::FindCall(session, "mentor-2026");
      call.demarche = 98765;
      storage::SaveCall(session, call);
      storage::SaveExchangeStanding(session, 98765, standing);
    });
  };
  stands({Counter::kNow, 0, ""});
  EXPECT_THAT(counter.Get("/pilotage", "pilot").body,
              HasSubstr("lue pour la dernière fois le 21 septembre 2026"));
  stands({Counter::kNow, Counter::kNow, "Le jeton <est> expiré."});
  const std::string page = counter.Get("/pilotage", "pilot").body;
  EXPECT_THAT(page, HasSubstr("(démarche 98765) est interrompu depuis le 21 septembre 2026"));
  EXPECT_THAT(page, HasSubstr("Le jeton &lt;est&gt; expiré. Rien n’est perdu"));
  EXPECT_THAT(page, Not(HasSubstr("Aucun retard, aucun incident")));
}

TEST(Pipeline, ShowsHowManyProjectsStandInEachStateOfTheDrawing) {
  Counter counter;
  const auto page = counter.Get("/pilotage?appel=mentor-2026", "pilot").body;
  EXPECT_THAT(page, HasSubstr("src=\"/pilotage/rails.svg?appel=mentor-2026\""));
  const auto drawing = counter.Get("/pilotage/rails.svg?appel=mentor-2026", "pilot");
  if (drawing.status == 404) GTEST_SKIP() << "dot is not installed";
  EXPECT_EQ(drawing.type, "image/svg+xml");
  EXPECT_THAT(drawing.body,
              HasSubstr(">2</text>\n</g>\n<!-- submitted&#45;&gt;admissibility_check"));
  EXPECT_EQ(counter.Get("/pilotage/rails.svg?appel=mentor-2026", "holder").status, 403);
  EXPECT_EQ(counter.Get("/pilotage/rails.svg?appel=inconnu", "pilot").status, 404);
}

// Time passes, moves are followed, and they log in again.
void LetDaysPass(Counter& counter, int days, const std::vector<std::string>& people) {
  counter.now += days * 86'400'000LL;
  while (workflows::FollowMoves(counter.database(), counter.services().catalog)) continue;
  counter.database().Write([&](storage::Session& session) {
    for (const auto& who : people) {
      for (auto& one : storage::WebSessionsOf(session, counter.PersonId(who))) {
        storage::EndWebSession(session, one.token_hash);
        one.created_at = one.seen_at = counter.now;
        storage::InsertWebSession(session, one);
      }
    }
  });
}

// The hidden fields of the button that nudges a cell.
Fields NudgeFields(const std::string& page, const std::string& collection) {
  static const std::regex kField("name=\"(appel|collection|etape|cle)\" value=\"([^\"]*)\"");
  static const std::string kForm = "action=\"/pilotage/relances\"";
  for (auto at = page.find(kForm); at != std::string::npos; at = page.find(kForm, at + 1)) {
    const std::string form = page.substr(at, page.find("</form>", at) - at);
    if (form.find("value=\"" + collection + "\"") == std::string::npos) continue;
    Fields fields;
    for (std::sregex_iterator one(form.begin(), form.end(), kField), end; one != end; ++one) {
      fields.emplace_back((*one)[1], (*one)[2]);
    }
    return fields;
  }
  return {};
}

TEST(Pipeline, TellsTheWaitOfTheLateOnesAloneAndNamesEverybodyItNudges) {
  Counter counter;
  counter.AddPerson("second_officer");
  counter.services().desk.GrantRole(counter.PersonId("second_officer"), "case_officer", "",
                                    counter.now);
  LetDaysPass(counter, 60, {"pilot"});
  // One more in the same cell, since yesterday: it is not late, and its wait is not theirs.
  workflows::IntakeRequest fresh;
  fresh.call = "mentor-2026";
  fresh.title = "Le nouveau";
  fresh.collection = "langues";
  fresh.holder_email = "holder@exemple.invalid";
  fresh.dossier = 7001;
  fresh.ds_state = "en_construction";
  fresh.key = "fresh";
  fresh.now = counter.now - 86'400'000;
  ASSERT_TRUE(counter.services().desk.Intake(fresh));
  LetDaysPass(counter, 0, {"pilot"});
  const std::string page = counter.Get("/pilotage?appel=mentor-2026", "pilot").body;
  EXPECT_THAT(page, HasSubstr("1\u00a0projet en retard à l’étape « Recevabilité », collection "
                              "Langues (attente à l’étape : 60\u00a0jours)"));
  EXPECT_THAT(page, HasSubstr("Relancer : instructeurs DGAFP<span"));
}

TEST(Pipeline, NudgesEverybodyLateInACellByOneButtonAndTellsWhatBecameOfIt) {
  Counter counter;
  EXPECT_THAT(counter.Get("/pilotage", "pilot").body, Not(HasSubstr("/pilotage/relances")));
  LetDaysPass(counter, 60, {"pilot", "auditor", "officer"});
  const std::string address = "/pilotage?appel=mentor-2026";
  const std::string page = counter.Get(address, "pilot").body;
  EXPECT_THAT(page, HasSubstr("1\u00a0projet en retard à l’étape « Recevabilité », collection"));
  EXPECT_THAT(page, HasSubstr("(attente à l’étape : 60\u00a0jours)"));
  EXPECT_THAT(page, HasSubstr("Relancer : instructeur DGAFP<span"));
  EXPECT_THAT(page, HasSubstr("collection=langues&amp;etat=admissibility_check&amp;retard=1"));
  const Fields fields = NudgeFields(page, "langues");
  ASSERT_EQ(fields.size(), 4U);
  EXPECT_EQ(fields[0].second, "mentor-2026");
  EXPECT_EQ(fields[2].second, "admissibility_check");

  EXPECT_THAT(counter.Get(address, "auditor").body, Not(HasSubstr("/pilotage/relances")));
  EXPECT_EQ(counter.Post("/pilotage/relances", fields, "auditor").status, 403);
  EXPECT_EQ(counter.Post("/pilotage/relances", {}, "pilot").status, 422);
  const std::string wrong = "nothing";
  EXPECT_EQ(counter.Post("/pilotage/relances", fields, "pilot", &wrong).status, 403);
  const auto tell = [&](const Fields& asked) {
    const auto done = counter.Post("/pilotage/relances", asked, "pilot");
    EXPECT_EQ(done.status, 303) << done.body;
    const std::string there = done.status == 303 ? *done.FindHeader("Location") : "";
    return there.substr(0, there.find('#'));  // as browsers ask for it
  };
  const std::string told = tell(fields);
  const std::string once = "Relance : 1\u00a0projet relancé auprès de 1\u00a0personne.";
  EXPECT_THAT(counter.Get(told, "pilot").body, HasSubstr(once));
  EXPECT_EQ(tell(fields), told);
  EXPECT_THAT(counter.Get(told, "pilot").body, HasSubstr(once)) << "sent twice, done once";
  EXPECT_THAT(counter.Get(told, "auditor").body, Not(HasSubstr("Relance :"))) << "another’s";
  EXPECT_THAT(
      counter.Get(tell(NudgeFields(counter.Get(address, "pilot").body, "langues")), "pilot").body,
      HasSubstr("Relance : 1\u00a0déjà relancé aujourd’hui."));
  counter.database().Read([&](storage::Session& session) {
    const auto mail = storage::WaitingReminders(session, counter.PersonId("officer"));
    ASSERT_TRUE(mail.has_value());
    EXPECT_EQ(mail->payload.at("items").size(), 1U);
    EXPECT_THAT(mail->payload.dump(), HasSubstr(counter.number(2)));
  });
}

TEST(Pipeline, AWholeCellIsNudgedOnlyByWhoIsAtWorkForItsCall) {
  Counter counter;
  counter.AddSecondCall();
  counter.AddPerson("fep_officer");
  counter.services().desk.GrantRole(counter.PersonId("fep_officer"), "case_officer",
                                    "call:fep-2026", counter.now);
  LetDaysPass(counter, 60, {"fep_officer"});
  const auto asked = [](const std::string& call) {
    return Fields{
        {"appel", call}, {"collection", "langues"}, {"etape", "admissibility_check"}, {"cle", "k"}};
  };
  const auto status = [&](const std::string& call) {
    return counter.Post("/pilotage/relances", asked(call), "fep_officer").status;
  };
  EXPECT_EQ(status("mentor-2026"), 403);
  EXPECT_EQ(status(""), 422);
  EXPECT_EQ(status("fep-2026"), 303);
}

TEST(Pipeline, TellsTheAgeOfEachStateOnTheDrawingAndInWords) {
  Counter counter;
  LetDaysPass(counter, 60, {"pilot"});
  const std::string words = "2\u00a0projets, attente médiane 60\u00a0jours, 2 en retard";
  EXPECT_THAT(counter.Get("/pilotage?appel=mentor-2026", "pilot").body,
              HasSubstr("Recevabilité</a> : " + words + "</li>"));
  const auto drawing = counter.Get("/pilotage/rails.svg?appel=mentor-2026", "pilot");
  if (drawing.status == 404) GTEST_SKIP() << "dot is not installed";
  EXPECT_THAT(drawing.body, HasSubstr("<title>Recevabilité : " + words + "</title>"));
  EXPECT_THAT(drawing.body, HasSubstr("heat-beyond"));
  EXPECT_THAT(drawing.body, HasSubstr(">60 j !</text>"));
}

TEST(Pipeline, ShowsAStateThatTodaysRailsDoNotNameLastUnderItsId) {
  Counter counter;
  counter.database().Write([&](storage::Session& session) {
    const auto before = *storage::FindProject(session, counter.number(1));
    auto after = before;
    after.state = "bygone";
    ASSERT_TRUE(storage::UpdateProject(session, before, after));
  });
  const std::string page = counter.Get("/pilotage?appel=mentor-2026", "pilot").body;
  EXPECT_THAT(page, HasSubstr("<th scope=\"col\"><span>bygone</span></th>"
                              "<th scope=\"col\"><span>Total</span></th>"));
  EXPECT_THAT(page, HasSubstr("etat=bygone\">1</a>"));
}

TEST(Drawings, AreTakenFromTheirFolderAfterARestart) {
  const test::TempDirectory folder;
  const auto catalog = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
  const auto rails = catalog.value()->Newest("mentor");
  const std::string drawn = Drawings(folder / "drawings").Of(*rails, true);
  if (drawn.empty()) GTEST_SKIP() << "dot is not installed";
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "drawings")) {
    file = entry.path();
  }
  std::ofstream(file, std::ios::app) << "<!-- kept -->";
  EXPECT_EQ(Drawings(folder / "drawings").Of(*rails, true), drawn + "<!-- kept -->");
  std::ofstream(file, std::ios::trunc) << "cut";
  EXPECT_EQ(Drawings(folder / "drawings").Of(*rails, true), drawn);
  EXPECT_EQ(Drawings("/proc/nowhere").Of(*rails, true), drawn);
}

}  // namespace
}  // namespace aiguillage::web
