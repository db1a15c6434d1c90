// What deadlines cost: a million that wait, the look for what is due, ten thousand due at once.
//   timers_bench [WAITING] [--check]
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "notifications/clockwork.h"
#include "storage/projects.h"
#include "storage/timers.h"
#include "tests/bench/goals.h"
#include "tests/bench/measure.h"
#include "tests/support/desk_world.h"
#include "workflows/calendar.h"

namespace aiguillage::bench {
namespace {

using notifications::Clockwork;
using storage::Session;

constexpr int kDue = 10'000, kPlainActs = 2'000, kPolls = 500, kBatch = 10'000;

// Deadlines of a far day, all of one project that no act touches: what matters is the table.
void AddWaiting(test::DeskWorld& world, std::int64_t count) {
  const std::string number = world.Intake("Attente");
  storage::Timer timer;
  timer.project = world.Project(number).id;
  world.database().Write([&](Session& session) {
    for (auto own : storage::TimersOf(session, timer.project)) {
      own.status = "cancelled";
      own.rung_at = 0;
      storage::UpdateTimer(session, own);
    }
  });
  timer.kind = "deadline";
  timer.event = "check.late";
  timer.owner = "check";
  timer.rule = timer.counts = "15 jours ouvrés";
  timer.resume = "remaining";
  timer.started_at = timer.counts_from = world.now;
  timer.status = "waiting";
  const std::int64_t far = workflows::EndOfParisDay("2031-01-01");
  for (std::int64_t done = 0; done < count;) {
    world.database().Write([&](Session& session) {
      for (int i = 0; i < kBatch && done < count; ++i, ++done) {
        timer.due_at = far + done % 365 * 86'400'000;
        timer.rung_at = timer.due_at - 86'400'000;
        storage::InsertTimer(session, timer);
      }
    });
  }
}

// Milliseconds of one look by the wall's clock: the median, and the worst.
std::pair<double, double> Poll(test::DeskWorld& world, Clockwork& clockwork, bool whole) {
  std::vector<double> times;
  for (int i = 0; i < kPolls; ++i) {
    const double started = WallSeconds();
    if (whole) {
      clockwork.Tick(world.now, false);
    } else {
      world.database().Read([&](Session& session) {
        storage::DueTimers(session, world.now, 200);
        storage::DueRungs(session, world.now, 200);
      });
    }
    times.push_back((WallSeconds() - started) * 1000);
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.back()};
}

int Run(std::int64_t waiting, bool check) {
  test::DeskWorld world({.grace_minutes = 0, .kind = test::Kind::kSqlite});
  world.At("2026-11-23T10:00");
  std::vector<std::string> numbers;
  for (int i = 0; i < kDue; ++i) numbers.push_back(world.Intake("Projet"));
  Clockwork clockwork(world.database(), world.desk());
  clockwork.Tick(world.now, false);  // the calendar of the call is considered once
  const auto few = Poll(world, clockwork, false);
  AddWaiting(world, waiting);
  Goals goals;
  const auto many = Poll(world, clockwork, false);
  const std::string worst = "worst " + std::to_string(many.second);
  goals.Said("look for what is due, 10,000 waiting", few.first, "ms");
  goals.AtMost("look for what is due, " + std::to_string(waiting) + " more", many.first, 5, "ms",
               worst);
  const auto tick = Poll(world, clockwork, true);
  goals.AtMost("a whole tick in which nothing is due", tick.first, 5, "ms",
               "worst " + std::to_string(tick.second));

  double started = 0, acts = 0;
  const auto drain = [&](const std::string& what, const std::string& at, int expected) {
    world.At(at);
    started = WallSeconds();
    int fired = 0;
    for (bool more = true; more;) {
      const auto report = clockwork.Tick(world.now, false);
      fired += report.fired + report.reminded;
      more = report.more;
    }
    if (fired != expected) {
      throw std::runtime_error(what + ": expected " + std::to_string(expected) + ", but " +
                               std::to_string(fired) + " fired");
    }
    return fired / (WallSeconds() - started);
  };
  goals.Said("10,000 reminders due at once", drain("reminders", "2026-12-02T08:00", kDue),
             "a second");
  goals.Said("10,000 more, into the mails that wait",
             drain("more reminders", "2026-12-07T08:00", kDue), "a second");
  // The desk's own speed: the very act that a deadline raises, asked of it one by one.
  world.At("2026-12-08T00:00");
  started = WallSeconds();
  for (int i = 0; i < kPlainActs; ++i) {
    world.Do(numbers[static_cast<std::size_t>(i)], "timer", "check.late");
  }
  acts = kPlainActs / (WallSeconds() - started);
  goals.Said("a deadline's act asked of the desk", acts, "acts/s");
  const double rate = drain("deadlines", "2026-12-08T00:00", kDue - kPlainActs);
  goals.AtLeast("the other deadlines due at once, beside it", rate / acts, 0.8, "x acts",
                Round(rate) + " a second");
  return check && !goals.met() ? 1 : 0;
}

}  // namespace
}  // namespace aiguillage::bench

int main(int argc, char** argv) {
  std::int64_t waiting = 1'000'000;
  bool check = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    check = check || word == "--check";
    if (!word.starts_with("--")) waiting = std::atoll(argv[i]);
  }
  try {
    return aiguillage::bench::Run(waiting, check);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
}
