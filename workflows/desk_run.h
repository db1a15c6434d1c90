// How every act of the desk runs: one Write of the record, whose refusals, rehearsals and broken
// laws come out as exceptions, so that whatever was written so far rolls back. Private to the desk.
#pragma once

#include <chrono>
#include <exception>
#include <type_traits>
#include <utility>

#include "storage/dossiers.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {

// Thrown at the end of a dry run: the very answer, and nothing written.
struct Rehearsed : std::exception {
  ActAnswer answer;
  explicit Rehearsed(ActAnswer what) : answer(std::move(what)) {}
};

template <typename Job>
engine::Outcome<ActAnswer> RunUnseen(storage::Database& database, const std::string& project,
                                     std::int64_t now, bool dry_run, Job&& job) {
  try {
    return database.Write([&](storage::Session& session) {
      ActAnswer answer = job(session);
      if (dry_run) throw Rehearsed(std::move(answer));
      return answer;
    });
  } catch (const Refused& refused) {
    return refused.refusal;
  } catch (const Rehearsed& rehearsed) {
    return rehearsed.answer;
  } catch (const InvariantBroken& broken) {
    const std::string sentence = broken.what();
    if (dry_run) throw;
    database.Write([&](storage::Session& session) {
      const auto found = storage::FindProject(session, project);
      storage::InsertIncident(session, {0, found ? found->id : 0, "invariant", sentence, now, 0});
    });
    throw;
  }
}

// Runs it and tells the meters how it went and how long it took; as so many acts when it was done.
template <typename Run>
auto RunSeen(const DeskOptions& options, Run&& run,
             std::int64_t (*acts)(const std::decay_t<decltype(run().value())>&)) {
  using std::chrono::steady_clock;
  const auto started = steady_clock::now();
  const auto tell = [&](const std::string& outcome, std::int64_t times = 1) {
    if (!options.seen) return;
    const auto spent =
        std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started);
    for (std::int64_t nth = 0; nth < times; ++nth) options.seen(outcome, spent.count() / times);
  };
  try {
    auto answer = run();
    if (answer) {
      tell("", acts(answer.value()));
    } else {
      tell(answer.refusal().code);
    }
    return answer;
  } catch (...) {
    tell("trouble");
    throw;
  }
}

template <typename Job>
engine::Outcome<ActAnswer> RunAct(storage::Database& database, const DeskOptions& options,
                                  const std::string& project, std::int64_t now, bool dry_run,
                                  Job&& job) {
  return RunSeen(
      options, [&] { return RunUnseen(database, project, now, dry_run, std::forward<Job>(job)); },
      +[](const ActAnswer&) -> std::int64_t { return 1; });
}

storage::Project ProjectNamed(storage::Session& session, const std::string& number);  // or Refused
storage::Call CallOf(storage::Session& session, const std::string& id);
// « Depuis, Anne Martin a fait « Valider le cadrage » le 23 novembre 2026 à 14 h 05. »
std::string WhatHappened(storage::Session& session, std::int64_t project);

}  // namespace aiguillage::workflows
