#include "web/deadlines.h"

#include "storage/timers.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/holder_time.h"
#include "workflows/reminders.h"

namespace aiguillage::web {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr int kWeekLinesMax = 100;
constexpr int kWeekDays = 7;

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void AddDeadlines(View& view, Visit& visit, storage::Session& session,
                  const workflows::Definition& definition,
                  const std::vector<storage::JournalRow>& journal) {
  const auto& project = *visit.project;
  const std::int64_t person = visit.visitor->person.id;
  view.SetList("nudges").SetList("hands");
  for (const auto& one : workflows::TasksToNudge(session, project, person, visit.now)) {
    view.AddRow("nudges")
        .Set("nudge_label", one.task.label)
        .Set("nudge_names", Joined(one.names))
        .Set("nudge_refused", one.refused)
        .Set("nudge_href",
             "/projets/" + project.number + "/relances/" + std::to_string(one.task.id));
  }
  const bool may_extend =
      !workflows::ExtensionsFor(session, definition, project, person, visit.now).empty();
  view.Set("extend_href", may_extend ? "/projets/" + project.number + "/prolonger" : "");
  for (const auto& [side, ms] :
       workflows::TimeOfHolders(definition.chart, project, journal, visit.now)) {
    const std::int64_t days = ms / kDayMs;
    view.AddRow("hands")
        .Set("hand_side", FirstUpper(workflows::SideLabel(side)))
        .Set("hand_days", days == 0 ? "moins d’un jour" : Plural(days, "jour", "jours"));
  }
}

void AddWeek(View& view, Visit& visit, storage::Session& session,
             const std::optional<std::vector<std::string>>& calls) {
  view.SetList("week_days");
  const std::int64_t end =
      workflows::DueAt({workflows::DeadlineUnit::kDays, kWeekDays, ""}, visit.now, {}, {});
  const auto lines = storage::DeadlinesBetween(session, visit.now, end, calls, kWeekLinesMax);
  View* day = nullptr;
  std::string date;
  for (const auto& line : lines) {
    if (workflows::ParisDate(line.timer.due_at) != date) {
      date = workflows::ParisDate(line.timer.due_at);
      day = &view.AddRow("week_days").Set("week_day", workflows::FrenchDate(line.timer.due_at));
      day->SetList("week_lines");
    }
    const auto definition = visit.services.catalog.Pinned(session, line.definition);
    day->AddRow("week_lines")
        .Set("week_href", "/projets/" + line.number)
        .Set("week_number", line.number)
        .Set("week_title", line.title)
        .Set("week_state", Rails(definition->chart).Label(line.timer.owner, true));
  }
  view.Set("week_more", lines.size() == static_cast<std::size_t>(kWeekLinesMax))
      .Set("week_any", !lines.empty());
}

}  // namespace aiguillage::web
