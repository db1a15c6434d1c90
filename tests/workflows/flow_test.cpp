// How projects moved: the stays as one would tell them, and every sum made again from the raw
// journal in another way, whatever random people did.
#include "workflows/flow.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "tests/support/desk_world.h"
#include "tests/support/random_people.h"
#include "tests/support/seed.h"
#include "workflows/calendar.h"
#include "workflows/desk_rows.h"
#include "workflows/holder_time.h"
#include "workflows/past.h"

namespace aiguillage::workflows {
namespace {

using storage::Session;
using storage::Stay;
using test::DeskWorld;

std::vector<storage::StayRow> StaysOfProject(DeskWorld& world, const std::string& number) {
  while (FollowMoves(world.database(), world.catalog())) continue;
  auto rows = world.database().Read([&](Session& session) {
    return storage::ListStays(session, {}, storage::StayEnd::kEntered, 10'000, 0);
  });
  std::erase_if(rows, [&](const auto& row) { return row.number != number; });
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.stay.entered_at, a.stay.left_at) <
           std::tie(b.stay.entered_at, b.stay.left_at);
  });
  return rows;
}

// « check 23 -> lead_review (3 d) », one line a stay, in order.
std::string Told(DeskWorld& world, const std::string& number) {
  std::string text;
  for (const auto& row : StaysOfProject(world, number)) {
    const Stay& stay = row.stay;
    text += stay.state + (stay.whole ? "" : "*") +
            (stay.pass > 1 ? " (" + std::to_string(stay.pass) + ")" : "") + " " +
            IsoDay(stay.entered_day).substr(5);
    if (!stay.next.empty()) {
      text += " -> " + stay.next + " after " + std::to_string(stay.left_day - stay.entered_day);
      for (std::size_t side = 0; side < storage::kSides; ++side) {
        if (stay.sides[side] >= 86'400'000) {
          text += std::string(" ") + SideId(static_cast<Side>(side)) + " " +
                  std::to_string(stay.sides[side] / 86'400'000);
        }
      }
    }
    text += "\n";
  }
  return text;
}

TEST(Flow, TellsWhereAProjectStayedAndInWhoseHands) {
  DeskWorld world;
  world.At("2026-11-02T10:00");
  const std::string number = world.Intake("Accueil");
  world.Days(3);
  world.Do(number, "olga", "check.accept");
  world.Days(7);
  world.Do(number, "lea", "framing.change", {{"reason", "À préciser."}});
  world.Days(5);
  world.Do(number, "hugo", "resubmit");
  world.Days(2);
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(Told(world, number),
            "check 11-02 -> lead_review after 3 office 3\n"
            "lead_review 11-05 -> completing after 7 lead 7\n"
            "completing 11-12 -> check after 5 holder 5\n"
            "check (2) 11-17\n");
  world.Do(number, "olga", "check.accept");
  world.Days(1);
  EXPECT_EQ(world.Do(number, "paul", "suspend", {{"reason", "Réorganisation."}}), "suspended");
  world.Days(30);
  EXPECT_EQ(world.Do(number, "paul", "resume"), "active lead_review");
  world.Days(2);
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(Told(world, number),
            "check 11-02 -> lead_review after 3 office 3\n"
            "lead_review 11-05 -> completing after 7 lead 7\n"
            "completing 11-12 -> check after 5 holder 5\n"
            "check (2) 11-17 -> lead_review after 2 office 2\n"
            "lead_review (2) 11-19 -> suspended after 1 lead 1\n"
            "suspended 11-20 -> lead_review after 30 nobody 30\n"
            "lead_review (2) 12-20 -> review after 2 lead 2\n"
            "review 12-22\n");
}

TEST(Flow, AnActTakenBackNeverWas) {
  DeskWorld world;
  world.At("2026-11-02T10:00");
  const std::string number = world.Intake("Accueil");
  world.Days(3);
  const std::string before = Told(world, number);
  world.Do(number, "olga", "check.accept");
  EXPECT_NE(Told(world, number), before);
  world.Minutes(2);
  world.TakeBack(number, "olga", world.last_act);
  EXPECT_EQ(Told(world, number), before);
}

// Another reading of the same journal: state by state, the runs of rows that name it.
struct Recount {
  std::map<std::tuple<std::string, std::int64_t>, std::pair<std::int64_t, std::int64_t>> days;
  std::map<std::tuple<std::string, std::string, int, int>, std::int64_t> stays;
  std::int64_t arrived = 0;
  std::map<std::string, std::int64_t> still;  // by column
  std::map<std::string, std::int64_t> held;   // by whoever's turn it was, finished stays
  std::map<std::pair<std::string, std::string>, std::int64_t> reached;
};

