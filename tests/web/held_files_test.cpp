// What a held dossier lacks may be a file or a table: both are completed on its page, and are the
// project's once it goes in. And the list stays short however many are held.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "tests/support/temp_directory.h"
#include "tests/web/counter.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kAddress = "/pilotage/quarantaine/" + std::to_string(Counter::kHeld);
const std::string kPdf = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n";

// The note and the partners are asked for, and the dossier has neither.
struct LacksMore {
  Counter counter;
  test::TempDirectory files;

  LacksMore() {
    counter.services().options.files_dir = files.path();
    auto mapping = counter.services().catalog.KitOf("mentor").mapping;
    for (auto& rule : mapping["fields"]) {
      if (rule["to"] == "framing_file" || rule["to"] == "partners") rule["required"] = true;
    }
    counter.database().Write([&](storage::Session& session) {
      storage::InsertMapping(session,
                             {"mentor-2026", 0, mapping, counter.PersonId("pilot"), Counter::kNow});
    });
  }
  Fields Answers(const std::string& gesture) {
    return {{"title", "Écrire juste"},
            {"collection", "numerique"},
            {"partners.0.name", "ENA " + kCanary},
            {"partners.0.email", "ena@exemple.invalid"},
            {"do", gesture}};
  }
  std::string Status() {
    return counter.database()
        .Read([](storage::Session& s) { return *storage::FindDossier(s, Counter::kHeld); })
        .status;
  }
};

TEST(HeldFiles, AFileAndATableAreCompletedAndBecomeTheProjects) {
  LacksMore world;
  Counter& counter = world.counter;
  const std::string page = counter.Get(kAddress, "officer").body;
  EXPECT_THAT(page, HasSubstr("type=\"file\" id=\"f-framing_file\""));
  EXPECT_THAT(page, HasSubstr("name=\"partners.0.name\""));
  EXPECT_THAT(page, HasSubstr("multipart/form-data"));
  EXPECT_THAT(page, Not(HasSubstr("à demander au porteur")));
  const auto saved = counter.PostFiles(kAddress, world.Answers("save"), "framing_file",
                                       "note é.pdf", kPdf, "officer");
  ASSERT_EQ(saved.status, 303) << saved.body;
  const std::string again = counter.Get(kAddress, "pilot").body;
  EXPECT_THAT(again, HasSubstr("Plus rien ne l’empêche d’entrer"));
  EXPECT_THAT(again, HasSubstr("Garder «\u00a0note é.pdf\u00a0»"));
  EXPECT_THAT(again, HasSubstr("1\u00a0ligne"));
  EXPECT_THAT(again, Not(HasSubstr("/fichiers/")));  // it is of no project yet
  EXPECT_FALSE(HoldsCanary(again));
  ASSERT_EQ(counter.Post(kAddress, {{"do", "take"}}, "officer").status, 303);
  EXPECT_EQ(world.Status(), "project");
  counter.database().Read([&](storage::Session& session) {
    const auto project = *storage::FindProjectByDossier(session, Counter::kHeld);
    const auto document = *storage::LatestDocument(session, project.id, "application");
    ASSERT_EQ(document.answers["partners"].size(), 1U);
    EXPECT_EQ(document.answers["partners"][0]["email"], "ena@exemple.invalid");
    const auto files = storage::FilesOf(session, project.id);
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].name, "note é.pdf");
    EXPECT_EQ(files[0].field, "framing_file");
    EXPECT_EQ(files[0].source, "upload");
    EXPECT_EQ(document.answers["framing_file"], nlohmann::json({files[0].hash}));
  });
  const std::string project = counter.Get("/projets/AIG-2026-0003", "officer").body;
  EXPECT_THAT(project, HasSubstr("note é.pdf"));
  const auto file = counter.Get("/fichiers/1", "officer");
  EXPECT_EQ(file.status, 200);
}

TEST(HeldFiles, AFileThatIsNotWhatItSaysIsRefusedAndNothingIsSaved) {
  LacksMore world;
  const auto refused = world.counter.PostFiles(kAddress, world.Answers("complete"), "framing_file",
                                               "note.pdf", "<html>pas un pdf</html>", "officer");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("ne correspond pas à son extension"));
  EXPECT_THAT(refused.body, HasSubstr("ena@exemple.invalid"));  // stays typed
  EXPECT_EQ(world.Status(), "quarantined");
}

TEST(HeldFiles, ATableOffersMoreRowsWithoutSaving) {
  LacksMore world;
  const auto more = world.counter.Post(kAddress, world.Answers("rows"), "officer");
  EXPECT_EQ(more.status, 200);
  EXPECT_THAT(more.body, HasSubstr("name=\"partners.3.name\""));
  EXPECT_THAT(more.body, HasSubstr("ena@exemple.invalid"));
  EXPECT_EQ(world.counter.database().Read([](storage::Session& s) {
    return storage::CorrectionsOf(s, Counter::kHeld).size();
  }),
            1U)
      << "the fixture's own";
}

TEST(HeldFiles, SomebodyElsesHashIsNoFileOfThisDossier) {
  LacksMore world;
  Fields fields = world.Answers("save");
  fields.emplace_back("framing_file", std::string(64, 'a'));
  world.counter.Post(kAddress, fields, "officer");
  for (const auto& one : world.counter.database().Read(
           [](storage::Session& s) { return storage::CorrectionsOf(s, Counter::kHeld); })) {
    EXPECT_NE(one.field, "framing_file");
  }
}

TEST(HeldList, IsPagedHoweverManyAreHeld) {
  Counter counter;
  counter.database().Write([&](storage::Session& session) {
    storage::Dossier dossier = *storage::FindDossier(session, Counter::kHeld);
    for (int i = 1; i <= 120; ++i) {
      dossier.number = 50'000 + i;
      dossier.hash = std::to_string(i);
      storage::SaveDossier(session, dossier);
    }
  });
  const std::string first = counter.Get("/pilotage/quarantaine", "officer").body;
  EXPECT_THAT(first, HasSubstr("121\u00a0dossiers attendent"));
  EXPECT_THAT(first, HasSubstr("page 1 sur 3"));
  EXPECT_THAT(first, HasSubstr("href=\"/pilotage/quarantaine?page=2\""));
  EXPECT_THAT(first, HasSubstr("/pilotage/quarantaine/50049\""));
  EXPECT_THAT(first, Not(HasSubstr("/pilotage/quarantaine/50050\"")));
  const std::string last = counter.Get("/pilotage/quarantaine?page=3", "officer").body;
  EXPECT_THAT(last, HasSubstr("/pilotage/quarantaine/50120\""));
  EXPECT_THAT(last, Not(HasSubstr("page=4")));
  EXPECT_THAT(counter.Get("/pilotage", "officer").body, HasSubstr("121\u00a0dossiers"));
}

}  // namespace
}  // namespace aiguillage::web
