#include "notifications/clockwork.h"

#include <exception>

#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/projects.h"
#include "workflows/calendar.h"

namespace aiguillage::notifications {
namespace {

using nlohmann::json;
using storage::Timer;

constexpr int kBatch = 200;

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
                       {"refused", firing.refused}});
  }
  return {{"fired", report.fired},
          {"refused", report.refused},
          {"more", report.more},
          {"firings", std::move(firings)}};
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

TickReport Clockwork::Tick(std::int64_t now, bool dry_run) {
  TickReport report;
  TellOfClosedCalls(now, dry_run, report);
  for (;;) {
    // What a dry run has seen stays due: it reads once, all of it.
    const int limit = dry_run ? options_.firings_max : kBatch;
    const auto due = database_.Read(
        [&](storage::Session& session) { return storage::DueTimers(session, now, limit); });
    for (const Timer& timer : due) {
      if (static_cast<int>(report.firings.size()) >= options_.firings_max || options_.stop()) {
        report.more = true;
        return report;
      }
      report.firings.push_back(Fire(timer, now, dry_run));
      ++(report.firings.back().refused.empty() ? report.fired : report.refused);
    }
    if (dry_run || due.empty()) return report;
  }
}

Firing Clockwork::Raise(const workflows::ActRequest& request, std::int64_t due_at) {
  Firing firing{request.project, request.action, due_at, {}, {}, "", ""};
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
