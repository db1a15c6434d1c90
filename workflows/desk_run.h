// How every act of the desk runs: one Write of the record, whose refusals, rehearsals and broken
// laws come out as exceptions, so that whatever was written so far rolls back. Private to the desk.
#pragma once

#include <chrono>
#include <exception>
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

template <typename Job>
engine::Outcome<ActAnswer> RunAct(storage::Database& database, const DeskOptions& options,
                                  const std::string& project, std::int64_t now, bool dry_run,
                                  Job&& job) {
  if (!options.seen) return RunUnseen(database, project, now, dry_run, std::forward<Job>(job));
  using std::chrono::steady_clock;
  const auto started = steady_clock::now();
  const auto tell = [&](const std::string& outcome) {
    const auto spent = steady_clock::now() - started;
    options.seen(outcome, std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
  };
  try {
    auto answer = RunUnseen(database, project, now, dry_run, std::forward<Job>(job));
    tell(answer ? "" : answer.refusal().code);
    return answer;
  } catch (...) {
    tell("trouble");
    throw;
  }
}

storage::Project ProjectNamed(storage::Session& session, const std::string& number);  // or Refused
storage::Call CallOf(storage::Session& session, const std::string& id);
// « Depuis, Anne Martin a fait « Valider le cadrage » le 23 novembre 2026 à 14 h 05. »
std::string WhatHappened(storage::Session& session, std::int64_t project);

}  // namespace aiguillage::workflows
