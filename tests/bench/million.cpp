#include "tests/bench/million.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <stdexcept>
#include <vector>

#include "storage/journal.h"
#include "storage/purge.h"
#include "tests/bench/course.h"
#include "tests/bench/floor.h"
#include "tests/bench/measure.h"
#include "tests/bench/pages.h"
#include "workflows/verify.h"

namespace aiguillage::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kPeopleAtOnce = 64;  // a whole group of the writer
constexpr std::int64_t kFew = 1000;

std::string UrlIn(const std::string& folder) { return "sqlite:" + folder + "/aiguillage.db"; }

std::int64_t Projects(const std::string& folder) {
  return storage::Database::Open(UrlIn(folder))->Read([](storage::Session& session) {
    return storage::CountRecord(session).projects;
  });
}

// Each project taken in and its first act done, as an import of old calls would.
void Fill(const std::string& folder, std::int64_t projects) {
  // What was interrupted goes on: acts that were done are answered again by their keys.
  const std::int64_t done = Projects(folder);
  Course course(UrlIn(folder), static_cast<std::uint64_t>(7 + done));
  for (std::int64_t first = done / 50'000 * 50'000 + 1; first <= projects; first += 50'000) {
    const std::int64_t end = std::min(projects + 1, first + 50'000);
    course.ImportTogether(first, end, kPeopleAtOnce);
    if (projects > kFew) std::fprintf(stderr, "%lld\n", static_cast<long long>(end - 1));
  }
}

// Kilobytes of a process: VmRSS, VmHWM.
double Kilobytes(pid_t process, const std::string& name) {
  std::ifstream in("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1));
  }
  throw std::runtime_error("Expected " + name + " of a running process");
}

void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// What an act costs in both records, taken in turn, so that a busy machine slows both: to whoever
// waits for it, fsync and all, and to the processor alone.
void CompareActs(const std::string& few, const std::string& many, std::int64_t projects,
                 Goals& goals) {
  const auto seed = static_cast<std::uint64_t>(Projects(many) + getpid()) << 8U;
  Course small(UrlIn(few), seed), large(UrlIn(many), seed + 2);
  // Others each time: an act that was done would be answered from its key.
  std::mt19937_64 random(static_cast<std::uint64_t>(large.database().Read(storage::CountJournal)));
  std::vector<std::int64_t> drawn;  // spread over the whole record, each once
  while (drawn.size() < 700) {
    const auto one = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(projects)) + 1;
    if (std::find(drawn.begin(), drawn.end(), one) == drawn.end()) drawn.push_back(one);
  }
  std::vector<std::pair<std::string, std::string>> numbers;  // here, there
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    numbers.emplace_back(small.FindNumber(static_cast<std::int64_t>(i) + 1),
                         large.FindNumber(drawn[i]));
  }
  std::vector<double> waited, worked;  // there / here
  const auto time = [](double (*clock)(), const auto& act) {
    const double start = clock();
    act();
    return clock() - start;
  };
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    double here = 0, there = 0;
    const double wait_there = time(WallSeconds, [&] {
      there = time(ThreadSeconds, [&] { large.ActOn(numbers[i].second, drawn[i], 1); });
    });
    const auto own = static_cast<std::int64_t>(i) + 1;
    const double wait_here = time(WallSeconds, [&] {
      here = time(ThreadSeconds, [&] { small.ActOn(numbers[i].first, own, 1); });
    });
    if (i < 50) continue;  // these warm both
    waited.push_back(wait_there / wait_here);
    worked.push_back(there / here);
  }
  std::sort(waited.begin(), waited.end());
  std::sort(worked.begin(), worked.end());
  goals.AtMost("cost of an act at " + std::to_string(projects) + " projects / at 1,000",
               waited[waited.size() / 2], 1.3, "x", "median of pairs, fsync and all");
  goals.Said("the processor's part of it", worked[worked.size() / 2], "x");
}

void StartUp(const std::string& folder, Goals& goals) {
  const std::string config = folder + "/aiguillage.conf";
  std::ofstream(config)
      << "http.address = 127.0.0.1\nhttp.port = 0\npublic.url = http://127.0.0.1\n"
      << "data.dir = " << folder << "\nsmtp.url = spool:" << folder
      << "/mails\nmail.from = Banc <ne-pas-repondre@exemple.invalid>\n";
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("Expected a pipe");
  const double start = WallSeconds();
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 2);
    execl(AIGUILLAGE_BINARY, AIGUILLAGE_BINARY, "--config", config.c_str(), "serve", nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string said;
  char buffer[512];
  while (said.find("Aiguillage sert") == std::string::npos) {
    const auto size = read(ends[0], buffer, sizeof buffer);
    if (size <= 0) throw std::runtime_error("Expected serve to start, but it said: " + said);
    said.append(buffer, static_cast<std::size_t>(size));
  }
  const double started = WallSeconds() - start;
  usleep(3'000'000);  // its workers have looked at the record
  const double resident = Kilobytes(child, "VmRSS") / 1024, peak = Kilobytes(child, "VmHWM") / 1024;
  kill(child, SIGKILL);  // it has hundreds of thousands of mails to write
  waitpid(child, nullptr, 0);
  close(ends[0]);
  goals.AtMost("start-up of « serve »", started, 1, "s");
  goals.AtMost("resident, three seconds later", resident, 200, "MB", "peak " + Round(peak) + " MB");
}

void VerifyWhole(const std::string& folder, Goals& goals) {
  const Course course(UrlIn(folder), 23);
  ForgetPeak();
  const double start = WallSeconds();
  const auto report = workflows::Verify(course.database(), course.catalog(), "");
  const double seconds = WallSeconds() - start;
  for (const auto& sentence : report.broken) std::fprintf(stderr, "%s\n", sentence.c_str());
  if (!report.broken.empty()) throw std::runtime_error("Expected a record without fault");
  goals.Said("verify", seconds, "s",
             std::to_string(report.projects) + " projects, " + std::to_string(report.journal) +
                 " acts, nothing broken");
  goals.AtMost("verify, peak of memory", Kilobytes(getpid(), "VmHWM") / 1024, 200, "MB");
}

}  // namespace

void FillMillion(const std::string& folder, std::int64_t projects) {
  sqlite::SkipSync(true);
  const double start = WallSeconds();
  fs::create_directories(folder);
  Fill(folder, projects);
  const double seconds = WallSeconds() - start;
  sqlite::SkipSync(false);
  std::ofstream(folder + "/filled") << projects;
  std::printf("filled: %lld projects x 2 acts in %.0f s, %.0f acts/s, %.1f GB\n",
              static_cast<long long>(projects), seconds,
              static_cast<double>(2 * projects) / seconds,
              static_cast<double>(fs::file_size(folder + "/aiguillage.db")) / 1e9);
  std::fflush(stdout);
}

void MeasureMillion(const std::string& folder, std::int64_t projects, Goals& goals) {
  const std::string few = folder + "/few";
  sqlite::SkipSync(true);
  fs::create_directories(few);
  Fill(few, kFew);
  StartUp(folder, goals);
  MeasurePages(UrlIn(folder), projects, goals);
  sqlite::SkipSync(false);
  CompareActs(few, folder, projects, goals);
  VerifyWhole(folder, goals);
}

}  // namespace aiguillage::bench
