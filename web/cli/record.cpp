#include <CLI/CLI.hpp>
#include <ctime>

#include "storage/restore.h"
#include "storage/seals.h"
#include "web/cli/command_line.h"
#include "workflows/verify.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

int Migrate(Invocation& invocation) {
  const int version = invocation.Open().database().SchemaVersion();
  invocation.Answer({{"schema", version}}, "Schéma à la version " + std::to_string(version) + ".");
  return kDone;
}

int Backup(Invocation& invocation, const std::string& file) {
  invocation.Open().database().Backup(file);
  invocation.Answer({{"backup", file}},
                    "Copie faite : " + file + ". Les fichiers joints sont dans data.dir/files.");
  return kDone;
}

// 20261127T114358Z
std::string Moment(std::int64_t at_ms) {
  const std::time_t seconds = at_ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

// What verify would say of the copy once it is the record.
std::optional<engine::Refusal> LookOverCopy(storage::Database& copy, workflows::Catalog& catalog,
                                            const Config& config) {
  const auto report = workflows::Verify(copy, catalog, config.files_dir());
  if (report.broken.empty()) return std::nullopt;
  std::string words =
      "La copie se lit, mais ce qu’elle contient n’est pas sain ; elle n’a pas été reprise et rien "
      "n’a changé. Les fichiers joints se remettent dans " +
      config.files_dir() + " avant la base.";
  for (const auto& sentence : report.broken) words += "\n  " + sentence;
  return engine::Refusal{"unsound", words, {}};
}

int Restore(Invocation& invocation, const std::string& file, bool replace) {
  const Config& config = invocation.config;
  const auto catalog = OrRefuse(workflows::Catalog::Load(RailsDir(config)));
  storage::RestoreOptions options;
  options.replace = replace;
  options.set_aside = ".avant-" + Moment(ClockNow());
  const auto kept =
      OrRefuse(storage::Restore(config.database_url, file, options, [&](storage::Database& copy) {
        return LookOverCopy(copy, *catalog, config);
      }));
  invocation.Answer({{"restored", file}, {"kept", kept}},
                    "Base reprise de " + file + ", vérifiée." +
                        (kept.empty() ? "" : " L’ancienne est gardée : " + kept + "."));
  return kDone;
}

// A seal that was mailed must be one of those the record holds: they are a chain, so that none of
// them can be made anew without the later ones changing.
std::string UnknownSeal(Workplace& workplace, const std::string& hash) {
  const auto seals =
      workplace.database().Read([](storage::Session& s) { return storage::Seals(s); });
  for (const auto& seal : seals) {
    if (seal.hash == hash) return "";
  }
  return "aucun sceau de la base n’est « " + hash +
         " » : le journal a été refait depuis, ou le sceau est mal recopié";
}

int Verify(Invocation& invocation, const std::string& seal) {
  Workplace& workplace = invocation.Open();
  auto report = workflows::Verify(workplace.database(), workplace.catalog(), workplace.files_dir());
  const std::string unknown = seal.empty() ? "" : UnknownSeal(workplace, seal);
  if (!unknown.empty()) report.broken.push_back(unknown);
  std::string words = std::to_string(report.projects) + " projets, " +
                      std::to_string(report.journal) + " actes, " + std::to_string(report.erased) +
                      " effacés : " + (report.broken.empty() ? "rien à signaler." : "anomalies :");
  for (const auto& sentence : report.broken) words += "\n  " + sentence;
  invocation.Answer({{"projects", report.projects},
                     {"journal", report.journal},
                     {"erased", report.erased},
                     {"broken", report.broken}},
                    words);
  return report.broken.empty() ? kDone : kRefused;
}

int Purge(Invocation& invocation, const std::string& before, bool dry_run) {
  std::int64_t limit = 0;
  if (!before.empty()) limit = OrRefuse(workflows::ParseInstant(before));
  Workplace& workplace = invocation.Open();
  workflows::Retention retention;
  retention.unsuccessful_months = workplace.config().retention_unsuccessful_months;
  retention.completed_months = workplace.config().retention_completed_months;
  const auto plan = workflows::PlanPurge(workplace.database(), retention, invocation.now, limit);
  if (!plan.refused.empty()) return invocation.Refuse({"too_early", plan.refused, {}});
  if (!dry_run) workflows::CarryOutPurge(workplace.database(), plan, workplace.files_dir());
  std::string words =
      std::to_string(plan.numbers.size()) +
      (dry_run ? " projets seraient effacés." : " projets effacés.") +
      " Les sauvegardes plus anciennes les contiennent encore : les détruire aussi.";
  for (const auto& number : plan.numbers) words += "\n  " + number;
  invocation.Answer({{"erased", plan.numbers}, {"dry_run", dry_run}}, words);
  return kDone;
}

}  // namespace

void AddRecordVerbs(CLI::App& app, Invocation& invocation) {
  auto* migrate = app.add_subcommand("migrate", "met le schéma de la base à jour");
  migrate->fallthrough();
  migrate->callback(
      [&invocation] { invocation.verb = [&invocation] { return Migrate(invocation); }; });

  auto file = std::make_shared<std::string>();
  auto* backup = app.add_subcommand("backup", "copie la base pendant qu’elle sert");
  backup->fallthrough();
  backup->add_option("file", *file, "fichier à écrire")->required();
  backup->callback([&invocation, file] {
    invocation.verb = [&invocation, file] { return Backup(invocation, *file); };
  });

  auto copy = std::make_shared<std::string>();
  auto replace = std::make_shared<bool>(false);
  auto* restore =
      app.add_subcommand("restore", "reprend une copie faite par backup, service arrêté");
  restore->fallthrough();
  restore->add_option("file", *copy, "copie à reprendre")->required();
  restore->add_flag("--replace", *replace, "remplace la base présente, gardée à côté");
  restore->callback([&invocation, copy, replace] {
    invocation.verb = [&invocation, copy, replace] { return Restore(invocation, *copy, *replace); };
  });

  auto before = std::make_shared<std::string>();
  auto dry_run = std::make_shared<bool>(false);
  auto* purge = app.add_subcommand("purge", "efface les projets dont la durée est échue");
  purge->fallthrough();
  purge->add_option("--before", *before, "seulement ceux terminés avant cette date");
  purge->add_flag("--dry-run", *dry_run, "dit lesquels, n’efface rien");
  purge->callback([&invocation, before, dry_run] {
    invocation.verb = [&invocation, before, dry_run] {
      return Purge(invocation, *before, *dry_run);
    };
  });

  auto* verify = app.add_subcommand("verify", "relit le journal et vérifie toute la base");
  verify->fallthrough();
  auto seal = std::make_shared<std::string>();
  verify->add_option("--seal", *seal, "un sceau reçu par courriel, que la base doit connaître");
  verify->callback([&invocation, seal] {
    invocation.verb = [&invocation, seal] { return Verify(invocation, *seal); };
  });
}

}  // namespace aiguillage::web
