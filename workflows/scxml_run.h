// Runs a plain SCXML document to its end with a virtual clock: delayed sends fire at once, in the
// order of their instants. For the W3C's tests and `aiguillage scxml run FILE`.
//
//   auto run = RunDocument(text, "test144.scxml", {});
//   run.value().configuration     {"pass"}          run.value().passed     true
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/interpreter.h"
#include "engine/outcome.h"

namespace aiguillage::workflows {

struct TimedEvent {
  std::int64_t after_ms = 0;  // since the one before
  std::string name;
  nlohmann::json data = {};
};

struct RunOptions {
  std::map<std::string, std::string> preloaded = {};  // address -> text: "file:test446.txt"
  bool product = false;
  // Before each macrostep the snapshot goes to JSON text and back and the chart is read afresh.
  bool amnesia = false;
  bool trace = false;
  std::vector<TimedEvent> events = {};  // from outside; with some, it stops after the last
  int macrosteps_most = 20'000;
  std::int64_t clock_most_ms = 24 * 3'600'000;
  engine::Limits limits = {};
};

struct DocumentRun {
  std::vector<std::string> configuration;              // active states but the root, document order
  nlohmann::json data;                                 // the variables
  std::vector<std::string> trace;                      // one line per thing that happened, in order
  std::vector<std::string> logs;                       // <log>, "label: value"
  std::vector<std::vector<std::string>> after_events;  // at the start and after each
  bool passed = false;                                 // it ended in a final state named "pass"
};

engine::Outcome<DocumentRun> RunDocument(const std::string& text, const std::string& file,
                                         const RunOptions& options);

// A delayed <send> whose time has not come.
struct WaitingSend {
  std::int64_t due_ms = 0;
  std::string id;  // what <cancel> names
  engine::Event event;
  std::int64_t row = 0;  // for whoever keeps it: 0 is not kept yet
};

// A run between two macrosteps, as values: all that another process needs to take it up.
struct RunState {
  engine::Snapshot snapshot;
  std::vector<WaitingSend> waiting;  // in the order they were sent
  std::int64_t now_ms = 0;
  std::int64_t last_event_ms = 0;  // from outside
  std::size_t next_event = 0;
  bool record = true;  // the configuration, the next time all queues are empty
};

// The run one macrostep at a time, for those who keep it in between.
//
//   DocumentRunner runner(text, file, options);       runner.Read()  -> "" or why not
//   while (runner.Advance()) Keep(runner.state());    runner.Ended()
class DocumentRunner {
 public:
  DocumentRunner(std::string text, std::string file, const RunOptions& options);
  ~DocumentRunner();

  std::optional<engine::Refusal> Read();
  engine::Snapshot SnapshotFrom(const nlohmann::json& asleep) const;
  RunState& state();
  bool Advance();         // the first time it starts; false: nothing is left to do
  DocumentRun& so_far();  // trace, logs and after_events since the last time somebody emptied them
  engine::Outcome<DocumentRun> Ended();

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

// The files beside a document that its text names, as src="file:NAME" and src="NAME" want them.
std::map<std::string, std::string> FilesBeside(const std::string& path, const std::string& text);

}  // namespace aiguillage::workflows
