#include "engine/interpreter.h"

#include <stdexcept>

#include "engine/session.h"

namespace aiguillage::engine {

namespace {

// Until every session's queue is empty, or for one macrostep.
void Finish(Run& run, Session& root) {
  if (!run.input.single) {
    while (!run.over && root.ProcessNext()) {
    }
  }
  root.Save(run.result.snapshot);
  if (run.over) run.result.snapshot.queue.clear();
  run.result.finished = run.result.snapshot.finished;
}

void Check(const Chart& chart, const Snapshot& snapshot) {
  if (snapshot.variables.size() != chart.names->variables.size()) {
    throw std::invalid_argument("Expected a snapshot of this chart, but its variables differ");
  }
}

}  // namespace

StepResult Start(const Chart& chart, const StepInput& input) {
  StepResult result;
  Run run{.input = input, .result = result};
  Session root(run, chart, input.session_id, nullptr);
  run.root = &root;
  if (!chart.missing_scripts.empty()) {
    // 5.8: a document whose script cannot be had does not run at all
    result.incidents.push_back(chart.source + " : nobody provided " + chart.missing_scripts[0]);
    root.Save(result.snapshot);
    result.snapshot.variables.resize(chart.names->variables.size());
    result.snapshot.running = false;
    return result;
  }
  root.Begin({});
  Finish(run, root);
  return result;
}

StepResult Step(const Chart& chart, const Snapshot& snapshot, const Event& event,
                const StepInput& input) {
  return Step(chart, Snapshot(snapshot), event, input);
}

StepResult Step(const Chart& chart, Snapshot&& snapshot, const Event& event,
                const StepInput& input) {
  Check(chart, snapshot);
  const bool running = snapshot.running;
  StepResult result;
  Run run{.input = input, .result = result};
  Session root(run, chart, std::move(snapshot.session_id), nullptr);
  run.root = &root;
  root.Load(std::move(snapshot));
  if (running) root.React(event);
  Finish(run, root);
  return result;
}

StepResult Resume(const Chart& chart, const Snapshot& snapshot, const StepInput& input) {
  Check(chart, snapshot);
  StepResult result;
  Run run{.input = input, .result = result};
  Session root(run, chart, snapshot.session_id, nullptr);
  run.root = &root;
  root.Load(Snapshot(snapshot));
  root.ProcessNext();
  Finish(run, root);
  return result;
}

}  // namespace aiguillage::engine
