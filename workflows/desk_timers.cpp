// Deadlines and delayed sends as rows. A deadline belongs to the state whose content starts it:
//
//   leave the state for …                     its deadline is …
//   a state with aap:clock="stopped"          stopped, with the working days that were left
//   any other                                 cancelled
//   enter it again after a stop               resumed as `resume` says: remaining, restart, keep
//
// What is due is counted by a rule from an instant, both kept: a changed calendar counts again.
#include <algorithm>
#include <optional>

#include "workflows/desk_outbox.h"
#include "workflows/ladder.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Timer;

constexpr const char* kToday = "le jour même";  // Timer::counts when no more was left than that

bool ClockStopped(const Definition& definition, const engine::Snapshot& snapshot) {
  const auto active = snapshot.ActiveStates();
  return std::any_of(active.begin(), active.end(), [&](const std::string& id) {
    const auto* state = engine::FindState(definition.chart, id);
    return state != nullptr && engine::Attribute(*state, "clock") == "stopped";
  });
}

DeadlineRule RuleOf(const std::string& text) {
  auto rule = ParseDeadlineRule(text);
  if (!rule) {
    throw InvariantBroken("Expected a deadline rule, but found « " + text + " »");
  }
  return rule.value();
}

// A number of days counts on in its own unit; a month that was cut counts on in civil days.
DeadlineUnit UnitOfRest(const DeadlineRule& rule) {
  return rule.unit == DeadlineUnit::kWorkingDays ? rule.unit : DeadlineUnit::kDays;
}

// The rails' own rule, unless the call says otherwise for this event. A rule of the call that
// cannot be read stops nobody: the rails' own holds, and the journal says so.
std::string RuleFor(Work& work, const engine::CustomEffect& effect, const std::string& event) {
  const auto overrides = work.call.settings.find("deadlines");
  if (overrides != work.call.settings.end() && overrides->is_object()) {
    const auto own = overrides->find(event);
    if (own != overrides->end() && own->is_string()) {
      const auto rule = ParseDeadlineRule(own->get<std::string>());
      if (rule) return own->get<std::string>();
      work.notes.push_back(rule.refusal().sentence);
    }
  }
  return EffectText(effect, "in");
}

std::optional<Timer> LatestDeadline(const Work& work, const std::string& owner,
                                    const std::string& event) {
  std::optional<Timer> latest;
  for (auto& timer : storage::TimersOf(work.session, work.project.id)) {
    if (timer.kind != "deadline" || timer.owner != owner || timer.event != event) continue;
    if (!latest || timer.id > latest->id) latest = std::move(timer);
  }
  return latest;
}

void Cancel(Work& work, const Timer& timer) {
  Timer after = timer;
  after.status = "cancelled";
  after.stopped_at = work.now;
  after.rung_at = 0;
  ChangeTimer(work, timer, after);
}

// What fired has done its work, but for the steps of its ladder that were still to come.
void StopReminding(Work& work, const Timer& timer) {
  Timer after = timer;
  after.rung_at = 0;
  ChangeTimer(work, timer, after);
}

void Stop(Work& work, const Timer& timer) {
  const DeadlineRule rule = RuleOf(timer.rule);
  Timer after = timer;
  after.status = "stopped";
  after.stopped_at = work.now;
  after.rung_at = 0;
  after.remaining_days = DaysLeft(UnitOfRest(rule), work.now, timer.due_at, CalendarOf(work.call));
  ChangeTimer(work, timer, after);
}

void InsertDeadline(Work& work, Timer timer) {
  timer.project = work.project.id;
  timer.kind = "deadline";
  timer.status = "waiting";
  timer.started_at = work.now;
  SetRung(timer, LadderOf(work.definition.chart, timer.owner, timer.event), timer.rung, work.now,
          CalendarOf(work.call));
  CountRow(work);
  work.undo.new_timers.push_back(storage::InsertTimer(work.session, timer));
  work.answer.deadlines.push_back({timer.event, timer.owner, timer.due_at});
}

std::string RuleText(DeadlineUnit unit, std::int64_t count) {
  return std::to_string(count) + (unit == DeadlineUnit::kWorkingDays ? " jours ouvrés" : " jours");
}

// A stopped deadline whose state is entered again: how it is counted from now on.
void Resume(const Work& work, const Timer& stopped, Timer& timer) {
  const DeadlineRule rule = RuleOf(stopped.rule);
  timer.rung = stopped.rung;
  timer.extended_at = stopped.extended_at;
  if (timer.resume == "keep" || rule.unit == DeadlineUnit::kCallDate) {  // no pause moves a date
    timer.counts = stopped.counts;
    timer.counts_from = stopped.counts_from;
    timer.extension = stopped.extension;
    timer.due_at = stopped.due_at;
    timer.due_at = DueAgain(timer, work.call, work.now);
    return;
  }
  timer.counts_from = work.now;
  if (stopped.remaining_days <= 0) {
    timer.counts = kToday;
  } else {
    timer.counts = RuleText(UnitOfRest(rule), stopped.remaining_days);
  }
  timer.due_at = CountedDue(timer, CalendarOf(work.call), {});
}

}  // namespace

std::map<std::string, std::string> DatesOf(const storage::Call& call) {
  std::map<std::string, std::string> dates{{"opens", call.opens}, {"closes", call.closes}};
  const auto found = call.settings.find("dates");
  if (found != call.settings.end() && found->is_object()) {
    for (const auto& [name, date] : found->items()) {
      if (date.is_string()) dates[name] = date.get<std::string>();
    }
  }
  return dates;
}

