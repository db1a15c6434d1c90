// Charts drawn at random, walked at random: the laws that hold whatever the rails say.
#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>

#include "engine/interpreter.h"
#include "tests/support/chart_generator.h"
#include "tests/support/desk_world.h"
#include "tests/support/drawn_rails.h"
#include "tests/support/seed.h"
#include "tests/support/shipped_rails.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

using engine::Chart;
using engine::Snapshot;
using engine::StateKind;
using nlohmann::json;

std::shared_ptr<const Chart> Parsed(const std::string& text) {
  const auto read = ReadChart(text, "drawn.scxml", {.preloaded = {}, .product = true});
  if (!read) ADD_FAILURE() << read.refusal().sentence << "\n" << text;
  return read ? read.value() : nullptr;
}

// 3.11, in words of its own: not those of engine/snapshot.cpp.
std::string Illegal(const Chart& chart, const std::vector<std::string>& active) {
  const std::set<std::string> on(active.begin(), active.end());
  if (on.size() != active.size()) return "a state twice";
  for (const auto& state : chart.states) {
    const bool is_on = state.index == 0 || on.contains(state.id);
    if (!is_on) continue;
    if (engine::IsHistory(state)) return state.id + " is a history";
    if (state.parent > 0 && !on.contains(chart.states[std::size_t(state.parent)].id)) {
      return state.id + " without its parent";
    }
    std::size_t real = 0, inside = 0;
    for (int child : state.children) {
      const auto& node = chart.states[std::size_t(child)];
      real += !engine::IsHistory(node);
      inside += on.contains(node.id);
    }
    const std::size_t wanted = state.kind == StateKind::kParallel ? real : real > 0 ? 1 : 0;
    if (inside != wanted) return state.id + " has " + std::to_string(inside) + " active children";
  }
  return "";
}

std::string Words(const engine::Effect& effect) {
  if (const auto* send = std::get_if<engine::SendEffect>(&effect)) {
    return "send " + send->id + " " + send->event + " " + send->data.dump();
  }
  if (const auto* cancel = std::get_if<engine::CancelEffect>(&effect)) {
    return "cancel " + cancel->send_id;
  }
  if (const auto* log = std::get_if<engine::LogEffect>(&effect)) return "log " + log->value.dump();
  const auto& custom = std::get<engine::CustomEffect>(effect);
  return custom.name + " " + custom.owner + " " + json(custom.attributes).dump();
}

// All that a step says, in one text.
std::string Words(const engine::StepResult& step) {
  std::string words = step.snapshot.ToJson().dump();
  for (const auto& effect : step.effects) words += "\n" + Words(effect);
  for (const auto& id : step.exited) words += "\nexit " + id;
  for (const auto& id : step.entered) words += "\nenter " + id;
  for (int line : step.transition_lines) words += "\ntake " + std::to_string(line);
  return words + (step.taken ? "\ntaken" : "");
}

struct Count {
  int charts = 0, steps = 0, taken = 0, ended = 0;
};

// In memory, and asleep as text before each step, now and then with the chart read afresh.
void WalkDrawn(std::mt19937_64& random, Count& count) {
  const auto drawn = test::GenerateChart(random);
  const auto chart = Parsed(drawn.text);
  ASSERT_NE(chart, nullptr);
  ++count.charts;
  engine::StepResult here = engine::Start(*chart, {.session_id = "drawn"});
  auto awake = chart;
  std::string asleep = here.snapshot.ToJson().dump();
  for (int i = 0; i < 60; ++i) {
    ASSERT_EQ(Illegal(*chart, here.snapshot.ActiveStates()), "") << drawn.text;
    ASSERT_EQ(here.incidents, std::vector<std::string>{}) << drawn.text;
    if (here.finished) {
      ++count.ended;
      return;
    }
    engine::Event event;
    event.name = i == 0 ? "intake" : drawn.events[random() % drawn.events.size()];
    event.data = {{"n", random() % 5}};
    if (i % 6 == 0) awake = Parsed(drawn.text);
    const Snapshot woken = Snapshot::FromJson(*awake, json::parse(asleep));
    ASSERT_EQ(woken.ToJson(), here.snapshot.ToJson());
    const auto there = engine::Step(*awake, woken, event, {});
    here = engine::Step(*chart, here.snapshot, event, {});
    ASSERT_EQ(Words(there), Words(here)) << event.name << "\n" << drawn.text;
    asleep = there.snapshot.ToJson().dump();
    ++count.steps;
    count.taken += here.taken;
  }
}

