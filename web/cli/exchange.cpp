#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <sstream>

#include "connectors/demarches_simplifiees/compare.h"
#include "notifications/seal.h"
#include "storage/dossiers.h"
#include "web/cli/command_line.h"
#include "web/cli/workers.h"
#include "web/exchange_words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

// What a run of the exchange did; 1 when something was held back or went wrong.
int AnswerReport(Invocation& invocation, const connectors::SyncReport& report) {
  std::ostringstream words;
  words << report.seen << " dossiers vus, " << report.created << " nouveaux, " << report.updated
        << " changés, " << report.unchanged << " inchangés, " << report.quarantined
        << " en attente, " << report.files << " fichiers ; " << report.pushed << " envois, "
        << report.failed << " échecs.";
  for (const auto& sentence : report.words) words << "\n  " << sentence;
  for (const auto& sentence : report.words) std::cerr << sentence << '\n';
  invocation.Answer(connectors::ToJson(report), words.str());
  if (report.stopped) return kEnvironment;
  return report.failed + report.drifted > 0 ? kRefused : kDone;
}

// Without --at the exchange keeps the clock; with it, acts are given that instant.
std::int64_t Given(const Invocation& invocation) {
  return invocation.at.empty() ? 0 : invocation.now;
}

void NeedDs(const Workers& workers) {
  if (workers.HasDs()) return;
  throw Refused({"no_ds",
                 "Démarches Simplifiées n’est pas configuré : donner ds.endpoint, ds.token et "
                 "ds.demarche.",
                 {}});
}

// One line that is written over.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (written_) std::cerr << "\r\033[K";
  }
  void Show(const storage::ExchangeRun& run) {
    std::cerr << "\r\033[K" << ProgressWords(run) << std::flush;
    written_ = true;
  }

 private:
  bool written_ = false;
};

void Follow(Workers& workers, ProgressLine& line) {
  if (isatty(STDERR_FILENO) == 0) return;
  workers.Follow([&line](const storage::ExchangeRun& run) { line.Show(run); });
}

int Synchronise(Invocation& invocation, bool full, const std::string& call) {
  Workplace& workplace = invocation.Open();
  Workers workers(workplace);
  NeedDs(workers);
  if (!call.empty()) workers.UseDemarcheOf(workplace.CallOf(call));
  ProgressLine line;
  Follow(workers, line);
  return AnswerReport(invocation, workers.Sync(Given(invocation), full));
}

int ReplayRecord(Invocation& invocation, const std::string& call) {
  Workers workers(invocation.Open());
  if (!call.empty()) workers.UseDemarcheOf(invocation.Open().CallOf(call));
  ProgressLine line;
  Follow(workers, line);
  return AnswerReport(invocation, workers.Replay(Given(invocation)));
}

int CompareWithDs(Invocation& invocation) {
  Workers workers(invocation.Open());
  NeedDs(workers);
  const auto drifts = workers.Compare();
  json list = json::array();
  std::ostringstream words;
  for (const auto& drift : drifts) {
    list.push_back({{"number", drift.number},
                    {"what", drift.what},
                    {"here", drift.here},
                    {"there", drift.there}});
    words << drift.number << "  " << drift.what << " : ici « " << drift.here << " », là-bas « "
          << drift.there << " »\n";
  }
  if (drifts.empty()) words << "Aucun écart avec Démarches Simplifiées.";
  invocation.Answer(list, words.str());
  return drifts.empty() ? kDone : kRefused;
}

int ImportFiles(Invocation& invocation, const std::string& call,
                const std::vector<std::string>& files) {
  Workplace& workplace = invocation.Open();
  Workers workers(workplace);
  const auto target = workplace.CallOf(call);
  return AnswerReport(invocation, workers.Import(Given(invocation), target.id, files));
}