bool Has(const std::string& states, const std::string& id) {
  return (" " + states + " ").find(" " + id + " ") != std::string::npos;
}

std::string FirstLabelled(const engine::Chart& chart, const std::string& states, bool last) {
  std::string found;
  for (const auto& node : chart.states) {  // document order
    if (!Has(states, node.id) || engine::Attribute(node, "label").empty()) continue;
    if (found.empty() || last) found = node.id;
  }
  return found;
}

std::int64_t Day(std::int64_t at) {  // counted on the calendar, one day after the other
  static std::map<std::string, std::int64_t> known;
  const std::string wanted = ParisDate(at);
  const auto found = known.find(wanted);
  if (found != known.end()) return found->second;
  std::int64_t day = at / 86'400'000 - 1;
  while (ParisDate(day * 86'400'000 + 43'200'000) != wanted) ++day;
  return known[wanted] = day;
}

void Add(Recount& recount, const engine::Chart& chart, const storage::Project& project,
         std::vector<storage::JournalRow> rows) {
  for (std::size_t i = 0; i < rows.size();) {
    if (rows[i].action != "take_back") {
      ++i;
      continue;
    }
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i) - 1,
               rows.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    --i;
  }
  for (const auto& node : chart.states) {
    if (engine::Attribute(node, "label").empty()) continue;
    int pass = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!Has(rows[i].states, node.id) || (i > 0 && Has(rows[i - 1].states, node.id))) continue;
      const bool resumed = i > 0 && Has(rows[i - 1].states, "suspended") && pass > 0;
      if (!resumed) ++pass;
      const bool column = FirstLabelled(chart, rows[i].states, false) == node.id;
      if (column) ++recount.days[{node.id, Day(rows[i].at)}].first;
      std::size_t end = i + 1;
      while (end < rows.size() && Has(rows[end].states, node.id)) ++end;
      if (end == rows.size()) continue;
      const std::string next = FirstLabelled(chart, rows[end].states, !column);
      if (column) ++recount.days[{node.id, Day(rows[end].at)}].second;
      ++recount.stays[{node.id, next, static_cast<int>(Day(rows[end].at) - Day(rows[i].at)), pass}];
      for (std::size_t at = i; at < end; ++at) {
        const auto side = SideAfter(chart, rows[at]);
        if (side) recount.held[SideId(*side)] += rows[at + 1].at - rows[at].at;
      }
    }
  }
  ++recount.arrived;
  ++recount.still[project.state];
  ++recount.reached[{project.collection, project.ended_at != 0 ? project.state : ""}];
}

Recount FromTheJournal(DeskWorld& world, const std::vector<std::string>& numbers) {
  Recount recount;
  const auto definition = world.catalog().Newest("demo");
  for (const auto& number : numbers) {
    const auto project = world.Project(number);
    auto rows = world.database().Read(
        [&](Session& session) { return storage::JournalOf(session, project.id); });
    Add(recount, definition->chart, project, std::move(rows));
  }
  return recount;
}

Recount FromTheSums(DeskWorld& world) {
  Recount recount;
  world.database().Read([&](Session& session) {
    for (const auto& flow : storage::FlowByDay(session, {})) {
      recount.days[{flow.state, flow.day}] = {flow.entered, flow.gone};
      recount.arrived += flow.arrived;
      if (flow.still > 0) recount.still[flow.state] += flow.still;
    }
    for (const auto& count : storage::StayCounts(session, {})) {
      recount.stays[{count.state, count.next, count.days, count.pass}] = count.total;
      for (std::size_t side = 0; side < storage::kSides; ++side) {
        if (count.sides[side] > 0) {
          recount.held[SideId(static_cast<Side>(side))] += count.sides[side];
        }
      }
    }
    for (const auto& reach : storage::Reached(session, {}, true)) {
      recount.reached[{reach.collection, reach.outcome}] += reach.total;
    }
  });
  return recount;
}

void ExpectSame(const Recount& sums, const Recount& journal) {
  EXPECT_EQ(sums.days, journal.days);
  EXPECT_EQ(sums.stays, journal.stays);
  EXPECT_EQ(sums.arrived, journal.arrived);
  EXPECT_EQ(sums.still, journal.still);
  EXPECT_EQ(sums.held, journal.held);
  EXPECT_EQ(sums.reached, journal.reached);
}

