// From wherever the shipped rails can lead, an end can be reached, and a random walker who wants to
// get there does.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <random>

#include "engine/actions.h"
#include "engine/interpreter.h"
#include "tests/support/seed.h"
#include "tests/support/shipped_rails.h"

namespace aiguillage::workflows {
namespace {

using engine::Chart;
using engine::StateKind;
using nlohmann::json;

constexpr int kFar = 1'000;

std::vector<int> EndsOf(const Chart& chart) {
  std::vector<int> ends;
  for (const auto& state : chart.states) {
    if (state.kind == StateKind::kFinal && state.parent == 0) ends.push_back(state.index);
  }
  return ends;
}

// For each state, how many transitions away this end is, whatever the guards say.
std::vector<int> DistancesTo(const Chart& chart, int end) {
  std::vector<int> far(chart.states.size(), kFar);
  far[std::size_t(end)] = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& state : chart.states) {
      int nearest = far[std::size_t(state.index)];
      for (int at = state.index; at >= 0; at = chart.states[std::size_t(at)].parent) {
        for (int index : chart.states[std::size_t(at)].transitions) {
          for (int target : chart.transitions[std::size_t(index)].targets) {
            nearest = std::min(nearest, far[std::size_t(target)] + 1);
          }
        }
      }
      for (int child : state.children) nearest = std::min(nearest, far[std::size_t(child)] + 1);
      moved = moved || nearest < far[std::size_t(state.index)];
      far[std::size_t(state.index)] = nearest;
    }
  }
  return far;
}

class Walker {
 public:
  Walker(const Chart& chart, std::mt19937_64& random)
      : chart_(chart), random_(random), ends_(EndsOf(chart)) {
    far_ = DistancesTo(chart, ends_[Below(ends_.size())]);
    step_ = engine::Start(chart, {.session_id = "walk"});
    Note();
  }

  bool ended() const { return step_.finished; }
  const std::set<std::string>& seen() const { return seen_; }

  // One event that is waited for and not locked; with a goal, mostly one that leads nearer.
  void Go(bool towards_an_end) {
    auto events = Events();
    ASSERT_FALSE(events.empty()) << Where();
    // past the other doors: to see all the rooms, and to reach the one that is wanted, for so long
    if (towards_an_end ? patience_-- > 0 : Below(200) != 0) {
      const auto all = events;
      std::erase_if(events,
                    [&](const auto& one) { return one.ends && !(towards_an_end && one.far == 0); });
      if (events.empty()) events = all;
    }
    std::string event = events[Below(events.size())].event;
    if (towards_an_end && Below(10) < 8) {
      int nearest = kFar;
      for (const auto& one : events) nearest = std::min(nearest, one.far);
      std::erase_if(events, [&](const auto& one) { return one.far > nearest; });
      event = events[Below(events.size())].event;
    }
    const std::vector<std::string> people = {"ana", "bob", "cleo", "dan"};
    step_ = engine::Step(chart_, step_.snapshot,
                         {.name = event, .data = Data(), .origin = people[Below(4)]}, {});
    EXPECT_EQ(step_.incidents, std::vector<std::string>{}) << event;
    Note();
  }

  std::string Where() const {
    std::string where;
    for (const auto& id : step_.snapshot.ActiveStates()) where += id + " ";
    return where;
  }

 private:
  std::size_t Below(std::size_t limit) { return std::size_t(random_() % limit); }

  void Note() {
    // entered, and not only active: what a macrostep passes through is reached as well
    for (const auto& id : step_.entered) seen_.insert(id);
  }

