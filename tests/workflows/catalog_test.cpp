// Definitions taken from the disk, kept in the record, found again by projects that pin them.
#include "workflows/catalog.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/desk_world.h"
#include "tests/support/shipped_rails.h"
#include "tests/support/temp_directory.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;
using test::DeskWorld;
using test::TempDirectory;
using workflows::TextOf;

void Replace(const fs::path& path, const std::string& from, const std::string& to) {
  std::string text = TextOf(path);
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  std::ofstream(path) << text.replace(at, from.size(), to);
}

fs::path Copy(const TempDirectory& directory) {
  const fs::path root = fs::path(directory.path()) / "rails";
  fs::copy(fs::path(AIGUILLAGE_SOURCE_DIR) / "tests/workflows/rails", root,
           fs::copy_options::recursive);
  return root;
}

TEST(Catalog, ReadsTheChartItsFormsAndItsKit) {
  auto catalog = Catalog::Load(std::string(AIGUILLAGE_SOURCE_DIR) + "/tests/workflows/rails");
  ASSERT_TRUE(catalog) << catalog.refusal().sentence;
  const auto demo = catalog.value()->Newest("demo");
  EXPECT_EQ(demo->title, "Rails d’essai");
  EXPECT_EQ(demo->forms.size(), 3U);
  EXPECT_EQ(demo->files.size(), 4U);
  EXPECT_EQ(demo->hash, ManifestHash(demo->files));
  EXPECT_EQ(catalog.value()->KitOf("demo").mails.size(), 1U);
  EXPECT_EQ(catalog.value()->Newest("other"), nullptr);
  EXPECT_TRUE(catalog.value()->KitOf("other").mails.empty());
}

TEST(Catalog, ShipsDefinitionsThatCanBeTaken) {
  auto catalog = Catalog::Load(std::string(AIGUILLAGE_SOURCE_DIR) + "/workflows/definitions");
  ASSERT_TRUE(catalog) << catalog.refusal().sentence;
  ASSERT_NE(catalog.value()->Newest("mentor"), nullptr);
  ASSERT_NE(catalog.value()->Newest("mentor-cadrage-apres"), nullptr);
  EXPECT_NE(catalog.value()->Newest("mentor")->hash,
            catalog.value()->Newest("mentor-cadrage-apres")->hash);
  EXPECT_FALSE(catalog.value()->KitOf("mentor").mapping.is_null());
  EXPECT_TRUE(IsRole("relay")) << "a role that the rails of the FEP declare";
}

TEST(Catalog, AMailDoesNotChangeTheDefinitionAFormDoes) {
  TempDirectory directory;
  const auto root = Copy(directory);
  const auto hash = [&] { return Catalog::Load(root).value()->Newest("demo")->hash; };
  const std::string first = hash();
  Replace(root / "demo/mails/late.txt.mustache", "attend", "attend encore");
  EXPECT_EQ(hash(), first);
  Replace(root / "demo/forms/reason.json", "2000", "3000");
  EXPECT_NE(hash(), first);
}

TEST(Catalog, RefusesWithThePlace) {
  TempDirectory directory;
  const auto root = Copy(directory);
  EXPECT_TRUE(Catalog::Check(root).empty());
  Replace(root / "demo/demo.scxml", "target=\"published\"", "target=\"publsihed\"");
  const auto findings = Catalog::Check(root);
  ASSERT_FALSE(findings.empty());
  EXPECT_GT(findings[0].line, 1);
  EXPECT_NE(findings[0].message.find("publsihed"), std::string::npos) << findings[0].message;
  EXPECT_FALSE(Catalog::Load(root));
  Replace(root / "demo/demo.scxml", "target=\"publsihed\"", "target=\"published\"");
  fs::remove(root / "demo/forms/score.json");
  const auto refused = Catalog::Load(root);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.refusal().sentence.find("forms/score.json"), std::string::npos);
  std::ofstream(root / "demo/forms/score.json") << "{";
  EXPECT_FALSE(Catalog::Load(root));
  EXPECT_FALSE(Catalog::Load(directory / "nowhere"));
}

TEST(Catalog, RunningProjectsKeepTheirRails) {
  TempDirectory directory;
  const auto root = Copy(directory);
  DeskWorld world;
  const std::string number = world.Intake("Ancien");
  const std::string pinned = world.Project(number).definition;
  Replace(root / "demo/demo.scxml", "Déclarer recevable", "Dire recevable");
  auto changed = Catalog::Load(root).value();
  changed->TakeInto(world.database(), world.now);
  EXPECT_NE(changed->Newest("demo")->hash, pinned);
  Desk desk(world.database(), *changed, {});
  const auto project = world.Project(number);
  const auto actions = world.database().Read([&](storage::Session& session) {
    return desk.ActionsFor(session, project, world.Person("olga"), world.now);
  });
  EXPECT_EQ(actions[0].action.label, "Déclarer recevable") << "read again from the record";
  EXPECT_THROW(world.database().Read([&](storage::Session& session) {
    return changed->Pinned(session, "lost") != nullptr;
  }),
               std::runtime_error);
}

}  // namespace
}  // namespace aiguillage::workflows
