// The parts of an act, in the order in which they are done; each in the file named above it.
// Private to the desk.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "workflows/desk_work.h"

namespace aiguillage::workflows {

inline bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

inline constexpr int kRowsMax = 500;  // tasks, timers and outbox rows of one act
// Counts a row about to be written; InvariantBroken beyond kRowsMax.
void CountRow(Work& work);

// desk_permission.cpp
engine::Outcome<Permit> FindPermit(storage::Session& session, const Definition& definition,
                                   const engine::Snapshot& snapshot,
                                   const storage::Project& project, const Actor& actor,
                                   const std::string& action, std::int64_t now);
// aap:locked of the action's transitions, "" when none says.
std::string LockedWords(const engine::Chart& chart, const engine::Action& action);
// Throws Refused when a person of this administration, or with a declared interest, would review.
// Stepping back (aap:recuse) stays possible.
void RefuseConflict(storage::Session& session, const Definition& definition,
                    const storage::Project& project, const Permit& permit, std::int64_t person,
                    const nlohmann::json& data);

// desk_invariants.cpp: "" when the snapshot is one the chart allows, else what is wrong with it.
std::string IllegalConfiguration(const engine::Chart& chart, const engine::Snapshot& snapshot);
void CheckInvariants(const Work& work);  // throws InvariantBroken

// desk_effects.cpp: grants, revokes, sets, then deadlines and sends, in the order of the effects.
void ApplyEffects(Work& work);
// desk_timers.cpp
Calendar CalendarOf(const storage::Call& call);
std::map<std::string, std::string> DatesOf(const storage::Call& call);  // name -> ISO date
// By the calendar and dates as they are now. What is over by both counts stands as it is, and
// nobody's time is cut short to a day that is over: at the soonest, the end of today.
std::int64_t DueAgain(const storage::Timer& timer, const storage::Call& call, std::int64_t now);
// Counted from now on from the day it is due, whatever gave that day.
void CountFromItsDay(storage::Timer& timer);
// When a deadline is due by the rule and the instant it keeps; 0 for a date that the call has not.
std::int64_t CountedDue(const storage::Timer& timer, const Calendar& calendar,
                        const std::map<std::string, std::string>& dates);
void StopTimers(Work& work);  // of the states left
void StartDeadline(Work& work, const engine::CustomEffect& effect);
void StartSend(Work& work, const engine::SendEffect& send);
void CancelSend(Work& work, const std::string& send_id);
// Deadlines of the present visit of each state, running or fired.
std::vector<storage::Timer> CurrentDeadlines(storage::Session& session, std::int64_t project,
                                             const engine::Snapshot& snapshot);
// desk_tasks.cpp
void SyncTasks(Work& work);
struct WantedTask {
  std::string state, role, assignee, action, label;
  std::int64_t due_at = 0;
};
std::vector<WantedTask> WantedTasks(storage::Session& session, const Definition& definition,
                                    const engine::Snapshot& snapshot,
                                    const storage::Project& project);
// Brings the open tasks of a project in line after a role changed hands.
void RouteTasks(storage::Session& session, const Definition& definition,
                const storage::Project& project, std::int64_t now);

// desk_columns.cpp: what pages and lists need of a project, from its snapshot and rows.
void FillColumns(Work& work, const std::vector<WantedTask>& wanted);
std::int64_t NearestDue(storage::Session& session, std::int64_t project,
                        const engine::Snapshot& snapshot);  // 0 without
std::string ColumnState(const engine::Chart& chart, const std::vector<std::string>& active);
std::string StateLabels(const engine::Chart& chart, const engine::Snapshot& snapshot,
                        const std::string& attribute);  // « Rédaction · Médias » of the innermost
void IndexForSearch(storage::Session& session, const storage::Project& project,
                    const nlohmann::json& answers);

// desk_mails.cpp, desk_ds.cpp: rows of the outbox, in the order of the effects.
void WriteOutbox(Work& work);
std::string ReasonOf(const nlohmann::json& data);  // what the person gave as reason, "" without
// The same, or the points of a request as a numbered list.
std::string RequestWords(const Work& work);
std::vector<std::string> Words(const std::string& list);  // space separated

// desk_journal.cpp
void WriteJournal(Work& work);
nlohmann::json EventToJson(const engine::Event& event);
engine::Event EventFromJson(const nlohmann::json& json);
// Runs the law's answer into rows: everything after Step. Shared by Act and Intake.
void CarryOut(Work& work);

// desk_answers.cpp: data as the form wants it, computed fields included; Refused in words.
nlohmann::json CheckedData(const Definition& definition, const std::string& form,
                           const nlohmann::json& data, std::int64_t now);

std::optional<ActAnswer> FirstAnswer(storage::Session& session, const std::string& key,
                                     const std::string& digest);
void KeepAnswer(storage::Session& session, const std::string& key, const std::string& digest,
                const ActAnswer& answer, std::int64_t now);

// desk_undo.cpp
nlohmann::json TaskToJson(const storage::Task& task);
nlohmann::json TimerToJson(const storage::Timer& timer);
nlohmann::json UndoToJson(const Undo& undo, const storage::Project& before);
// Changes a row and remembers how it was.
void ChangeTask(Work& work, const storage::Task& before, const storage::Task& after);
void ChangeTimer(Work& work, const storage::Timer& before, const storage::Timer& after);
storage::Project PutBack(storage::Session& session, const storage::Project& project,
                         const nlohmann::json& undo, std::int64_t now);

}  // namespace aiguillage::workflows