  struct Waited {
    int far;    // from the end that this walker wants, once it is taken
    bool ends;  // there or elsewhere
    std::string event;
  };
  std::vector<Waited> Events() const {
    std::set<std::string> locked;
    for (const auto& action : engine::Actions(chart_, step_.snapshot)) {
      if (action.locked) locked.insert(action.id);
    }
    std::vector<Waited> events;
    const auto add = [&](const engine::StateNode& state) {
      for (int index : state.transitions) {
        const auto& transition = chart_.transitions[std::size_t(index)];
        int nearest = kFar;
        bool ends = false;
        for (int target : transition.targets) {
          nearest = std::min(nearest, far_[std::size_t(target)]);
          ends = ends || std::find(ends_.begin(), ends_.end(), target) != ends_.end();
        }
        for (const auto& event : transition.events) {
          if (!locked.contains(event)) events.push_back({nearest, ends, event});
        }
      }
    };
    for (const auto& id : step_.snapshot.ActiveStates()) add(*engine::FindState(chart_, id));
    return events;
  }

  // Whatever a form of the rails may answer.
  json Data() {
    const auto one = [&](std::vector<const char*> of) { return json(of[Below(of.size())]); };
    json marks = json::array();
    for (int i = 0; i < 8; ++i) marks.push_back(Below(6));
    json reviewers = json::array();
    for (const char* who : {"ana", "bob", "cleo", "dan"}) {
      if (Below(2) == 0) reviewers.push_back(who);
    }
    return {{"ds_state",
             one({"", "en_construction", "en_instruction", "accepte", "refuse", "sans_suite"})},
            {"verdict", one({"accepted", "changes", "reserves"})},
            {"blocking_defects", Below(3) / 2},
            {"marks", marks},
            {"reviewers", reviewers},
            {"branch", one({"", "dgcl", "dgos", "sg"})},
            {"address", "dan@exemple.invalid"},
            {"amount", Below(4)},
            {"requested_amount", Below(4)},
            {"granted_amount", Below(4)},
            {"spent_amount", Below(4)},
            {"balanced", Below(2) == 0},
            {"within_funding", Below(2) == 0},
            {"designers", {"dan"}},
            {"integrators", {"dan"}},
            {"collection", "achat"},
            {"course_url", "https://www.exemple.invalid/cours"}};
  }

  const Chart& chart_;
  std::mt19937_64& random_;
  int patience_ = 200;
  std::vector<int> ends_;  // the top-level finals
  std::vector<int> far_;   // from the one this walker wants
  engine::StepResult step_;
  std::set<std::string> seen_;
};

class Ends : public testing::TestWithParam<std::string> {};

TEST_P(Ends, AreReachedFromEveryReachableState) {
  const auto chart = ReadRails(GetParam());
  ASSERT_NE(chart, nullptr);
  std::mt19937_64 random(test::Seed());
  std::set<std::string> led_to_an_end;
  std::set<std::string> ends;
  std::size_t longest = 0;
  constexpr int kWalks = 300;
  for (int walk = 0; walk < kWalks; ++walk) {
    Walker walker(*chart, random);
    for (std::size_t i = random() % (walk % 2 == 0 ? 8 : 400); i > 0 && !walker.ended(); --i)
      walker.Go(false);
    const std::string from = walker.Where();
    std::size_t steps = 0;
    for (; steps < 2'000 && !walker.ended(); ++steps) {
      walker.Go(true);
      if (HasFatalFailure()) return;
    }
    ASSERT_TRUE(walker.ended()) << "from " << from << "stuck in " << walker.Where() << "seed "
                                << test::Seed();
    led_to_an_end.insert(walker.seen().begin(), walker.seen().end());
    ends.insert(walker.Where());
    longest = std::max(longest, steps);
  }
  std::size_t states = 0;
  for (const auto& state : chart->states) states += state.index > 0 && !engine::IsHistory(state);
  std::printf("%s: %d walks, %zu of %zu states led to an end, %zu ends, longest way %zu\n",
              GetParam().c_str(), kWalks, led_to_an_end.size(), states, ends.size(), longest);
  for (const auto& state : chart->states) {
    if (state.index == 0 || engine::IsHistory(state)) continue;
    EXPECT_TRUE(led_to_an_end.contains(state.id)) << state.id << " seed " << test::Seed();
  }
}

INSTANTIATE_TEST_SUITE_P(Rails, Ends, testing::ValuesIn(kRails),
                         [](const auto& rails) { return TestNameOf(rails.param); });

}  // namespace
}  // namespace aiguillage::workflows
