#include "tests/support/durable_run.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "storage/journal.h"
#include "storage/timers.h"
#include "tests/support/crash_point.h"
#include "tests/support/test_record.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using storage::Timer;

constexpr int kProcessesMost = 200'000;

// What outlives a killed process: memory shared with the one that forks.
struct Shared {
  std::int64_t version = -1;  // that the last process found
  int point = 0;              // where it was told to die
  bool ended = false;
  int kills = 0;
};

struct Kept {
  storage::Project project;
  std::vector<Timer> timers;
};

Kept Load(Session& session, const std::string& number) {
  Kept kept{*storage::FindProject(session, number), {}};
  kept.timers = storage::TimersOf(session, kept.project.id);
  return kept;
}

void WakeUp(const Kept& kept, DocumentRunner& runner) {
  if (kept.project.version == 0) return;
  RunState& state = runner.state();
  const json& asleep = kept.project.snapshot;
  state.snapshot = runner.SnapshotFrom(asleep.at("snapshot"));
  state.now_ms = asleep.at("now");
  state.last_event_ms = asleep.at("last_event");
  state.next_event = asleep.at("next_event");
  state.record = asleep.at("record");
  for (const Timer& timer : kept.timers) {
    if (timer.status != "waiting") continue;
    state.waiting.push_back({.due_ms = timer.due_at,
                             .id = timer.send_id,
                             .event = EventFromJson(json::parse(timer.data)),
                             .row = timer.id});
  }
}

void KeepTimers(Session& session, const Kept& kept, RunState& state) {
  std::set<std::int64_t> still;
  for (const WaitingSend& waiting : state.waiting) still.insert(waiting.row);
  for (Timer timer : kept.timers) {
    if (timer.status != "waiting" || still.contains(timer.id)) continue;
    timer.status = timer.due_at <= state.now_ms ? "fired" : "cancelled";
    storage::UpdateTimer(session, timer);
  }
  for (WaitingSend& waiting : state.waiting) {
    if (waiting.row != 0) continue;
    Timer timer;
    timer.project = kept.project.id;
    timer.kind = "send";
    timer.event = waiting.event.name;
    timer.send_id = waiting.id;
    timer.started_at = state.now_ms;
    timer.due_at = waiting.due_ms;
    timer.status = "waiting";
    timer.data = EventToJson(waiting.event).dump();
    waiting.row = storage::InsertTimer(session, timer);
  }
}

void KeepMacrostep(Session& session, Kept kept, DocumentRunner& runner) {
  RunState& state = runner.state();
  KeepTimers(session, kept, state);
  storage::JournalRow row;
  row.project = kept.project.id;
  row.act = std::to_string(kept.project.version + 1);
  row.action = "macrostep";
  row.role = "system";
  row.at = state.now_ms;
  row.definition = kept.project.definition;
  const DocumentRun& done = runner.so_far();
  row.body = {{"trace", done.trace}, {"logs", done.logs}, {"after_events", done.after_events}};
  storage::AppendJournal(session, row);
  kept.project.snapshot = {{"snapshot", state.snapshot.ToJson()},
                           {"now", state.now_ms},
                           {"last_event", state.last_event_ms},
                           {"next_event", state.next_event},
                           {"record", state.record}};
  const std::int64_t before = kept.project.version++;
  if (!storage::UpdateProject(session, kept.project, before)) {
    throw std::runtime_error("Expected to be alone, but the project moved");
  }
}

struct Document {
  const std::string& text;
  const std::string& file;
  const RunOptions& options;
  bool both_ways;
  std::string url, number;

  void DieAtNext(Shared& shared) const {
    const int point = ++shared.point;
    if (both_ways) {
      test::DieAt((point + 1) / 2, point % 2 == 1);
    } else {
      test::DieAt(point, (point + shared.version) % 2 == 1);
    }
  }
};

// One life: open, take up, one macrostep; killed at shared.point or right after the COMMIT.
void Live(const Document& document, Shared& shared) {
  document.DieAtNext(shared);
  const auto database =
      storage::Database::Open(document.url, {.readers = 1, .create = false, .migrate = false});
  const auto version = database->Read(
      [&](Session& session) { return storage::FindProject(session, document.number)->version; });
  if (version != shared.version) {
    shared.version = version;
    shared.point = 0;
    document.DieAtNext(shared);
  }
  bool ended = false;
  database->Write([&](Session& session) {
    DocumentRunner runner(document.text, document.file, document.options);
    if (const auto refusal = runner.Read()) throw std::runtime_error(refusal->sentence);
    Kept kept = Load(session, document.number);
    WakeUp(kept, runner);
    ended = !runner.Advance();
    if (!ended) KeepMacrostep(session, std::move(kept), runner);
  });
  if (!ended) test::Die();
  shared.ended = true;
}

// "" when it ended or was killed.
std::string OneProcess(const Document& document, Shared& shared) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      test::CountWrites();
      Live(document, shared);
    } catch (const std::exception& trouble) {
      std::fprintf(stderr, "%s: %s\n", document.file.c_str(), trouble.what());
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return "no process";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return ++shared.kills, "";
  return shared.ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "" : "a process failed";
}

void Collect(Session& session, const Document& document, DurableRun& durable) {
  const Kept kept = Load(session, document.number);
  const auto journal = storage::JournalOf(session, kept.project.id);
  durable.macrosteps = static_cast<int>(journal.size());
  durable.broken = storage::VerifyChain(journal);
  if (kept.project.version != durable.macrosteps) durable.broken += "a macrostep without its row";
  DocumentRunner runner(document.text, document.file, document.options);
  if (const auto refusal = runner.Read()) throw std::runtime_error(refusal->sentence);
  WakeUp(kept, runner);
  DocumentRun& whole = runner.so_far();
  for (const auto& row : journal) {
    for (const auto& line : row.body.at("trace")) whole.trace.push_back(line);
    for (const auto& line : row.body.at("logs")) whole.logs.push_back(line);
    for (const auto& states : row.body.at("after_events")) whole.after_events.push_back(states);
  }
  if (runner.Advance()) durable.broken += "it had not ended";
  auto ended = runner.Ended();
  if (!ended) {
    durable.broken += ended.refusal().sentence;
  } else {
    durable.run = std::move(ended).value();
  }
}

}  // namespace

DurableRun RunDurably(const std::string& text, const std::string& file, const RunOptions& options,
                      bool both_ways) {
  DurableRun durable;
  test::TestRecord record;
  record.Seed();
  Document document{text, file, options, both_ways, record.url(), {}};
  document.number = record->Write([&](Session& session) {
    storage::Project project = record.NewProject(file);
    project.snapshot = json::object();
    return storage::InsertProject(session, project, 2026).number;
  });
  record.Close();
  void* memory =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("Expected shared memory");
  Shared& shared = *new (memory) Shared;
  for (int i = 0; i < kProcessesMost && !shared.ended && durable.broken.empty(); ++i) {
    durable.broken = OneProcess(document, shared);
  }
  durable.kills = shared.kills;
  if (durable.broken.empty()) {
    record.Reopen();
    record->Read([&](Session& session) { Collect(session, document, durable); });
  }
  munmap(memory, sizeof(Shared));
  return durable;
}

}  // namespace aiguillage::workflows
