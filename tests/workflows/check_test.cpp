// The lint has nothing to say of the rails that ship, and says what is wrong with others.
#include "workflows/check.h"

#include <gtest/gtest.h>

#include "tests/support/shipped_rails.h"

namespace aiguillage::workflows {
namespace {

std::string Told(const std::vector<Finding>& findings) {
  std::string lines;
  for (const auto& finding : findings)
    lines += finding.file + ":" + std::to_string(finding.line) + " " + finding.code + " " +
             finding.message + "\n";
  return lines;
}

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

}  // namespace
}  // namespace aiguillage::workflows
