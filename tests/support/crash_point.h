// SIGKILL at a chosen write of this process: the writes that SQLite hands to the system, counted.
//
//   CountWrites();               once, before the record is opened
//   DieAt(3, true);              the third write from now on is cut in half …
//   DieAt(3, false);             … or done to its end, and nothing after it
//
// A write cut in half is what a machine that loses its power leaves; one done to its end shows what
// is believed too early. Counting starts again with each DieAt.
#pragma once

namespace aiguillage::test {

void CountWrites();
void DieAt(int write, bool torn);
[[noreturn]] void Die();  // SIGKILL, now

}  // namespace aiguillage::test
