// How fast and how small the engine is: `./run bench engine`. One thread, no trace, median of five.
//
//   engine_bench        one line per measure:  plain events   2.31 M/s
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/interpreter.h"
#include "workflows/reader.h"

namespace {

using namespace aiguillage;  // NOLINT: a program of one page

std::shared_ptr<const engine::Chart> Read(const std::string& inside) {
  auto read = workflows::ReadChart(
      "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='ecmascript'>" +
          inside + "</scxml>",
      "bench.scxml");
  if (!read) {
    std::fprintf(stderr, "%s\n", read.refusal().sentence.c_str());
    std::exit(1);
  }
  return read.value();
}

// A ring of states, each waiting for the same event.
std::string Ring(int states, const std::string& guard, const std::string& content) {
  std::string text;
  for (int i = 0; i < states; ++i) {
    text += "<state id='s" + std::to_string(i) + "'><transition event='next' target='s" +
            std::to_string((i + 1) % states) + "'" + guard + ">" + content +
            "</transition></state>";
  }
  return text;
}

// `leaves` atomic states under `levels` of compound ones.
std::string Deep(int leaves, int levels) {
  std::string open, close;
  for (int i = 0; i < levels; ++i) {
    open += "<state id='level" + std::to_string(i) + "'>";
    close += "</state>";
  }
  return open + Ring(leaves, "", "") + close;
}

double Seconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

template <typename Work>
double Median(Work work) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(Seconds(start));
  }
  std::sort(times.begin(), times.end());
  return times[2];
}

double PerSecond(const engine::Chart& chart, int instances, int events) {
  const engine::StepInput input{.session_id = "AIG-2026-0042"};
  std::vector<engine::Snapshot> snapshots(static_cast<std::size_t>(instances),
                                          engine::Start(chart, input).snapshot);
  const engine::Event next{.name = "next"};
  const double seconds = Median([&] {
    for (int i = 0; i < events; ++i) {
      engine::Snapshot& snapshot = snapshots[static_cast<std::size_t>(i % instances)];
      snapshot = engine::Step(chart, snapshot, next, input).snapshot;
    }
  });
  return events / seconds;
}

void Line(const char* what, double value, const char* unit) {
  std::printf("%-44s %10.2f %s\n", what, value, unit);
}

}  // namespace

int main() {
  const auto plain = Read(Ring(12, "", ""));
  const auto guarded = Read("<datamodel><data id='n' expr='0'/></datamodel>" +
                            Ring(12, " cond='n &gt;= 0'", "<assign location='n' expr='n + 1'/>"));
  const auto large = Read(Deep(1000, 4));
  Line("plain events, 12 states", PerSecond(*plain, 1, 400'000) / 1e6, "M/s");
  Line("guard + assign, 12 states", PerSecond(*guarded, 1, 200'000) / 1e6, "M/s");
  Line("plain events, 1,000 states, 5 levels", PerSecond(*large, 1, 200'000) / 1e6, "M/s");
  Line("plain events, 1,000 instances in turn", PerSecond(*plain, 1'000, 400'000) / 1e6, "M/s");
  Line("plain events, 1,000,000 instances in turn", PerSecond(*plain, 1'000'000, 1'000'000) / 1e6,
       "M/s");
  const engine::Snapshot one = engine::Start(*guarded, {.session_id = "AIG-2026-0042"}).snapshot;
  const std::string text = one.ToJson().dump();
  const std::size_t before = mallinfo2().uordblks;
  std::vector<engine::Snapshot> many;
  many.reserve(10'000);
  const auto json = nlohmann::json::parse(text);
  for (int i = 0; i < 10'000; ++i) many.push_back(engine::Snapshot::FromJson(*guarded, json));
  Line("one loaded instance", static_cast<double>(mallinfo2().uordblks - before) / 10'000, "bytes");
  Line("one instance at rest", static_cast<double>(text.size()), "bytes");
  const std::string document = Deep(1000, 4);
  Line("reading a chart of 1,000 states", Median([&] { (void)Read(document); }) * 1000, "ms");
  return 0;
}
