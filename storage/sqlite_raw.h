// The plain C API of SQLite, on a handle that SOCI owns. In a file of its own because SOCI includes
// sqlite3.h inside a namespace: the two cannot meet in one translation unit.
#pragma once

#include <cstdint>
#include <string>

namespace aiguillage::storage::sqlite_raw {

// Before the first connection of the program: each belongs to one thread at a time (pool.h), and
// nobody asks how much memory SQLite has, so that it need not lock for either.
void Configure();

bool InTransaction(void* handle);
int ErrorCode(void* handle);          // primary code: 5 busy, 13 full, 19 constraint …
std::string FileOf(void* handle);     // its path
std::string ErrorText(void* handle);  // SQLite's own words; no values for code 1 and 19

// A column of the row that a statement stands on; 0 and "" for null.
std::int64_t Number(void* statement, int column);
void Text(void* statement, int column, std::string& text);

// Creates the file for its owner's eyes only, when it is not there.
void CreatePrivately(const std::string& path);

// Copies the whole record in one read transaction, so that writers neither wait nor tear it; the
// copy is checked, synced and only then takes the name `path`. Throws Trouble.
void Backup(void* handle, const std::string& path);

// "" when the file is a sound SQLite record, else what is damaged.
std::string Check(const std::string& path);
std::string Check(void* handle);

// Folds the log back into the file and leaves nothing beside it; no when it cannot be read, or the
// disk failed.
enum class Settled { kYes, kInUse, kNo };
Settled Settle(const std::string& path);

// A new name in the folder survives a power cut. Throws Trouble.
void SyncFolderOf(const std::string& path);

}  // namespace aiguillage::storage::sqlite_raw
