#include "connectors/demarches_simplifiees/drift.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "connectors/demarches_simplifiees/conversions.h"
#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "workflows/delegation.h"
#include "workflows/mail_pace.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

constexpr const char* kDriftTemplate = "mapping_drift";

std::string DriftSetting(std::int64_t demarche) { return "ds.drift." + std::to_string(demarche); }

// Whether a champ that DS describes so still gives what the rule reads. A choice that no list
// translates is kept as it is typed: any words will do.
bool Fits(const FieldRule& rule, const std::string& descriptor) {
  const bool as_typed = rule.type == "choice" && (rule.choices.empty() || rule.free);
  return Reads(as_typed ? "text" : rule.type, descriptor);
}

std::map<std::string, const json*> ById(const json& descriptors) {
  std::map<std::string, const json*> found;
  if (!descriptors.is_array()) return found;
  for (const json& descriptor : descriptors) found[TextAt(descriptor, "id")] = &descriptor;
  return found;
}

class Comparer {
 public:
  explicit Comparer(const Mapping& mapping) : mapping_(mapping) {}

  void Fields(const std::vector<FieldRule>& rules, const json& descriptors) {
    const auto live = ById(descriptors);
    std::set<std::string> known = mapping_.ignored;
    for (const FieldRule& rule : rules) {
      known.insert(rule.champ);
      const auto found = live.find(rule.champ);
      if (found == live.end()) {
        Add("removed", rule.champ, rule.label, "");
        drift_.fatal = drift_.fatal || rule.to == "title";
      } else {
        Field(rule, *found->second);
      }
    }
    for (const auto& [id, descriptor] : live) {
      if (known.contains(id) || IsLayout(TextAt(*descriptor, "__typename"))) continue;
      Add("unmapped", id, TextAt(*descriptor, "label"), "");
    }
  }

  void Annotations(const json& descriptors) {
    const auto live = ById(descriptors);
    for (const AnnotationRule& rule : mapping_.annotations) {
      if (!live.contains(rule.champ)) Add("annotation", rule.champ, rule.label, "");
    }
  }

  MappingDrift Take() { return std::move(drift_); }

 private:
  void Field(const FieldRule& rule, const json& descriptor) {
    const std::string type = TextAt(descriptor, "__typename"), label = TextAt(descriptor, "label");
    if (!Fits(rule, type)) {
      Add("retyped", rule.champ, rule.label, type);
    } else if (rule.type == "rows") {
      Fields(rule.rows, PartOf(descriptor, "champDescriptors"));
    }
    if (label != rule.label) Add("renamed", rule.champ, rule.label, label);
  }

  void Add(const char* kind, const std::string& champ, const std::string& label,
           const std::string& live) {
    drift_.fields.push_back({kind, champ, label, live});
  }

  const Mapping& mapping_;
  MappingDrift drift_;
};

json ToRow(const FieldDrift& d) {
  return {{"kind", d.kind}, {"champ", d.champ}, {"label", d.label}, {"live", d.live}};
}

DriftAlarm FromSetting(const std::string& text) {
  DriftAlarm alarm;
  const json kept = json::parse(text, nullptr, false);
  if (!kept.is_object()) return alarm;
  alarm.since = kept.value("since", std::int64_t{0});
  for (const json& row : PartOf(kept, "fields")) {
    alarm.fields.push_back(
        {TextAt(row, "kind"), TextAt(row, "champ"), TextAt(row, "label"), TextAt(row, "live")});
  }
  return alarm;
}

// Of that call, and who stands in for those who are absent: for whom, "" for oneself.
std::vector<std::pair<storage::Person, std::string>> PilotsOf(storage::Session& session,
                                                              const storage::Call& call,
                                                              std::int64_t now) {
  const std::set<std::string> scopes = {"", "call:" + call.id};
  std::vector<std::pair<storage::Person, std::string>> pilots;
  std::set<std::int64_t> told;
  for (const auto& grant : storage::GrantsFor(session, "program_admin")) {
    if (!scopes.contains(grant.scope)) continue;
    auto pilot = storage::FindPerson(session, grant.person);
    if (!pilot || !pilot->active || !told.insert(pilot->id).second) continue;
    pilots.emplace_back(std::move(*pilot), "");
  }
  const auto absent = pilots;
  for (const auto& [pilot, nobody] : absent) {
    for (auto& stand_in : workflows::StandInsWithin(session, pilot.id, scopes, now)) {
      if (!told.insert(stand_in.id).second) continue;
      pilots.emplace_back(std::move(stand_in), workflows::NameOf(session, pilot.id));
    }
  }
  return pilots;
}

