// Runs a program of the system with a text on its standard input, bounded in time and output.
//
//   RunChild({"dot", "-Tsvg"}, graph, 20'000)  ->  {status 0, output "<svg …"}
#pragma once

#include <string>
#include <vector>

namespace aiguillage::workflows {

struct ChildResult {
  int status = -1;     // exit status; -1: not started, killed or too slow
  std::string output;  // at most 8 MiB of it
};

ChildResult RunChild(const std::vector<std::string>& command, const std::string& input,
                     int timeout_ms);

}  // namespace aiguillage::workflows
