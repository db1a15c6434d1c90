// What DS told us: raw dossiers by version, cursors, quarantine, and runs of the exchange.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Dossier {
  std::int64_t number = 0;  // DS number
  std::int64_t demarche = 0;
  std::string node;      // opaque DS id, needed by mutations
  std::string hash;      // content hash (no addresses, dates, nor our own echo)
  std::string ds_state;  // en_construction, …
  std::string raw;       // JSON as received
  int version = 0;       // 1, 2, 3 … per number
  std::int64_t at = 0;
  std::string status;   // received (not taken in yet) | files (some are missing) | project |
                        // quarantined | superseded (an older version)
  std::string reasons;  // JSON array of sentences when quarantined
};
// A new version when the hash differs (then version is filled); the same hash writes nothing.
bool SaveDossier(Session&, Dossier&);
void SetDossierStatus(Session&, std::int64_t number, const std::string& status,
                      const std::string& reasons);
std::optional<Dossier> FindDossier(Session&, std::int64_t number);  // newest version
std::optional<Dossier> FindDossierVersion(Session&, std::int64_t number, int version);
// Newest versions in that status, raw included: what an interrupted sync takes up again.
std::vector<Dossier> DossiersWithStatus(Session&, const std::string& status);
// Of these démarches only; none: of all.
using Demarches = std::optional<std::vector<std::int64_t>>;
std::vector<Dossier> Quarantined(Session&, int limit = 1'000'000, int offset = 0,
                                 const Demarches& demarches = {});  // by number
std::int64_t CountQuarantined(Session&, const Demarches& demarches = {});
std::string HashOfDossier(Session&, std::int64_t number);  // newest version's, "" when unknown
std::vector<std::int64_t> DossierNumbers(Session&, std::int64_t demarche);
std::int64_t CountDossiers(Session&, std::int64_t demarche);

// What is said around a dossier: messages, opinions, attestation. JSON, "" when none was kept.
// True when it was written: not when it says what it said.
bool SaveThread(Session&, std::int64_t number, const std::string& raw, std::int64_t at);
std::string FindThread(Session&, std::int64_t number);

// Stored with the page it ends. kind: dossiers | pending_deleted | deleted.
std::string FindCursor(Session&, std::int64_t demarche, const std::string& kind);
void SaveCursor(Session&, std::int64_t demarche, const std::string& kind,
                const std::string& cursor);

// How the exchange on one démarche stands.
struct ExchangeStanding {
  std::int64_t read_at = 0;        // the last reading that came to its end began then; 0: none yet
  std::int64_t failing_since = 0;  // 0: the last run came to its end
  std::string trouble;             // French, why the last run stopped

  friend bool operator==(const ExchangeStanding&, const ExchangeStanding&) = default;
};
ExchangeStanding FindExchangeStanding(Session&, std::int64_t demarche);
void SaveExchangeStanding(Session&, std::int64_t demarche, const ExchangeStanding&);

// Small named values of the record.
std::optional<std::string> FindSetting(Session&, const std::string& name);
void SaveSetting(Session&, const std::string& name, const std::string& value);

// Work for one process at a time: true when `holder` has it until `until_at`. Who ended without
// saying so is waited for until then.
bool TakeLease(Session&, const std::string& name, const std::string& holder, std::int64_t now,
               std::int64_t until_at);
void EndLease(Session&, const std::string& name, const std::string& holder);
bool IsLeased(Session&, const std::string& name, std::int64_t now);

// Something a human must look at: violated invariant, conflict with DS, mapping drift, …
struct Incident {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::string kind;
  std::string sentence;  // French
  std::int64_t at = 0;
  std::int64_t closed_at = 0;
  std::int64_t closed_by = 0;  // person
  std::string choice = {};     // retry | mended | skip; "" while open
  std::string reason = {};
};
std::int64_t InsertIncident(Session&,
                            const Incident&);  // the open one of same project and kind is kept
// … and this sentence is added to what that one says, unless it holds `about` already. Bounded.
void TellIncident(Session&, const Incident&, const std::string& about);
std::vector<Incident> OpenIncidents(Session&);
struct IncidentFilter {
  std::string kind;
  std::int64_t project = 0;  // 0: of all
  bool closed = false;
  std::optional<std::vector<std::string>> calls;  // of projects of these only; none: everything
  int limit = 50, offset = 0;
};
std::vector<Incident> ListIncidents(Session&, const IncidentFilter&);  // newest first
std::int64_t CountIncidents(Session&, const IncidentFilter&);
std::optional<Incident> FindIncident(Session&, std::int64_t id);
// With closed_at, closed_by, choice and reason; false when somebody was faster.
bool CloseIncident(Session&, const Incident&);

}  // namespace aiguillage::storage
