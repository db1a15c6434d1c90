#include "storage/restore.h"

#include <array>
#include <filesystem>
#include <fstream>

#include "storage/dialect.h"
#include "storage/error.h"
#include "storage/migrate.h"
#include "storage/session.h"
#include "storage/sqlite_raw.h"

namespace aiguillage::storage {
namespace {

namespace fs = std::filesystem;
using engine::Refusal;

constexpr std::array kBeside = {"-wal", "-shm", "-journal"};  // what SQLite may keep beside a file

Refusal Damaged(const std::string& file, const std::string& what) {
  return {"damaged",
          "La copie " + file + " est abîmée et n’a pas été reprise : " + what +
              ". Rien n’a changé ; essayer une copie plus ancienne.",
          {}};
}

std::uint64_t BigEndian(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value * 256 + static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// SQLite says « malformed » of all of these; people want to know which.
std::string WrongShape(const std::string& path) {
  std::string head(100, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (static_cast<std::size_t>(in.gcount()) < head.size() || !head.starts_with("SQLite format 3")) {
    return "ce n’est pas une base SQLite";
  }
  const std::uint64_t page = BigEndian(head, 16, 2) == 1 ? 65536 : BigEndian(head, 16, 2);
  const std::uint64_t wanted = BigEndian(head, 28, 4), size = fs::file_size(path);
  if (page == 0 || size >= wanted * page || fs::exists(path + "-wal")) return "";
  return "elle est tronquée (" + std::to_string(size / page) + " pages entières sur " +
         std::to_string(wanted) + ")";
}

// The copy on its way: beside the record's place, gone unless it takes it.
class Apart {
 public:
  Apart(const std::string& place, const std::string& file) : path_(place + ".restore") {
    Remove();
    try {
      sqlite_raw::CreatePrivately(path_);
      fs::copy_file(file, path_, fs::copy_options::overwrite_existing);
      // Somebody copied the two by hand: what the log holds belongs to it.
      if (fs::exists(file + "-wal")) fs::copy_file(file + "-wal", path_ + "-wal");
      fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
    } catch (const fs::filesystem_error& error) {
      Remove();
      throw Trouble("Expected a copy of " + file + " in " + path_ +
                    ", but: " + error.code().message() + ".");
    } catch (...) {
      Remove();
      throw;
    }
  }
  ~Apart() { Remove(); }
  const std::string& path() const { return path_; }

 private:
  void Remove() const {
    std::error_code ignored;
    fs::remove(path_, ignored);
    for (const char* beside : kBeside) fs::remove(path_ + beside, ignored);
  }
  std::string path_;
};

std::optional<Refusal> WrongSchema(const std::string& path, const std::string& file) {
  const auto session = OpenSession(Sqlite(), path, Use::kRead, RandomHex);
  const int found = SchemaVersion(*session), newest = NewestSchema(Sqlite().name());
  if (found == 0) return Damaged(file, "ce n’est pas une base d’Aiguillage");
  if (found <= newest) return std::nullopt;
  return Refusal{"newer",
                 "La copie " + file + " vient d’une version plus récente du programme (schéma " +
                     std::to_string(found) + ", celui-ci connaît le " + std::to_string(newest) +
                     ") : installer cette version-là, puis recommencer.",
                 {}};
}

std::optional<Refusal> Examine(const std::string& path, const std::string& file,
                               const LookOver& look_over) {
  if (const auto wrong = WrongShape(path); !wrong.empty()) return Damaged(file, wrong);
  try {
    if (const auto damage = sqlite_raw::Check(path); !damage.empty()) return Damaged(file, damage);
    if (auto refusal = WrongSchema(path, file)) return refusal;
    const auto copy = Database::Open("sqlite:" + path, {.readers = 1, .create = false});
    return look_over(*copy);
  } catch (const Trouble& trouble) {
    return Damaged(file, trouble.what());
  }
}

// The record that was there, under its other name, and the new one under its own. At no instant is
// there none: two names for the old one, then the new one over one of them.
void Exchange(const std::string& place, const std::string& apart, const std::string& aside) {
  try {
    if (!aside.empty()) {
      for (const char* beside : kBeside) {
        if (fs::exists(place + beside)) fs::rename(place + beside, aside + beside);
      }
      fs::create_hard_link(place, aside);
    }
    fs::rename(apart, place);
    sqlite_raw::SyncFolderOf(place);
  } catch (const fs::filesystem_error& error) {
    throw Trouble("Expected the copy to take the record's place " + place +
                  ", but: " + error.code().message() + ".");
  }
}

}  // namespace

engine::Outcome<std::string> Restore(const std::string& url, const std::string& file,
                                     const RestoreOptions& options, const LookOver& look_over) {
  const Dialect& dialect = DialectFor(url);
  return dialect.Restore(dialect.Place(url), file, options, look_over);
}

engine::Outcome<std::string> RestoreFile(const std::string& place, const std::string& file,
                                         const RestoreOptions& options, const LookOver& look_over) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    return Refusal{"no_file", "Aucun fichier " + file + " à reprendre.", {}};
  }
  const bool there = fs::exists(place, error);
  if (there && (fs::equivalent(place, file, error) || !options.replace)) {
    return Refusal{"exists",
                   "Il y a déjà une base en " + place +
                       " : elle reste. Pour la remplacer en la gardant à côté, ajouter --replace.",
                   {}};
  }
  const std::string aside = there ? place + options.set_aside : "";
  if (there && fs::exists(aside, error)) {
    return Refusal{"exists", "Il y a déjà un fichier " + aside + " : le ranger d’abord.", {}};
  }
  const auto in_use = [&] {
    return Refusal{"in_use",
                   "Un processus se sert de la base " + place +
                       " : arrêter le service (systemctl stop aiguillage), puis recommencer.",
                   {}};
  };
  if (there && sqlite_raw::Settle(place) == sqlite_raw::Settled::kInUse) return in_use();
  if (const auto folder = fs::path(place).parent_path(); !folder.empty()) {
    fs::create_directories(folder, error);
  }
  const Apart apart(place, file);
  if (auto refusal = Examine(apart.path(), file, look_over)) return *std::move(refusal);
  if (sqlite_raw::Settle(apart.path()) != sqlite_raw::Settled::kYes) {
    throw Trouble("Expected the copy in " + apart.path() + " to be one file, but the disk failed.");
  }
  if (there && sqlite_raw::Settle(place) == sqlite_raw::Settled::kInUse) return in_use();
  Exchange(place, apart.path(), aside);
  return aside;
}

}  // namespace aiguillage::storage
