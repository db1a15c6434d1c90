#include "connectors/demarches_simplifiees/progress.h"

#include <algorithm>
#include <utility>

namespace aiguillage::connectors {
namespace {

constexpr std::int64_t kPause = 2000;  // between two writes

}  // namespace

Progress::Progress(SyncContext& context, std::string kind, std::int64_t expected)
    : context_(context) {
  run_.demarche = context.options.demarche;
  run_.kind = std::move(kind);
  run_.expected = expected;
  run_.started_at = saved_at_ = context.world.now();
  const auto last = context.database.Read(
      [&](storage::Session& session) { return storage::RunsOf(session, run_.demarche); });
  if (last.empty() || last.front().outcome != "running") return;
  context.database.Write(
      [&](storage::Session& session) { storage::MarkCutOff(session, run_.demarche); });
}

void Progress::Tell(const SyncReport& report, Stretch stretch) {
  Take(report);
  if (run_.first_at == 0) run_.first_at = stretch.first;
  run_.reached_at = std::max(run_.reached_at, stretch.last);
  if (context_.progress) context_.progress(run_);
  if (run_.told_at - saved_at_ >= kPause) Save();
}

void Progress::End(const SyncReport& report) {
  Take(report);
  run_.outcome = report.stopped ? "stopped" : "done";
  if (report.stopped && !report.words.empty()) run_.words = report.words.back();
  if (run_.id != 0 || run_.created + run_.updated > 0) Save();
}

void Progress::Take(const SyncReport& report) {
  run_.told_at = context_.world.now();
  run_.seen = report.seen;
  run_.created = report.created;
  run_.updated = report.updated;
  run_.held = report.quarantined;
  run_.failed = report.failed;
}

void Progress::Save() {
  run_ = context_.database.Write(
      [&](storage::Session& session) { return storage::SaveRun(session, run_); });
  saved_at_ = run_.told_at;
}

double PerSecond(const storage::ExchangeRun& run) {
  const auto took = static_cast<double>(run.told_at - run.started_at);
  return took > 0 ? static_cast<double>(run.seen) * 1000 / took : 0;
}

std::int64_t TimeLeftMs(const storage::ExchangeRun& run) {
  const auto took = static_cast<double>(run.told_at - run.started_at);
  const auto left = [&](double done, double all) {
    return done > 0 && all >= done ? static_cast<std::int64_t>(took * (all - done) / done)
                                   : std::int64_t{-1};
  };
  if (run.expected > run.seen) {
    return left(static_cast<double>(run.seen), static_cast<double>(run.expected));
  }
  if (run.first_at == 0 || run.reached_at == 0) return -1;
  return left(static_cast<double>(run.reached_at - run.first_at),
              static_cast<double>(run.started_at - run.first_at));
}

}  // namespace aiguillage::connectors
