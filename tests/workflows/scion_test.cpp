// SCION's own tests: events in, configurations out (npm package @scion-scxml/test-framework).
// Some have a second expectation, `legacySemantics`: of the two, ours is the Recommendation's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/chart.h"
#include "tests/support/shipped_rails.h"
#include "workflows/reader.h"
#include "workflows/scxml_run.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using workflows::TextOf;

fs::path Folder() {
  const char* set = std::getenv("AIGUILLAGE_W3C_DIR");
  if (set) return fs::path(set).parent_path();
  return fs::path(AIGUILLAGE_SOURCE_DIR) / "tests/node_modules/@scion-scxml/test-framework/test";
}

std::vector<fs::path> Documents() {
  std::vector<fs::path> documents;
  if (!fs::exists(Folder())) return documents;
  for (const auto& entry : fs::recursive_directory_iterator(Folder())) {
    if (entry.path().parent_path().filename() == "w3c-ecma") continue;
    if (entry.path().extension() != ".scxml") continue;
    documents.push_back(entry.path());
  }
  std::sort(documents.begin(), documents.end());
  return documents;
}

// SCION names the atomic states only.
std::set<std::string> Atomic(const engine::Chart& chart, const std::vector<std::string>& states) {
  std::set<std::string> atomic;
  for (const std::string& id : states) {
    if (engine::IsAtomic(*engine::FindState(chart, id))) atomic.insert(id);
  }
  return atomic;
}

class Scion : public testing::TestWithParam<fs::path> {};

TEST_P(Scion, ReachesTheSameConfigurations) {
  const fs::path path = GetParam();
  const std::string text = TextOf(path);
  fs::path script = path;
  script.replace_extension(".json");
  json expected = json::parse(TextOf(script));
  // Appendix D, findLCCA: the domain of a transition is a <state> or <scxml>, never a <parallel>;
  // a transition from a region to itself leaves and enters the whole <parallel>.
  const std::string name = path.parent_path().filename() / path.stem();
  if (name == "more-parallel/test10" || name == "more-parallel/test10b") {
    expected = expected.at("legacySemantics");
  }
  RunOptions options{.preloaded = FilesBeside(path.string(), text), .trace = true};
  std::vector<json> configurations = {expected.at("initialConfiguration")};
  for (const json& event : expected.at("events")) {
    options.events.push_back({.after_ms = event.value("after", 0),
                              .name = event.at("event").at("name").get<std::string>(),
                              .data = event.at("event").value("data", json())});
    configurations.push_back(event.at("nextConfiguration"));
  }
  const auto chart = ReadChart(text, path.filename().string(), {.preloaded = options.preloaded});
  ASSERT_TRUE(chart) << chart.refusal().sentence;
  for (const bool amnesia : {false, true}) {
    options.amnesia = amnesia;
    const auto run = RunDocument(text, path.filename().string(), options);
    ASSERT_TRUE(run) << run.refusal().sentence;
    std::string trace;
    for (const std::string& line : run.value().trace) trace += line + "\n";
    const auto& reached = run.value().after_events;
    ASSERT_EQ(reached.size(), configurations.size()) << trace;
    for (std::size_t i = 0; i < reached.size(); ++i) {
      EXPECT_EQ(Atomic(*chart.value(), reached[i]), configurations[i].get<std::set<std::string>>())
          << "after event " << i << "\n"
          << trace;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, Scion, testing::ValuesIn(Documents()), [](const auto& each) {
  std::string name =
      each.param.parent_path().filename().string() + "_" + each.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Scion);

TEST(ScionPackage, IsThere) {
  if (!fs::exists(Folder())) GTEST_SKIP() << "no SCION tests in " << Folder() << " (npm ci)";
  EXPECT_GT(Documents().size(), 100U);
}

}  // namespace
}  // namespace aiguillage::workflows
