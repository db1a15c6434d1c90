// The figures of flow and of steps counted again from the raw journal, in plain C++ and another
// way: row by row instead of by sums, sorted lists instead of histograms.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "storage/journal.h"
#include "tests/web/figures_world.h"
#include "web/figures/flow.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using storage::Session;

const std::string kMentor = "mentor-2026";

struct PlainStay {
  std::string state, next;  // next "": it lasts
  std::string from, to;     // days in Paris
  int nth = 1;              // of its project in that state
};
struct PlainLife {
  std::vector<PlainStay> stays;   // of columns, one after the other
  std::vector<std::string> ever;  // every state it was in
};

std::int64_t DaysBetween(const std::string& from, const std::string& to) {
  return (workflows::ParisHour(to, 12) - workflows::ParisHour(from, 12) + 43'200'000) / 86'400'000;
}

bool IsColumn(const engine::Chart& chart, const std::string& id) {
  const auto* node = engine::FindState(chart, id);
  if (node == nullptr || engine::Attribute(*node, "label").empty()) return false;
  for (int at = node->parent; at > 0; at = chart.states[static_cast<std::size_t>(at)].parent) {
    const auto& above = chart.states[static_cast<std::size_t>(at)];
    if (!engine::Attribute(above, "label").empty()) return false;
  }
  return true;
}

PlainLife LifeOf(const engine::Chart& chart, std::vector<storage::JournalRow> rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].action != "take_back") continue;
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i) - 1,
               rows.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    i -= 2;
  }
  PlainLife life;
  std::map<std::string, int> times;
  std::string before;
  for (const auto& row : rows) {
    std::string column;
    for (const auto& id : SplitWords(row.states)) {
      life.ever.push_back(id);
      if (column.empty() && IsColumn(chart, id)) column = id;
    }
    if (!life.stays.empty() && life.stays.back().state == column) continue;
    const std::string day = workflows::ParisDate(row.at);
    if (!life.stays.empty()) {
      life.stays.back().to = day;
      life.stays.back().next = column;
    }
    const bool resumed = before == "suspended" && times[column] > 0;
    life.stays.push_back({column, "", day, "", resumed ? times[column] : ++times[column]});
    before = column;
  }
  return life;
}

struct Recounted {
  FiguresWorld world;
  std::shared_ptr<const workflows::Definition> definition;
  std::vector<PlainLife> lives;
  std::vector<Figure> flow, steps;

  Recounted() : definition(world.counter.services().catalog.Newest("mentor")) {
    world.counter.database().Read([&](Session& session) {
      storage::ProjectFilter filter;
      filter.call = kMentor;
      filter.limit = 1000;
      for (const auto& project : storage::ListProjects(session, filter)) {
        lives.push_back(LifeOf(definition->chart, storage::JournalOf(session, project.id)));
      }
      const FigureQuestion question{{kMentor}, "", "", "", Counter::kNow};
      flow = FlowFigures(session, world.counter.services().catalog, question);
      steps = StepFigures(session, world.counter.services().catalog, question);
    });
  }
  std::string Label(const std::string& state) const {
    return engine::Attribute(*engine::FindState(definition->chart, state), "label");
  }
  static const Figure& Named(const std::vector<Figure>& figures, const std::string& id) {
    for (const auto& figure : figures) {
      if (figure.id == id) return figure;
    }
    throw std::runtime_error("no figure " + id);
  }
  static double At(const Figure& figure, const std::string& row, std::size_t column) {
    for (const auto& one : figure.rows) {
      if (one.front().text == row) return one.at(column).value.value_or(-1);
    }
    return -2;
  }
};

double Rank(std::vector<std::int64_t> days, double share) {
  std::sort(days.begin(), days.end());
  std::size_t at = 0;
  while (static_cast<double>(at + 1) < share * static_cast<double>(days.size()) - 1e-9) ++at;
  return static_cast<double>(days[at]);
}

TEST(FiguresRecounted, DurationsOfSteps) {
  Recounted all;
  std::map<std::string, std::vector<std::int64_t>> days;
  for (const auto& life : all.lives) {
    for (const auto& stay : life.stays) {
      if (!stay.next.empty()) days[stay.state].push_back(DaysBetween(stay.from, stay.to));
    }
  }
  const Figure& figure = Recounted::Named(all.steps, "step_times");
  ASSERT_GT(days.size(), 2U) << "seed " << test::Seed();
  for (const auto& [state, list] : days) {
    const std::string row = all.Label(state);
    EXPECT_EQ(Recounted::At(figure, row, 1), static_cast<double>(list.size())) << row;
    EXPECT_EQ(Recounted::At(figure, row, 2), Rank(list, 0.5)) << row;
    EXPECT_EQ(Recounted::At(figure, row, 3), Rank(list, 0.8)) << row;
    EXPECT_EQ(Recounted::At(figure, row, 4), Rank(list, 0.9)) << row;
    const double target = Recounted::At(figure, row, 6);
    if (target < 0) continue;
    EXPECT_EQ(Recounted::At(figure, row, 7),
              std::count_if(list.begin(), list.end(),
                            [&](auto one) { return static_cast<double>(one) > target; }))
        << row;
  }
}

