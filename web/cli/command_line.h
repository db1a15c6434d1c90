// The command line: `aiguillage [--config FILE] VERB`. Exit codes: 0 done, 1 refused or found
// wanting, 2 usage, 3 environment (database, network). With --json one JSON document goes to
// stdout; everything else goes to stderr.
//
//   aiguillage project act AIG-2026-0042 framing.validate --as lead@exemple.invalid --json
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/outcome.h"
#include "web/cli/workplace.h"
#include "web/config.h"

namespace CLI {
class App;
}

namespace aiguillage::web {

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;
inline constexpr int kUsage = 2;
inline constexpr int kEnvironment = 3;

// What every verb gets: the options given before it, and the means to answer.
struct Invocation {
  std::string config_file;
  bool json = false;
  std::string at;             // --at, "" = now
  Config config;              // read before the verb runs
  std::int64_t now = 0;       // from --at or the clock
  std::function<int()> verb;  // set by the sub-command that was named

  // Opens the record and the rails, once. Throws storage::Trouble, or Refused.
  Workplace& Open();
  // Prints a JSON document or its plain words, whichever was asked for.
  void Answer(const nlohmann::json& document, const std::string& words) const;
  // Prints {refused, reason, who} or the sentence; returns kRefused.
  int Refuse(const engine::Refusal& refusal) const;

 private:
  std::shared_ptr<Workplace> workplace_;
};

std::int64_t ClockNow();  // the only reading of the wall clock, in ms
int RunCommandLine(int argc, char** argv);

// One family of verbs a file; each adds its sub-commands to the application.
void AddServeVerbs(CLI::App& app, Invocation& invocation);  // serve, demo
void AddRecordVerbs(CLI::App& app,
                    Invocation& invocation);  // migrate, backup, restore, purge, verify
void AddCallVerbs(CLI::App& app, Invocation& invocation);      // call add, call list
void AddProjectVerbs(CLI::App& app, Invocation& invocation);   // project list, show, act
void AddUserVerbs(CLI::App& app, Invocation& invocation);      // user add, list, link
void AddExchangeVerbs(CLI::App& app, Invocation& invocation);  // sync, import, deliver, tick
void AddRailsVerbs(CLI::App& app, Invocation& invocation);     // workflow check, list, draw
void AddScxmlVerbs(CLI::App& app, Invocation& invocation);     // scxml run
void AddAccessVerbs(CLI::App& app, Invocation& invocation);    // access
void AddPipelineVerbs(CLI::App& app, Invocation& invocation);  // pipeline
}  // namespace aiguillage::web
