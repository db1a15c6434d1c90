#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "web/cli/command_line.h"
#include "workflows/scxml_run.h"

namespace aiguillage::web {
namespace {

struct RunChoice {
  std::string file, profile = "conformance";
  bool trace = false;
};

// A plain W3C document to its end, under a virtual clock; 0 when it ends in a final named "pass".
int RunScxml(Invocation& invocation, const RunChoice& choice) {
  std::ifstream in(choice.file, std::ios::binary);
  if (!in) return invocation.Refuse({"unreadable", "Fichier illisible : " + choice.file + ".", {}});
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  workflows::RunOptions options;
  options.product = choice.profile == "product";
  options.trace = choice.trace;
  options.preloaded = workflows::FilesBeside(choice.file, text);
  const auto run = workflows::RunDocument(text, choice.file, options);
  if (!run) return invocation.Refuse(run.refusal());
  for (const auto& line : run.value().trace) std::cerr << line << '\n';
  std::string words;
  for (const auto& state : run.value().configuration) words += (words.empty() ? "" : " ") + state;
  invocation.Answer({{"configuration", run.value().configuration}, {"data", run.value().data}},
                    words);
  return run.value().passed ? kDone : kRefused;
}

}  // namespace

void AddScxmlVerbs(CLI::App& app, Invocation& invocation) {
  auto* family = app.add_subcommand("scxml", "documents SCXML du W3C");
  family->require_subcommand(1)->fallthrough();
  auto choice = std::make_shared<RunChoice>();
  auto* run = family->add_subcommand("run", "exécute un document jusqu’à son terme");
  run->fallthrough();
  run->add_option("file", choice->file, "document .scxml")->required();
  run->add_flag("--trace", choice->trace, "ce qui a été choisi, ce qui ne l’a pas été, pourquoi");
  run->add_option("--profile", choice->profile, "conformance (par défaut) ou product")
      ->check(CLI::IsMember({"conformance", "product"}));
  run->callback([&invocation, choice] {
    invocation.verb = [&invocation, choice] { return RunScxml(invocation, *choice); };
  });
}

}  // namespace aiguillage::web
