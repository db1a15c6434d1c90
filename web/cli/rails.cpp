#include <CLI/CLI.hpp>
#include <sstream>

#include "web/cli/command_line.h"
#include "workflows/check.h"
#include "workflows/diagram.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

std::string RailsDir(const Invocation& invocation, const std::string& path) {
  if (!path.empty()) return path;
  if (!invocation.config.workflows_dir.empty()) return invocation.config.workflows_dir;
  return ShareDir() + "/workflows/definitions";
}

json Describe(const workflows::Finding& finding) {
  return {{"file", finding.file},
          {"line", finding.line},
          {"column", finding.column},
          {"code", finding.code},
          {"message", finding.message}};
}

int CheckRailsOf(Invocation& invocation, const std::string& path) {
  const auto findings = workflows::CheckDefinitions(RailsDir(invocation, path));
  json list = json::array();
  std::ostringstream words;
  for (const auto& finding : findings) {
    list.push_back(Describe(finding));
    words << finding.file << ':' << finding.line << ':' << finding.column << " : "
          << finding.message << " [" << finding.code << "]\n";
  }
  if (findings.empty()) words << "Rien à signaler.";
  invocation.Answer(list, words.str());
  return findings.empty() ? kDone : kRefused;
}

int ListRails(Invocation& invocation, const std::string& path) {
  const auto catalog = OrRefuse(workflows::Catalog::Load(RailsDir(invocation, path)));
  json list = json::array();
  std::ostringstream words;
  for (const auto& name : catalog->Names()) {
    const auto definition = catalog->Newest(name);
    list.push_back({{"name", name},
                    {"title", definition->title},
                    {"hash", definition->hash},
                    {"states", definition->chart.states.size() - 1},
                    {"transitions", definition->chart.transitions.size()}});
    words << name << "  " << definition->title << "  " << definition->hash.substr(0, 12) << '\n';
  }
  invocation.Answer(list, words.str());
  return kDone;
}

int DrawRailsOf(Invocation& invocation, const std::string& path, const std::string& name) {
  const auto catalog = OrRefuse(workflows::Catalog::Load(RailsDir(invocation, path)));
  const auto names = catalog->Names();
  const std::string chosen = name.empty() && names.size() == 1 ? names.front() : name;
  const auto definition = catalog->Newest(chosen);
  if (!definition) {
    std::string known;
    for (const auto& one : names) known += " " + one;
    return invocation.Refuse(
        {"which_rails", "Préciser les rails à dessiner par --name ; connus :" + known + ".", {}});
  }
  const auto svg = OrRefuse(workflows::DrawRails(definition->chart, workflows::LabelKind::kStaff));
  invocation.Answer({{"name", chosen}, {"svg", svg}}, svg);
  return kDone;
}

}  // namespace

void AddRailsVerbs(CLI::App& app, Invocation& invocation) {
  auto* family = app.add_subcommand("workflow", "les rails des appels");
  family->require_subcommand(1)->fallthrough();
  auto path = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  const auto add = [&](const char* verb, const char* meaning, auto run) {
    auto* command = family->add_subcommand(verb, meaning);
    command->fallthrough();
    command->add_option("path", *path, "dossier de définitions, ou un fichier .scxml");
    command->callback([&invocation, path, name, run] {
      invocation.verb = [&invocation, path, name, run] { return run(invocation, *path, *name); };
    });
    return command;
  };
  add("check", "ce qui ne va pas dans les rails",
      [](Invocation& i, const std::string& p, const std::string&) { return CheckRailsOf(i, p); });
  add("list", "les définitions trouvées",
      [](Invocation& i, const std::string& p, const std::string&) { return ListRails(i, p); });
  add("draw", "le dessin des rails, en SVG", DrawRailsOf)
      ->add_option("--name", *name, "nom de la définition");
}

}  // namespace aiguillage::web
