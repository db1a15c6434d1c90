// The lint has nothing to say of the rails that ship, and says what is wrong with others.
#include "workflows/check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "tests/support/shipped_rails.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;

// « faulty.scxml:4:5 code sentence », a line each; folders left out.
std::string Told(const std::vector<Finding>& findings) {
  std::string lines;
  for (const auto& finding : findings) {
    lines += fs::path(finding.file).filename().string() + ":" + std::to_string(finding.line) + ":" +
             std::to_string(finding.column) + " " + finding.code + " " + finding.message + "\n";
  }
  return lines;
}

fs::path FaultyDir() { return fs::path(AIGUILLAGE_SOURCE_DIR) / "tests/workflows/faulty"; }

std::set<std::string> FaultyNames() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(FaultyDir())) {
    if (entry.path().extension() == ".scxml") names.insert(entry.path().stem().string());
  }
  return names;
}

const char* const kTold = R"(@@)";

TEST(CheckRails, FindsNothingInTheRailsThatShip) {
  const auto catalog = Catalog::Load(DefinitionsDir().string());
  ASSERT_TRUE(catalog) << catalog.refusal().sentence;
  for (const auto& name : kRails) {
    const auto definition = catalog.value()->Newest(name);
    ASSERT_NE(definition, nullptr) << name;
    EXPECT_EQ(Told(CheckRails(*definition, catalog.value()->KitOf(name))), "");
  }
}

// « b » is first entered around « b2 », then by itself: its default « b1 » is reached all the same.
TEST(CheckRails, KnowsThatAStateReachedByAPartMayStillBeOpened) {
  const auto chart = ReadChart(R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0"
      datamodel="ecmascript" initial="a">
    <state id="a"><transition event="y" target="b2"/><transition event="x" target="b"/></state>
    <state id="b" initial="b1"><state id="b1"><transition event="z" target="end"/></state>
      <state id="b2"><transition event="z" target="end"/></state></state>
    <state id="alone"><transition event="z" target="end"/></state>
    <final id="end"/></scxml>)",
                               "x.scxml");
  ASSERT_TRUE(chart) << chart.refusal().sentence;
  Definition definition;
  definition.name = "x";
  definition.chart = *chart.value();
  std::string unreachable;
  for (const auto& finding : CheckRails(definition, Kit{}))
    if (finding.code == "unreachable") unreachable += finding.message + "\n";
  EXPECT_NE(unreachable.find("« alone »"), std::string::npos) << unreachable;
  EXPECT_EQ(unreachable.find("« b1 »"), std::string::npos) << unreachable;
}

// One faulty document a code, tests/workflows/faulty/CODE.scxml, each wrong in that only.
TEST(CheckRails, SaysOfEachFaultyDocumentWhereAndHowToMendIt) {
  std::string told;
  for (const auto& name : FaultyNames()) {
    told += Told(CheckDefinitions((FaultyDir() / (name + ".scxml")).string()));
  }
  EXPECT_EQ(told, kTold);
}

// A code added to the check, to the reader or to the catalog comes with its faulty document.
TEST(CheckRails, HasAFaultyDocumentForEveryCodeInTheSource) {
  std::set<std::string> codes = {"xml"};
  const std::regex code(R"re((?:\bAdd\(|Problem\(|\{text->first,|\{path,)[^"]*?"([a-z_]+)",)re");
  for (const auto& entry : fs::directory_iterator(fs::path(AIGUILLAGE_SOURCE_DIR) / "workflows")) {
    const std::string file = entry.path().filename().string();
    const bool asked = file.starts_with("check") || file.starts_with("reader");
    if ((!asked && file != "catalog.cpp") || entry.path().extension() != ".cpp") continue;
    const std::string text = TextOf(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) {
      codes.insert((*at)[1]);
    }
  }
  // A document of 60,001 states, folders without rails, and what only a changed file could give
  // after it was read well: no small document can be that.
  for (const char* not_a_document : {"too_many_states", "missing", "definitions", "chart"}) {
    codes.erase(not_a_document);
  }
  EXPECT_GT(codes.size(), 35U);
  EXPECT_EQ(codes, FaultyNames());
}

}  // namespace
}  // namespace aiguillage::workflows
