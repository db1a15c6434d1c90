#include "workflows/scxml_run.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "engine/interpreter.h"
#include "engine/trace.h"
#include "workflows/check.h"
#include "workflows/reader.h"

namespace aiguillage::workflows {

namespace {

using engine::Chart;
using engine::Effect;
using engine::Snapshot;
using engine::StepResult;

class TraceLines : public engine::TraceSink {
 public:
  explicit TraceLines(std::vector<std::string>& lines) : lines_(lines) {}

  void EventTaken(const std::string& session, const std::string& event) override {
    lines_.push_back("event " + event + " [" + session + "]");
  }
  void Selected(const engine::Transition& transition) override {
    lines_.push_back("take " + Words(transition));
  }
  void NotSelected(const engine::Transition& transition, Reason reason) override {
    const char* why = reason == Reason::kGuardFalse   ? "its guard is false: "
                      : reason == Reason::kGuardError ? "its guard failed: "
                      : reason == Reason::kPreempted  ? "preempted by another region's"
                                                      : "another comes first";
    const bool guard = reason == Reason::kGuardFalse || reason == Reason::kGuardError;
    lines_.push_back("leave " + Words(transition) + ", " + why +
                     (guard ? transition.condition.text() : ""));
  }
  void Entered(const engine::StateNode& state) override { lines_.push_back("enter " + state.id); }
  void Exited(const engine::StateNode& state) override { lines_.push_back("exit " + state.id); }
  void Raised(const std::string& event) override { lines_.push_back("raise " + event); }
  void Error(const std::string& event, const std::string& what, engine::Position at) override {
    lines_.push_back(event + " at " + Line(at) + ": " + what);
  }

 private:
  // "12:7 on framing.validate", "14:7 without event"
  static std::string Words(const engine::Transition& transition) {
    std::string words =
        Line(transition.at) + (transition.events.empty() ? " without event" : " on");
    for (const std::string& event : transition.events) words += " " + (event.empty() ? "*" : event);
    return words;
  }
  static std::string Line(engine::Position at) {
    return std::to_string(at.line) + ":" + std::to_string(at.column);
  }
  std::vector<std::string>& lines_;
};

}  // namespace

class DocumentRunner::Work {
 public:
  Work(std::string text, std::string file, const RunOptions& options)
      : text_(std::move(text)), file_(std::move(file)), options_(options), lines_(run.trace) {
    input_.session_id = "session";
    input_.preloaded = options.preloaded;
    input_.limits = options.limits;
    input_.single = true;
    input_.trace = &lines_;
    input_.read = [this](const std::string& other) -> std::shared_ptr<const Chart> {
      auto read = ReadChart(other, file_, ReadAs());
      return read ? read.value() : nullptr;
    };
  }

  std::optional<engine::Refusal> Read() {
    auto read = ReadChart(text_, file_, ReadAs());
    if (!read) return read.refusal();
    chart_ = read.value();
    return options_.product ? Endless() : std::nullopt;
  }

  Snapshot SnapshotFrom(const nlohmann::json& asleep) const {
    return Snapshot::FromJson(*chart_, asleep, input_.read);
  }

  // One macrostep: of queued events, of the next delayed send, or of the next event from outside.
  bool Advance() {
    if (!state.snapshot.names) return Take(engine::Start(*chart_, input_));
    if (!state.snapshot.running) return false;
    if (options_.amnesia) SleepAndWake();
    if (!state.snapshot.QueuesEmpty()) {
      return Take(engine::Resume(*chart_, state.snapshot, input_));
    }
    if (std::exchange(state.record, false)) {
      run.after_events.push_back(state.snapshot.ActiveStates());
    }
    const auto next =
        std::min_element(state.waiting.begin(), state.waiting.end(),
                         [](const auto& a, const auto& b) { return a.due_ms < b.due_ms; });
    const bool outside = state.next_event < options_.events.size();
    if (!options_.events.empty() && !outside) return false;
    const std::int64_t outside_at =
        outside ? state.last_event_ms + options_.events[state.next_event].after_ms : 0;
    if (next != state.waiting.end() && (!outside || next->due_ms <= outside_at)) {
      if (next->due_ms > options_.clock_most_ms) return false;
      state.now_ms = next->due_ms;
      const engine::Event event = std::move(next->event);
      state.waiting.erase(next);
      return Take(engine::Step(*chart_, state.snapshot, event, input_));
    }
    if (!outside) return false;
    const TimedEvent& event = options_.events[state.next_event++];
    state.now_ms = state.last_event_ms = outside_at;
    state.record = true;
    return Take(
        engine::Step(*chart_, state.snapshot, {.name = event.name, .data = event.data}, input_));
  }

