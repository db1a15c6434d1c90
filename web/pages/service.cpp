// For those who watch the machine: is it well, and how much does it do.
#include <nlohmann/json.hpp>

#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "web/meters.h"
#include "web/pages/handlers.h"

namespace aiguillage::web {

Response HealthPage(Visit& visit) {
  try {
    const int schema = visit.services.database.SchemaVersion();
    return Json(200, nlohmann::json{{"status", "ok"}, {"schema", schema}}.dump() + "\n");
  } catch (const storage::Trouble&) {
    return Json(503, "{\"status\":\"database\"}\n");
  }
}

Response MetricsPage(Visit& visit) {
  std::map<std::string, std::int64_t> gauges;
  visit.services.database.Read([&](storage::Session& session) {
    gauges["aiguillage_projects"] = storage::CountProjects(session, {});
    gauges["aiguillage_incidents_open"] =
        static_cast<std::int64_t>(storage::OpenIncidents(session).size());
    for (const char* status : {"pending", "sending", "uncertain", "failed"}) {
      storage::OutboxFilter filter;
      filter.status = status;
      gauges[std::string("aiguillage_outbox_") + status] = storage::CountOutbox(session, filter);
    }
  });
  Response response = Text(200, visit.house.meters.Print(gauges));
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace aiguillage::web
