// The drawing of the rails holds whatever a label says, and tells where a project stands.
#include "workflows/diagram.h"

#include <gtest/gtest.h>

#include "tests/support/shipped_rails.h"
#include "workflows/xml_tree.h"

namespace aiguillage::workflows {
namespace {

engine::Chart TwoStates(const std::string& label) {
  auto chart = ReadChart(R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0"
      xmlns:aap="urn:aiguillage:aap:1" datamodel="ecmascript">
    <state id="a" aap:label="A"><transition event="x" target="end"/></state>
    <final id="end" aap:label="Fin"/></scxml>)",
                         "x.scxml");
  if (!chart) throw std::runtime_error(chart.refusal().sentence);
  engine::Chart changed = *chart.value();
  changed.states[1].attributes["label"] = label;
  return changed;
}

// What a reader sees: the text of the drawing, its lines apart.
std::string TextsOf(const XmlNode& node) {
  std::string text;
  if (node.name == "text") return InnerText(node) + "|";
  for (const auto& child : node.children) text += TextsOf(child);
  return text;
}

std::string Seen(const std::string& label) {
  const auto svg = DrawRails(TwoStates(label), LabelKind::kStaff);
  if (!svg) return svg.refusal().sentence;
  const auto tree = ReadXmlTree(svg.value(), "x.svg");
  return tree ? TextsOf(tree.value()) : "not XML: " + tree.refusal().sentence;
}

TEST(DrawRails, DrawsHostileLabelsAsText) {
  EXPECT_EQ(Seen("<script>alert(1)</script>"), "<script>alert(1)</script>|Fin|");
  EXPECT_EQ(Seen("\"];x[label=\"y"), "\"];x[label=\"y|Fin|");
  EXPECT_EQ(Seen("\\N \\"), "\\N \\|Fin|");
  EXPECT_EQ(Seen("a\nb\tc"), "a b c|Fin|");
  EXPECT_EQ(Seen("A & B &lt; C &#60;"), "A & B &lt; C &#60;|Fin|");
  EXPECT_EQ(Seen("a\u202Eb\u2066c"), "a b c|Fin|");
}

TEST(DrawRails, CutsAVeryLongLabelAndKeepsTheDrawingNarrow) {
  const std::string seen = Seen(std::string(5'000, 'e'));
  EXPECT_LT(seen.size(), 160U) << seen;
  EXPECT_NE(seen.find("…"), std::string::npos) << seen;
  EXPECT_LT(seen.find('|'), 40U) << "a line breaks even without a space";
}

TEST(DrawRails, MarksWhereAProjectStandsAndHasBeenByClassOnTheIdOfTheState) {
  const auto svg = DrawRails(TwoStates("A"), LabelKind::kStaff);
  ASSERT_TRUE(svg) << svg.refusal().sentence;
  const std::string marked = MarkRails(
      svg.value(), {{"a", {RailMark::kPast, 12, 1}}, {"end", {RailMark::kCurrent, 3, 0}}});
  EXPECT_NE(marked.find("<g id=\"state-a\" class=\"node past\">"), std::string::npos) << marked;
  EXPECT_NE(marked.find("<g id=\"state-end\" class=\"node current\">"), std::string::npos);
  EXPECT_NE(marked.find(">12</text>"), std::string::npos) << marked;
  EXPECT_NE(marked.find("class=\"count late\""), std::string::npos);
  EXPECT_NE(marked.find(">3</text>"), std::string::npos);
  EXPECT_TRUE(ReadXmlTree(marked, "x.svg"));
}

TEST(DrawRails, TellsTheAgeOfWhatStandsThereByToneSignAndWords) {
  const auto svg = DrawRails(TwoStates("A"), LabelKind::kStaff);
  ASSERT_TRUE(svg) << svg.refusal().sentence;
  const auto marked = [&](Heat heat, const std::string& words) {
    return MarkRails(svg.value(), {{"a", {RailMark::kCurrent, 12, 3, heat, "19 j", words}}});
  };
  const std::string beyond = marked(Heat::kBeyond, "12 projets, « A & <B> \"C\" »");
  const auto tree = ReadXmlTree(beyond, "x.svg");
  ASSERT_TRUE(tree) << tree.refusal().sentence;
  EXPECT_EQ(TextsOf(tree.value()), "A|19 j !|12|Fin|");
  EXPECT_NE(
      beyond.find("<g id=\"state-a\" role=\"img\" aria-label=\"12 projets, « A &amp; &lt;B&gt; "
                  "&quot;C&quot; »\" class=\"node current heat-beyond\">\n<title>12 projets, "
                  "« A &amp; &lt;B&gt; &quot;C&quot; »</title>"),
      std::string::npos)
      << beyond;
  EXPECT_NE(beyond.find("<title>end</title>"), std::string::npos)
      << "of the others nothing is said";
  const std::string longer = marked(Heat::kLong, ""), shorter = marked(Heat::kShort, "");
  EXPECT_NE(longer.find("heat-long\">"), std::string::npos);
  EXPECT_NE(longer.find(">19 j +</text>"), std::string::npos);
  EXPECT_NE(longer.find("<title>a</title>"), std::string::npos);
  EXPECT_NE(shorter.find("heat-short\">"), std::string::npos);
  EXPECT_NE(shorter.find(">19 j</text>"), std::string::npos);
  const std::string none = marked(Heat::kNone, "");
  EXPECT_EQ(none.find("19 j"), std::string::npos) << "an end has no age";
  EXPECT_NE(none.find("class=\"node current\">"), std::string::npos);
}

TEST(DrawRails, TellsTheShippedRailsInWordsToo) {
  for (const auto& name : kRails) {
    const auto chart = ReadRails(name);
    ASSERT_NE(chart, nullptr);
    std::string lines;
    for (const auto& line : RailsAsText(*chart, LabelKind::kPublic)) {
      if (line.state != "completion_requested") continue;
      lines += line.label;
      for (const auto& next : line.next) lines += " → " + next;
    }
    EXPECT_EQ(lines,
              "Un complément vous est demandé → Votre dossier est en cours de vérification → "
              "Votre dossier n’est pas recevable");
  }
}

}  // namespace
}  // namespace aiguillage::workflows
