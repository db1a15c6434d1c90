// The stories of tests/workflows/walks/, told to the rails: the answers are those of the files,
// every transition is taken by at least one story, every effect that is written is yielded.
//
// To see what the rails answer now: AIGUILLAGE_WALKS_OUT=/tmp/walks workflows_test
// --gtest_filter=Walks* writes the transcripts there, to be read before they are copied.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include "tests/support/shipped_rails.h"
#include "tests/support/walk.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> WalkFiles() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(AIGUILLAGE_SOURCE_DIR) / "tests/workflows/walks"))
    if (entry.path().extension() == ".walk") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

const std::map<std::string, WalkResult>& Results() {
  static const auto results = [] {
    std::map<std::string, WalkResult> all;
    for (const auto& file : WalkFiles()) all[file.stem()] = RunWalk(TextOf(file));
    return all;
  }();
  return results;
}

class Walks : public testing::TestWithParam<fs::path> {};

TEST_P(Walks, GoAsWritten) {
  const std::string expected = TextOf(GetParam());
  const WalkResult& result = Results().at(GetParam().stem());
  if (const char* out = std::getenv("AIGUILLAGE_WALKS_OUT")) {
    fs::create_directories(out);
    std::ofstream(fs::path(out) / GetParam().filename()) << result.transcript;
  }
  EXPECT_EQ(result.transcript, expected);
  EXPECT_EQ(result.incidents, std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Stories, Walks, testing::ValuesIn(WalkFiles()),
                         [](const auto& file) { return file.param.stem().string(); });

class Coverage : public testing::TestWithParam<std::string> {};

TEST_P(Coverage, EveryTransitionIsTakenByAWalk) {
  const auto chart = ReadRails(GetParam());
  ASSERT_NE(chart, nullptr);
  std::set<int> taken;
  for (const auto& [name, result] : Results())
    if (result.rails == GetParam()) taken.insert(result.lines.begin(), result.lines.end());
  std::set<int> lines;
  std::size_t covered = 0;
  for (const auto* transition : Takeable(*chart)) {
    EXPECT_TRUE(lines.insert(transition->at.line).second)
        << "two transitions on line " << transition->at.line << " cannot be told apart";
    covered += taken.contains(transition->at.line);
    EXPECT_TRUE(taken.contains(transition->at.line))
        << GetParam() << ".scxml:" << transition->at.line << " is taken by no walk";
  }
  std::cout << GetParam() << ": " << covered << " of " << lines.size() << " transitions taken\n";
}

// What the document says, the walks yielded: a mail for each <aap:mail>, a timer for each
// <aap:deadline>, an outbox row for each <aap:ds>, word for word.
TEST_P(Coverage, EveryEffectIsYielded) {
  const auto chart = ReadRails(GetParam());
  ASSERT_NE(chart, nullptr);
  using Written = std::tuple<int, std::string, std::map<std::string, std::string>>;
  std::set<Written> yielded;
  for (const auto& [name, result] : Results()) {
    if (result.rails != GetParam()) continue;
    for (const auto& effect : result.effects)
      yielded.insert({effect.line, effect.name, effect.attributes});
  }
  std::map<std::string, int> count;
  VisitContent(*chart, [&](const engine::Instruction& effect) {
    if (effect.kind != engine::InstructionKind::kForeign) return;
    ++count[effect.name];
    EXPECT_TRUE(yielded.contains({effect.at.line, effect.name, effect.attributes}))
        << GetParam() << ".scxml:" << effect.at.line << " <aap:" << effect.name
        << "> was never yielded";
  });
  for (const auto& [name, number] : count)
    std::cout << GetParam() << ": " << number << " aap:" << name << "\n";
  EXPECT_GT(count["mail"], 60);
  EXPECT_GT(count["deadline"], 20);
  EXPECT_GT(count["ds"], 15);
}

INSTANTIATE_TEST_SUITE_P(Rails, Coverage, testing::ValuesIn(kRails),
                         [](const auto& rails) { return TestNameOf(rails.param); });

}  // namespace
}  // namespace aiguillage::workflows