TEST(Flow, SumsAreThoseOfTheJournalWhateverPeopleDo) {
  DeskWorld world;
  test::Random random{std::mt19937_64(test::Seed())};
  std::vector<std::string> numbers;
  int done = 0, back = 0;
  for (int i = 0; i < 500; ++i) {
    if (i % 40 == 0) numbers.push_back(world.Intake("Projet"));
    world.Minutes(static_cast<int>(random.Below(90)));
    if (random.Below(6) == 0) world.Days(static_cast<int>(random.Below(20)));
    if (random.Below(9) == 0) world.Tick();
    const std::string number = random.Of(numbers);
    const auto [who, action] = test::Choose(world, random, number);
    const auto answer =
        world.desk().Act(world.Request(number, who, action, test::DataFor(action, random)));
    done += answer ? 1 : 0;
    if (answer && random.Below(4) == 0) {
      back += world.desk().TakeBack(number, answer.value().act, {world.Person(who), ""}, world.now)
                  ? 1
                  : 0;
    }
    if (i % 50 == 0) FollowMoves(world.database(), world.catalog(), 3);  // now and then, not all
  }
  while (FollowMoves(world.database(), world.catalog(), 3)) continue;
  EXPECT_GT(done, 60) << "seed " << test::Seed();
  EXPECT_GT(back, 5) << "seed " << test::Seed();
  ExpectSame(FromTheSums(world), FromTheJournal(world, numbers));
  EXPECT_EQ(world.database().Read([](Session& s) { return storage::FlowFaults(s); }),
            std::vector<std::string>{});

  // Made again from nothing known, it is the same.
  const Recount before = FromTheSums(world);
  world.database().Write([](Session& session) { storage::Unfollow(session); });
  while (FollowMoves(world.database(), world.catalog(), 7)) continue;
  ExpectSame(FromTheSums(world), before);
}

TEST(Flow, RowsAndSumsAgreeUnderEveryFilter) {
  DeskWorld world;
  test::Random random{std::mt19937_64(test::Seed())};
  std::vector<std::string> numbers;
  for (int i = 0; i < 400; ++i) {
    if (i % 40 == 0) numbers.push_back(world.Intake("Projet"));
    if (random.Below(3) == 0) world.Days(static_cast<int>(random.Below(9)));
    const std::string number = random.Of(numbers);
    const auto [who, action] = test::Choose(world, random, number);
    world.Do(number, who, action, test::DataFor(action, random));
  }
  while (FollowMoves(world.database(), world.catalog())) continue;
  const auto first = ParisDay(world.now) - 200;
  std::int64_t seen = 0;
  for (int i = 0; i < 200; ++i) {
    storage::FlowFilter filter;
    if (random.Below(2) == 0) filter.collections = {random.Of(std::vector{"numerique", "cyber"})};
    if (random.Below(2) == 0) filter.states = {random.Of(std::vector{"lead_review", "check"})};
    if (random.Below(2) == 0)
      filter.from_day = first + static_cast<std::int64_t>(random.Below(200));
    if (random.Below(2) == 0) filter.to_day = first + static_cast<std::int64_t>(random.Below(300));
    filter.days_min = static_cast<int>(random.Below(4));
    filter.pass = static_cast<int>(random.Below(3));
    world.database().Read([&](Session& session) {
      std::int64_t total = 0;
      for (const auto& count : storage::StayCounts(session, filter)) total += count.total;
      const auto months = storage::WholeMonths(filter);
      EXPECT_EQ(storage::CountStays(session, months, storage::StayEnd::kLeft), total);
      EXPECT_EQ(storage::ListStays(session, months, storage::StayEnd::kLeft, 100'000, 0).size(),
                static_cast<std::size_t>(total));
      seen += total;
      std::int64_t entered = 0;
      filter.days_min = filter.pass = 0;
      filter.whole = true;
      // Who stands there at the end of a day: all who came by then, without those who left.
      storage::FlowFilter standing = filter, until = filter;
      standing.from_day = standing.to_day = until.from_day = 0;
      standing.on_day = until.to_day = first + static_cast<std::int64_t>(random.Below(250));
      std::int64_t there = 0;
      for (const auto& flow : storage::FlowByDay(session, until)) there += flow.entered - flow.gone;
      EXPECT_EQ(storage::CountStays(session, standing, storage::StayEnd::kEntered), there);
      for (const auto& flow : storage::FlowByDay(session, filter)) entered += flow.entered;
      EXPECT_EQ(storage::CountStays(session, filter, storage::StayEnd::kEntered), entered);
    });
  }
  EXPECT_GT(seen, 100) << "seed " << test::Seed();
}

// Instants between an act and its taking back: the journal then tells a state that never was.
bool SomethingWasTakenBackAfter(DeskWorld& world, const std::vector<std::string>& numbers,
                                std::int64_t at) {
  return world.database().Read([&](Session& session) {
    for (const auto& number : numbers) {
      const auto rows = storage::JournalOf(session, storage::FindProject(session, number)->id);
      for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].action != "take_back") continue;
        if (rows[i].at > at && rows[i - 1].at <= at) return true;
      }
    }
    return false;
  });
}

