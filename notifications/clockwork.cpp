#include "notifications/clockwork.h"

#include <exception>

#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/projects.h"

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

TickReport Clockwork::Tick(std::int64_t now, bool dry_run) {
  TickReport report;
  for (;;) {
    // What a dry run has seen stays due: it reads once, all of it.
    const int limit = dry_run ? options_.firings_max : kBatch;
    const auto due = database_.Read(
        [&](storage::Session& session) { return storage::DueTimers(session, now, limit); });
    for (const Timer& timer : due) {
      if (static_cast<int>(report.firings.size()) >= options_.firings_max) {
        report.more = true;
        return report;
      }
      report.firings.push_back(Fire(timer, now, dry_run));
      ++(report.firings.back().refused.empty() ? report.fired : report.refused);
    }
    if (dry_run || due.empty()) return report;
  }
}

Firing Clockwork::Fire(const Timer& timer, std::int64_t now, bool dry_run) {
  Firing firing{NumberOf(database_, timer.project), timer.event, timer.due_at, {}, {}, ""};
  workflows::ActRequest request;
  request.project = firing.project;
  request.action = timer.event;
  request.actor.role = "timer";
  request.key = "timer-" + std::to_string(timer.id);
  request.now = now;
  request.dry_run = dry_run;
  try {
    const auto answer = desk_.Act(request);
    if (answer) {
      firing.states = answer.value().states;
      for (const auto& mail : answer.value().mails) firing.mails.push_back(mail.template_id);
      // A project that is over answers without looking at its timers.
      if (!dry_run) SetAside(timer, "", now);
      return firing;
    }
    firing.refused = answer.refusal().sentence;
  } catch (const storage::Trouble&) {
    throw;  // the record, not this timer: it fires at the next tick
  } catch (const std::exception& broken) {
    firing.refused = std::string("Incident : ") + broken.what();
  }
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
    storage::Incident incident;
    incident.project = timer.project;
    incident.kind = "timer";
    incident.sentence = "L’échéance « " + timer.event + " » n’a pas pu être traitée : " + sentence;
    incident.at = now;
    storage::InsertIncident(session, incident);
  });
}

}  // namespace aiguillage::notifications
