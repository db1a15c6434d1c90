#include "workflows/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

extern char** environ;

namespace aiguillage::workflows {
namespace {

constexpr std::size_t kOutputMost = 8U * 1024 * 1024;

// Both ends of a pipe, closed when they go.
struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) {
      read_end = ends[0];
      write_end = ends[1];
    }
  }
  ~Pipe() {
    Close(read_end);
    Close(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  static void Close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

pid_t Spawn(const std::vector<std::string>& command, const Pipe& in, const Pipe& out) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read_end, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end, 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  if (::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
    child = -1;
  }
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

// Feeds and drains both pipes together: a program may answer before it has read everything.
bool Converse(Pipe& in, Pipe& out, const std::string& input, int timeout_ms, std::string& output) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  ::fcntl(in.write_end, F_SETFL, O_NONBLOCK);
  std::size_t written = 0;
  for (;;) {
    if (written == input.size()) Pipe::Close(in.write_end);
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd ends[2] = {{out.read_end, POLLIN, 0}, {in.write_end, POLLOUT, 0}};
    if (::poll(ends, in.write_end >= 0 ? 2 : 1, static_cast<int>(left)) <= 0) return false;
    if (in.write_end >= 0 && (ends[1].revents & (POLLOUT | POLLERR)) != 0) {
      const auto sent = ::write(in.write_end, input.data() + written, input.size() - written);
      if (sent <= 0) return false;
      written += static_cast<std::size_t>(sent);
    }
    if (ends[0].revents != 0) {
      char buffer[16384];
      const auto got = ::read(out.read_end, buffer, sizeof buffer);
      if (got <= 0) return got == 0;
      output.append(buffer, static_cast<std::size_t>(got));
      if (output.size() > kOutputMost) return false;
    }
  }
}

}  // namespace

ChildResult RunChild(const std::vector<std::string>& command, const std::string& input,
                     int timeout_ms) {
  ChildResult result;
  Pipe in, out;
  if (in.read_end < 0 || out.read_end < 0) return result;
  // A child that dies early must not end us by SIGPIPE: the server ignores it, the tools too.
  std::signal(SIGPIPE, SIG_IGN);
  const pid_t child = Spawn(command, in, out);
  if (child < 0) return result;
  Pipe::Close(in.read_end);
  Pipe::Close(out.write_end);
  const bool ended = Converse(in, out, input, timeout_ms, result.output);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  if (::waitpid(child, &status, 0) == child && WIFEXITED(status) && ended) {
    result.status = WEXITSTATUS(status);
  }
  return result;
}

}  // namespace aiguillage::workflows
