// Runs a plain SCXML document to its end with a virtual clock: delayed sends fire at once, in the
// order of their instants. For the W3C's tests and `aiguillage scxml run FILE`.
//
//   auto run = RunDocument(text, "test144.scxml", {});
//   run.value().configuration     {"pass"}          run.value().passed     true
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/limits.h"
#include "engine/outcome.h"

namespace aiguillage::workflows {

struct TimedEvent {
  std::int64_t after_ms = 0;  // since the one before
  std::string name;
  nlohmann::json data = {};
};

struct RunOptions {
  std::map<std::string, std::string> preloaded = {};  // address -> text: "file:test446.txt"
  bool product = false;
  // Before each macrostep the snapshot goes to JSON text and back and the chart is read afresh.
  bool amnesia = false;
  bool trace = false;
  std::vector<TimedEvent> events = {};  // from outside; with some, it stops after the last
  int macrosteps_most = 20'000;
  std::int64_t clock_most_ms = 24 * 3'600'000;
  engine::Limits limits = {};
};

struct DocumentRun {
  std::vector<std::string> configuration;              // active states but the root, document order
  nlohmann::json data;                                 // the variables
  std::vector<std::string> trace;                      // one line per thing that happened, in order
  std::vector<std::string> logs;                       // <log>, "label: value"
  std::vector<std::vector<std::string>> after_events;  // at the start and after each
  bool passed = false;                                 // it ended in a final state named "pass"
};

engine::Outcome<DocumentRun> RunDocument(const std::string& text, const std::string& file,
                                         const RunOptions& options);

// The files beside a document that its text names, as src="file:NAME" and src="NAME" want them.
std::map<std::string, std::string> FilesBeside(const std::string& path, const std::string& text);

}  // namespace aiguillage::workflows
