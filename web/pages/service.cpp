// For those who watch the machine: is it well, and how much does it do.
#include <nlohmann/json.hpp>

#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/queues.h"
#include "web/health.h"
#include "web/meters.h"
#include "web/pages/handlers.h"

namespace aiguillage::web {

namespace {

void LookAtQueues(Visit& visit, storage::Session& session) {
  Meters& meters = visit.services.meters;
  meters.Gauge("aiguillage_projects", "projects held",
               static_cast<double>(storage::ProjectsHeld(session)));
  meters.Gauge("aiguillage_incidents_open", "incidents nobody closed yet",
               static_cast<double>(storage::OpenIncidents(session).size()));
  for (const auto& queue : storage::Queues(session, visit.now)) {
    const std::string name = "aiguillage_queue_" + queue.name;
    const double age =
        queue.waiting == 0 ? 0 : static_cast<double>(visit.now - queue.oldest_at) / 1000;
    meters.Gauge(name, "rows due now", static_cast<double>(queue.waiting));
    meters.Gauge(name + "_age_seconds", "how long the oldest of them has been due", age);
  }
}

}  // namespace

// 200 when visitors are welcome, else 503 and why; any answer says that the process is alive.
Response HealthPage(Visit& visit) {
  const HealthLook look = visit.house.health.Look();
  nlohmann::json answer = {{"alive", true}, {"ready", look.ready}};
  if (!look.ready) {
    answer["why"] = look.why;
    answer["since_s"] = look.since_s;
  }
  return Json(look.ready ? 200 : 503, answer.dump() + "\n");
}

// While the record does not answer, what the process itself counted is still told.
Response MetricsPage(Visit& visit) {
  Meters& meters = visit.services.meters;
  const bool ready = visit.house.health.Look().ready;
  meters.Gauge("aiguillage_ready", "1: visitors are welcome", ready ? 1 : 0);
  if (ready) {
    try {
      visit.services.database.Read(
          [&](storage::Session& session) { LookAtQueues(visit, session); });
    } catch (const storage::Trouble&) {
      meters.Gauge("aiguillage_ready", "1: visitors are welcome", 0);
    }
  }
  Response response = Text(200, meters.Print());
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace aiguillage::web
