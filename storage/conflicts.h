// Where Démarches Simplifiées and we decided otherwise of one dossier: what each says, and how a
// person settled it. While one is open, LeaseOutbox gives nothing of its project to the push.
//
//   InsertConflict(session, {.project = 7, .outbox = 12, .here = {{"state", "accepte"}, …},
//                            .there = {{"state", "refuse"}, {"by", "agent@…"}, …}, …});
//   OpenConflict(session, 7)->there["state"]          "refuse"
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct DsConflict {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::int64_t outbox = 0;     // the row that met it; 0: DS decided while we said nothing
  nlohmann::json here, there;  // {state, motivation, by, at}: a state of DS, who, ms
  std::int64_t opened_at = 0;
  std::int64_t closed_at = 0;  // 0 while it waits for somebody
  std::int64_t closed_by = 0;  // person
  std::string choice;          // theirs: what DS says counts | again: it was put right there
  std::string reason;
};
std::int64_t InsertConflict(Session&, const DsConflict&);  // one open at a time per project
void UpdateConflict(Session&, const DsConflict&);
std::optional<DsConflict> OpenConflict(Session&, std::int64_t project);
std::vector<DsConflict> OpenConflicts(Session&, int limit);           // oldest first
std::vector<DsConflict> ConflictsOf(Session&, std::int64_t project);  // oldest first

}  // namespace aiguillage::storage
