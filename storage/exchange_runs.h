// Readings of DS, each a row: how far the one under way has come, and what the last ones did.
//
//   ExchangeRun run = SaveRun(session, {.demarche = 98765, .kind = "changes", .seen = 300, …});
//   run.seen = 400;  SaveRun(session, run);          // the same row
//   RunsOf(session, 98765).front()                   // the newest
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct ExchangeRun {
  std::int64_t id = 0;  // 0: not written yet
  std::int64_t demarche = 0;
  std::string kind = "changes";     // changes | whole | replay
  std::string outcome = "running";  // running | done | stopped (words say why) | cut_off
  std::string words;                // French
  std::int64_t started_at = 0;
  std::int64_t told_at = 0;   // the row speaks of that instant
  std::int64_t expected = 0;  // dossiers that it will meet at least, 0 unknown
  // DS gives dossiers in the order of their last change: that of the first one met, of the last.
  std::int64_t first_at = 0, reached_at = 0;
  std::int64_t seen = 0, created = 0, updated = 0, held = 0, failed = 0;
};

inline constexpr std::size_t kRunsKept = 20;  // of a démarche

ExchangeRun SaveRun(Session&, ExchangeRun);                        // fills the id
std::vector<ExchangeRun> RunsOf(Session&, std::int64_t demarche);  // newest first
// What says « running » while nobody runs was cut off. True when there was such a row.
bool MarkCutOff(Session&, std::int64_t demarche);

}  // namespace aiguillage::storage
