// Deadlines that move: an extension that somebody grants, a calendar that changed.
#include <algorithm>

#include "workflows/access.h"
#include "workflows/desk_beside.h"
#include "workflows/desk_run.h"
#include "workflows/ladder.h"
#include "workflows/reminder_mail.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Timer;

[[noreturn]] void No(const std::string& code, const std::string& sentence,
                     std::vector<std::string> who = {}) {
  throw Refused{{code, sentence, std::move(who)}};
}

// extend="5 jours ouvrés" extend-by="case_officer program_admin" of an <aap:deadline>.
struct Allowed {
  std::string most_text;
  DeadlineRule most;
  std::vector<std::string> by;
};
std::optional<Allowed> AllowedFor(const engine::Chart& chart, const Timer& timer) {
  const auto* deadline = FindDeadline(chart, timer.owner, timer.event);
  if (deadline == nullptr || engine::Attribute(*deadline, "extend").empty()) return std::nullopt;
  Allowed allowed{engine::Attribute(*deadline, "extend"), {}, {}};
  const auto rule = ParseDeadlineRule(allowed.most_text);
  if (!rule || rule.value().unit == DeadlineUnit::kCallDate) return std::nullopt;
  allowed.most = rule.value();
  allowed.by = Words(engine::Attribute(*deadline, "extend-by"));
  return allowed;
}

std::optional<HeldRole> HeldAmong(storage::Session& session, const storage::Project& project,
                                  const std::vector<std::string>& roles, std::int64_t person,
                                  std::int64_t now) {
  for (auto& held : RolesIn(session, person, project, now)) {
    if (Contains(roles, held.role)) return std::move(held);
  }
  return std::nullopt;
}

std::vector<Timer> WaitingDeadlines(storage::Session& session, std::int64_t project) {
  auto timers = storage::TimersOf(session, project);
  std::erase_if(timers, [](const Timer& timer) {
    return timer.kind != "deadline" || timer.status != "waiting" || timer.owner.empty();
  });
  return timers;
}

std::string Unit(const DeadlineRule& rule) {
  if (rule.unit == DeadlineUnit::kMonths) return "mois";
  return rule.unit == DeadlineUnit::kWorkingDays ? "jours ouvrés" : "jours";
}

Timer TimerToExtend(storage::Session& session, const ExtendRequest& request,
                    const storage::Project& project) {
  for (auto& timer : WaitingDeadlines(session, project.id)) {
    if (timer.owner != request.state || timer.event != request.event) continue;
    if (timer.due_at < request.now) break;
    if (timer.extended_at != 0) {
      No("not_now", "Cette échéance a déjà été prolongée, le " + FrenchDate(timer.extended_at) +
                        " : elle ne l’est qu’une fois.");
    }
    return std::move(timer);
  }
  No("not_now", "Cette échéance ne court plus : elle ne peut pas être prolongée.");
}

void CheckExtension(const ExtendRequest& request, const Allowed& allowed) {
  if (request.count < 1 || request.count > allowed.most.count) {
    No("bad_input", "Une prolongation va de 1 à " + std::to_string(allowed.most.count) + " " +
                        Unit(allowed.most) + ".");
  }
  if (request.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    No("bad_input", "Dites pourquoi : le journal du projet le garde.");
  }
  if (request.reason.size() > kReasonMax) {
    No("bad_input", "Cette raison est trop longue : 1 000 caractères au plus.");
  }
}

// Whose tasks the deadline was for: they are told of the new date.
void TellOfExtension(Work& work, const Timer& timer, const std::string& reason) {
  std::vector<Recipient> readers;
  for (const auto& task :
       TasksWithin(work.session, work.definition.chart, work.project.id, timer.owner)) {
    for (auto& person : PeopleOf(work.session, work.project, task)) {
      AddReader(readers, {task.role, std::move(person), false, ""});
    }
  }
  AddStandInsOf(work.session, work.project, work.now, readers);
  work.event.data = {{"reason", reason}};
  OutboxWriter writer{work, nullptr, {}, 0};
  WriteMailTo(work, writer, "deadline_extended", readers, {{"due", FrenchDate(timer.due_at)}});
}

