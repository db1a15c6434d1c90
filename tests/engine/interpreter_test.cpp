// The algorithm on small charts, and what a snapshot must survive. The W3C's own documents are in
// tests/workflows/w3c_test.cpp.
#include "engine/interpreter.h"

#include <gtest/gtest.h>

#include "engine/actions.h"
#include "workflows/reader.h"

namespace aiguillage::engine {
namespace {

using nlohmann::json;

std::shared_ptr<const Chart> ChartOf(const std::string& inside, const std::string& more = "") {
  const std::string text =
      "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:aap='urn:aiguillage:aap:1' "
      "version='1.0' datamodel='ecmascript' " +
      more + ">" + inside + "</scxml>";
  auto read = workflows::ReadChart(text, "test.scxml");
  EXPECT_TRUE(read) << (read ? "" : read.refusal().sentence);
  return read ? read.value() : nullptr;
}

std::string Words(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

// Plays events one after another; sleeps and wakes before each.
struct Play {
  std::shared_ptr<const Chart> chart;
  StepResult last;

  explicit Play(std::shared_ptr<const Chart> played) : chart(std::move(played)) {
    last = Start(*chart, {.session_id = "s"});
  }
  std::string operator()(const std::string& event, const json& data = {}) {
    const std::string asleep = last.snapshot.ToJson().dump();
    const Snapshot awake = Snapshot::FromJson(*chart, json::parse(asleep));
    EXPECT_EQ(awake, last.snapshot) << asleep;
    last = Step(*chart, awake, {.name = event, .data = data}, {});
    return Words(last.snapshot.ActiveStates());
  }
};

TEST(Interpreter, ResumesInTheExactSubState) {
  Play play(ChartOf(R"(
    <state id="life">
      <history id="where" type="deep"><transition target="a"/></history>
      <parallel id="both">
        <state id="left"><state id="a"><transition event="go" target="b"/></state><state id="b"/></state>
        <state id="right"><state id="c"><transition event="on" target="d"/></state><state id="d"/></state>
      </parallel>
      <transition event="suspend" target="suspended"/>
    </state>
    <state id="suspended"><transition event="resume" target="where"/></state>)"));
  EXPECT_EQ(Words(play.last.snapshot.ActiveStates()), "life both left a right c");
  EXPECT_EQ(play("on"), "life both left a right d");
  EXPECT_EQ(play("suspend"), "suspended");
  EXPECT_EQ(Words(play.last.exited), "d right a left both life");
  EXPECT_EQ(play("resume"), "life both left a right d");
  EXPECT_EQ(Words(play.last.entered), "life both left a right d");
}

TEST(Interpreter, KeepsTheFinalStateOfTheEnd) {
  Play play(
      ChartOf("<state id='a'><transition event='end' target='done'/></state>"
              "<final id='done'/>"));
  EXPECT_EQ(play("nothing"), "a");
  EXPECT_FALSE(play.last.taken);
  EXPECT_EQ(play("end"), "done");
  EXPECT_TRUE(play.last.taken);
  EXPECT_TRUE(play.last.finished);
  EXPECT_EQ(play("end"), "done");
  EXPECT_FALSE(play.last.taken);
}

TEST(Interpreter, TellsForeignElementsAsEffects) {
  Play play(ChartOf(R"(<datamodel><data id="n" expr="1"/></datamodel>
    <state id="a">
      <transition event="go" target="b" aap:label="Go">
        <assign location="n" expr="n + 1"/>
        <if cond="n &gt; 1"><aap:mail template="t" to="project_holder" peopleexpr="[n, _event.data.x]"/></if>
      </transition>
    </state><state id="b"/>)"));
  EXPECT_EQ(play("go", {{"x", "é"}}), "b");
  ASSERT_EQ(play.last.effects.size(), 1U);
  const auto& effect = std::get<CustomEffect>(play.last.effects[0]);
  EXPECT_EQ(effect.name, "mail");
  EXPECT_EQ(effect.owner, "a");
  EXPECT_EQ(effect.attributes.at("to"), "project_holder");
  EXPECT_EQ(effect.values.at("people").dump(), "[2,\"é\"]");
  EXPECT_EQ(play.last.transition_lines, std::vector<int>({3}));
  EXPECT_EQ(play.last.snapshot.Data("n"), 2);
}

TEST(Interpreter, OffersActionsAndSaysWhyOneIsLocked) {
  const auto chart = ChartOf(R"(<datamodel><data id="rounds" expr="2"/></datamodel>
    <state id="review">
      <transition event="ok" target="b" aap:label="Valider" aap:by="lead pilot" aap:form="opinion"/>
      <transition event="change" cond="rounds &lt; 2" target="b" aap:label="Demander" aap:by="lead"
                  aap:locked="Deux tours ont eu lieu." aap:unlock="pilot"/>
      <transition event="late" target="b"/>
      <transition event="score" cond="_event.data.x &gt; 1" aap:label="Noter"/>
    </state><state id="b"/>)");
  const auto actions = Actions(*chart, Start(*chart, {}).snapshot);
  ASSERT_EQ(actions.size(), 3U);
  EXPECT_EQ(actions[0].id + " " + actions[0].label + " " + Words(actions[0].roles),
            "ok Valider lead pilot");
  EXPECT_FALSE(actions[0].locked);
  EXPECT_TRUE(actions[1].locked);
  EXPECT_EQ(actions[1].reason + Words(actions[1].unlocked_by), "Deux tours ont eu lieu.pilot");
  EXPECT_FALSE(actions[2].locked);
}

TEST(Interpreter, StopsWhatWouldNotStop) {
  const auto stopped = [](const std::string& inside) {
    const StepResult result = Start(*ChartOf(inside), {});
    return result.incidents.empty() ? "" : result.incidents.back();
  };
  EXPECT_NE(stopped("<state id='a'><transition target='b'/></state>"
                    "<state id='b'><transition target='a'/></state>")
                .find("1000 microsteps"),
            std::string::npos);
  EXPECT_NE(stopped("<state id='a'><onentry><send event='e'/></onentry>"
                    "<transition event='e'><send event='e'/></transition></state>")
                .find("1000 microsteps"),
            std::string::npos);
  EXPECT_NE(
      stopped(
          "<datamodel><data id='l' expr='new Array(1e5)'/><data id='x'/></datamodel>"
          "<state id='a'><onentry><foreach array='l' item='x'><log/></foreach></onentry></state>")
          .find("500 effects"),
      std::string::npos);
  EXPECT_NE(stopped("<state id='a'><onentry><script>for (;;);</script></onentry></state>")
                .find("100000 steps"),
            std::string::npos);
}

TEST(Interpreter, KeepsWhatJsonCannotSay) {
  Play play(
      ChartOf(R"(<datamodel><data id="f"/><data id="n"/><data id="o"/><data id="x"><a b="c"/></data>
      </datamodel>
    <state id="a">
      <transition event="set">
        <script>var made = function (k) { return function (y) { return k + y; }; };
          f = made(40); n = -0; o = {b: undefined, a: NaN}; </script>
      </transition>
      <transition event="test" cond="f(2) === 42 &amp;&amp; 1 / n === -Infinity &amp;&amp; 'b' in o &amp;&amp;
        Object.keys(o).join() === 'b,a' &amp;&amp; o.a !== o.a &amp;&amp; x.getAttribute('b') === 'c'" target="pass"/>
    </state><final id="pass"/>)"));
  EXPECT_EQ(play("set"), "a") << Words(play.last.incidents);
  EXPECT_EQ(play("test"), "pass") << Words(play.last.incidents) << play.last.snapshot.ToJson();
}

TEST(Interpreter, RefusesASnapshotThatIsNotOfThisChart) {
  const auto chart = ChartOf("<state id='a'/><state id='b'/>");
  json snapshot = Start(*chart, {.session_id = "s"}).snapshot.ToJson();
  EXPECT_NO_THROW((void)Snapshot::FromJson(*chart, snapshot));
  for (const json& states :
       {json({"c"}), json::array(), json({"a", "b"}), json({"b", "a"}), json(3)}) {
    json wrong = snapshot;
    wrong["states"] = states;
    EXPECT_THROW((void)Snapshot::FromJson(*chart, wrong), std::invalid_argument) << states;
  }
}

}  // namespace
}  // namespace aiguillage::engine