int DeliverOnce(Invocation& invocation) {
  Workers workers(invocation.Open());
  const auto mails = workers.Deliver(invocation.now);
  connectors::PushReport pushed;
  if (workers.HasDs()) pushed = workers.Push(Given(invocation));
  const json document = {{"sent", mails.sent},           {"later", mails.later},
                         {"uncertain", mails.uncertain}, {"failed", mails.failed},
                         {"pushed", pushed.pushed},      {"push_failed", pushed.failed}};
  invocation.Answer(document, std::to_string(mails.sent) + " courriels partis, " +
                                  std::to_string(mails.later + mails.uncertain) + " à retenter, " +
                                  std::to_string(mails.failed) + " refusés ; " +
                                  std::to_string(pushed.pushed) + " envois vers DS.");
  return mails.failed + pushed.failed > 0 ? kRefused : kDone;
}

int Tick(Invocation& invocation, bool dry_run) {
  Workers workers(invocation.Open());
  const auto report = workers.Tick(invocation.now, dry_run);
  if (!dry_run) notifications::SealYesterday(invocation.Open().database(), invocation.now);
  std::ostringstream words;
  words << report.fired << (dry_run ? " échéances tomberaient, " : " échéances tombées, ")
        << report.reminded << (dry_run ? " rappels partiraient." : " rappels.");
  for (const auto& firing : report.firings) {
    words << "\n  " << workflows::IsoInstant(firing.due_at) << "  " << firing.project << "  "
          << firing.event << "  " << firing.refused;
    for (const auto& state : firing.states) words << " → " << state;
    for (const auto& mail : firing.mails) words << "  courriel " << mail;
    const char* told = firing.project.empty() ? "  à " : "  rappel à ";
    for (const auto& address : firing.told) words << told << address;
  }
  json document = notifications::ToJson(report);
  document["dry_run"] = dry_run;
  invocation.Answer(document, words.str());
  return report.refused > 0 ? kRefused : kDone;
}

}  // namespace

void AddExchangeVerbs(CLI::App& app, Invocation& invocation) {
  auto full = std::make_shared<bool>(false);
  auto compare = std::make_shared<bool>(false);
  auto replay = std::make_shared<bool>(false);
  auto call = std::make_shared<std::string>();
  auto files = std::make_shared<std::vector<std::string>>();
  auto dry_run = std::make_shared<bool>(false);

  auto* sync =
      app.add_subcommand("sync", "relève Démarches Simplifiées, puis envoie ce qui est dû");
  sync->fallthrough();
  sync->add_flag("--full", *full, "tout relire, même ce qui n’a pas changé");
  sync->add_flag("--compare", *compare, "seulement dire les écarts ; 1 s’il y en a");
  sync->add_option("--call", *call, "l’appel dont relever la démarche");
  sync->add_flag("--replay", *replay,
                 "relire ce qui est déjà ici avec la correspondance du jour, sans DS");
  sync->callback([&invocation, full, compare, replay, call] {
    invocation.verb = [&invocation, full, compare, replay, call] {
      if (*compare) return CompareWithDs(invocation);
      return *replay ? ReplayRecord(invocation, *call) : Synchronise(invocation, *full, *call);
    };
  });

  auto* import_files =
      app.add_subcommand("import", "reprend des dossiers depuis des fichiers JSON");
  import_files->fallthrough();
  import_files->add_option("--call", *call, "l’appel où les reprendre");
  import_files->add_option("files", *files, "tableaux de dossiers")->required();
  import_files->callback([&invocation, call, files] {
    invocation.verb = [&invocation, call, files] { return ImportFiles(invocation, *call, *files); };
  });

  auto once = std::make_shared<bool>(false);
  auto* deliver = app.add_subcommand("deliver", "fait partir les courriels et les envois dus");
  deliver->fallthrough();
  deliver->add_flag("--once", *once, "une passe (la seule façon ; « serve » le fait sans cesse)");
  deliver->callback(
      [&invocation] { invocation.verb = [&invocation] { return DeliverOnce(invocation); }; });

  auto* tick = app.add_subcommand("tick", "fait tomber les échéances dues");
  tick->fallthrough();
  tick->add_flag("--dry-run", *dry_run, "dit lesquelles, n’écrit rien");
  tick->callback([&invocation, dry_run] {
    invocation.verb = [&invocation, dry_run] { return Tick(invocation, *dry_run); };
  });
}

}  // namespace aiguillage::web
