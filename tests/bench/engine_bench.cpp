// How fast and how small the engine is. One thread, no trace, median of five.
//
//   engine_bench [--check] [--peer NAME FILE]…
//
// A FILE holds what a peer measured at the same work, « row value » a line; the goal of such a row
// is twice the best of them. Without peers it is twice the best figure that issue 3 quotes. --check
// ends with an error when a goal is missed.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/interpreter.h"
#include "tests/bench/measure.h"
#include "tests/bench/rings.h"
#include "workflows/check.h"
#include "workflows/reader.h"

namespace {

using namespace aiguillage;  // NOLINT: a program of one page
using bench::Document;
using bench::Median;
using bench::Ring;

const engine::StepInput kInput{.session_id = "AIG-2026-0042"};

std::shared_ptr<const engine::Chart> Read(const std::string& text) {
  auto read = workflows::ReadChart(text, "bench.scxml");
  if (!read) throw std::runtime_error(read.refusal().sentence);
  return read.value();
}

double PerSecond(const engine::Chart& chart, int instances, int events) {
  std::vector<engine::Snapshot> snapshots(static_cast<std::size_t>(instances),
                                          engine::Start(chart, kInput).snapshot);
  const engine::Event next{.name = "next"};
  const double seconds = Median([&] {
    for (int i = 0; i < events; ++i) {
      engine::Snapshot& snapshot = snapshots[static_cast<std::size_t>(i % instances)];
      engine::StepResult result = engine::Step(chart, std::move(snapshot), next, kInput);
      if (!result.taken) throw std::runtime_error("Expected a transition, but none was taken");
      snapshot = std::move(result.snapshot);
    }
  });
  return events / seconds;
}

// As a program keeps it between two events, read back from its text.
double BytesLoaded(const engine::Chart& chart) {
  constexpr int kInstances = 10'000;
  const auto json = engine::Start(chart, kInput).snapshot.ToJson();
  const std::size_t before = bench::Allocated();
  std::vector<engine::Snapshot> many;
  many.reserve(kInstances);
  for (int i = 0; i < kInstances; ++i) many.push_back(engine::Snapshot::FromJson(chart, json));
  return static_cast<double>(bench::Allocated() - before) / kInstances;
}

// As `workflow check` does for a definition of the size of `document`.
double MillisecondsToReadAndCheck(const std::string& document) {
  const double seconds = Median([&] {
    std::vector<workflows::Finding> findings;
    const auto definition =
        workflows::ReadDefinition("bench", {{"bench.scxml", document}}, findings);
    if (definition) findings = workflows::CheckRails(*definition, {});
    if (!findings.empty()) {
      throw std::runtime_error("Expected a clean definition, but " + findings[0].message);
    }
  });
  return seconds * 1000;
}

// What each peer measured, by row.
using Peers = std::map<std::string, std::map<std::string, double>>;

class Table {
 public:
  explicit Table(Peers peers) : peers_(std::move(peers)) {
    std::printf("%-44s %12s %14s", "", "measured", "goal");
    for (const auto& [name, rows] : peers_) std::printf(" %12s", name.c_str());
    std::printf("\n");
  }

  // `seen`: the best figure of others that issue 3 quotes, where no peer is measured.
  void Faster(const char* what, const char* row, double measured, double seen) {
    double best = 0;
    for (const auto& [name, rows] : peers_) best = std::max(best, Of(rows, row));
    const double goal = 2 * (peers_.empty() ? seen : best);
    Line(what, row, measured / 1e6, ">=", goal / 1e6, "M/s", 1e6, measured >= goal);
  }

  void Smaller(const char* what, const char* row, double measured, double goal, const char* unit) {
    for (const auto& [name, rows] : peers_) {
      const double theirs = Of(rows, row);
      if (std::string_view(row) == "loaded" && theirs > 0) goal = std::min(goal, theirs / 2);
    }
    Line(what, row, measured, "<=", goal, unit, 1, measured <= goal);
  }

  bool met() const { return met_; }

 private:
  static double Of(const std::map<std::string, double>& rows, const std::string& row) {
    const auto found = rows.find(row);
    return found == rows.end() ? 0 : found->second;
  }

  void Line(const char* what, const char* row, double measured, const char* sign, double goal,
            const char* unit, double scale, bool met) {
    std::printf("%-44s %8.2f %-4s %s %6.*f %-4s", what, measured, unit, sign, goal < 100 ? 2 : 0,
                goal, unit);
    for (const auto& [name, rows] : peers_) {
      const double theirs = Of(rows, row);
      if (theirs > 0) {
        std::printf(" %12.2f", theirs / scale);
      } else {
        std::printf(" %12s", "-");
      }
    }
    std::printf("%s\n", met ? "" : "   goal missed");
    std::fflush(stdout);
    met_ = met_ && met;
  }

  Peers peers_;
  bool met_ = true;
};

void Measure(Table& table) {
  const auto plain = Read(Document(Ring(12)));
  const auto guarded = Read(Document(bench::Counter() + Ring(12, bench::Guarded())));
  const auto large = Read(Document(bench::Tree({3, 4, 4, 4, 4})));
  const double twelve = PerSecond(*plain, 1, 400'000);
  table.Faster("plain events, 12 states", "plain", twelve, 0.96e6);
  table.Faster("guard + assign, 12 states", "guarded", PerSecond(*guarded, 1, 200'000), 0.17e6);
  table.Smaller("cost per event, 1,023 states on 5 levels", "large",
                twelve / PerSecond(*large, 1, 200'000), 2, "x");
  const double few = PerSecond(*guarded, 1'000, 1'000'000);
  table.Smaller("cost per event, 1,000,000 instances in turn", "many",
                few / PerSecond(*guarded, 1'000'000, 1'000'000), 1.3, "x");
  table.Smaller("one loaded instance", "loaded", BytesLoaded(*guarded), 4096, "B");
  const engine::Snapshot one = engine::Start(*guarded, kInput).snapshot;
  table.Smaller("one instance at rest", "rest", static_cast<double>(one.ToJson().dump().size()),
                300, "B");
  table.Smaller("reading and checking 1,025 states", "check",
                MillisecondsToReadAndCheck(bench::Rails()), 50, "ms");
}

std::map<std::string, double> RowsOf(const std::string& file) {
  std::ifstream in(file);
  std::map<std::string, double> rows;
  std::string row;
  for (double value = 0; in >> row >> value;) rows[row] = value;
  if (rows.empty()) throw std::runtime_error("Expected rows in " + file + ", but there are none");
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    bool check = false;
    Peers peers;
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i] == "--check") {
        check = true;
      } else if (arguments[i] == "--peer" && i + 2 < arguments.size()) {
        peers[arguments[i + 1]] = RowsOf(arguments[i + 2]);
        i += 2;
      } else {
        throw std::runtime_error("Expected --check or --peer NAME FILE, but got " + arguments[i]);
      }
    }
    Table table(std::move(peers));
    Measure(table);
    return check && !table.met() ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
