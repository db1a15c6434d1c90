#include "engine/interpreter.h"

#include <stdexcept>

#include "engine/session.h"

namespace aiguillage::engine {

namespace {

// Until every session's queue is empty, or for one macrostep.
StepResult Finish(Run& run, Session& root) {
  if (!run.input.single) {
    while (!run.over && root.ProcessNext()) {
    }
  }
  run.result.snapshot = root.Save();
  if (run.over) run.result.snapshot.queue.clear();
  run.result.finished = run.result.snapshot.finished;
  return std::move(run.result);
}

void Check(const Chart& chart, const Snapshot& snapshot) {
  if (snapshot.variables.size() != chart.names->variables.size()) {
    throw std::invalid_argument("Expected a snapshot of this chart, but its variables differ");
  }
}

}  // namespace

StepResult Start(const Chart& chart, const StepInput& input) {
  Run run{.input = input, .result = {}};
  Session root(run, chart, input.session_id, nullptr);
  run.root = &root;
  if (!chart.missing_scripts.empty()) {
    // 5.8: a document whose script cannot be had does not run at all
    run.result.incidents.push_back(chart.source + " : nobody provided " + chart.missing_scripts[0]);
    run.result.snapshot = root.Save();
    run.result.snapshot.variables.resize(chart.names->variables.size());
    run.result.snapshot.running = false;
    return std::move(run.result);
  }
  root.Begin({});
  return Finish(run, root);
}

StepResult Step(const Chart& chart, const Snapshot& snapshot, const Event& event,
                const StepInput& input) {
  return Step(chart, Snapshot(snapshot), event, input);
}

StepResult Step(const Chart& chart, Snapshot&& snapshot, const Event& event,
                const StepInput& input) {
  Check(chart, snapshot);
  const bool running = snapshot.running;
  Run run{.input = input, .result = {}};
  Session root(run, chart, std::move(snapshot.session_id), nullptr);
  run.root = &root;
  root.Load(std::move(snapshot));
  if (running) {
    root.Receive(event);
    root.ProcessNext();
  }
  return Finish(run, root);
}

StepResult Resume(const Chart& chart, const Snapshot& snapshot, const StepInput& input) {
  Check(chart, snapshot);
  Run run{.input = input, .result = {}};
  Session root(run, chart, snapshot.session_id, nullptr);
  run.root = &root;
  root.Load(snapshot);
  root.ProcessNext();
  return Finish(run, root);
}

}  // namespace aiguillage::engine
