// Reads an SCXML document into a chart the engine can run (Poco SAX: line numbers, bounded depth,
// DOCTYPE refused).
//
//   auto read = ReadChart(text, "mentor/project.scxml");
//   if (!read) std::cerr << read.refusal().sentence;
//       mentor/project.scxml:42:7 : transition vers « lead_reviw » : aucun état ne porte cet id
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/chart.h"
#include "engine/outcome.h"

namespace aiguillage::workflows {

struct ReadProblem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string code;      // stable: "xml", "unknown_target", "expression", …
  std::string sentence;  // French: what, and what was expected
};

struct ReadOptions {
  std::map<std::string, std::string> preloaded;  // <script src>, <data src>, <invoke src>: its text
  bool product = false;  // refuses <script>, src, <invoke> of addresses, assignment in cond
};

// Refusal code "chart"; its sentence holds every problem, one a line, as file:line:column : words.
engine::Outcome<std::shared_ptr<const engine::Chart>> ReadChart(
    std::string_view text, const std::string& file, const ReadOptions& options = {},
    std::vector<ReadProblem>* = nullptr);

}  // namespace aiguillage::workflows