TEST(GeneratedCharts, StayLegalAndSleepAndWakeUnchanged) {
  std::mt19937_64 random(test::Seed());
  Count count;
  for (int i = 0; i < 100; ++i) {
    WalkDrawn(random, count);
    if (HasFatalFailure()) FAIL() << "chart " << i << " seed " << test::Seed();
  }
  std::printf("%d charts, %d steps, %d taken, %d ended\n", count.charts, count.steps, count.taken,
              count.ended);
  EXPECT_GT(count.taken, count.steps / 10);
}

// A drawn definition, with a mail and nothing else, as a folder that the catalog takes.
json Comparable(const ActAnswer& answer) {
  json words = ToJson(answer);
  words.erase("act");
  return words;
}

struct Acts {
  int done = 0, refused = 0, taken_back = 0;
};

// Mostly one that is offered to this person.
std::string AnAction(test::DeskWorld& world, std::mt19937_64& random,
                     const storage::Project& project, const std::string& who) {
  std::vector<std::string> offered;
  const auto person = world.Person(who);
  for (const auto& one : world.database().Read([&](storage::Session& session) {
         return world.desk().ActionsFor(session, project, person, world.now);
       })) {
    if (one.mine && !one.action.locked) offered.push_back(one.action.id);
  }
  if (offered.empty() || random() % 5 == 0) return "e" + std::to_string(random() % 6);
  return offered[random() % offered.size()];
}

// One act of somebody on a project: rehearsed first, and sometimes taken back.
void ActOnce(test::DeskWorld& world, std::mt19937_64& random, const std::string& number,
             Acts& acts) {
  const std::vector<std::string> people = {"paul", "olga", "hugo"};
  const std::string who = people[random() % people.size()];
  const auto before = world.Project(number);
  auto request = world.Request(number, who, AnAction(world, random, before, who));
  request.dry_run = true;
  const auto rehearsed = world.desk().Act(request);
  ASSERT_EQ(world.Project(number).version, before.version) << "a dry run wrote";
  request.dry_run = false;
  const auto answer = world.desk().Act(request);
  ASSERT_EQ(static_cast<bool>(rehearsed), static_cast<bool>(answer));
  if (!answer) {
    ++acts.refused;
    ASSERT_EQ(rehearsed.refusal().sentence, answer.refusal().sentence);
    return;
  }
  ++acts.done;
  ASSERT_EQ(Comparable(rehearsed.value()), Comparable(answer.value()));
  if (random() % 4 != 0) return;
  if (!world.desk().TakeBack(number, answer.value().act, {world.Person(who), ""}, world.now)) {
    return;
  }
  ++acts.taken_back;
  ASSERT_EQ(world.Project(number).snapshot, before.snapshot);
}

TEST(GeneratedCharts, ReplayAtTheDeskToWhatIsStored) {
  std::mt19937_64 random(test::Seed());
  Acts acts;
  for (int chart = 0; chart < 6; ++chart) {
    const auto drawn = test::GenerateChart(random);
    SCOPED_TRACE("seed " + std::to_string(test::Seed()) + "\n" + drawn.text);
    const test::DrawnRails rails(drawn.text);
    test::WorldOptions options;
    options.rails = rails.path();
    options.definition = "drawn";
    test::DeskWorld world(options);
    for (int project = 0; project < 2; ++project) {
      const std::string number = world.Intake("Tiré au sort");
      for (int i = 0; i < 25 && world.Project(number).ended_at == 0; ++i) {
        world.Minutes(static_cast<int>(random() % 3000));
        if (random() % 4 == 0) world.Tick();
        ActOnce(world, random, number, acts);
        if (HasFatalFailure()) return;
        const auto stored = world.Project(number);
        const auto definition = world.catalog().Newest("drawn");
        const auto snapshot = Snapshot::FromJson(definition->chart, stored.snapshot);
        ASSERT_EQ(Illegal(definition->chart, snapshot.ActiveStates()), "");
      }
    }
    ASSERT_EQ(world.Broken(), "");
  }
  std::printf("%d done, %d refused, %d taken back\n", acts.done, acts.refused, acts.taken_back);
  EXPECT_GT(acts.done, 10);
}

}  // namespace
}  // namespace aiguillage::workflows
