#include <CLI/CLI.hpp>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <thread>

#include "storage/dossiers.h"
#include "web/cli/command_line.h"
#include "web/cli/workers.h"
#include "web/demo/seed.h"
#include "web/held_files.h"
#include "web/server.h"

namespace aiguillage::web {
namespace {

constexpr const char* kSeeded = "demo.seeded";
constexpr int kStopMs = 9500;  // from SIGTERM to the end of the process, whatever is under way

// SIGTERM and SIGINT are waited for, never handled: blocked here before any thread starts.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  void Wait() const {
    int caught = 0;
    sigwait(&set_, &caught);
  }

 private:
  sigset_t set_;
};

// Ends the process at its hour unless it is gone by then.
class Deadline {
 public:
  Deadline(int milliseconds, std::function<void()> last_words)
      : thread_([this, milliseconds, last_words = std::move(last_words)] {
          std::unique_lock lock(mutex_);
          if (over_.wait_for(lock, std::chrono::milliseconds(milliseconds),
                             [this] { return kept_; })) {
            return;
          }
          last_words();
          std::_Exit(kDone);
        }) {}
  ~Deadline() {
    {
      const std::lock_guard lock(mutex_);
      kept_ = true;
    }
    over_.notify_all();
    thread_.join();
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool kept_ = false;
  std::thread thread_;
};

WebOptions OptionsOf(const Workplace& workplace) {
  const Config& config = workplace.config();
  WebOptions options;
  options.public_url = config.public_url;
  options.metrics_token = config.metrics_token;
  options.trusted_proxy = config.http_trusted_proxy;
  const auto path = config.ds_endpoint.find('/', config.ds_endpoint.find("://") + 3);
  options.ds_address = config.ds_endpoint.substr(0, path);
  options.files_dir = workplace.files_dir();
  options.drawings_dir = config.data_dir + "/drawings";
  options.templates_dir = ShareDir() + "/web/templates";
  options.assets_dir = ShareDir() + "/web/assets";
  options.grace_minutes = config.desk_grace_minutes;
  return options;
}

int ServePages(Invocation& invocation, const Signals& signals) {
  Workplace& workplace = invocation.Open();
  const Log log = LogToStderr(invocation.config.log_level);
  Workers workers(workplace, log);
  Services services{workplace.database(), workplace.desk(), workplace.catalog(), workplace.meters(),
                    OptionsOf(workplace)};
  services.draft_mail = [&](const storage::OutboxRow& row) { return workers.Draft(row); };
  services.preview_mail = [&](const storage::OutboxRow& row) { return workers.Preview(row); };
  services.log = log;
  const auto clamd = invocation.config.clamd_address.empty()
                         ? nullptr
                         : MakeClamd(invocation.config.clamd_address);
  services.scanner = clamd.get();
  Server server(services, invocation.config.http_address, invocation.config.http_port);
  try {
    if (invocation.config.http_watch_port >= 0) server.WatchOn(invocation.config.http_watch_port);
    server.Start();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return kEnvironment;
  }
  workers.Start();
  workers.Also("visits", 30'000, [&] { server.PutDownVisits(); });
  if (clamd) workers.Also("scans", 30'000, [&] { ScanHeld(services); });
  std::cerr << "Aiguillage sert http://" << invocation.config.http_address << ':' << server.Port()
            << " ; arrêt par Ctrl-C.\n";
  signals.Wait();
  log({LogLevel::kInfo, "stopping", {}});
  // What hangs is cut: the record is whole whenever the process dies, and the next one resumes.
  const Deadline deadline(kStopMs, [&] {
    log({LogLevel::kWarning, "cut", {{"workers", workers.Running()}}});
  });
  workers.AskToStop();
  server.Stop();
  workers.Stop();
  log({LogLevel::kInfo, "stopped", {}});
  return kDone;
}

int Serve(Invocation& invocation) {
  const Signals signals;
  return ServePages(invocation, signals);
}

// A record whose seeding was interrupted is of no use to anybody: it is made again.
void DropUnfinishedDemo(Invocation& invocation) {
  const std::string file = invocation.config.database_url.substr(std::string("sqlite:").size());
  if (!std::filesystem::exists(file)) return;
  bool whole = false;
  {
    const auto database = storage::Database::Open(invocation.config.database_url);
    whole = database->Read(
        [](storage::Session& s) { return storage::FindSetting(s, kSeeded).has_value(); });
  }
  if (whole) return;
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
}

int Demo(Invocation& invocation) {
  const Signals signals;
  const Config& config = invocation.config;
  if (!config.http_address.starts_with("127.") || !config.database_url.starts_with("sqlite:")) {
    return invocation.Refuse({"not_local",
                              "La démonstration ne sert que sur une adresse locale et une base "
                              "SQLite : ses liens de connexion ouvrent tout.",
                              {}});
  }
  DropUnfinishedDemo(invocation);
  Workplace& workplace = invocation.Open();
  const bool seeded = workplace.database().Read(
      [](storage::Session& s) { return storage::FindSetting(s, kSeeded).has_value(); });
  if (!seeded) {
    std::cerr << "Préparation de la démonstration (quatorze mois d’un appel)…\n";
    const auto report = SeedDemo(workplace, invocation.now);
    for (const auto& sentence : report.refused) std::cerr << "  " << sentence << '\n';
    workplace.database().Write([&](storage::Session& s) { storage::SaveSetting(s, kSeeded, "1"); });
    std::cerr << report.projects << " projets, " << report.acts << " actes, " << report.mails
              << " courriels.\n";
  }
  for (const auto& link : DemoLinks(workplace, invocation.now)) {
    std::cout << link.role << ": " << link.url << std::endl;
  }
  return ServePages(invocation, signals);
}

}  // namespace

void AddServeVerbs(CLI::App& app, Invocation& invocation) {
  auto* serve = app.add_subcommand("serve", "sert les pages, relève DS, envoie les courriels");
  serve->fallthrough();
  serve->callback([&invocation] { invocation.verb = [&invocation] { return Serve(invocation); }; });
  auto* demo = app.add_subcommand("demo", "remplit un appel de démonstration et le sert");
  demo->fallthrough();
  demo->callback([&invocation] { invocation.verb = [&invocation] { return Demo(invocation); }; });
}

}  // namespace aiguillage::web
