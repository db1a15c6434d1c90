#include "connectors/demarches_simplifiees/conflict.h"

#include "connectors/demarches_simplifiees/delivery.h"
#include "workflows/calendar.h"

namespace aiguillage::connectors {

using nlohmann::json;

json OurSide(const storage::OutboxRow& row, const std::string& by) {
  const std::string target = TargetOf(row.topic);
  return {{"state", target.empty() ? row.topic : target},
          {"motivation", IsDecided(target) ? MotivationOf(row) : TextAt(row.payload, "body")},
          {"by", by},
          {"at", row.created_at}};
}

json OurSide(const storage::Project& project) {
  return {{"state", ""}, {"motivation", ""}, {"by", ""}, {"at", project.since_at}};
}

json TheirSide(const json& dossier) {
  json side = {{"state", TextAt(dossier, "state")},
               {"motivation", TextAt(dossier, "motivation")},
               {"by", ""},
               {"at", 0}};
  const json& history = PartOf(dossier, "traitements");
  if (!history.is_array() || history.empty()) return side;
  side["by"] = TextAt(history.back(), "emailAgentTraitant");
  const auto at = workflows::ParseInstant(TextAt(history.back(), "dateTraitement"));
  if (at) side["at"] = at.value();
  return side;
}

}  // namespace aiguillage::connectors
