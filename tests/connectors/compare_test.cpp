// What differs between here and DS, kind by kind; and nothing at all when all is well.
#include "connectors/demarches_simplifiees/compare.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/documents.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/mended_rails.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsStandIn;
using test::Exchange;
using test::StandInDossier;

// One dossier, taken in, annotated and accepted by us: both sides say the same.
class EachKind : public testing::Test {
 protected:
  EachKind() {
    catalog_ = test::MendedRails(exchange_.directory / "rails", [](json& mapping) {
      mapping["labels"] = {{"admissibility_check", "À examiner"}};
      mapping["groups"] = {{"numerique", 902}};
    });
    number_ = exchange_.ds.Add("en_instruction").number;
    exchange_.ds.Write(There(), "collection", "Numérique");
    SyncContext context = Mended();
    Pull(context, false);
    project_ = exchange_.ProjectOf(number_);
    Say("annotate", {{"states", "admissibility_check"}});
    Say("accept", json::object());
  }
  SyncContext Mended() {
    return {*exchange_.database,       exchange_.desk,         *catalog_, exchange_.ds,
            exchange_.context.options, exchange_.context.world};
  }
  StandInDossier& There() { return exchange_.ds.At(number_); }
  void Say(const std::string& effect, const json& more) {
    const auto id = exchange_.Queue(project_, effect, "Bravo.");
    exchange_.database->Write([&](storage::Session& session) {
      auto row = *storage::FindOutbox(session, id);
      row.payload.update(more);
      storage::UpdateOutbox(session, row);
    });
    SyncContext context = Mended();
    PushDue(context, exchange_.now);
    ASSERT_EQ(exchange_.Row(id).status, "sent") << exchange_.Row(id).detail;
  }
  // "what: here / there" a line, of our project unless it says otherwise.
  std::string Drifts() {
    SyncContext context = Mended();
    std::string text;
    for (const Drift& drift : Compare(context)) {
      EXPECT_TRUE(drift.number == project_.number || drift.number.empty() ||
                  drift.what == "dossier")
          << drift.number;
      text += drift.what + ": " + drift.here + " / " + drift.there + "\n";
    }
    return text;
  }

  Exchange exchange_{{.dossiers = 0}};
  std::unique_ptr<workflows::Catalog> catalog_;
  std::int64_t number_ = 0;
  storage::Project project_;
};

TEST_F(EachKind, NothingWhenAllIsWell) {
  EXPECT_EQ(Drifts(), "");
  SyncContext context = Mended();
  EXPECT_EQ(ToJson(Compare(context)).dump(), "[]");
}

TEST_F(EachKind, State) {
  exchange_.ds.Decide(There(), "refuse", "Bravo.");
  EXPECT_NE(Drifts().find("état: accepté / refusé\n"), std::string::npos) << Drifts();
}

TEST_F(EachKind, Motivation) {
  There().motivation = "Autre chose.";
  EXPECT_EQ(Drifts(), "motivation: Bravo. / Autre chose.\n");
}

TEST_F(EachKind, Annotation) {
  There().annotations["Q2hhbXAtNDEzMA=="] = "récrit";
  EXPECT_EQ(Drifts(), "annotation « Référence Aiguillage »: " + project_.number + " / récrit\n");
}

TEST_F(EachKind, Labels) {
  There().labels = json::array();
  EXPECT_EQ(Drifts(), "étiquettes: À examiner  / \n");
}

TEST_F(EachKind, Groupe) {
  There().group = 901;
  EXPECT_EQ(Drifts(), "groupe: 902 / 901\n");
}

TEST_F(EachKind, Content) {
  exchange_.ds.Write(There(), "objectives", "Tout autre chose");
  EXPECT_EQ(Drifts(), "contenu: version 1 / modifié depuis\n");
}

TEST_F(EachKind, AFileThatIsNotHereOrNoLongerReadable) {
  const auto files = exchange_.database->Read(
      [&](storage::Session& session) { return storage::FilesOf(session, project_.id); });
  ASSERT_EQ(files.size(), 2U);
  const std::string& directory = exchange_.context.options.files_dir;
  std::filesystem::remove(std::filesystem::path(directory) / files[0].hash);
  EXPECT_EQ(Drifts(),
            "pièce jointe « " + files[0].name + " »: illisible sur le disque / présente\n");
  // One that could not be brought: its address answers nothing any more.
  exchange_.ds.Arm({.kind = "file_404", .on = "file", .count = 100});
  const std::int64_t second = exchange_.ds.Add("en_construction").number;
  SyncContext context = Mended();
  Pull(context, false);
  const std::string number = exchange_.ProjectOf(second).number;
  int missing = 0;
  for (const Drift& drift : Compare(context)) {
    if (drift.number != number) continue;
    EXPECT_TRUE(drift.what.starts_with("pièce jointe « ")) << drift.what;
    EXPECT_EQ(drift.here + "/" + drift.there, "absente/présente");
    ++missing;
  }
  EXPECT_EQ(missing, 2);
}

TEST_F(EachKind, ADossierThatOnlyOneSideHas) {
  const std::int64_t fresh = exchange_.ds.Add("en_construction").number;
  EXPECT_EQ(Drifts(), "dossier: absent / en construction\n");
  SyncContext context = Mended();
  Pull(context, false);
  EXPECT_EQ(Drifts(), "");
  exchange_.ds.Delete(exchange_.ds.At(fresh), "expired");
  EXPECT_EQ(Drifts(), "dossier: présent / introuvable\n");
}

TEST_F(EachKind, DsThatCannotBeReadIsNoPeace) {
  exchange_.ds.Arm({.kind = "revoked_token", .count = 100});
  EXPECT_TRUE(Drifts().starts_with("accès: attendu / ")) << Drifts();
}

}  // namespace
}  // namespace aiguillage::connectors