TEST(FiguresRecounted, FirstReadings) {
  Recounted all;
  std::int64_t first = 0, back = 0, ended = 0;
  for (const auto& life : all.lives) {
    for (const auto& stay : life.stays) {
      if (stay.state != "lead_review" || stay.nth != 1) continue;
      if (stay.next.empty() || stay.next == "suspended") continue;
      ++first;
      back += stay.next == "framing_changes" ? 1 : 0;
      ended += stay.next == "rejected" || stay.next == "withdrawn" ? 1 : 0;
    }
  }
  const Figure& figure = Recounted::Named(all.steps, "first_pass");
  const std::string row = all.Label("lead_review");
  ASSERT_GT(back, 0) << "seed " << test::Seed();
  EXPECT_EQ(Recounted::At(figure, row, 1), static_cast<double>(first));
  EXPECT_EQ(Recounted::At(figure, row, 2), static_cast<double>(first - back - ended));
  EXPECT_EQ(Recounted::At(figure, row, 4), static_cast<double>(back));
  EXPECT_EQ(Recounted::At(figure, row, 5), static_cast<double>(ended));
}

TEST(FiguresRecounted, WhatMovedAndWhereItWaits) {
  Recounted all;
  const std::string today = workflows::ParisDate(Counter::kNow);
  double arrived = 0, left = 0;
  std::map<std::string, std::int64_t> waited, standing;
  for (const auto& life : all.lives) {
    ++arrived;
    for (const auto& stay : life.stays) {
      if (!stay.next.empty()) {
        ++left;
        continue;
      }
      waited[stay.state] += DaysBetween(stay.from, today);
      ++standing[stay.state];
    }
  }
  const Figure& throughput = Recounted::Named(all.flow, "throughput");
  double told_arrived = 0, told_left = 0;
  for (const auto& row : throughput.rows) {
    told_arrived += row[1].value.value();
    told_left += row[2].value.value();
  }
  EXPECT_EQ(told_arrived, arrived);
  EXPECT_EQ(told_left, left);
  const Figure& bottlenecks = Recounted::Named(all.flow, "bottlenecks");
  for (const auto& [state, days] : waited) {
    const auto* node = engine::FindState(all.definition->chart, state);
    if (node->kind == engine::StateKind::kFinal) continue;
    EXPECT_EQ(Recounted::At(bottlenecks, all.Label(state), 1),
              static_cast<double>(standing[state]));
    EXPECT_EQ(Recounted::At(bottlenecks, all.Label(state), 4), static_cast<double>(days)) << state;
  }
}

TEST(FiguresRecounted, FunnelAndWhereProjectsStoodAtEachDate) {
  Recounted all;
  const std::vector<std::string> phases = {"admissibility", "framing_review", "expert_review"};
  std::map<std::string, int> reached;
  for (const auto& life : all.lives) {
    int furthest = -1;
    for (const auto& id : life.ever) {
      const auto* node = engine::FindState(all.definition->chart, id);
      const auto at = std::find(phases.begin(), phases.end(), engine::Attribute(*node, "phase"));
      if (node->kind == engine::StateKind::kFinal || at == phases.end()) continue;
      furthest = std::max(furthest, static_cast<int>(at - phases.begin()));
    }
    for (int i = 0; i <= furthest; ++i) ++reached[phases[static_cast<std::size_t>(i)]];
  }
  const Figure& funnel = Recounted::Named(all.flow, "funnel");
  for (std::size_t i = 0; i < phases.size(); ++i) {
    EXPECT_EQ(funnel.rows.at(i)[1].value.value(), reached[phases[i]]) << phases[i];
  }
  const Figure& cumulative = Recounted::Named(all.flow, "cumulative_flow");
  ASSERT_FALSE(cumulative.rows.empty());
  const std::string today = workflows::ParisDate(Counter::kNow);
  for (std::size_t column = 1; column < cumulative.columns.size(); ++column) {
    const std::string& phase = cumulative.columns[column].id;
    double there = 0;
    for (const auto& life : all.lives) {
      const auto& stay = life.stays.back();
      const auto* node = engine::FindState(all.definition->chart, stay.state);
      const bool final = node->kind == engine::StateKind::kFinal;
      std::string own = final ? "ends" : engine::Attribute(*node, "phase");
      if (own == "framing_review" || own == "expert_review" || own == "committee") own = "review";
      there += stay.from <= today && (own.empty() ? "none" : own) == phase ? 1 : 0;
    }
    EXPECT_EQ(cumulative.rows.back()[column].value.value(), there) << phase;
  }
}

}  // namespace
}  // namespace aiguillage::web
