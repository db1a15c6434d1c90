#include "tests/support/crash_site.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "storage/journal.h"
#include "storage/timers.h"
#include "tests/support/crash_point.h"
#include "tests/support/random_people.h"
#include "workflows/verify.h"

namespace aiguillage::test {

using storage::Session;

namespace {

void Put(char* into, std::size_t size, const std::string& text) {
  std::memcpy(into, text.data(), std::min(text.size(), size - 1));
}

// The deadlines that the acts announced, against the rows; verify does not ask.
std::string WrongDeadlines(Session& session, const storage::Project& project,
                           const std::vector<storage::JournalRow>& rows) {
  std::map<std::string, int> balance;
  for (const auto& row : rows) {
    for (const auto& one : row.body.at("answer").at("deadlines")) {
      ++balance[one.at("event").get<std::string>()];
    }
  }
  for (const auto& timer : storage::TimersOf(session, project.id)) {
    if (timer.kind == "deadline") --balance[timer.event];
  }
  for (const auto& [event, difference] : balance) {
    if (difference != 0) return project.number + ": deadlines « " + event + " » do not add up\n";
  }
  return "";
}

}  // namespace

void Teller::operator()(const workflows::ActAnswer& answer, const std::string& key) const {
  Told told;
  Put(told.act, sizeof told.act, answer.act);
  Put(told.project, sizeof told.project, answer.project);
  Put(told.key, sizeof told.key, key);
  if (write(pipe_, &told, sizeof told) != sizeof told) _exit(2);
}

CrashSite::CrashSite() {
  world_.Grant("nobody", "committee_chair");
  for (const char* name : kPeople) world_.Person(name);
  world_.record().Close();
}

workflows::DeskOptions CrashSite::Options() const {
  return {.grace_minutes = 10, .new_id = {}, .ds_configured = true};
}

std::unique_ptr<storage::Database> CrashSite::Open() {
  return storage::Database::Open(url(), {.readers = 8, .create = false, .migrate = false});
}

Ending CrashSite::Run(const Life& life, std::int64_t kill_after_us) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("Expected a pipe");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    try {
      OnStatement(nullptr);  // before the connections are opened: SQLite's are asked one by one
      const auto database = Open();
      workflows::Desk desk(*database, world_.catalog(), Options());
      life(desk, *database, Teller(ends[1]));
    } catch (const std::exception& trouble) {
      std::fprintf(stderr, "a process at the crash site: %s\n", trouble.what());
      _exit(1);
    }
    _exit(0);
  }
  close(ends[1]);
  Ending ending;
  Told told;
  while (read(ends[0], &told, sizeof told) == sizeof told) {
    ending.told.push_back(told);
    if (kill_after_us >= 0 && ending.told.size() == 1) {
      usleep(static_cast<useconds_t>(kill_after_us));
      kill(child, SIGKILL);
    }
  }
  close(ends[0]);
  int status = 0;
  ending.failed = child < 0 || waitpid(child, &status, 0) != child;
  ending.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  ending.failed = ending.failed || (!ending.killed && status != 0);
  return ending;
}

std::string CrashSite::Judge(const Ending& ending, std::size_t untold) {
  std::string broken = ending.failed ? "a process failed\n" : "";
  for (const Told& told : ending.told) answered_[told.act] = told.project;
  const auto database = Open();
  std::map<std::string, std::string> found;  // act -> project
  database->Read([&](Session& session) {
    for (std::int64_t id = 1; const auto project = storage::FindProjectById(session, id); ++id) {
      const auto rows = storage::JournalOf(session, id);
      for (const auto& row : rows) found[row.act] = project->number;
      broken += WrongDeadlines(session, *project, rows);
    }
    for (const Told& told : ending.told) {
      if (told.key[0] == 0) continue;  // acts of machines, and acts taken back
      const auto key = storage::FindActKey(session, told.key);
      if (!key || key->answer.at("act") != told.act) {
        broken += std::string("the key of ") + told.act + " does not give its answer\n";
      }
    }
  });
  for (const auto& [act, project] : answered_) {
    const auto there = found.find(act);
    if (there == found.end() || there->second != project) {
      broken += "answered, and not there: " + act + " of " + project + "\n";
    }
  }
  if (found.size() > known_ + ending.told.size() + untold) {
    broken +=
        std::to_string(found.size() - known_ - ending.told.size()) + " acts nobody heard of\n";
  }
  known_ = found.size();
  for (const auto& line : workflows::Verify(*database, world_.catalog(), "").broken) {
    broken += line + "\n";
  }
  return broken;
}

}  // namespace aiguillage::test