void MailPilots(storage::Session& session, const storage::Call& call,
                const std::vector<FieldDrift>& fresh, std::int64_t now) {
  json items = json::array();
  for (const FieldDrift& drift : fresh) items.push_back({{"label", Sentence(drift)}});
  for (const auto& [pilot, standing_for] : PilotsOf(session, call, now)) {
    storage::OutboxRow row;
    row.kind = "mail";
    row.key = "drift-" + std::to_string(call.demarche) + "-" + std::to_string(now) + "-" +
              std::to_string(pilot.id);
    row.topic = kDriftTemplate;
    row.person = pilot.id;
    row.address = pilot.email;
    row.payload = {{"recipient", pilot.name.empty() ? pilot.email : pilot.name},
                   {"call", call.title},
                   {"items", items}};
    if (!standing_for.empty()) row.payload["standing_for"] = standing_for;
    row.status = "pending";
    row.created_at = now;
    const std::string pace = workflows::PaceFor(session, pilot.id, workflows::kDuties);
    row.not_before = workflows::LeavesAt(pace, now);
    if (pace != workflows::kNow) row.pace = pace;
    storage::InsertOutbox(session, row);
  }
}

}  // namespace

std::string Sentence(const FieldDrift& drift) {
  if (drift.kind == "removed") {
    return "Le champ « " + drift.label + " » n’existe plus dans la démarche.";
  }
  if (drift.kind == "unmapped") {
    return "Le champ « " + drift.label + " » de la démarche n’est repris nulle part.";
  }
  if (drift.kind == "retyped") {
    return "Le champ « " + drift.label + " » a changé de nature dans la démarche (" +
           StemOf(drift.live) + ") : ce qui s’y écrit ne peut plus être repris.";
  }
  if (drift.kind == "renamed") {
    return "Le champ « " + drift.label + " » s’appelle maintenant « " + drift.live +
           " » dans la démarche : vérifiez qu’il dit la même chose.";
  }
  return "L’annotation « " + drift.label + " » n’existe plus dans la démarche.";
}

MappingDrift CompareWithRevision(const Mapping& mapping, const json& revision) {
  if (!PartOf(revision, "champDescriptors").is_array()) return {};
  Comparer comparer(mapping);
  comparer.Fields(mapping.fields, revision["champDescriptors"]);
  comparer.Annotations(PartOf(revision, "annotationDescriptors"));
  return comparer.Take();
}

DriftAlarm StandingDrift(storage::Session& session, std::int64_t demarche) {
  return FromSetting(storage::FindSetting(session, DriftSetting(demarche)).value_or(""));
}

void RaiseDrift(storage::Database& database, const storage::Call& call, const MappingDrift& drift,
                std::int64_t now) {
  const auto standing = [&](storage::Session& session) {
    return StandingDrift(session, call.demarche);
  };
  if (database.Read(standing).fields == drift.fields) return;
  database.Write([&](storage::Session& session) {
    const DriftAlarm before = standing(session);
    if (before.fields == drift.fields) return;  // another process was quicker
    std::vector<FieldDrift> fresh;
    std::copy_if(drift.fields.begin(), drift.fields.end(), std::back_inserter(fresh),
                 [&](const FieldDrift& one) {
                   return std::find(before.fields.begin(), before.fields.end(), one) ==
                          before.fields.end();
                 });
    json rows = json::array();
    for (const FieldDrift& one : drift.fields) rows.push_back(ToRow(one));
    const std::int64_t since = drift.fields.empty() ? 0 : fresh.empty() ? before.since : now;
    storage::SaveSetting(session, DriftSetting(call.demarche),
                         json{{"since", since}, {"fields", rows}}.dump());
    if (!fresh.empty()) MailPilots(session, call, fresh, now);
  });
}

}  // namespace aiguillage::connectors
