#include <CLI/CLI.hpp>
#include <iostream>
#include <set>
#include <sstream>

#include "storage/calls.h"
#include "storage/error.h"
#include "storage/people.h"
#include "web/cli/command_line.h"
#include "workflows/check.h"
#include "workflows/diagram.h"
#include "workflows/roles.h"

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

// A collection that nobody leads, itself or by the one above: its tasks go to the pilot. Not a
// fault of the rails, so a warning; told only where there is a record to ask.
void WarnOfCollectionsWithoutLead(const Config& config) {
  std::unique_ptr<storage::Database> database;
  try {
    database = storage::Database::Open(config.database_url, {.create = false, .migrate = false});
  } catch (const storage::Trouble&) {
    return;  // none yet, or not now
  }
  database->Read([](storage::Session& session) {
    std::set<std::string> led;
    for (const auto& grant : storage::GrantsFor(session, "collection_lead"))
      led.insert(grant.scope);
    for (const auto& collection : storage::Collections(session)) {
      const auto lead_by = [&](const std::string& slug) {
        return !slug.empty() && led.contains(workflows::CollectionScope(slug));
      };
      if (led.contains("") || lead_by(collection.slug) || lead_by(collection.parent)) continue;
      std::cerr << "Avertissement : la collection « " << collection.label
                << " » n’a pas de chef de file ; ses tâches iront au pilote. Le nommer par « user "
                   "add --role collection_lead --scope collection:"
                << collection.slug << " ».\n";
    }
    return true;
  });
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
  WarnOfCollectionsWithoutLead(invocation.config);
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

std::string InWords(const engine::Chart& chart, workflows::LabelKind labels) {
  std::string words;
  for (const auto& line : workflows::RailsAsText(chart, labels)) {
    words += (words.empty() ? "" : "\n") + line.label;
    if (!line.parent_label.empty()) words += " (" + line.parent_label + ")";
    for (const auto& next : line.next) words += (&next == &line.next.front() ? " → " : ", ") + next;
  }
  return words;
}

struct Wanted {
  bool of_public = false;  // the holder's labels
  bool text = false;       // in words instead of a drawing
};

int DrawRailsOf(Invocation& invocation, const std::string& path, const std::string& name,
                const Wanted& wanted) {
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
  const auto labels =
      wanted.of_public ? workflows::LabelKind::kPublic : workflows::LabelKind::kStaff;
  if (wanted.text) {
    const std::string words = InWords(definition->chart, labels);
    invocation.Answer({{"name", chosen}, {"text", words}}, words);
    return kDone;
  }
  const auto svg = OrRefuse(workflows::DrawRails(definition->chart, labels));
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
  auto wanted = std::make_shared<Wanted>();
  auto* draw = add("draw", "le dessin des rails, en SVG",
                   [wanted](Invocation& i, const std::string& p, const std::string& n) {
                     return DrawRailsOf(i, p, n, *wanted);
                   });
  draw->add_option("--name", *name, "nom de la définition");
  draw->add_flag("--public", wanted->of_public, "avec les mots du porteur");
  draw->add_flag("--text", wanted->text, "en toutes lettres, sans dessin");
}

}  // namespace aiguillage::web
