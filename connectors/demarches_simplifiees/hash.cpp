#include "connectors/demarches_simplifiees/hash.h"

#include <algorithm>

#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/hash.h"
#include "storage/json_text.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

// {"filename", "checksum", …} without address nor date.
json File(const json& file) {
  return {TextAt(file, "filename"), TextAt(file, "checksum"), TextAt(file, "byteSizeBigInt"),
          TextAt(file, "contentType"), TextAt(file, "virusScanResult")};
}

json Champ(const json& champ) {
  if (!champ.is_object()) return champ;
  json kept = json::object();
  for (const auto& [name, value] : champ.items()) {
    if (name == "updatedAt" || name == "label" || name == "prefilled") continue;
    if (name == "files" && value.is_array()) {
      for (const json& file : value) kept["files"].push_back(File(file));
    } else if (name == "rows" && value.is_array()) {
      for (const json& row : value) {
        json champs = json::array();
        for (const json& child : PartOf(row, "champs")) champs.push_back(Champ(child));
        kept["rows"].push_back({TextAt(row, "id"), std::move(champs)});
      }
    } else {
      kept[name] = value;
    }
  }
  return kept;
}

// Each thing we said explains one entry of the history, once, whoever's name is on it.
json Traitements(const json& list, std::vector<Echo::Said> said) {
  json kept = json::array();
  if (!list.is_array()) return kept;
  for (const json& entry : list) {
    const std::string event = TextAt(entry, "event");
    const std::string motivation = TextAt(entry, "motivation");
    const auto ours = std::find_if(said.begin(), said.end(), [&](const Echo::Said& s) {
      return s.event == event && s.motivation == motivation;
    });
    if (ours != said.end()) {
      said.erase(ours);
    } else {
      kept.push_back({event, motivation});
    }
  }
  return kept;
}

}  // namespace

Echo EchoOf(const Mapping& mapping) {
  Echo echo;
  for (const AnnotationRule& rule : mapping.annotations) echo.annotations.insert(rule.champ);
  for (const auto& [state, label] : mapping.labels) echo.labels.insert(label);
  echo.groups = !mapping.groups.empty();
  return echo;
}

Echo EchoOf(const std::vector<storage::OutboxRow>& rows, Echo echo) {
  for (const storage::OutboxRow& row : rows) {
    if (row.kind != "ds" || !row.payload.is_object()) continue;
    for (const json& done : PartOf(row.payload, "did")) {
      echo.said.push_back({TextAt(done, "event"), TextAt(done, "motivation")});
    }
  }
  return echo;
}

std::string ContentHash(const json& dossier, const Echo& echo) {
  json kept = json::object();
  for (const char* name : {"archived", "deposeParUnTiers", "prenomMandataire", "nomMandataire"}) {
    kept[name] = PartOf(dossier, name);
  }
  kept["usager"] = TextAt(PartOf(dossier, "usager"), "email");
  const json& filer = PartOf(dossier, "demandeur");
  kept["demandeur"] = {TextAt(filer, "siret"), TextAt(filer, "nom"), TextAt(filer, "prenom")};
  const json& group = PartOf(dossier, "groupeInstructeur");
  if (!echo.groups) kept["groupe"] = PartOf(group, "number");
  json labels = json::array();
  for (const json& label : PartOf(dossier, "labels")) {
    if (!echo.labels.contains(TextAt(label, "name"))) labels.push_back(TextAt(label, "id"));
  }
  std::sort(labels.begin(), labels.end());
  kept["labels"] = std::move(labels);
  for (const json& champ : PartOf(dossier, "champs")) {
    kept["champs"].push_back(Champ(champ));
  }
  for (const json& champ : PartOf(dossier, "annotations")) {
    if (echo.annotations.contains(TextAt(champ, "champDescriptorId"))) continue;
    kept["annotations"].push_back(Champ(champ));
  }
  kept["traitements"] = Traitements(PartOf(dossier, "traitements"), echo.said);
  return storage::Sha256(storage::JsonText(kept));
}

std::string TextWithoutAddresses(const json& part) { return storage::JsonTextWithout("url", part); }

}  // namespace aiguillage::connectors
