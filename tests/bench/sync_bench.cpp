// ./run bench sync: what reading a démarche costs us, files aside, beside its goals.
//
//   sync_bench [--check] [--peer] [DOSSIERS]        100,000 unless said
//
// DS is played by the reading process itself, whose time for that is taken off; with --peer by the
// stand-in that executes DS's own schema (DS_PEER_DIR), over HTTP. The reading process is killed
// once it has taken in 40 %; another one goes on.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "connectors/demarches_simplifiees/progress.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/queues.h"
#include "tests/bench/measure.h"
#include "tests/bench/sync_source.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/ds_peer.h"

namespace aiguillage::bench {
namespace {

double CpuSeconds(const rusage& used) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::int64_t ResidentKb() {
  std::int64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE) / 1024;
}

struct World {
  std::int64_t dossiers = 0;
  std::unique_ptr<test::DsPeer> peer;  // none: the stand-in, in the reading process
  test::TempDirectory directory;
};

// What one process does: the whole of a `sync`, on the record the others left.
connectors::SyncReport ReadOn(World& world, Told& told) {
  test::DsStandIn ds({.dossiers = 1});
  auto database = storage::Database::Open("sqlite:" + world.directory / "record.db");
  workflows::Desk desk(*database, test::ShippedCatalog(),
                       {.grace_minutes = 0, .ds_configured = true});
  auto http = world.peer ? WithoutFiles(told) : Feed(ds, world.dossiers, told);
  connectors::SyncContext context{*database, desk, test::ShippedCatalog(),
                                  *http,     {},   connectors::RealWorld()};
  context.options.endpoint = world.peer ? world.peer->endpoint() : test::DsStandIn::kEndpoint;
  context.options.token = world.peer ? world.peer->token() : "secret";
  context.options.demarche = world.peer ? world.peer->demarche() : test::DsStandIn::kDemarche;
  context.options.instructeur = test::DsStandIn::kInstructeur;
  context.options.files_dir = world.directory / "files";
  test::ShippedCatalog().TakeInto(*database, context.world.now());
  context.progress = [&](const storage::ExchangeRun& run) {
    told.seen = run.seen;
    const std::int64_t resident = ResidentKb();
    told.peak_kb = std::max<std::int64_t>(told.peak_kb, resident);
    if (told.served <= world.dossiers / 7) told.early_kb = told.peak_kb.load();
    if (run.seen % 5000 == 0) {
      std::fprintf(stderr, "  %lld taken in, %.0f a second, %lld MB\n",
                   static_cast<long long>(run.seen), connectors::PerSecond(run),
                   static_cast<long long>(resident / 1024));
    }
  };
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  told.began_s = CpuSeconds(before);
  return connectors::Sync(context, false);
}

struct Reading {
  double cpu_s = 0;
  bool killed = false;
};

// In a process of its own, killed once it has taken in that many (0: never).
Reading InAProcess(World& world, Told& told, std::int64_t kill_at) {
  new (&told) Told();
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 0;
    try {
      const auto report = ReadOn(world, told);
      std::fprintf(stderr, "  %s\n", connectors::ToJson(report).dump().c_str());
      for (const auto& words : report.words) std::fprintf(stderr, "  %s\n", words.c_str());
      code = report.stopped ? 3 : 0;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      code = 3;
    }
    ::_exit(code);
  }
  int status = 0;
  rusage used{};
  while (::wait4(child, &status, kill_at > 0 ? WNOHANG : 0, &used) == 0) {
    if (told.seen >= kill_at) ::kill(child, SIGKILL);
    ::usleep(1000);
  }
  Reading reading;
  reading.killed = WIFSIGNALED(status);
  if (!reading.killed && WEXITSTATUS(status) != 0) throw std::runtime_error("the reading failed");
  reading.cpu_s = CpuSeconds(used) - told.began_s - told.played_s;
  return reading;
}

bool Row(const char* what, double measured, double goal, const char* unit) {
  const bool met = measured <= goal;
  std::printf("%-52s %9.2f %-3s <= %8.2f %-3s %s\n", what, measured, unit, goal, unit,
              met ? "" : "GOAL MISSED");
  return met;
}

std::int64_t ProjectsIn(World& world) {
  auto database = storage::Database::Open("sqlite:" + world.directory / "record.db");
  return database->Read([](storage::Session& session) { return storage::ProjectsHeld(session); });
}

int Run(World& world, bool check) {
  void* shared =
      ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no memory to share");
  Told& told = *new (shared) Told();
  test::ShippedCatalog();  // read before the processes part
  const double began = WallSeconds();
  const Reading first = InAProcess(world, told, world.dossiers * 4 / 10);
  if (!first.killed) throw std::runtime_error("Expected the first reading to be cut off");
  const std::int64_t served = told.served, peak_kb = told.peak_kb;
  std::printf("%-52s %9lld\n", "dossiers DS gave before the process was killed",
              static_cast<long long>(served));
  const Reading second = InAProcess(world, told, 0);
  const double took = WallSeconds() - began;
  const std::int64_t given = served + told.served;
  std::printf("%-52s %9lld\n", "projects", static_cast<long long>(ProjectsIn(world)));
  std::printf("%-52s %9.0f s, %.0f dossiers a second\n", "in all", took,
              static_cast<double>(world.dossiers) / took);
  bool met = Row("CPU a dossier: parse, map, write",
                 (first.cpu_s + second.cpu_s) * 1000 / static_cast<double>(given), 1.0, "ms");
  met = Row("memory at its peak",
            static_cast<double>(std::max<std::int64_t>(peak_kb, told.peak_kb)) / 1024, 200, "MB") &&
        met;
  met = Row("memory that the last three quarters added",
            static_cast<double>(told.peak_kb - told.early_kb) / 1024, 30, "MB") &&
        met;
  // The page under way, when its cursor was not committed yet.
  met = Row("dossiers asked of DS twice",
            static_cast<double>(std::max<std::int64_t>(given - world.dossiers, 0)), 100, "") &&
        met;
  return check && !met ? 1 : 0;
}

}  // namespace
}  // namespace aiguillage::bench

int main(int argc, char** argv) {
  using namespace aiguillage;
  bench::World world;
  world.dossiers = 100'000;
  bool check = false, peer = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    check = check || word == "--check";
    peer = peer || word == "--peer";
    if (!word.starts_with("--")) world.dossiers = std::atoll(argv[i]);
  }
  try {
    if (peer) {
      world.peer =
          test::DsPeer::Start({"--dossiers", std::to_string(world.dossiers), "--rate-limit", "0"});
      if (!world.peer) throw std::runtime_error(test::DsPeer::Why());
    }
    return bench::Run(world, check);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
}
