// Ends of this process that nobody prepared for: SIGKILL at a chosen write or statement, and a
// power cut, which takes back what was written and not yet synced.
//
//   CountWrites();               once, before the record is opened
//   DieAt(3, true);              the third write from now on is cut in half …
//   DieAt(3, false);             … or done to its end, and nothing after it
//   CutPower(seed);              now: of each write since its file's last sync, some sectors stay
//   FailSyncs(true);             from now on the disk refuses to sync (EIO)
//
//   OnStatement([](std::string_view sql, bool done) { … Die() … });
//                                before and after each statement that this process hands to SQLite
//                                or to libpq: « begin immediate », « savepoint job », « update … »
//
// A write cut in half is what a machine that loses its power leaves; one done to its end shows what
// is believed too early. SIGKILL alone would never show a missing sync: the system keeps what a
// dead process wrote. Counting starts again with each DieAt.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace aiguillage::test {

void CountWrites();  // SQLite's: counts them, and remembers what was not synced
void DieAt(int write, bool torn);
[[noreturn]] void Die();  // SIGKILL, now
[[noreturn]] void CutPower(std::uint64_t seed);
void FailSyncs(bool fail);

void OnStatement(std::function<void(std::string_view sql, bool done)> told);

}  // namespace aiguillage::test
