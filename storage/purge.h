// Erasing finished projects, and looking the record over. domain.md's durations are configuration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

// Empties what can be read of a whole finished project: journal bodies and salts, snapshot data,
// documents, mails, file rows, raw DS versions, full-text row. The clear columns stay, the chain
// too. Returns hashes of files no longer named by any row: the caller deletes the bytes.
std::vector<std::string> EraseProject(Session&, std::int64_t project);

struct Counts {
  std::int64_t projects = 0, journal = 0, erased = 0;
};
Counts CountRecord(Session&);

// Rows that point at nothing (task without project, document without act, …), in words.
std::vector<std::string> FindOrphans(Session&);

}  // namespace aiguillage::storage
