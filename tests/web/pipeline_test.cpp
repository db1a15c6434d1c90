// The pilot's page: what it says of the exchange with Démarches Simplifiées.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "storage/calls.h"
#include "storage/database.h"
#include "storage/dossiers.h"
#include "tests/support/temp_directory.h"
#include "tests/web/counter.h"
#include "web/drawings.h"

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
