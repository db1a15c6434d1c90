// Rails that ask for too much: the act is answered, the project stays whole, a human is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "storage/dossiers.h"
#include "tests/support/desk_world.h"
#include "tests/support/shipped_rails.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;
using test::DeskWorld;

// The demo's rails with other content in « Noter », which changes no state.
class Greedy {
 public:
  explicit Greedy(const std::string& content, const std::string& before = "") {
    const fs::path root = directory_ / "rails";
    fs::copy(fs::path(AIGUILLAGE_SOURCE_DIR) / "tests/workflows/rails", root,
             fs::copy_options::recursive);
    std::string text = TextOf(root / "demo/demo.scxml");
    const std::string note =
        R"(<transition event="check.note" aap:label="Noter" aap:by="case_officer" aap:task="no" aap:grace="0")";
    const auto at = text.find(note + "/>");
    if (at == std::string::npos) throw std::logic_error("Expected the demo's « Noter »");
    text.replace(at, note.size() + 2, before + note + ">" + content);
    std::ofstream(root / "demo/demo.scxml") << text;
  }
  std::string rails() const { return directory_ / "rails"; }

 private:
  test::TempDirectory directory_;
};

std::string Incidents(DeskWorld& world) {
  std::string said;
  world.database().Read([&](storage::Session& session) {
    for (const auto& incident : storage::OpenIncidents(session)) {
      said += incident.kind + ": " + incident.sentence + "\n";
    }
  });
  return said;
}

// What too much work in one act leaves behind.
void ExpectToldAndWhole(const std::string& content, const std::string& word) {
  SCOPED_TRACE(content);
  const Greedy greedy(content);
  DeskWorld world({.rails = greedy.rails()});
  const std::string number = world.Intake("Accueil");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(world.Do(number, "olga", "check.note"), "active check");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  const std::string once = Incidents(world);
  EXPECT_THAT(once, ::testing::StartsWith("rails: Une partie des rails n’a pas pu être exécutée"));
  EXPECT_THAT(once, ::testing::HasSubstr(word));
  EXPECT_EQ(world.Do(number, "olga", "check.note"), "active check");
  EXPECT_EQ(Incidents(world), once) << "the open incident is kept, not doubled";
  EXPECT_EQ(world.Do(number, "olga", "check.accept"), "active lead_review") << "work goes on";
  EXPECT_EQ(world.Broken(), "");
}

TEST(OverBudget, OpensAnIncidentAndTheProjectGoesOn) {
  ExpectToldAndWhole(
      R"x(<assign location="done_by" expr="'abcdefgh'.repeat(1000000)"/></transition>)x", "string");
  ExpectToldAndWhole(R"x(<raise event="again"/></transition>)x"
                     R"x(<transition event="again"><raise event="again"/></transition>)x",
                     "1000 microsteps");
  std::string many;
  for (int i = 0; i < 501; ++i) many += R"x(<aap:mail template="late" to="case_officer"/>)x";
  ExpectToldAndWhole(many + "</transition>", "500 effects");
}

TEST(OverBudget, InAGuardIsAFalseGuardAndAnIncident) {
  const Greedy greedy(
      "</transition>",
      R"x(<transition event="check.note" target="rejected" cond="'x'.repeat(9000000).length > 0"/>)x");
  DeskWorld world({.rails = greedy.rails()});
  const std::string number = world.Intake("Accueil");
  EXPECT_EQ(world.Do(number, "olga", "check.note"), "active check");
  EXPECT_THAT(Incidents(world), ::testing::HasSubstr("string"));
  EXPECT_EQ(world.Broken(), "");
}

}  // namespace
}  // namespace aiguillage::workflows
