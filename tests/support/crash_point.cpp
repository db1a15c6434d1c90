#include "tests/support/crash_point.h"

#include <sqlite3.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace aiguillage::test {
namespace {

std::atomic<int> writes_left = -1;
std::atomic<bool> cut_in_half = false;

// Runs one write, or the half of it, and dies there when its turn has come.
template <typename Write>
ssize_t Counted(std::size_t bytes, Write write) {
  if (writes_left.fetch_sub(1) == 1) {
    write(cut_in_half ? bytes / 2 : bytes);
    Die();
  }
  return write(bytes);
}

ssize_t Write(int file, const void* data, std::size_t bytes) {
  return Counted(bytes, [&](std::size_t some) { return write(file, data, some); });
}

ssize_t WriteAt(int file, const void* data, std::size_t bytes, off_t at) {
  return Counted(bytes, [&](std::size_t some) { return pwrite(file, data, some, at); });
}

}  // namespace

void CountWrites() {
  sqlite3_vfs* files = sqlite3_vfs_find(nullptr);
  const auto take = [&](const char* name, sqlite3_syscall_ptr ours) {
    if (files->xGetSystemCall(files, name) != nullptr) files->xSetSystemCall(files, name, ours);
  };
  take("write", reinterpret_cast<sqlite3_syscall_ptr>(Write));
  take("pwrite", reinterpret_cast<sqlite3_syscall_ptr>(WriteAt));
  take("pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(WriteAt));
}

void DieAt(int at, bool torn) {
  cut_in_half = torn;
  writes_left = at;
}

void Die() {
  kill(getpid(), SIGKILL);
  std::abort();  // never reached
}

}  // namespace aiguillage::test
