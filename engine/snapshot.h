// Everything an instance needs to live, as one small value: put it to sleep as JSON, wake it up
// elsewhere, nothing is lost.
//
//   snapshot.ActiveStates()          {"framing", "framing_drafting"}
//   snapshot.Data("rounds")          1
//   Snapshot again = Snapshot::FromJson(chart, snapshot.ToJson());     again == snapshot
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/chart.h"
#include "engine/value.h"

namespace aiguillage::engine {

struct Snapshot;

// An event that waits in a session's external queue.
struct QueuedEvent {
  std::string name;
  Value data;
  std::string origin;
  std::string send_id;
  std::string invoke_id;
  std::string origin_type;
  std::string raw;
  friend bool operator==(const QueuedEvent&, const QueuedEvent&) = default;
};

// A session started by <invoke>, inside the snapshot of the one that invoked it.
struct Child {
  std::string invoke_id;
  int state = 0;     // whose <invoke> it is
  int invoke = 0;    // which one of that state
  std::string text;  // its document, unless it is written inside the <invoke>
  std::shared_ptr<const Chart> chart;
  std::shared_ptr<const Snapshot> snapshot;  // none: it has ended, its events may still wait
};

struct Snapshot {
  std::shared_ptr<const Vocabulary> names;
  std::string session_id;
  std::vector<std::uint16_t> configuration;  // active states without the root, document order
  std::vector<Value> variables;              // by index in names->variables
  std::vector<std::pair<std::uint16_t, std::vector<std::uint16_t>>> history;
  std::vector<std::uint16_t> undeclared;  // variables that no script or foreach has made yet
  std::vector<std::uint16_t> bound;       // late binding: states whose data has its first value
  std::vector<QueuedEvent> queue;         // empty after Step, unless StepInput.single
  std::vector<Child> children;
  std::uint32_t next_id = 1;  // of generated send and invoke ids
  bool running = true;
  bool finished = false;  // a top-level <final> was reached

  std::vector<std::string> ActiveStates() const;  // ids, all but the root, document order
  std::vector<std::string> ActiveStates(const Chart&) const { return ActiveStates(); }
  bool IsActive(std::string_view id) const;
  bool HasData(const std::string& name) const;
  nlohmann::json Data(const std::string& name) const;  // plain; null for undefined or unknown
  bool QueuesEmpty() const;                            // its own and its children's

  nlohmann::json ToJson() const;
  // Throws std::invalid_argument when the text is not a snapshot of this chart. `read` is for
  // children whose document is not in the chart.
  static Snapshot FromJson(
      const Chart& chart, const nlohmann::json& json,
      const std::function<std::shared_ptr<const Chart>(const std::string&)>& read = {});
  friend bool operator==(const Snapshot& a, const Snapshot& b);
};

}  // namespace aiguillage::engine
