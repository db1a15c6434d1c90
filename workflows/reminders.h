// What people do about deadlines beside the rails: nudge, extend. And what the machine does:
// remind, step by step of a ladder, and count again when a calendar changed. Each is an act of the
// journal that moves no state.
//
//   TasksToNudge(session, project, olga, now)     {task « Valider le cadrage », {"Léa Martin"}, ""}
//   ExtensionsFor(session, rails, project, olga)  {"framing.late", due, "10 jours ouvrés", …}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/projects.h"
#include "storage/tasks.h"
#include "workflows/calendar.h"
#include "workflows/catalog.h"
#include "workflows/requests.h"

namespace aiguillage::workflows {

// Actions of such acts in the journal.
inline constexpr const char* kReminded = "deadline.reminded";
inline constexpr const char* kNudged = "task.nudged";
inline constexpr const char* kExtended = "deadline.extended";
inline constexpr const char* kMoved = "deadline.moved";
bool IsBesideRails(const std::string& action);  // these, and a conflict that was settled

// A mail of reminders waits this long for others to the same person.
inline constexpr std::int64_t kGatherMs = 60'000;

struct TaskToNudge {
  storage::Task task;
  std::vector<std::string> names;  // of those it waits for, but for oneself
  std::string refused;             // why not now, "" when it may be
};
// Open tasks of others, for who follows the file here: pilot, case officer, lead. Else none.
std::vector<TaskToNudge> TasksToNudge(storage::Session& session, const storage::Project& project,
                                      std::int64_t person, std::int64_t now);

inline constexpr int kNudgedAtOnce = 200;  // projects of a cell, and so many looked at for them
inline constexpr int kNudgeLookedAt = 1000;
// What became of the nudge of a cell that was asked with that key.
std::optional<NudgedCell> FindNudgedCell(storage::Session& session, const std::string& key);

struct ExtensionOffer {
  std::string state, event;
  std::int64_t due_at = 0;
  DeadlineRule most;      // how much may be added
  std::string most_text;  // « 5 jours ouvrés »
};
// Deadlines that wait and that this person may still extend.
std::vector<ExtensionOffer> ExtensionsFor(storage::Session& session, const Definition& definition,
                                          const storage::Project& project, std::int64_t person,
                                          std::int64_t now);

}  // namespace aiguillage::workflows