ActAnswer ExtendIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
                   const ExtendRequest& request) {
  const storage::Project project = ProjectNamed(session, request.project);
  const auto definition = catalog.Pinned(session, project.definition);
  Timer timer = TimerToExtend(session, request, project);
  const auto allowed = AllowedFor(definition->chart, timer);
  if (!allowed)
    No("not_now", "Les règles de l’appel ne prévoient pas de prolonger cette échéance.");
  const auto held = HeldAmong(session, project, allowed->by, request.actor.person, request.now);
  if (!held) No("not_yours", "Prolonger revient à " + RoleLabels(allowed->by) + ".", allowed->by);
  CheckExtension(request, *allowed);
  Work work = WorkBeside(session, *definition, options, project, request.actor, request.now);
  work.permit.on_behalf_of = held->on_behalf_of;
  const std::int64_t before = timer.due_at;
  const Calendar calendar = CalendarOf(work.call);
  // Today, left by a calendar that made it over already: what is granted is granted from today.
  const bool left = before == EndOfParisDay(ParisDate(request.now));
  if (left && CountedDue(timer, calendar, DatesOf(work.call)) < before) CountFromItsDay(timer);
  timer.extension = std::to_string(request.count) + " " + Unit(allowed->most);
  timer.extended_at = request.now;
  timer.due_at = DueAt({allowed->most.unit, request.count, ""}, before, calendar, {});
  SetRung(timer, LadderOf(definition->chart, timer.owner, timer.event), 0, request.now, calendar);
  storage::UpdateTimer(session, timer);
  Redate(session, *definition, project, request.now);
  TellOfExtension(work, timer, request.reason);
  work.answer.deadlines.push_back({timer.event, timer.owner, timer.due_at});
  AppendBeside(work, {kExtended,
                      "Échéance prolongée",
                      held->role,
                      {{"event", timer.event},
                       {"state", timer.owner},
                       {"by", timer.extension},
                       {"before", before},
                       {"due", timer.due_at},
                       {"reason", request.reason}}});
  return std::move(work.answer);
}

// The deadlines of a project that another count moves, as they would be.
std::vector<Timer> CountedAgain(storage::Session& session, const Definition& definition,
                                const storage::Project& project, std::int64_t now) {
  const storage::Call call = CallOf(session, project.call);
  std::vector<Timer> moved;
  for (Timer& timer : WaitingDeadlines(session, project.id)) {
    const std::int64_t due = DueAgain(timer, call, now);
    if (due == timer.due_at) continue;
    timer.due_at = due;
    if (timer.rung_at != 0) {
      SetRung(timer, LadderOf(definition.chart, timer.owner, timer.event), timer.rung, 0,
              CalendarOf(call));
    }
    moved.push_back(std::move(timer));
  }
  return moved;
}

// Nothing of a project that is over, or has not begun, is counted again.
std::optional<storage::Project> LivingProject(storage::Session& session,
                                              const std::string& number) {
  auto project = storage::FindProject(session, number);
  if (project && (project->ended_at != 0 || project->snapshot.is_null())) project.reset();
  return project;
}

}  // namespace

std::vector<ExtensionOffer> ExtensionsFor(storage::Session& session, const Definition& definition,
                                          const storage::Project& project, std::int64_t person,
                                          std::int64_t now) {
  std::vector<ExtensionOffer> offers;
  if (project.ended_at != 0) return offers;
  for (const Timer& timer : WaitingDeadlines(session, project.id)) {
    const auto allowed = AllowedFor(definition.chart, timer);
    if (!allowed || timer.extended_at != 0 || timer.due_at < now) continue;
    if (!HeldAmong(session, project, allowed->by, person, now)) continue;
    offers.push_back({timer.owner, timer.event, timer.due_at, allowed->most, allowed->most_text});
  }
  return offers;
}

engine::Outcome<ActAnswer> Desk::Extend(const ExtendRequest& request) {
  return RunAct(
      database_, options_, request.project, request.now, /*dry_run=*/false,
      [&](storage::Session& session) { return ExtendIn(session, catalog_, options_, request); });
}

bool RecountIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
               const std::string& number, std::int64_t now) {
  const auto project = LivingProject(session, number);
  if (!project) return false;
  const auto definition = catalog.Pinned(session, project->definition);
  json moves = json::array();
  for (const Timer& timer : CountedAgain(session, *definition, *project, now)) {
    const auto before = storage::FindTimer(session, timer.id).value();
    moves.push_back({{"event", timer.event},
                     {"state", timer.owner},
                     {"before", before.due_at},
                     {"due", timer.due_at}});
    storage::UpdateTimer(session, timer);
  }
  if (moves.empty()) return false;
  Redate(session, *definition, *project, now);
  const auto moved = storage::FindProject(session, number).value();
  Work work = WorkBeside(session, *definition, options, moved, {}, now);
  AppendBeside(work, {kMoved, "Échéances recomptées", "system", {{"moves", moves}}});
  return true;
}

bool Desk::Recount(const std::string& number, std::int64_t now) {
  return database_.Write([&](storage::Session& session) {
    return RecountIn(session, catalog_, options_, number, now);
  });
}

std::vector<Timer> Desk::Recounted(const std::string& number, std::int64_t now) {
  return database_.Read([&](storage::Session& session) {
    const auto project = LivingProject(session, number);
    if (!project) return std::vector<Timer>{};
    const auto definition = catalog_.Pinned(session, project->definition);
    return CountedAgain(session, *definition, *project, now);
  });
}

}  // namespace aiguillage::workflows
