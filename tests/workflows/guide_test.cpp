// What docs/guide-rails.md shows is true: its extracts are the shipped rails, its worked change
// gives rails that the check finds clean, its form is a form.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/support/shipped_rails.h"
#include "tests/support/temp_directory.h"
#include "workflows/check.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;

std::string Guide() { return TextOf(fs::path(AIGUILLAGE_SOURCE_DIR) / "docs/guide-rails.md"); }

// The blocks fenced as ```LANGUAGE, in order.
std::vector<std::string> BlocksOf(const std::string& guide, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  std::vector<std::string> blocks;
  for (auto at = guide.find(fence); at != std::string::npos; at = guide.find(fence, at)) {
    at += fence.size();
    blocks.push_back(guide.substr(at, guide.find("```", at) - at));
  }
  return blocks;
}

std::string SpacesAsOne(const std::string& text) {
  std::string out;
  for (const auto& word : WordsOf(text)) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string Swapped(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) {
    ADD_FAILURE() << "the text has no " << from;
    return text;
  }
  return text.replace(at, from.size(), to);
}

// A copy of the shipped definitions, and the chart of Mentor in it.
struct GuideCopy {
  test::TempDirectory directory;
  fs::path root = fs::path(directory.path()) / "definitions";
  fs::path chart = root / "mentor/mentor.scxml";
  GuideCopy() { fs::copy(DefinitionsDir(), root, fs::copy_options::recursive); }
  void WriteMail(const std::string& name) const {
    std::ofstream(root / "mentor/mails" / (name + ".txt.mustache")) << "Objet : {{title}}\n\n…\n";
    std::ofstream(root / "mentor/mails" / (name + ".html.mustache")) << "<p>{{title}}</p>\n";
  }
  std::string Found() const {
    std::string lines;
    for (const auto& finding : CheckDefinitions(root.string())) {
      lines += finding.file + ":" + std::to_string(finding.line) + ":" +
               std::to_string(finding.column) + " : " + finding.message + " [" + finding.code +
               "]\n";
    }
    return lines;
  }
};

enum Example { kStep, kNewTarget, kNewStep, kRefusal, kExamples };

// Mentor as §5 changes it: the validation leads to the new step, put before the expert review.
std::string ChangedAsTold(const std::string& chart, const std::vector<std::string>& xml) {
  const std::string told = SpacesAsOne(xml[kNewTarget]);
  const std::string was = Swapped(told, "target=\"budget_check\"", "target=\"expert_review\"");
  const std::string led = Swapped(chart, was, told);
  return Swapped(led, "<state id=\"expert_review\"", xml[kNewStep] + "<state id=\"expert_review\"");
}

TEST(GuideOfTheRails, QuotesTheShippedRails) {
  const auto xml = BlocksOf(Guide(), "xml");
  ASSERT_EQ(xml.size(), static_cast<std::size_t>(kExamples));
  const std::string rails = SpacesAsOne(TextOf(DefinitionsDir() / "mentor/mentor.scxml"));
  const std::string step = xml[kStep];
  const std::regex tag("<[^>]+>");
  int tags = 0;
  for (std::sregex_iterator at(step.begin(), step.end(), tag), end; at != end; ++at, ++tags) {
    EXPECT_NE(rails.find(SpacesAsOne(at->str())), std::string::npos) << at->str();
  }
  EXPECT_GT(tags, 15);
}

TEST(GuideOfTheRails, ItsWorkedChangeIsClean) {
  const auto xml = BlocksOf(Guide(), "xml");
  ASSERT_EQ(xml.size(), static_cast<std::size_t>(kExamples));
  const GuideCopy copy;
  const std::string changed = ChangedAsTold(TextOf(copy.chart), xml);
  std::ofstream(copy.chart) << changed;
  EXPECT_NE(copy.Found().find("mails/budget_approved.txt.mustache"), std::string::npos)
      << "the two mails of the third gesture are needed";
  copy.WriteMail("budget_approved");
  copy.WriteMail("budget_late");
  EXPECT_EQ(copy.Found(), "");
  const std::string late = "<transition event=\"budget_check.late\">";
  std::ofstream(copy.chart) << Swapped(changed, late, xml[kRefusal] + late);
  EXPECT_EQ(copy.Found(), "");
}

TEST(GuideOfTheRails, ShowsWhatTheCheckReallySays) {
  const auto xml = BlocksOf(Guide(), "xml");
  ASSERT_EQ(xml.size(), static_cast<std::size_t>(kExamples));
  const GuideCopy copy;
  copy.WriteMail("budget_approved");
  copy.WriteMail("budget_late");
  const std::string changed = ChangedAsTold(TextOf(copy.chart), xml);
  const auto step = changed.find("<state id=\"budget_check\"");
  std::ofstream(copy.chart) << changed.substr(0, step)
                            << Swapped(changed.substr(step), " aap:form=\"approval\"", "");
  EXPECT_NE(copy.Found(), "");
  EXPECT_NE(Guide().find("```\n" + copy.Found() + "```"), std::string::npos) << copy.Found();
}

TEST(GuideOfTheRails, ShowsAFormAndRolesThatExist) {
  const auto examples = BlocksOf(Guide(), "json");
  ASSERT_EQ(examples.size(), 1U);
  const auto form = forms::ParseForm("budget", examples.front(), "budget.json");
  EXPECT_TRUE(form) << form.refusal().sentence;
  const std::string guide = Guide();
  const auto at = guide.find("Rôles : `");
  ASSERT_NE(at, std::string::npos);
  const auto open = guide.find('`', at) + 1;
  for (const auto& role : WordsOf(guide.substr(open, guide.find('`', open) - open))) {
    EXPECT_TRUE(IsRole(role)) << role;
  }
}

}  // namespace
}  // namespace aiguillage::workflows
