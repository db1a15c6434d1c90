#include "connectors/demarches_simplifiees/conflict.h"

#include <algorithm>

#include "connectors/demarches_simplifiees/delivery.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "storage/conflicts.h"
#include "workflows/calendar.h"
#include "workflows/conflict.h"

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

void LookForDecision(storage::Session& session, const storage::Dossier& dossier,
                     const storage::Project& project, const json& node, std::int64_t now) {
  if (!IsDecided(dossier.ds_state) || project.ended_at != 0) return;
  const auto before = storage::FindDossierVersion(session, dossier.number, dossier.version - 1);
  if (!before || before->ds_state == dossier.ds_state) return;
  const auto rows = storage::OutboxOf(session, project.id, "ds");
  const auto said = EchoOf(rows, Echo{}).said;
  const bool ours = std::any_of(said.begin(), said.end(), [](const Echo::Said& one) {
    return one.event == "accepte" || one.event == "refuse" || one.event == "classe_sans_suite";
  });
  const bool waits = std::any_of(rows.begin(), rows.end(), [](const storage::OutboxRow& row) {
    return row.kind == "ds" && (row.status == "pending" || row.status == "sending") &&
           IsDecided(TargetOf(row.topic));
  });
  storage::DsConflict conflict;
  conflict.here = OurSide(project);
  conflict.there = TheirSide(node);
  const auto earlier = storage::ConflictsOf(session, project.id);
  const bool settled = std::any_of(earlier.begin(), earlier.end(), [&](const auto& one) {
    return one.choice == "theirs" && one.there == conflict.there;
  });
  if (ours || waits || settled) return;
  workflows::OpenConflict(session, project, std::move(conflict), now);
}

}  // namespace aiguillage::connectors