  engine::Outcome<DocumentRun> Ended() {
    const Snapshot& snapshot = state.snapshot;
    if (!snapshot.finished && !snapshot.running && run.configuration.empty()) {
      return engine::Refusal{"not_run", incidents_.empty() ? "" : incidents_.back(), {}};
    }
    run.configuration = snapshot.ActiveStates();
    if (state.record) run.after_events.push_back(run.configuration);
    for (const std::string& name : snapshot.names->variables) {
      if (snapshot.HasData(name)) run.data[name] = snapshot.Data(name);
    }
    run.passed = snapshot.finished && snapshot.IsActive("pass");
    if (!options_.trace) run.trace.clear();
    return std::move(run);
  }

  DocumentRun run;
  RunState state;

 private:
  ReadOptions ReadAs() const {
    return {.preloaded = options_.preloaded, .product = options_.product};
  }

  // Rails that would never come to rest are refused before they run.
  std::optional<engine::Refusal> Endless() const {
    Definition definition;
    definition.name = file_;
    definition.chart = *chart_;
    std::string sentence;
    for (const Finding& finding : CheckRails(definition, Kit{})) {
      if (finding.code != "endless") continue;
      sentence += (sentence.empty() ? "" : "\n") + finding.file + ":" +
                  std::to_string(finding.line) + ":" + std::to_string(finding.column) + " : " +
                  finding.message;
    }
    if (sentence.empty()) return std::nullopt;
    return engine::Refusal{"chart", sentence, {}};
  }

  void SleepAndWake() {
    const std::string asleep = state.snapshot.ToJson().dump();
    chart_ = ReadChart(text_, file_, ReadAs()).value();
    state.snapshot = SnapshotFrom(nlohmann::json::parse(asleep));
  }

  bool Take(StepResult result) {
    state.snapshot = std::move(result.snapshot);
    incidents_.insert(incidents_.end(), result.incidents.begin(), result.incidents.end());
    for (Effect& effect : result.effects) Carry(effect);
    return true;
  }

  void Carry(Effect& effect) {
    if (const auto* send = std::get_if<engine::SendEffect>(&effect)) {
      state.waiting.push_back({.due_ms = state.now_ms + send->delay_ms,
                               .id = send->id,
                               .event = engine::EventOf(*send)});
    } else if (const auto* cancel = std::get_if<engine::CancelEffect>(&effect)) {
      std::erase_if(state.waiting, [&](const WaitingSend& waiting) {
        return waiting.id == cancel->send_id && waiting.event.session == cancel->session;
      });
    } else if (const auto* log = std::get_if<engine::LogEffect>(&effect)) {
      run.logs.push_back(log->label + ": " + engine::Value::FromJson(log->value).Plain().dump());
      run.trace.push_back("log " + run.logs.back());
    }
  }

  std::string text_;
  std::string file_;
  const RunOptions& options_;
  TraceLines lines_;
  engine::StepInput input_;
  std::shared_ptr<const Chart> chart_;
  std::vector<std::string> incidents_;
};

DocumentRunner::DocumentRunner(std::string text, std::string file, const RunOptions& options)
    : work_(std::make_unique<Work>(std::move(text), std::move(file), options)) {}
DocumentRunner::~DocumentRunner() = default;

std::optional<engine::Refusal> DocumentRunner::Read() { return work_->Read(); }
Snapshot DocumentRunner::SnapshotFrom(const nlohmann::json& asleep) const {
  return work_->SnapshotFrom(asleep);
}
RunState& DocumentRunner::state() { return work_->state; }
bool DocumentRunner::Advance() { return work_->Advance(); }
DocumentRun& DocumentRunner::so_far() { return work_->run; }
engine::Outcome<DocumentRun> DocumentRunner::Ended() { return work_->Ended(); }

engine::Outcome<DocumentRun> RunDocument(const std::string& text, const std::string& file,
                                         const RunOptions& options) {
  DocumentRunner runner(text, file, options);
  if (const auto refusal = runner.Read()) return *refusal;
  for (int steps = 0; steps <= options.macrosteps_most && runner.Advance(); ++steps) {
  }
  return runner.Ended();
}

std::map<std::string, std::string> FilesBeside(const std::string& path, const std::string& text) {
  std::map<std::string, std::string> files;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const std::filesystem::path place = folder.empty() ? "." : folder;
  for (const auto& entry : std::filesystem::directory_iterator(place)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || text.find(name) == std::string::npos) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream held;
    held << in.rdbuf();
    files["file:" + name] = files[name] = held.str();
  }
  return files;
}

}  // namespace aiguillage::workflows
