#include "workflows/scxml_run.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "engine/interpreter.h"
#include "engine/trace.h"
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
    lines_.push_back("take " + Line(transition.at));
  }
  void NotSelected(const engine::Transition& transition, Reason reason) override {
    const char* why = reason == Reason::kGuardFalse   ? "its guard is false: "
                      : reason == Reason::kGuardError ? "its guard failed: "
                                                      : "preempted by another: ";
    lines_.push_back("leave " + Line(transition.at) + " " + why + transition.condition.text());
  }
  void Entered(const engine::StateNode& state) override { lines_.push_back("enter " + state.id); }
  void Exited(const engine::StateNode& state) override { lines_.push_back("exit " + state.id); }
  void Raised(const std::string& event) override { lines_.push_back("raise " + event); }
  void Error(const std::string& event, const std::string& what, engine::Position at) override {
    lines_.push_back(event + " at " + Line(at) + ": " + what);
  }

 private:
  static std::string Line(engine::Position at) {
    return std::to_string(at.line) + ":" + std::to_string(at.column);
  }
  std::vector<std::string>& lines_;
};

class Runner {
 public:
  Runner(const std::string& text, const std::string& file, const RunOptions& options)
      : text_(text), file_(file), options_(options), lines_(run_.trace) {
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

  engine::Outcome<DocumentRun> Run() {
    auto read = ReadChart(text_, file_, ReadAs());
    if (!read) return read.refusal();
    chart_ = read.value();
    Take(engine::Start(*chart_, input_));
    for (int steps = 0; snapshot_.running && steps < options_.macrosteps_most; ++steps) {
      if (!Advance()) break;
    }
    if (!snapshot_.finished && !snapshot_.running && run_.configuration.empty()) {
      return engine::Refusal{"not_run", Last(), {}};
    }
    run_.configuration = snapshot_.ActiveStates();
    if (record_) run_.after_events.push_back(run_.configuration);
    for (const std::string& name : snapshot_.names->variables) {
      if (snapshot_.HasData(name)) run_.data[name] = snapshot_.Data(name);
    }
    run_.passed = snapshot_.finished && snapshot_.IsActive("pass");
    if (!options_.trace) run_.trace.clear();
    return std::move(run_);
  }

 private:
  struct Waiting {
    std::int64_t due;
    engine::SendEffect send;
  };

  ReadOptions ReadAs() const {
    return {.preloaded = options_.preloaded, .product = options_.product};
  }

  // One macrostep: of queued events, of the next delayed send, or of the next event from outside.
  bool Advance() {
    if (options_.amnesia) SleepAndWake();
    if (!snapshot_.QueuesEmpty()) {
      Take(engine::Resume(*chart_, snapshot_, input_));
      return true;
    }
    if (std::exchange(record_, false)) run_.after_events.push_back(snapshot_.ActiveStates());
    const auto next = std::min_element(waiting_.begin(), waiting_.end(),
                                       [](const auto& a, const auto& b) { return a.due < b.due; });
    const bool outside = next_event_ < options_.events.size();
    if (!options_.events.empty() && !outside) return false;
    const std::int64_t outside_at =
        outside ? last_event_ + options_.events[next_event_].after_ms : 0;
    if (next != waiting_.end() && (!outside || next->due <= outside_at)) {
      now_ = next->due;
      const engine::Event event = engine::EventOf(next->send);
      waiting_.erase(next);
      if (now_ > options_.clock_most_ms) return false;
      Take(engine::Step(*chart_, snapshot_, event, input_));
      return true;
    }
    if (!outside) return false;
    const TimedEvent& event = options_.events[next_event_++];
    now_ = last_event_ = outside_at;
    record_ = true;
    Take(engine::Step(*chart_, snapshot_, {.name = event.name, .data = event.data}, input_));
    return true;
  }

  void SleepAndWake() {
    const std::string asleep = snapshot_.ToJson().dump();
    chart_ = ReadChart(text_, file_, ReadAs()).value();
    snapshot_ = Snapshot::FromJson(*chart_, nlohmann::json::parse(asleep), input_.read);
  }

  void Take(StepResult result) {
    snapshot_ = std::move(result.snapshot);
    incidents_.insert(incidents_.end(), result.incidents.begin(), result.incidents.end());
    for (Effect& effect : result.effects) Carry(effect);
  }

  void Carry(Effect& effect) {
    if (auto* send = std::get_if<engine::SendEffect>(&effect)) {
      const std::int64_t due = now_ + send->delay_ms;
      waiting_.push_back({due, std::move(*send)});
    } else if (const auto* cancel = std::get_if<engine::CancelEffect>(&effect)) {
      std::erase_if(waiting_, [&](const Waiting& waiting) {
        return waiting.send.id == cancel->send_id && waiting.send.session == cancel->session;
      });
    } else if (const auto* log = std::get_if<engine::LogEffect>(&effect)) {
      run_.logs.push_back(log->label + ": " + engine::Value::FromJson(log->value).Plain().dump());
      run_.trace.push_back("log " + run_.logs.back());
    }
  }

  std::string Last() const { return incidents_.empty() ? "" : incidents_.back(); }

  std::string text_;
  std::string file_;
  const RunOptions& options_;
  DocumentRun run_;
  TraceLines lines_;
  engine::StepInput input_;
  std::shared_ptr<const Chart> chart_;
  Snapshot snapshot_;
  std::vector<Waiting> waiting_;
  std::vector<std::string> incidents_;
  std::int64_t now_ = 0;
  std::int64_t last_event_ = 0;
  bool record_ = true;  // the next time all queues are empty
  std::size_t next_event_ = 0;
};

}  // namespace

engine::Outcome<DocumentRun> RunDocument(const std::string& text, const std::string& file,
                                         const RunOptions& options) {
  return Runner(text, file, options).Run();
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