TEST(Flow, TellsWhoStoodWhereAtTheEndOfAnyDayAsTheJournalDoes) {
  DeskWorld world;
  test::Random random{std::mt19937_64(test::Seed())};
  std::vector<std::string> numbers;
  for (int i = 0; i < 300; ++i) {
    if (i % 15 == 0) {
      numbers.push_back(world.Intake("Projet", "", i % 2 == 0 ? "numerique" : "langues"));
    }
    world.Minutes(static_cast<int>(random.Below(90)));
    if (random.Below(5) == 0) world.Days(static_cast<int>(random.Below(9)));
    const std::string number = random.Of(numbers);
    const auto [who, action] = test::Choose(world, random, number);
    const auto answer =
        world.desk().Act(world.Request(number, who, action, test::DataFor(action, random)));
    if (!answer || random.Below(4) != 0) continue;
    world.Minutes(static_cast<int>(random.Below(9)));
    (void)world.desk().TakeBack(number, answer.value().act, {world.Person(who), ""}, world.now);
  }
  while (FollowMoves(world.database(), world.catalog())) continue;
  std::int64_t compared = 0, states = 0;
  for (std::int64_t day = ParisDay(world.now) - 150; day <= ParisDay(world.now); ++day) {
    const std::int64_t at = EndOfParisDay(IsoDay(day));
    if (SomethingWasTakenBackAfter(world, numbers, at)) continue;
    world.database().Read([&](Session& session) {
      std::map<std::string, std::int64_t> sums, journal, lists;
      for (const auto& one : storage::StandingOn(session, {.on_day = day})) {
        sums[one.state] += one.projects;
        storage::FlowFilter rows{.on_day = day};
        rows.collections = {one.collection};
        rows.states = {one.state};
        rows.whole = true;
        lists[one.state] += storage::CountStays(session, rows, storage::StayEnd::kEntered);
      }
      for (const auto& one : PipelineAt(session, world.catalog(), at)) {
        journal[one.state] += one.projects;
      }
      EXPECT_EQ(sums, journal) << IsoDay(day) << ", seed " << test::Seed();
      EXPECT_EQ(sums, lists) << IsoDay(day) << ", seed " << test::Seed();
      ++compared;
      states += static_cast<std::int64_t>(sums.size());
    });
  }
  EXPECT_GT(compared, 50) << "seed " << test::Seed();
  EXPECT_GT(states, 100) << "seed " << test::Seed();
  std::map<std::string, std::int64_t> lasting, active;
  world.database().Read([&](Session& session) {
    for (const auto& one : storage::LastingByDay(session, {})) lasting[one.state] += one.still;
    for (const auto& row :
         storage::ListStays(session, {.open = true}, storage::StayEnd::kEntered, 100'000, 0)) {
      ++active[row.stay.state];
    }
  });
  EXPECT_EQ(lasting, active);
  EXPECT_FALSE(lasting.empty());
}

// A journal outlives its rails: what a chart lacks stands under its own name.
TEST(Flow, AStateThatTheChartLacksIsNoReasonToStop) {
  test::DeskWorld world;
  const auto& chart = world.catalog().Newest("demo")->chart;
  EXPECT_EQ(ColumnState(chart, {"gone", "gone.inside"}), "gone");
  EXPECT_EQ(ColumnState(chart, {"gone", "lead_review"}), "lead_review");
}

TEST(Flow, DaysAndMonthsAreThoseOfTheCalendar) {
  EXPECT_EQ(IsoDay(DayOf("2026-11-23")), "2026-11-23");
  EXPECT_EQ(IsoDay(DayOf("2028-02-29")), "2028-02-29");
  EXPECT_EQ(DayOf("2026-02-30"), 0);
  EXPECT_EQ(DayOf("bonjour"), 0);
  EXPECT_EQ(IsoDay(storage::FirstOfMonth(DayOf("2028-02-29"))), "2028-02-01");
  const auto months =
      storage::WholeMonths({.from_day = DayOf("2026-11-23"), .to_day = DayOf("2028-02-10")});
  EXPECT_EQ(IsoDay(months.from_day), "2026-11-01");
  EXPECT_EQ(IsoDay(months.to_day), "2028-02-29");
  // A late evening in Paris is another day than in Greenwich.
  EXPECT_EQ(IsoDay(ParisDay(ParseInstant("2026-07-01T00:30").value())), "2026-07-01");
}

}  // namespace
}  // namespace aiguillage::workflows