Calendar CalendarOf(const storage::Call& call) {
  Calendar calendar;
  const auto closed = call.settings.find("closed_days");
  if (closed != call.settings.end() && closed->is_array()) {
    for (const auto& day : *closed) {
      if (day.is_string()) calendar.closed_days.insert(day.get<std::string>());
    }
  }
  const auto territory = call.settings.find("territory");
  if (territory != call.settings.end() && territory->is_string()) {
    calendar.territory = territory->get<std::string>();
  }
  return calendar;
}

std::int64_t CountedDue(const Timer& timer, const Calendar& calendar,
                        const std::map<std::string, std::string>& dates) {
  std::int64_t due = timer.counts == kToday
                         ? EndOfParisDay(ParisDate(timer.counts_from))
                         : DueAt(RuleOf(timer.counts), timer.counts_from, calendar, dates);
  if (due != 0 && !timer.extension.empty()) {
    due = DueAt(RuleOf(timer.extension), due, calendar, dates);
  }
  return due;
}

void CountFromItsDay(Timer& timer) {
  timer.counts = kToday;
  timer.counts_from = timer.due_at;
  timer.extension.clear();
}

std::int64_t DueAgain(const Timer& timer, const storage::Call& call, std::int64_t now) {
  const std::int64_t due = CountedDue(timer, CalendarOf(call), DatesOf(call));
  if (due == 0 || due == timer.due_at || std::max(due, timer.due_at) <= now) return timer.due_at;
  return std::max(due, EndOfParisDay(ParisDate(now)));
}

void StopTimers(Work& work) {
  const std::set<std::string> exited(work.step.exited.begin(), work.step.exited.end());
  const bool stopped = ClockStopped(work.definition, work.step.snapshot);
  for (const Timer& timer : storage::TimersOf(work.session, work.project.id)) {
    const bool ended = work.step.finished;
    if (timer.status == "waiting" && (ended || exited.contains(timer.owner))) {
      if (stopped && !ended) {
        Stop(work, timer);
      } else {
        Cancel(work, timer);
      }
    } else if (timer.rung_at != 0 && (ended || exited.contains(timer.owner))) {
      StopReminding(work, timer);
    } else if (timer.status == "stopped" && !stopped && !work.IsActive(timer.owner)) {
      Cancel(work, timer);  // the pause is over, and it led elsewhere
    }
  }
}

// A deadline counts from now, or from a date of the dossier's own: the law counts some from the
// deposit (CRPA, L231-4), whenever it was read here.
std::int64_t CountedFrom(Work& work, const engine::CustomEffect& effect) {
  const std::string date = EffectText(effect, "from");
  const std::int64_t from = date.empty() ? work.now : EndOfParisDay(date);
  if (from != 0) return std::min(from, work.now);
  work.notes.push_back("Échéance « " + EffectText(effect, "event") + " » comptée de ce jour : « " +
                       date + " » n’est pas une date.");
  return work.now;
}

void StartDeadline(Work& work, const engine::CustomEffect& effect) {
  if (work.step.finished || !work.IsActive(effect.owner)) return;  // passed through
  Timer timer;
  timer.owner = effect.owner;
  timer.event = EffectText(effect, "event");
  timer.rule = RuleFor(work, effect, timer.event);
  timer.resume = EffectText(effect, "resume");
  if (timer.resume.empty()) timer.resume = "remaining";
  const DeadlineRule rule = RuleOf(timer.rule);
  const auto latest = LatestDeadline(work, timer.owner, timer.event);
  if (latest && (latest->status == "waiting" || latest->status == "stopped")) {
    Cancel(work, *latest);
  }
  if (latest && latest->status == "stopped" && timer.resume != "restart") {
    Resume(work, *latest, timer);
  } else {
    timer.counts = timer.rule;
    timer.counts_from = CountedFrom(work, effect);
    timer.due_at = CountedDue(timer, CalendarOf(work.call), DatesOf(work.call));
  }
  if (timer.due_at == 0) {
    work.notes.push_back("Échéance « " + timer.event + " » sans date : l’appel ne donne pas « " +
                         rule.call_date + " ».");
    return;
  }
  InsertDeadline(work, timer);
}

void StartSend(Work& work, const engine::SendEffect& send) {
  if (work.step.finished) return;
  Timer timer;
  timer.project = work.project.id;
  timer.kind = "send";
  timer.event = send.event;
  timer.send_id = send.id;
  timer.started_at = work.now;
  timer.due_at = work.now + send.delay_ms;
  timer.status = "waiting";
  timer.data = EventToJson(engine::EventOf(send)).dump();
  CountRow(work);
  work.undo.new_timers.push_back(storage::InsertTimer(work.session, timer));
}

void CancelSend(Work& work, const std::string& send_id) {
  for (const Timer& timer : storage::TimersOf(work.session, work.project.id)) {
    if (timer.kind == "send" && timer.status == "waiting" && timer.send_id == send_id) {
      Cancel(work, timer);
    }
  }
}

std::vector<Timer> CurrentDeadlines(storage::Session& session, std::int64_t project,
                                    const engine::Snapshot& snapshot) {
  std::map<std::pair<std::string, std::string>, Timer> latest;  // by owner and event
  for (auto& timer : storage::TimersOf(session, project)) {
    if (timer.kind != "deadline" || !snapshot.IsActive(timer.owner)) continue;
    auto& kept = latest[{timer.owner, timer.event}];
    if (timer.id > kept.id) kept = std::move(timer);
  }
  std::vector<Timer> current;
  for (auto& [key, timer] : latest) {
    if (timer.status == "waiting" || timer.status == "fired") current.push_back(std::move(timer));
  }
  return current;
}

}  // namespace aiguillage::workflows
