#include "storage/sqlite_raw.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "storage/error.h"

namespace aiguillage::storage::sqlite_raw {
namespace {

sqlite3* Of(void* handle) { return static_cast<sqlite3*>(handle); }

struct Closer {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using Owned = std::unique_ptr<sqlite3, Closer>;

Owned OpenFile(const std::string& path, int flags) {
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  Owned owned(db);
  if (code != SQLITE_OK) {
    throw Trouble("Expected to open " + path + ", but: " + sqlite3_errstr(code) + ".");
  }
  return owned;
}

void SyncPath(const std::string& path, int flags) {
  int file = open(path.c_str(), flags | O_CLOEXEC);
  bool synced = file >= 0 && fsync(file) == 0;
  if (file >= 0) close(file);
  if (!synced) throw Trouble("Expected " + path + " to reach the disk, but it did not.");
}

void Copy(sqlite3* from, sqlite3* to, const std::string& path) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  int code = SQLITE_ERROR;
  if (backup) {
    do {
      code = sqlite3_backup_step(backup, -1);
      if (code == SQLITE_BUSY || code == SQLITE_LOCKED) sqlite3_sleep(10);
    } while (code == SQLITE_BUSY || code == SQLITE_LOCKED);
    sqlite3_backup_finish(backup);
  }
  if (code != SQLITE_DONE) {
    throw Trouble("Expected a copy in " + path + ", but: " + sqlite3_errstr(code) + ".");
  }
}

int FirstLine(void* text, int, char** values, char**) {
  auto& found = *static_cast<std::string*>(text);
  if (found.empty() && values[0]) found = values[0];
  return 0;
}

}  // namespace

// Refused, without harm, where the program has already used SQLite.
void Configure() {
  static const int once =
      sqlite3_config(SQLITE_CONFIG_MULTITHREAD) + sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

bool InTransaction(void* handle) { return sqlite3_get_autocommit(Of(handle)) == 0; }
int ErrorCode(void* handle) { return sqlite3_extended_errcode(Of(handle)) & 0xff; }
std::string FileOf(void* handle) { return sqlite3_db_filename(Of(handle), "main"); }
std::string ErrorText(void* handle) { return sqlite3_errmsg(Of(handle)); }

std::int64_t Number(void* statement, int column) {
  return sqlite3_column_int64(static_cast<sqlite3_stmt*>(statement), column);
}

void Text(void* statement, int column, std::string& text) {
  auto* its = static_cast<sqlite3_stmt*>(statement);
  const unsigned char* first = sqlite3_column_text(its, column);
  const int bytes = sqlite3_column_bytes(its, column);  // after the text, of which it tells
  text.assign(first == nullptr ? "" : reinterpret_cast<const char*>(first),
              static_cast<std::size_t>(bytes));
}

void CreatePrivately(const std::string& path) {
  int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw Trouble("Expected to create " + path + ", but the system refused.");
  close(file);
}

void Backup(void* handle, const std::string& path) {
  const std::string part = path + ".part";
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  try {
    CreatePrivately(part);
    {
      Owned copy = OpenFile(part, SQLITE_OPEN_READWRITE);
      Copy(Of(handle), copy.get(), path);
      // One file and nothing beside it: a copy left in WAL mode would want two more.
      sqlite3_exec(copy.get(), "pragma journal_mode = delete", nullptr, nullptr, nullptr);
    }
    std::string damage = Check(part);
    if (!damage.empty()) throw Trouble("Expected a sound copy, but: " + damage);
    SyncPath(part, O_RDWR);
    std::filesystem::rename(part, path);
    SyncFolderOf(path);
  } catch (const std::filesystem::filesystem_error& error) {
    std::filesystem::remove(part, ignored);
    throw Trouble("Expected the copy to take its name " + path +
                  ", but: " + error.code().message() + ".");
  } catch (...) {
    std::filesystem::remove(part, ignored);
    throw;
  }
}

std::string Check(const std::string& path) {
  Owned db = OpenFile(path, SQLITE_OPEN_READONLY);
  return Check(db.get());
}

std::string Check(void* handle) {
  std::string found;
  int code = sqlite3_exec(Of(handle), "pragma integrity_check(1)", FirstLine, &found, nullptr);
  if (code != SQLITE_OK) return sqlite3_errmsg(Of(handle));
  return found == "ok" ? "" : found;
}

Settled Settle(const std::string& path) {
  Owned db = OpenFile(path, SQLITE_OPEN_READWRITE);
  std::string mode;
  int code = sqlite3_exec(db.get(), "pragma journal_mode = delete", FirstLine, &mode, nullptr);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return Settled::kInUse;
  if (code != SQLITE_OK || mode != "delete") return Settled::kNo;
  db.reset();
  SyncPath(path, O_RDWR);
  return Settled::kYes;
}

void SyncFolderOf(const std::string& path) {
  SyncPath(std::filesystem::absolute(path).parent_path().string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace aiguillage::storage::sqlite_raw
