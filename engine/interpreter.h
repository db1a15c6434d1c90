// The law: one macrostep of a statechart, as a pure function (SCXML Recommendation, Appendix D).
//
//   auto first = Start(chart, {.session_id = "AIG-2026-0042"});
//   auto next  = Step(chart, first.snapshot, {.name = "framing.validate", .data = answers}, {});
//   next.snapshot   what to store            next.effects   what the world is asked to do
//
// No clock, no I/O, no randomness: same arguments, same result.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "engine/effect.h"
#include "engine/snapshot.h"

namespace aiguillage::engine {

class TraceSink;  // engine/trace.h: told what was selected, what was not, and why

struct Event {
  std::string name;
  nlohmann::json data;      // _event.data
  std::string origin;       // _event.origin: the actor's person id ("17"), "" for a timer or the DS sync
  std::string send_id;      // _event.sendid
  std::string invoke_id;    // _event.invokeid
  std::string origin_type;  // _event.origintype
};

// Bounds of one macrostep and of one evaluation; going over is error.execution and an incident.
struct Limits {
  int microsteps = 1000;
  int effects = 500;
  int steps = 100'000;
  int depth = 200;
  std::size_t string_bytes = 256 * 1024;
  std::size_t memory_bytes = 4 * 1024 * 1024;
};

// What comes from outside the pure function.
struct StepInput {
  std::string session_id;                            // _sessionid
  std::map<std::string, std::string> preloaded;      // <script src>, <data src>: address -> text
  Limits limits;
  TraceSink* trace = nullptr;
};

struct StepResult {
  Snapshot snapshot;
  std::vector<Effect> effects;
  std::vector<std::string> exited;   // state ids, in order, over the whole macrostep
  std::vector<std::string> entered;  // state ids, in order, over the whole macrostep
  std::vector<int> transition_lines; // lines of the transitions taken, in order (walk coverage)
  std::vector<std::string> incidents;  // over budget, undefined names, …: for a human
  bool taken = false;                // whether any transition was selected for the event itself
  bool finished = false;             // a top-level <final> was reached; the snapshot still holds it
};

StepResult Start(const Chart& chart, const StepInput& input);
StepResult Step(const Chart& chart, const Snapshot& snapshot, const Event& event,
                const StepInput& input);

}  // namespace aiguillage::engine
