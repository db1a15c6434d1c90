// Calendars and feeds as readers that are not ours understand them (npm, tests/web/feeds.cjs).
//
//   if (!HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
//   ReadByOthers("ics", text)      a line each event: uid, sequence, day, status, summary |
//   category
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/support/temp_directory.h"

namespace aiguillage::test {

// What tests/web/feeds.cjs reads in a file, a line each event or entry.
inline std::string ReadByOthers(const std::string& kind, const std::string& text) {
  TempDirectory folder;
  std::ofstream(folder / "feed") << text;
  const std::string command = "node '" AIGUILLAGE_SOURCE_DIR "/tests/web/feeds.cjs' " + kind +
                              " '" + (folder / "feed") + "' 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "no pipe";
  std::string said;
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    said.append(buffer.data(), size);
  }
  return pclose(pipe) == 0 ? said : "failed: " + said;
}

inline bool HasReaders() {
  return std::system("node -e \"require('" AIGUILLAGE_SOURCE_DIR
                     "/tests/node_modules/rss-parser')\" >/dev/null 2>&1") == 0;
}

}  // namespace aiguillage::test
