// An SCXML document run on the record: each macrostep is one transaction (snapshot with its queues
// as the project, delayed sends as timers, what happened as a journal row), and each process that
// takes it up is killed at its next write point, until none is left.
//
//   const DurableRun durable = RunDurably(text, "test144.scxml", options, false);
//   durable.run.trace     must be that of RunDocument(text, …)     durable.kills     57
//
// Every process does at most one macrostep: killed before its COMMIT, the next one starts it again
// and is killed one write point later; after its COMMIT it is killed before anybody hears of it.
#pragma once

#include <string>

#include "workflows/scxml_run.h"

namespace aiguillage::workflows {

struct DurableRun {
  DocumentRun run;
  int macrosteps = 0;
  int kills = 0;       // at write points
  std::string broken;  // what went wrong with the record or a process; "" is right
};

// Each write is cut in half or done to its end before the kill, in turn; `both_ways`: one kill
// each.
DurableRun RunDurably(const std::string& text, const std::string& file, const RunOptions& options,
                      bool both_ways);

}  // namespace aiguillage::workflows
