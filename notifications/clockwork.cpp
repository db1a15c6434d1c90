#include "notifications/clockwork.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/hash.h"
#include "storage/projects.h"
#include "workflows/calendar.h"

namespace aiguillage::notifications {
namespace {

using nlohmann::json;
using storage::Timer;

constexpr int kBatch = 200;
constexpr const char* kAll = "all";  // every project of the call was counted again

std::string PrintOf(const storage::Call& call) {
  nlohmann::json said = {{"opens", call.opens}, {"closes", call.closes}};
  for (const char* name : {"dates", "closed_days", "territory"}) {
    if (call.settings.is_object() && call.settings.contains(name)) said[name] = call.settings[name];
  }
  return storage::Sha256(said.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::pair<std::string, std::string> Parted(const std::string& setting) {
  const auto space = setting.find(' ');
  if (space == std::string::npos) return {"", ""};
  return {setting.substr(0, space), setting.substr(space + 1)};
}

std::string NumberOf(storage::Database& database, std::int64_t project) {
  return database.Read([&](storage::Session& session) {
    const auto found = storage::FindProjectById(session, project);
    return found ? found->number : std::string();
  });
}

void Report(storage::Session& session, std::int64_t project, const std::string& what,
            const std::string& why, std::int64_t now) {
  storage::Incident incident;
  incident.project = project;
  incident.kind = "timer";
  incident.sentence = what + " n’a pas pu être traitée : " + why;
  incident.at = now;
  storage::InsertIncident(session, incident);
}

}  // namespace

json ToJson(const TickReport& report) {
  json firings = json::array();
  for (const Firing& firing : report.firings) {
    firings.push_back({{"project", firing.project},
                       {"event", firing.event},
                       {"due", firing.due_at},
                       {"states", firing.states},
                       {"mails", firing.mails},
                       {"told", firing.told},
                       {"refused", firing.refused}});
  }
  return {{"fired", report.fired}, {"refused", report.refused}, {"reminded", report.reminded},
          {"moved", report.moved}, {"more", report.more},       {"firings", std::move(firings)}};
}

Clockwork::Clockwork(storage::Database& database, workflows::Desk& desk, TickOptions options)
    : database_(database), desk_(desk), options_(options) {}

// Who was told is one number a call: the last project of it that has been.
void Clockwork::TellOfClosedCalls(std::int64_t now, bool dry_run, TickReport& report) {
  const auto calls = database_.Read([](storage::Session& s) { return storage::Calls(s); });
  for (const auto& call : calls) {
    const std::int64_t end = workflows::EndOfParisDay(call.closes);
    if (end == 0 || end >= now || call.status == "draft") continue;
    const std::string name = "call.closed." + call.id;
    std::int64_t told = database_.Read([&](storage::Session& session) {
      return std::stoll(storage::FindSetting(session, name).value_or("0"));
    });
    for (;;) {
      const auto projects = database_.Read([&](storage::Session& session) {
        return storage::ProjectsAfter(session, call.id, told, kBatch);
      });
      if (projects.empty()) break;
      for (const auto& project : projects) {
        if (options_.stop()) return;
        workflows::ActRequest request;
        request.project = project.number;
        request.action = "call.closed";
        request.actor.role = "system";
        request.key = name + "." + project.number;
        request.now = now;
        request.dry_run = dry_run;
        Firing firing = Raise(request, end);
        if (firing.refused.empty() && firing.act.empty()) continue;
        ++(firing.refused.empty() ? report.fired : report.refused);
        if (!firing.refused.empty() && !dry_run) {
          database_.Write([&](storage::Session& session) {
            Report(session, project.id, "La clôture de l’appel", firing.refused, now);
          });
        }
        report.firings.push_back(std::move(firing));
      }
      told = projects.back().id;
      if (dry_run) continue;
      database_.Write([&](storage::Session& session) {
        storage::SaveSetting(session, name, std::to_string(told));
      });
    }
  }
}

// What of a call its deadlines were counted by; a change of it counts them again, once, project by
// project: how far that went is kept beside it.
Clockwork::Moved Clockwork::CountAgain(std::int64_t now, bool dry_run, TickReport& report) {
  Moved moved;
  for (const auto& call : database_.Read([](storage::Session& s) { return storage::Calls(s); })) {
    const std::string name = "calendar." + call.id, print = PrintOf(call);
    const auto [counted, last] = database_.Read([&](storage::Session& session) {
      return Parted(storage::FindSetting(session, name).value_or(""));
    });
    if (counted == print && last == kAll) continue;
    std::int64_t told = counted == print ? std::stoll(last) : 0;
    const auto save = [&](const std::string& how_far) {
      if (dry_run) return;
      database_.Write([&](storage::Session& session) {
        storage::SaveSetting(session, name, print + " " + how_far);
      });
    };
    for (;;) {
      const auto projects = database_.Read([&](storage::Session& session) {
        return storage::ProjectsAfter(session, call.id, told, kBatch);
      });
      if (projects.empty()) break;
      for (const auto& project : projects) {
        if (options_.stop()) return moved;
        if (dry_run) {
          const auto timers = desk_.Recounted(project.number, now);
          for (const auto& timer : timers) moved.emplace(timer.id, timer);
          report.moved += timers.empty() ? 0 : 1;
        } else if (desk_.Recount(project.number, now)) {
          ++report.moved;
        }
      }
      told = projects.back().id;
      save(std::to_string(told));
    }
    save(kAll);
  }
  return moved;
}

// What would have moved is due when it would be, not when it is.
void Clockwork::PutMoved(Queue& queue, const Moved& moved, std::int64_t now) {
  std::erase_if(queue, [&](const auto& due) { return moved.contains(due.second.timer.id); });
  for (const auto& [id, timer] : moved) {
    if (timer.due_at <= now) queue.insert({timer.due_at, {timer, false}});
    if (timer.rung_at != 0 && timer.rung_at <= now) queue.insert({timer.rung_at, {timer, true}});
  }
}

Clockwork::Queue Clockwork::DueNow(std::int64_t now, int limit) {
  Queue queue;
  database_.Read([&](storage::Session& session) {
    for (auto& timer : storage::DueTimers(session, now, limit)) {
      queue.insert({timer.due_at, {std::move(timer), false}});
    }
    for (auto& timer : storage::DueRungs(session, now, limit)) {
      queue.insert({timer.rung_at, {std::move(timer), true}});
    }
  });
  while (queue.size() > static_cast<std::size_t>(limit)) queue.erase(std::prev(queue.end()));
  return queue;
}

bool Clockwork::Handle(std::int64_t now, bool dry_run, Queue& queue, TickReport& report) {
  if (static_cast<int>(report.firings.size()) >= options_.firings_max || options_.stop()) {
    report.more = true;
    return false;
  }
  const Due due = queue.extract(queue.begin()).mapped();
  if (!due.rung) {
    report.firings.push_back(Fire(due.timer, now, dry_run));
    ++(report.firings.back().refused.empty() ? report.fired : report.refused);
    return true;
  }
  Remind(due.timer, now, dry_run, report);
  if (dry_run || queue.empty()) return true;
  // The next step may be due before what comes behind; not before what is not read yet.
  const std::int64_t last = queue.rbegin()->first;
  auto timer = database_.Read(
      [&](storage::Session& session) { return storage::FindTimer(session, due.timer.id); });
  const std::int64_t at = timer ? timer->rung_at : 0;
  if (at != 0 && at <= last) queue.insert({at, {std::move(*timer), true}});
  return true;
}

TickReport Clockwork::Tick(std::int64_t now, bool dry_run) {
  TickReport report;
  const Moved moved = CountAgain(now, dry_run, report);
  TellOfClosedCalls(now, dry_run, report);
  for (;;) {
    // What a dry run has seen stays due: it reads once, all of it.
    auto queue = DueNow(now, dry_run ? options_.firings_max : kBatch);
    if (dry_run) PutMoved(queue, moved, now);
    const bool none = queue.empty();
    while (!queue.empty()) {
      if (!Handle(now, dry_run, queue, report)) return report;
    }
    if (!dry_run && !none) continue;
    if (dry_run) {
      std::stable_sort(
          report.firings.begin(), report.firings.end(),
          [](const Firing& one, const Firing& other) { return one.due_at < other.due_at; });
    }
    return report;
  }
}

// A step that cannot be climbed is skipped with a word: it must not keep those behind it waiting.
void Clockwork::Remind(const Timer& timer, std::int64_t now, bool dry_run, TickReport& report) {
  try {
    const auto told =
        dry_run ? desk_.Rehearse(timer, now) : desk_.Remind(timer.id, now, /*dry_run=*/false);
    for (const auto& one : told) {
      ++report.reminded;
      report.firings.push_back({one.project, one.event, one.at, {}, {}, "", "", one.told});
    }
  } catch (const storage::Trouble&) {
    throw;
  } catch (const std::exception& broken) {
    ++report.refused;
    report.firings.push_back({NumberOf(database_, timer.project),
                              timer.event,
                              timer.rung_at,
                              {},
                              {},
                              broken.what(),
                              "",
                              {}});
    if (dry_run) return;
    database_.Write([&](storage::Session& session) {
      auto current = storage::FindTimer(session, timer.id);
      if (!current || current->rung_at == 0) return;
      current->rung_at = 0;
      storage::UpdateTimer(session, *current);
      Report(session, timer.project, "Le rappel de l’échéance « " + timer.event + " »",
             broken.what(), now);
    });
  }
}

Firing Clockwork::Raise(const workflows::ActRequest& request, std::int64_t due_at) {
  Firing firing{request.project, request.action, due_at, {}, {}, "", "", {}};
  try {
    const auto answer = desk_.Act(request);
    if (answer) {
      firing.act = answer.value().act;
      firing.states = answer.value().states;
      for (const auto& mail : answer.value().mails) firing.mails.push_back(mail.template_id);
    } else {
      firing.refused = answer.refusal().sentence;
    }
  } catch (const storage::Trouble&) {
    throw;  // the record, not this event: it is raised at the next tick
  } catch (const std::exception& broken) {
    firing.refused = std::string("Incident : ") + broken.what();
  }
  return firing;
}

Firing Clockwork::Fire(const Timer& timer, std::int64_t now, bool dry_run) {
  workflows::ActRequest request;
  request.project = NumberOf(database_, timer.project);
  request.action = timer.event;
  request.actor.role = "timer";
  request.key = "timer-" + std::to_string(timer.id);
  request.now = now;
  request.dry_run = dry_run;
  Firing firing = Raise(request, timer.due_at);
  // A project that is over answers without looking at its timers.
  if (!dry_run) SetAside(timer, firing.refused, now);
  return firing;
}

// A timer that cannot fire must neither block those behind it nor be lost without a word.
void Clockwork::SetAside(const Timer& timer, const std::string& sentence, std::int64_t now) {
  const auto after = database_.Read(
      [&](storage::Session& session) { return storage::FindTimer(session, timer.id); });
  if (!after || after->status != "waiting") return;  // nearly always; a write waits for its turn
  database_.Write([&](storage::Session& session) {
    auto current = storage::FindTimer(session, timer.id);
    if (!current || current->status != "waiting") return;  // fired or stopped: nothing is lost
    current->status = "cancelled";
    current->stopped_at = now;
    storage::UpdateTimer(session, *current);
    if (sentence.empty()) return;
    Report(session, timer.project, "L’échéance « " + timer.event + " »", sentence, now);
  });
}

}  // namespace aiguillage::notifications
