#include "tests/support/crash_point.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace aiguillage::test {
namespace {

constexpr std::size_t kSector = 512;  // what a disk writes whole

std::atomic<int> writes_left = -1;
std::atomic<bool> cut_in_half = false;
std::atomic<bool> remembering = false;
std::atomic<bool> syncs_fail = false;

struct Unsynced {
  off_t at;
  std::string before, after;
};

// A file as the disk has it for certain, and what the system still holds back.
struct Cache {
  int file = -1;
  off_t size = 0;
  std::vector<Unsynced> writes;
};

std::recursive_mutex cache_mutex;
std::map<std::pair<dev_t, ino_t>, Cache> caches;

Cache& CacheOf(int file) {
  struct stat status {};
  fstat(file, &status);
  auto [found, fresh] = caches.try_emplace({status.st_dev, status.st_ino});
  if (fresh) found->second = {dup(file), status.st_size, {}};
  return found->second;
}

void Remember(int file, const void* data, std::size_t bytes, off_t at) {
  Unsynced one{at, std::string(bytes, 0), std::string(static_cast<const char*>(data), bytes)};
  const ssize_t there = pread(file, one.before.data(), bytes, at);
  one.before.resize(static_cast<std::size_t>(std::max<ssize_t>(there, 0)));
  CacheOf(file).writes.push_back(std::move(one));
}

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
  const std::lock_guard lock(cache_mutex);  // after a power cut nobody writes any more
  if (remembering) Remember(file, data, bytes, at);
  return Counted(bytes, [&](std::size_t some) { return pwrite(file, data, some, at); });
}

// A shorter file is on the disk at once: what that spares the test is SQLite's affair, not ours.
int Shorten(int file, off_t size) {
  const std::lock_guard lock(cache_mutex);
  const int result = ftruncate(file, size);
  if (remembering && result == 0) {
    Cache& cache = CacheOf(file);
    cache.size = size;
    cache.writes.clear();
  }
  return result;
}

void Lose(Cache& cache, std::mt19937_64& random) {
  if (cache.writes.empty()) return;
  const auto kept = random() % 3;  // none of it, about half of the sectors, all of it
  for (auto one = cache.writes.rbegin(); one != cache.writes.rend(); ++one) {
    if (pwrite(cache.file, one->before.data(), one->before.size(), one->at) < 0) std::abort();
  }
  if (ftruncate(cache.file, cache.size) != 0) std::abort();
  for (const Unsynced& one : cache.writes) {
    for (std::size_t from = 0; from < one.after.size(); from += kSector) {
      if (kept == 0 || (kept == 1 && random() % 2 == 0)) continue;
      const std::size_t bytes = std::min(kSector, one.after.size() - from);
      const off_t at = one.at + static_cast<off_t>(from);
      if (pwrite(cache.file, one.after.data() + from, bytes, at) < 0) std::abort();
    }
  }
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
  take("ftruncate", reinterpret_cast<sqlite3_syscall_ptr>(Shorten));
  remembering = true;
}

void DieAt(int at, bool torn) {
  cut_in_half = torn;
  writes_left = at;
}

void Die() {
  kill(getpid(), SIGKILL);
  std::abort();  // never reached
}

void CutPower(std::uint64_t seed) {
  cache_mutex.lock();  // for ever
  std::mt19937_64 random(seed);
  for (auto& [inode, cache] : caches) Lose(cache, random);
  Die();
}

void FailSyncs(bool fail) { syncs_fail = fail; }

}  // namespace aiguillage::test

// SQLite calls it by name, not through its table of system calls: ours is found first.
extern "C" int fdatasync(int file) {
  using namespace aiguillage::test;
  const std::lock_guard lock(cache_mutex);
  if (syncs_fail) {
    errno = EIO;
    return -1;
  }
  const int result = static_cast<int>(syscall(SYS_fdatasync, file));
  if (remembering && result == 0) {
    Cache& cache = CacheOf(file);
    struct stat status {};
    fstat(file, &status);
    cache.size = status.st_size;
    cache.writes.clear();
  }
  return result;
}
