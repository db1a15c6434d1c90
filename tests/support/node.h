// Programs of npm asked for their opinion (tests/node_modules).
//
//   if (!HasNode("ajv")) GTEST_SKIP() << "no node, or no tests/node_modules";
//   SaidByNode("tests/web/openapi.mjs", {"web/openapi.json"})      what it printed
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace aiguillage::test {

// Paths are of the source tree unless they begin with "/".
inline std::string SaidByNode(const std::string& script, const std::vector<std::string>& words) {
  std::string command = "cd '" AIGUILLAGE_SOURCE_DIR "' && node '" + script + "'";
  for (const auto& word : words) command += " '" + word + "'";
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "no pipe";
  std::string said;
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    said.append(buffer.data(), size);
  }
  return pclose(pipe) == 0 ? said : "failed: " + said;
}

inline bool HasNode(const std::string& package) {
  const std::string command = "node -e \"require.resolve('" AIGUILLAGE_SOURCE_DIR
                              "/tests/node_modules/" +
                              package + "')\" >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

}  // namespace aiguillage::test
