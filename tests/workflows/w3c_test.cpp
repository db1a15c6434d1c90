// The W3C's own tests of SCXML (npm package @scion-scxml/test-framework), each run to its end by a
// virtual clock, in memory and in amnesia: asleep as JSON text and awake again before each
// macrostep.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/shipped_rails.h"
#include "workflows/scxml_run.h"

namespace aiguillage::workflows {
namespace {

using workflows::TextOf;

namespace fs = std::filesystem;

// Optional in the Recommendation (C.2).
const std::set<std::string> kBasicHttp = {"test201", "test509", "test510", "test518",
                                          "test519", "test520", "test522", "test531",
                                          "test532", "test534", "test567", "test577"};
// Invoked by the test of the same number.
const std::set<std::string> kSubDocuments = {"test216sub1", "test226sub1", "test239sub1",
                                             "test242sub1", "test276sub1"};

// Judged by their logs or traces; they end in a state named "final".
const std::set<std::string> kManual = {"test178", "test230", "test250", "test307", "test415"};

fs::path W3cFolder() {
  const char* set = std::getenv("AIGUILLAGE_W3C_DIR");
  if (set) return set;
  return fs::path(AIGUILLAGE_SOURCE_DIR) /
         "tests/node_modules/@scion-scxml/test-framework/test/w3c-ecma";
}

std::string NameOf(const fs::path& path) {
  const std::string file = path.filename().string();
  return file.substr(0, file.find('.')) + (file.ends_with("_") ? "_" : "");
}

std::vector<fs::path> W3cDocuments() {
  std::vector<fs::path> documents;
  if (!fs::exists(W3cFolder())) return documents;
  for (const auto& entry : fs::directory_iterator(W3cFolder())) {
    const std::string extension = entry.path().extension().string();
    const std::string name = NameOf(entry.path());
    if (extension != ".scxml" && extension != ".scxml_") continue;
    if (kBasicHttp.count(name) || kSubDocuments.count(name)) continue;
    documents.push_back(entry.path());
  }
  std::sort(documents.begin(), documents.end());
  return documents;
}

std::string Joined(const std::vector<std::string>& lines, const char* by = "\n") {
  std::string all;
  for (const std::string& line : lines) all += line + by;
  return all;
}

DocumentRun RunOrFail(const fs::path& path, bool amnesia) {
  const std::string text = TextOf(path);
  const auto run = RunDocument(
      text, path.filename().string(),
      {.preloaded = FilesBeside(path.string(), text), .amnesia = amnesia, .trace = true});
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
  const DocumentRun amnesia = RunOrFail(GetParam(), true);
  EXPECT_EQ(Joined(amnesia.trace), Joined(memory.trace));
  EXPECT_EQ(amnesia.configuration, memory.configuration);
  EXPECT_EQ(amnesia.data, memory.data);
}

INSTANTIATE_TEST_SUITE_P(Documents, W3c, testing::ValuesIn(W3cDocuments()), [](const auto& each) {
  std::string name = NameOf(each.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(W3c);

TEST(W3cPackage, IsThere) {
  if (!fs::exists(W3cFolder())) GTEST_SKIP() << "no W3C tests in " << W3cFolder() << " (npm ci)";
  EXPECT_EQ(W3cDocuments().size(), 193U);
}

}  // namespace
}  // namespace aiguillage::workflows
