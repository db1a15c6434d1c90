// What the product's profile refuses in a document, with the place and the reason; and that the
// same documents run under the conformance profile. What --trace says.
#include <gtest/gtest.h>

#include "tests/support/scxml_documents.h"

namespace aiguillage::workflows {
namespace {

std::string Document(const std::string& body) {
  return "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" "
         "datamodel=\"ecmascript\">\n" +
         body + "\n</scxml>";
}

// The refusal's sentence, "" when it runs.
std::string Refused(const std::string& body, bool product = true) {
  RunOptions options{.preloaded = {{"file:a.txt", "1"}}, .product = product, .trace = true};
  options.macrosteps_most = 50;
  const auto run = RunDocument(Document(body), "a.scxml", options);
  return run ? "" : run.refusal().sentence;
}

struct Case {
  const char* name;
  const char* body;
  const char* sentence;
};

const std::vector<Case> kRefused = {
    {"Script", "<state id='s'><onentry>\n <script>var x = 1;</script></onentry></state>",
     "a.scxml:3:2 : <script> n’est pas admis dans les rails d’un appel"},
    {"TopScript", "<script>var x = 1;</script><state id='s'/>",
     "a.scxml:2:1 : <script> n’est pas admis dans les rails d’un appel"},
    {"DataSrc", "<datamodel><data id='a' src='file:a.txt'/></datamodel><state id='s'/>",
     "a.scxml:2:12 : src n’est pas admis dans les rails"},
    {"InvokeSrc", "<state id='s'><invoke src='file:other.scxml'/></state>",
     "a.scxml:2:15 : <invoke> d’une adresse n’est pas admis dans les rails"},
    {"InvokeSrcExpr", "<state id='s'><invoke srcexpr=\"'file:other.scxml'\"/></state>",
     "a.scxml:2:15 : <invoke> d’une adresse n’est pas admis dans les rails"},
    {"AssigningGuard",
     "<datamodel><data id='a' expr='1'/></datamodel>\n"
     "<state id='s'><transition event='e' cond='a = 2'/></state>",
     "a.scxml:3:15 : une condition ne doit rien affecter"},
    {"AssigningIf",
     "<datamodel><data id='a' expr='1'/></datamodel>\n"
     "<state id='s'><onentry><if cond='false'><elseif cond='a++ > 2'/></if></onentry></state>",
     "a.scxml:3:41 : une condition ne doit rien affecter"},
    {"BrokenExpression", "<state id='s'><transition event='e' cond='1 +'/></state>",
     "a.scxml:2:15 : « 1 + » : "},
    {"EndlessEventless",
     "<state id='s'><transition target='t'/></state>\n"
     "<state id='t'><transition target='s'/></state>",
     "boucle sans fin"},
    {"EndlessRaise", "<state id='s'><transition event='e'><raise event='e'/></transition></state>",
     "boucle sans fin"},
};

class Profile : public testing::TestWithParam<Case> {};

TEST_P(Profile, ProductRefusesAndConformanceRuns) {
  const std::string sentence = Refused(GetParam().body);
  EXPECT_NE(sentence.find(GetParam().sentence), std::string::npos) << sentence;
  EXPECT_TRUE(sentence.starts_with("a.scxml:")) << sentence;
  EXPECT_EQ(Refused(GetParam().body, false), "");
}

INSTANTIATE_TEST_SUITE_P(Refusals, Profile, testing::ValuesIn(kRefused),
                         [](const auto& each) { return each.param.name; });

TEST(ScxmlTrace, SaysWhatWasSelectedWhatWasNotAndWhy) {
  RunOptions options{.trace = true};
  options.events = {{.name = "e"}};
  const auto run = RunDocument(Document(R"(<datamodel><data id="a" expr="1"/></datamodel>
<parallel id="p">
 <transition event="*" target="out"/>
 <state id="one">
  <transition event="e" cond="a &gt; 1" target="out"/>
  <transition event="e" cond="missing" target="out"/>
  <transition event="e" target="out"/>
 </state>
 <state id="two">
  <transition event="e"  target="other"/>
 </state>
</parallel>
<state id="out"/><state id="other"/>)"),
                               "a.scxml", options);
  ASSERT_TRUE(run) << run.refusal().sentence;
  std::string chosen;
  for (const std::string& line : run.value().trace) {
    if (line.starts_with("take ") || line.starts_with("leave ")) chosen += line + "\n";
  }
  EXPECT_EQ(chosen,
            "leave 6:3 on e, its guard is false: a > 1\n"
            "leave 7:3 on e, its guard failed: missing\n"
            "leave 4:2 on *, another comes first\n"
            "leave 4:2 on *, another comes first\n"
            "leave 11:3 on e, preempted by another region's\n"
            "take 8:3 on e\n");
  EXPECT_EQ(run.value().configuration, std::vector<std::string>{"out"});
}

// The ancestor's transition that a region had already chosen gives way to the descendant's.
TEST(ScxmlTrace, SaysWhatGaveWayToAnInnerOne) {
  RunOptions options{.trace = true};
  options.events = {{.name = "e"}};
  const auto run = RunDocument(Document(R"(<parallel id="p">
 <transition event="e" target="out"/>
 <state id="one"/>
 <state id="two"><transition event="e" target="other"/></state>
</parallel>
<state id="out"/><state id="other"/>)"),
                               "a.scxml", options);
  ASSERT_TRUE(run) << run.refusal().sentence;
  EXPECT_EQ(run.value().configuration, std::vector<std::string>{"other"});
  const std::string trace = Joined(run.value().trace);
  EXPECT_NE(trace.find("leave 3:2 on e, preempted by another region's\n"), std::string::npos)
      << trace;
}

}  // namespace
}  // namespace aiguillage::workflows
