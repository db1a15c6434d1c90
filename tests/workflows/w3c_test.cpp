// The W3C's own tests of SCXML (npm package @scion-scxml/test-framework), each run to its end by a
// virtual clock, in memory and in amnesia: asleep as JSON text and awake again before each
// macrostep.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/support/scxml_documents.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;

// Judged by their logs or traces; they end in a state named "final". Where the package has a .json
// for them it waits for "pass", which they do not have.
const std::set<std::string> kManual = {"test178", "test230", "test250", "test307", "test415"};

DocumentRun RunOrFail(const fs::path& path, bool amnesia) {
  RunOptions options = OptionsFor(path, nullptr);
  options.amnesia = amnesia;
  const auto run = RunDocument(TextOf(path), path.filename().string(), options);
  if (!run) {
    ADD_FAILURE() << run.refusal().sentence;
    return {};
  }
  return run.value();
}

class W3c : public testing::TestWithParam<fs::path> {};

// The assertions of the manual tests, read by us as a tester would.
bool ManualHolds(const std::string& name, const DocumentRun& run) {
  if (name == "test178") {  // both keys of the same name are sent
    return run.logs == std::vector<std::string>{"_event : \"Var1=2&Var1=3\""};
  }
  if (name == "test230") {  // the forwarded event has the fields of the original
    if (run.logs.size() != 14) return false;
    return std::equal(run.logs.begin(), run.logs.begin() + 7, run.logs.begin() + 7);
  }
  if (name == "test250") {  // the cancelled child runs its exit handlers
    return Joined(run.logs) == ": \"Exiting sub01\"\n: \"Exiting sub0\"\n";
  }
  if (name == "test307") {  // no error, neither before late binding nor for a missing member
    return Joined(run.logs, "|") ==
           "entering s0 value of Var 1 is: : null|no error in s0: null|entering s1, value of "
           "non-existent substructure of Var 1 is: : null|No error in s1: null|";
  }
  if (name == "test415") {  // it halts in the final state: event1 is never taken
    return Joined(run.trace).find("event1 [") == std::string::npos &&
           run.configuration == std::vector<std::string>{"final"};
  }
  return true;
}

// The configuration that the package waits for in the end; null without .json.
nlohmann::json LastOf(const nlohmann::json& expected) {
  if (expected.is_null()) return nullptr;
  const auto& events = expected.at("events");
  return events.empty() ? expected.at("initialConfiguration")
                        : events.back().at("nextConfiguration");
}

TEST_P(W3c, PassesInMemoryAndInAmnesia) {
  const std::string name = NameOf(GetParam());
  if (name == "test301") {  // must be refused, or not run at all
    const auto run = RunDocument(TextOf(GetParam()), "test301.scxml", {});
    ASSERT_FALSE(run);
    return;
  }
  const DocumentRun memory = RunOrFail(GetParam(), false);
  EXPECT_TRUE(ManualHolds(name, memory)) << Joined(memory.logs);
  const std::vector<std::string> final_state = {kManual.count(name) ? "final" : "pass"};
  EXPECT_EQ(memory.configuration, final_state) << Joined(memory.trace);
  const nlohmann::json last = LastOf(ExpectedOf(GetParam()));
  if (!last.is_null() && !kManual.contains(name)) {
    EXPECT_EQ(nlohmann::json(memory.configuration), last);
  }
  const DocumentRun amnesia = RunOrFail(GetParam(), true);
  EXPECT_EQ(Joined(amnesia.trace), Joined(memory.trace));
  EXPECT_EQ(amnesia.configuration, memory.configuration);
  EXPECT_EQ(amnesia.data, memory.data);
}

INSTANTIATE_TEST_SUITE_P(Documents, W3c, testing::ValuesIn(W3cDocuments()),
                         [](const auto& each) { return TestName(each.param); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(W3c);

std::string Words(const std::set<std::string>& names) {
  std::string words;
  for (const std::string& name : names) words += (words.empty() ? "" : " ") + name;
  return words;
}

// As docs/conformance.md tells it; the documents themselves must bear the reason out.
std::string Told() {
  std::set<std::string> by_hand, http, inside;
  int ships_json = 0;
  for (const std::string& name : kManual) {
    EXPECT_EQ(TextOf(W3cFolder() / (name + ".txml.scxml")).find("id=\"pass\""), std::string::npos);
  }
  for (const fs::path& path : W3cDocuments()) {
    if (ExpectedOf(path).is_null() || kManual.contains(NameOf(path))) {
      by_hand.insert(NameOf(path));
    } else {
      ++ships_json;
    }
  }
  for (const fs::path& path : AllW3cDocuments()) {
    const std::string name = NameOf(path);
    if (kBasicHttp.contains(name)) {
      http.insert(name);
      EXPECT_NE(TextOf(path).find("#BasicHTTPEventProcessor"), std::string::npos) << name;
    } else if (kSubDocuments.contains(name)) {
      inside.insert(name);
      const std::string by = name.substr(0, name.find("sub")) + ".txml.scxml";
      EXPECT_NE(TextOf(W3cFolder() / by).find(name + ".scxml"), std::string::npos) << by;
    }
  }
  const auto number = [](std::size_t count) { return std::to_string(count); };
  return "- documents: " + number(AllW3cDocuments().size()) +
         "\n- run: " + number(W3cDocuments().size()) + ", of which " + std::to_string(ships_json) +
         " against the package's .json and " + number(by_hand.size()) +
         " against an assertion of ours (" + Words(by_hand) +
         ")\n- not applicable, BasicHTTP event "
         "I/O processor (optional, C.2): " +
         number(http.size()) + " (" + Words(http) +
         ")\n- not applicable, sub-document of another test: " + number(inside.size()) + " (" +
         Words(inside) + ")\n- not applicable, XPath datamodel: 0\n";
}

TEST(W3cPackage, IsListedAsItIs) {
  if (!fs::exists(W3cFolder())) GTEST_SKIP() << "no W3C tests in " << W3cFolder() << " (npm ci)";
  EXPECT_EQ(W3cDocuments().size(), 193U);
  const std::string told = Told();
  std::printf("%s", told.c_str());
  const std::string page = TextOf(fs::path(AIGUILLAGE_SOURCE_DIR) / "docs/conformance.md");
  EXPECT_NE(page.find(told), std::string::npos) << "docs/conformance.md does not say\n" << told;
}

// Without trace, in one go: the price of the virtual clock.
TEST(W3cPackage, RunsInMemoryInLessThanTenSeconds) {
  const auto begun = std::chrono::steady_clock::now();
  int run = 0;
  std::vector<fs::path> documents = W3cDocuments();
  for (const fs::path& path : ScionDocuments()) documents.push_back(path);
  for (const fs::path& path : documents) {
    RunOptions options = OptionsFor(path, ExpectedOf(path));
    options.trace = false;
    run += static_cast<bool>(RunDocument(TextOf(path), path.filename().string(), options));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::printf("%d documents in memory: %.2f s\n", run, took.count());
  EXPECT_LT(took.count(), 10);
}

}  // namespace
}  // namespace aiguillage::workflows
