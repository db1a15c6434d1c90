#include "connectors/demarches_simplifiees/night.h"

#include <algorithm>

#include "connectors/demarches_simplifiees/mapping.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/dossiers.h"
#include "workflows/calendar.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

constexpr std::int64_t kTwoHours = 2LL * 3'600'000;

std::string ReportSetting(std::int64_t demarche) { return "ds.report." + std::to_string(demarche); }
std::string NightSetting(std::int64_t demarche) { return "ds.night." + std::to_string(demarche); }

// The day whose night it is: until two o'clock, still the one before.
std::string NightOf(std::int64_t now) { return workflows::ParisDate(now - kTwoHours); }

bool WasRead(const std::vector<Drift>& drifts) {
  return std::none_of(drifts.begin(), drifts.end(),
                      [](const Drift& drift) { return drift.what == kNoAccess; });
}

}  // namespace

DriftReport LastReport(storage::Session& session, std::int64_t demarche) {
  DriftReport report;
  const auto text = storage::FindSetting(session, ReportSetting(demarche));
  const json kept = json::parse(text.value_or(""), nullptr, false);
  if (!kept.is_object()) return report;
  report.at = kept.value("at", std::int64_t{0});
  for (const json& row : PartOf(kept, "drifts")) {
    report.drifts.push_back(
        {TextAt(row, "number"), TextAt(row, "what"), TextAt(row, "here"), TextAt(row, "there")});
  }
  return report;
}

std::vector<Drift> CompareAndKeep(SyncContext& context) {
  const std::int64_t at = context.world.now();
  const auto drifts = Compare(context);
  if (!WasRead(drifts)) return drifts;
  const std::string text = json{{"at", at}, {"drifts", ToJson(drifts)}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
  context.database.Write([&](storage::Session& session) {
    storage::SaveSetting(session, ReportSetting(context.options.demarche), text);
  });
  return drifts;
}

bool NightIsDue(storage::Session& session, std::int64_t demarche, std::int64_t now) {
  return storage::FindSetting(session, NightSetting(demarche)).value_or("") < NightOf(now);
}

SyncReport RunNight(SyncContext& context) {
  const std::string night = NightOf(context.world.now());
  SyncReport report = Sync(context, /*full=*/true);
  if (report.stopped || !WasRead(CompareAndKeep(context))) return report;
  context.database.Write([&](storage::Session& session) {
    storage::SaveSetting(session, NightSetting(context.options.demarche), night);
  });
  return report;
}

}  // namespace aiguillage::connectors
