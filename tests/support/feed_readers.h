// Calendars and feeds as readers that are not ours understand them (npm, tests/web/feeds.cjs).
//
//   if (!HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
//   ReadByOthers("ics", text)      a line each event: uid, sequence, day, status, summary |
//   category
#pragma once

#include <fstream>
#include <string>

#include "tests/support/node.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::test {

// What tests/web/feeds.cjs reads in a file, a line each event or entry.
inline std::string ReadByOthers(const std::string& kind, const std::string& text) {
  TempDirectory folder;
  std::ofstream(folder / "feed") << text;
  return SaidByNode("tests/web/feeds.cjs", {kind, folder / "feed"});
}

inline bool HasReaders() { return HasNode("rss-parser"); }

}  // namespace aiguillage::test
