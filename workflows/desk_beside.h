// Acts that no state asks: journalled like any other, moving nothing of the rails. Private to the
// desk.
//
//   Work work = WorkBeside(session, definition, options, project, person, now);
//   WriteMailTo(work, writer, "nudge", readers, {});
//   AppendBeside(work, {kNudged, "Relance", "case_officer", data});
#pragma once

#include <string>
#include <vector>

#include "workflows/desk_outbox.h"
#include "workflows/reminders.h"

namespace aiguillage::workflows {

struct BesideAct {
  std::string action, label, role;
  nlohmann::json data;  // of its event
};
// An act under way that took no step: its mails can be written, its snapshot is the project's.
Work WorkBeside(storage::Session& session, const Definition& definition, const DeskOptions& options,
                const storage::Project& project, const Actor& actor, std::int64_t now);
void AppendBeside(Work& work, const BesideAct& act);  // fills work.answer, then the journal

// Whose task it is now: the person, or who holds its role; the pilot when nobody does.
std::vector<storage::Person> PeopleOf(storage::Session& session, const storage::Project& project,
                                      const storage::Task& task);
// Tasks that still wait in that state or within it.
std::vector<storage::Task> TasksWithin(storage::Session& session, const engine::Chart& chart,
                                       std::int64_t project, const std::string& state);
// After instants of timers changed: tasks, columns and lists follow.
void Redate(storage::Session& session, const Definition& definition,
            const storage::Project& project, std::int64_t now);

// Counts the deadlines of a project that wait again by its call's calendar and dates; whether one
// moved. Of one that is over, or has not begun, none does.
bool RecountIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
               const std::string& number, std::int64_t now);

}  // namespace aiguillage::workflows
