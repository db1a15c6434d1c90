#include "storage/dossiers.h"

#include "storage/hash.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kDossier =
    "select number, demarche, node, hash, ds_state, raw, version, at, status, reasons"
    " from dossier where ";

Query& Out(Query& query, Dossier& d) {
  return query.Out(d.number)
      .Out(d.demarche)
      .Out(d.node)
      .Out(d.hash)
      .Out(d.ds_state)
      .Out(d.raw)
      .Out(d.version)
      .Out(d.at)
      .Out(d.status)
      .Out(d.reasons);
}

void Supersede(Session& session, std::int64_t number) {
  Query query(session,
              "update dossier set status = 'superseded'"
              " where number = :number and status <> 'superseded'");
  query.In("number", number).Run();
}

}  // namespace

bool SaveDossier(Session& session, Dossier& d) {
  std::string hash;
  int last = 0;
  Query newest(session,
               "select hash, version from dossier where number = :number"
               " order by version desc limit 1");
  newest.In("number", d.number).Out(hash).Out(last).One();
  d.version = last;
  if (last > 0 && hash == d.hash) return false;
  if (last > 0) Supersede(session, d.number);
  d.version = last + 1;
  Query query(session,
              "insert into dossier (number, version, demarche, node, hash, ds_state, raw, at,"
              " status, reasons)"
              " values (:number, :version, :demarche, :node, :hash, :ds_state, :raw, :at, :status,"
              " :reasons)");
  query.In("number", d.number).In("version", d.version).In("demarche", d.demarche);
  query.In("node", d.node).In("hash", d.hash).In("ds_state", d.ds_state).In("raw", d.raw);
  query.In("at", d.at).In("status", d.status).In("reasons", d.reasons).Run();
  return true;
}

void SetDossierStatus(Session& session, std::int64_t number, const std::string& status,
                      const std::string& reasons) {
  Query query(session,
              "update dossier set status = :status, reasons = :reasons"
              " where number = :number and status <> 'superseded'");
  query.In("status", status).In("reasons", reasons).In("number", number).Run();
}

std::optional<Dossier> FindDossier(Session& session, std::int64_t number) {
  Dossier dossier;
  Query query(session, kDossier + "number = :number order by version desc limit 1");
  query.In("number", number);
  return Out(query, dossier).One() ? std::optional(dossier) : std::nullopt;
}

bool SaveThread(Session& session, std::int64_t number, const std::string& raw, std::int64_t at) {
  const std::string hash = Sha256(raw);
  Query query(
      session,
      "insert into dossier_thread (number, hash, raw, at) values (:number, :hash, :raw, :at)"
      " on conflict (number) do update set hash = excluded.hash, raw = excluded.raw,"
      " at = excluded.at where dossier_thread.hash <> excluded.hash");
  query.In("number", number).In("hash", hash).In("raw", raw).In("at", at);
  return query.Run() == 1;
}

std::string FindThread(Session& session, std::int64_t number) {
  std::string raw;
  Query query(session, "select raw from dossier_thread where number = :number");
  query.In("number", number).Out(raw).One();
  return raw;
}

namespace {

// Numbers, so that nothing of them can be SQL.
std::string Among(const Demarches& demarches) {
  if (!demarches) return "";
  std::string list = "0";
  for (const std::int64_t one : *demarches) list += ", " + std::to_string(one);
  return " and demarche in (" + list + ")";
}

}  // namespace

std::vector<Dossier> Quarantined(Session& session, int limit, int offset,
                                 const Demarches& demarches) {
  Dossier dossier;
  Query query(session, kDossier + "status = 'quarantined'" + Among(demarches) +
                           " order by number limit :limit offset :offset");
  query.In("limit", limit).In("offset", offset);
  return Out(query, dossier).All(dossier);
}

std::int64_t CountQuarantined(Session& session, const Demarches& demarches) {
  std::int64_t count = 0;
  Query query(session,
              "select count(*) from dossier where status = 'quarantined'" + Among(demarches));
  query.Out(count).One();
  return count;
}

std::optional<Dossier> FindDossierVersion(Session& session, std::int64_t number, int version) {
  Dossier dossier;
  Query query(session, kDossier + "number = :number and version = :version");
  query.In("number", number).In("version", version);
  return Out(query, dossier).One() ? std::optional(dossier) : std::nullopt;
}

std::string HashOfDossier(Session& session, std::int64_t number) {
  std::string hash;
  Query query(session,
              "select hash from dossier where number = :number order by version desc limit 1");
  query.In("number", number).Out(hash).One();
  return hash;
}

std::vector<Dossier> DossiersWithStatus(Session& session, const std::string& status) {
  Dossier dossier;
  Query query(session, kDossier + "status = :status order by number");
  query.In("status", status);
  return Out(query, dossier).All(dossier);
}

std::vector<std::int64_t> DossierNumbers(Session& session, std::int64_t demarche) {
  std::int64_t number = 0;
  Query query(session,
              "select distinct number from dossier where demarche = :demarche order by number");
  query.In("demarche", demarche).Out(number);
  return query.All(number);
}

std::int64_t CountDossiers(Session& session, std::int64_t demarche) {
  std::int64_t count = 0;
  Query query(session, "select count(distinct number) from dossier where demarche = :demarche");
  query.In("demarche", demarche).Out(count).One();
  return count;
}

}  // namespace aiguillage::storage
