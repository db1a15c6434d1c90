#include "web/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "storage/error.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

// Reads --config and --at, then runs the verb; trouble is caught here, once.
int Carry(Invocation& invocation) {
  try {
    auto config = ReadConfig(invocation.config_file, AiguillageEnvironment());
    if (!config) {
      std::cerr << config.refusal().sentence << '\n';
      return kUsage;
    }
    invocation.config = std::move(config).value();
    invocation.now = ClockNow();
    if (!invocation.at.empty()) {
      const auto instant = workflows::ParseInstant(invocation.at);
      if (!instant) {
        std::cerr << "--at : " << instant.refusal().sentence << '\n';
        return kUsage;
      }
      invocation.now = instant.value();
    }
    return invocation.verb();
  } catch (const Refused& refused) {
    return invocation.Refuse(refused.refusal);
  } catch (const storage::Trouble& trouble) {
    std::cerr << "base de données : " << trouble.what() << '\n';
    return kEnvironment;
  } catch (const std::exception& error) {
    std::cerr << "arrêt : " << error.what() << '\n';
    return kEnvironment;
  }
}

}  // namespace

std::int64_t ClockNow() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Workplace& Invocation::Open() {
  if (!workplace_) workplace_ = std::make_shared<Workplace>(config, now);
  return *workplace_;
}

void Invocation::Answer(const nlohmann::json& document, const std::string& words) const {
  if (json) {
    std::cout << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    std::cout << words << (words.empty() || words.back() == '\n' ? "" : "\n");
  }
}

int Invocation::Refuse(const engine::Refusal& refusal) const {
  if (json) {
    Answer({{"refused", refusal.code}, {"reason", refusal.sentence}, {"who", refusal.who_can}}, "");
  } else {
    std::cerr << refusal.sentence << '\n';
    for (const auto& who : refusal.who_can) std::cerr << "  peut le faire : " << who << '\n';
  }
  return kRefused;
}

int RunCommandLine(int argc, char** argv) {
  CLI::App app{"Aiguillage : de la candidature déposée à la formation publiée.", "aiguillage"};
  Invocation invocation;
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--config", invocation.config_file, "fichier de configuration (clé = valeur)");
  app.add_flag("--json", invocation.json, "un document JSON sur la sortie standard");
  app.add_option("--at", invocation.at, "agir comme à cet instant (ISO 8601)");
  AddServeVerbs(app, invocation);
  AddRecordVerbs(app, invocation);
  AddCallVerbs(app, invocation);
  AddProjectVerbs(app, invocation);
  AddUserVerbs(app, invocation);
  AddExchangeVerbs(app, invocation);
  AddRailsVerbs(app, invocation);
  AddScxmlVerbs(app, invocation);
  AddAccessVerbs(app, invocation);
  AddPipelineVerbs(app, invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has exit codes of its own (106, 109, …): ours has one for every wrong usage.
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return Carry(invocation);
}

}  // namespace aiguillage::web
