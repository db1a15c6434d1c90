// The daily seal of the journal. Each project's rows are a chain; the seal is a digest over the
// heads of all chains that grew since the last seal, chained to it: so it covers every head there
// is.
//
//   if (auto seal = SealJournal(session, "2026-11-26", now)) …   // mailed: a copy elsewhere
//   SealFaults(session)   -> {"AIG-2026-0003, acte 4 : ce n’est plus ce qui a été scellé le …"}
//
//   hash = SHA-256(previous seal ‖ day ‖ instant ‖ each head: project, seq, hash)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Seal {
  std::string day;  // ISO date of the day that ended
  std::int64_t at = 0;
  std::int64_t heads = 0;  // chains that grew
  std::string previous, hash;
};
// nullopt when no chain grew since the last one, or the day has its seal.
std::optional<Seal> SealJournal(Session&, const std::string& day, std::int64_t at);
std::optional<Seal> LastSeal(Session&);
std::vector<Seal> Seals(Session&);  // oldest first

// What was touched since it was sealed, in words: per seal the first such head. Empty: all is
// whole.
std::vector<std::string> SealFaults(Session&);

}  // namespace aiguillage::storage
