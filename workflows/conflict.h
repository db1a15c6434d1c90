// Démarches Simplifiées decided otherwise than we did: a task for the pilot, beside the rails, that
// no act of theirs closes. What they choose is an act of the journal that moves no state.
//
//   OpenConflict(session, project, {.outbox = 12, .here = …, .there = …}, now)
//   desk.Settle({.project = "AIG-2026-0042", .conflict = 3, .choice = "theirs",
//                .reason = "décidé en réunion", .actor = {17}, .now = now})
//
// theirs: what DS says counts, the row that met it is withdrawn. again: DS was put right by hand,
// the row is sent once more. Either way what waited behind it may leave.
#pragma once

#include <string>

#include "storage/conflicts.h"
#include "storage/database.h"
#include "storage/projects.h"
#include "storage/tasks.h"

namespace aiguillage::workflows {

inline constexpr const char* kConflictTask = "ds.conflict";  // action of the task
inline constexpr const char* kSettled = "ds.settled";        // action in the journal

// Nothing when one is open already.
void OpenConflict(storage::Session& session, const storage::Project& project,
                  storage::DsConflict conflict, std::int64_t now);
bool IsConflictTask(const storage::Task& task);
// Whose worklist it is in: theirs, or that of the absent they stand in for.
bool MaySettle(storage::Session& session, const storage::Project& project, std::int64_t person,
               std::int64_t now);

}  // namespace aiguillage::workflows
