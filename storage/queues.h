// What waits for the workers, for those who watch the machine: how many rows are due now, and since
// when the oldest of them.
//
//   for (const Queue& q : Queues(session, now)) …   // {"mails", 3, 1790000000000}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Queue {
  std::string name;  // mails | ds | timers | dossiers (read, not yet a project) | quarantined
  std::int64_t waiting = 0;
  std::int64_t oldest_at = 0;  // 0: nothing waits
};
std::vector<Queue> Queues(Session&, std::int64_t now);

std::int64_t ProjectsHeld(Session&);  // from the counters, however many

}  // namespace aiguillage::storage
