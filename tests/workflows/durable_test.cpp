// SCXML documents on the record, each process killed at its next write point (tests/support/
// durable_run.h): what happened must be what happens in memory. Twenty documents, one of each kind;
// all of them by `./run crash`, which sets AIGUILLAGE_CRASH=all.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/durable_run.h"
#include "tests/support/record_kind.h"
#include "tests/support/scxml_documents.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;

// Delayed sends that live and die with their session, cancel, invoke with params, finalize,
// autoforward, early and late binding, error.communication, script, XML, functions in data, done
// data, histories, regions.
const std::set<std::string> kChosen = {
    "test185", "test187",  "test208", "test226",          "test229",
    "test233", "test252",  "test279", "test280",          "test302",
    "test388", "test403c", "test422", "test453",          "test496",
    "test527", "test557",  "test561", "history_history5", "parallel_interrupt_test7"};

bool All() {
  const char* asked = std::getenv("AIGUILLAGE_CRASH");
  return asked != nullptr && std::string(asked) == "all";
}

std::vector<fs::path> Documents() {
  std::vector<fs::path> documents = W3cDocuments();
  const auto scion = ScionDocuments();
  documents.insert(documents.end(), scion.begin(), scion.end());
  std::erase_if(documents, [](const fs::path& path) {
    if (NameOf(path) == "test301") return true;  // refused before it runs: nothing to keep
    return !All() && !kChosen.contains(TestName(path));
  });
  return documents;
}

void ExpectSame(const DurableRun& durable, const DocumentRun& memory) {
  ASSERT_EQ(durable.broken, "");
  EXPECT_EQ(Joined(durable.run.trace), Joined(memory.trace));
  EXPECT_EQ(durable.run.logs, memory.logs);
  EXPECT_EQ(durable.run.configuration, memory.configuration);
  EXPECT_EQ(durable.run.after_events, memory.after_events);
  EXPECT_EQ(durable.run.data, memory.data);
  EXPECT_EQ(durable.run.passed, memory.passed);
  // at the least: each macrostep before its COMMIT, in the middle of a write and after it
  EXPECT_GE(durable.kills, 3 * durable.macrosteps);
}

int documents_run = 0, macrosteps_run = 0, kills_done = 0;

class Durable : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override { ONLY_ON_SQLITE("the kills count its writes to the file"); }
  static void TearDownTestSuite() {
    std::printf("durable: %d documents, %d macrosteps, %d kills\n", documents_run, macrosteps_run,
                kills_done);
  }
};

TEST_P(Durable, SurvivesAKillAtEveryWritePoint) {
  const std::string text = TextOf(GetParam());
  const std::string file = GetParam().filename().string();
  const RunOptions options = OptionsFor(GetParam(), ExpectedOf(GetParam()));
  const auto memory = RunDocument(text, file, options);
  ASSERT_TRUE(memory) << memory.refusal().sentence;
  const DurableRun durable = RunDurably(text, file, options, All());
  ExpectSame(durable, memory.value());
  ++documents_run;
  macrosteps_run += durable.macrosteps;
  kills_done += durable.kills;
}

INSTANTIATE_TEST_SUITE_P(Documents, Durable, testing::ValuesIn(Documents()),
                         [](const auto& each) { return TestName(each.param); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Durable);

// What the package's documents leave out: the parameters of a delayed send as they were sent.
TEST(DurableRun, KeepsWhatADelayedSendCarries) {
  ONLY_ON_SQLITE("the kills count its writes to the file");
  const std::string text = R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0"
      datamodel="ecmascript"><datamodel><data id="a" expr="1"/></datamodel>
    <state id="s"><onentry>
      <send event="later" id="mine" delay="1s"><param name="p" expr="undefined"/>
        <param name="q" expr="-0"/></send></onentry>
      <transition event="later" target="pass">
        <log label="raw" expr="_event.raw"/><log label="id" expr="_event.sendid"/>
        <log label="undefined" expr="'p' in _event.data &amp;&amp; typeof _event.data.p"/>
        <log label="minus" expr="1 / _event.data.q &lt; 0"/></transition></state>
    <final id="pass"/></scxml>)";
  const RunOptions options{.trace = true};
  const auto memory = RunDocument(text, "later.scxml", options);
  ASSERT_TRUE(memory) << memory.refusal().sentence;
  EXPECT_TRUE(memory.value().passed) << Joined(memory.value().trace);
  EXPECT_EQ(memory.value().logs.size(), 4U);
  ExpectSame(RunDurably(text, "later.scxml", options, true), memory.value());
}

TEST(DurableRun, RanWhatWasAsked) {
  if (!fs::exists(W3cFolder())) GTEST_SKIP() << "no W3C tests in " << W3cFolder() << " (npm ci)";
  EXPECT_EQ(Documents().size(), All() ? 192U + 127U : kChosen.size());
}

}  // namespace
}  // namespace aiguillage::workflows
