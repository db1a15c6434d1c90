// The law: one macrostep of a statechart, as a pure function (SCXML Recommendation, Appendix D).
//
//   auto first = Start(chart, {.session_id = "AIG-2026-0042"});
//   auto next  = Step(chart, first.snapshot, {.name = "framing.validate", .data = answers}, {});
//   next.snapshot   what to store            next.effects   what the world is asked to do
//
// No clock, no I/O, no randomness: same arguments, same result.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "engine/effect.h"
#include "engine/limits.h"
#include "engine/snapshot.h"

namespace aiguillage::engine {

class TraceSink;  // engine/trace.h: told what was selected, what was not, and why

struct Event {
  std::string name = {};
  nlohmann::json data = {};  // _event.data
  std::string origin =
      {};  // _event.origin: the actor's person id ("17"), "" for a timer or the DS sync
  std::string send_id = {};      // _event.sendid
  std::string invoke_id = {};    // _event.invokeid
  std::string origin_type = {};  // _event.origintype
  std::string session = {};      // who sent it, when a session of this snapshot did; else ""
  std::string target = {};  // where it goes, as written in <send>; "" is the sender, or the root
  std::string raw = {};     // _event.raw: the parameters as they were sent
  bool exact = false;       // data is Value::ToJson(), tags included, and not plain JSON
};

// A delayed <send> whose time has come, as the event to give to Step.
Event EventOf(const SendEffect& send);

// What comes from outside the pure function.
struct StepInput {
  std::string session_id = {};                        // _sessionid
  std::map<std::string, std::string> preloaded = {};  // <script src>, <data src>: address -> text
  Limits limits = {};
  TraceSink* trace = nullptr;
  // Reads the document of <invoke src> or <invoke><content expr>; none: error.communication.
  std::function<std::shared_ptr<const Chart>(const std::string& text)> read = {};
  // One macrostep and no more: events that sessions send to themselves stay in the snapshot's
  // queues, for Resume. Otherwise Step goes on until all queues are empty.
  bool single = false;
};

struct StepResult {
  Snapshot snapshot;
  std::vector<Effect> effects;
  std::vector<std::string> exited;     // state ids, in order, over the whole macrostep
  std::vector<std::string> entered;    // state ids, in order, over the whole macrostep
  std::vector<int> transition_lines;   // lines of the transitions taken, in order (walk coverage)
  std::vector<std::string> incidents;  // over budget, undefined names, …: for a human
  bool taken = false;                  // whether any transition was selected for the event itself
  bool finished = false;  // a top-level <final> was reached; the snapshot still holds it
};

StepResult Start(const Chart& chart, const StepInput& input);
StepResult Step(const Chart& chart, const Snapshot& snapshot, const Event& event,
                const StepInput& input);
// The same, without a copy, for who does not need the old snapshot any more.
StepResult Step(const Chart& chart, Snapshot&& snapshot, const Event& event,
                const StepInput& input);
// The next macrostep of a snapshot taken with `single`: input.single may be set again.
StepResult Resume(const Chart& chart, const Snapshot& snapshot, const StepInput& input);

}  // namespace aiguillage::engine
