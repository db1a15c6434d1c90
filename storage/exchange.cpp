#include "storage/exchange.h"

#include "storage/dossiers.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kMapping = "select call, version, mapping, person, at from call_mapping";

Query& Out(Query& query, MappingVersion& m) {
  return query.Out(m.call).Out(m.version).Out(m.mapping).Out(m.person).Out(m.at);
}

}  // namespace

void InsertCorrection(Session& session, const Correction& c) {
  Query query(session,
              "insert into dossier_correction (number, field, value, person, at)"
              " values (:number, :field, :value, :person, :at)");
  query.In("number", c.number).In("field", c.field).In("value", c.value);
  query.In("person", c.person).In("at", c.at).Run();
}

std::vector<Correction> CorrectionsOf(Session& session, std::int64_t number) {
  Correction c;
  Query query(session,
              "select id, number, field, value, person, at from dossier_correction"
              " where number = :number order by id");
  query.In("number", number);
  query.Out(c.id).Out(c.number).Out(c.field).Out(c.value).Out(c.person).Out(c.at);
  return query.All(c);
}

MappingVersion InsertMapping(Session& session, MappingVersion m) {
  const auto newest = NewestMapping(session, m.call);
  m.version = newest ? newest->version + 1 : 1;
  Query query(session,
              "insert into call_mapping (call, version, mapping, person, at)"
              " values (:call, :version, :mapping, :person, :at)");
  query.In("call", m.call).In("version", m.version).In("mapping", m.mapping);
  query.In("person", m.person).In("at", m.at).Run();
  return m;
}

std::vector<MappingVersion> MappingsOf(Session& session, const std::string& call) {
  MappingVersion m;
  Query query(session, kMapping + " where call = :call order by version desc");
  query.In("call", call);
  return Out(query, m).All(m);
}

std::optional<MappingVersion> NewestMapping(Session& session, const std::string& call) {
  MappingVersion m;
  Query query(session, kMapping + " where call = :call order by version desc limit 1");
  query.In("call", call);
  return Out(query, m).One() ? std::optional(m) : std::nullopt;
}

std::optional<Descriptor> FindDescriptor(Session& session, std::int64_t demarche) {
  Descriptor d;
  Query query(session, "select demarche, revision, at from descriptor where demarche = :demarche");
  query.In("demarche", demarche).Out(d.demarche).Out(d.revision).Out(d.at);
  return query.One() ? std::optional(d) : std::nullopt;
}

void SaveDescriptor(Session& session, const Descriptor& d) {
  Query query(session,
              "insert into descriptor (demarche, revision, at) values (:demarche, :revision, :at)"
              " on conflict (demarche) do update set revision = excluded.revision,"
              " at = excluded.at");
  query.In("demarche", d.demarche).In("revision", d.revision).In("at", d.at).Run();
}

Comparison FindComparison(Session& session, std::int64_t demarche) {
  const std::string of = "." + std::to_string(demarche);
  Comparison found;
  const auto asked = FindSetting(session, "ds.compare_asked" + of);
  if (asked) found.asked_at = std::stoll(*asked);
  const auto kept = FindSetting(session, "ds.report" + of);
  const auto json = nlohmann::json::parse(kept.value_or(""), nullptr, false);
  if (!json.is_object()) return found;
  found.at = json.value("at", std::int64_t{0});
  found.rows = json.value("drifts", nlohmann::json::array());
  return found;
}

void AskForComparison(Session& session, std::int64_t demarche, std::int64_t now) {
  SaveSetting(session, "ds.compare_asked." + std::to_string(demarche), std::to_string(now));
}

void SaveComparison(Session& session, std::int64_t demarche, std::int64_t at,
                    const nlohmann::json& rows) {
  SaveSetting(session, "ds.report." + std::to_string(demarche),
              nlohmann::json{{"at", at}, {"drifts", rows}}.dump());
}

}  // namespace aiguillage::storage
