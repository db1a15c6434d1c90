// SQLite: one file, one writing transaction at a time by the file's own lock.
#include <soci/sqlite3/soci-sqlite3.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "storage/connection.h"
#include "storage/database.h"
#include "storage/dialect.h"
#include "storage/error.h"
#include "storage/sqlite_raw.h"

namespace aiguillage::storage {
namespace {

void* Handle(const Connection& connection) {
  auto* backend = const_cast<soci::session&>(connection.sql).get_backend();
  return static_cast<soci::sqlite3_session_backend*>(backend)->conn_;
}

std::string InWords(int code) {
  switch (code) {
    case 5:
    case 6:
      return "another process holds it";
    case 8:
      return "it may only be read";
    case 10:
      return "the disk failed";
    case 11:
    case 26:
      return "its file is damaged or no record";
    case 13:
      return "the disk is full";
    case 14:
      return "its file cannot be opened";
    default:
      return "the database refused";
  }
}

// For whoever runs the service: what mends it, and whether it goes on by itself then.
std::string HowToMend(int code, const std::string& file) {
  switch (code) {
    case 5:
    case 6:
      return "À faire : chercher quel autre programme tient " + file + " (fuser), et l’arrêter.";
    case 8:
    case 14:
      return "À faire : rendre " + file +
             " et son dossier accessibles en écriture au compte du service (droits ; disque "
             "remonté "
             "en lecture seule après une panne : dmesg).";
    case 10:
      return "À faire : lire les messages du noyau sur le disque de " + file +
             " (dmesg) ; l’écriture reprend d’elle-même quand il répond ; ensuite « aiguillage "
             "verify ».";
    case 11:
    case 26:
      return "À faire : arrêter le service, garder " + file +
             ", reprendre la dernière copie saine (« aiguillage restore --replace COPIE »).";
    case 13:
      return "À faire : libérer de la place sur le disque de " + file +
             " ; l’écriture reprend d’elle-même.";
    default:
      return "";
  }
}

class SqliteDialect final : public Dialect {
 public:
  std::string_view name() const override { return "sqlite"; }
  std::string_view scheme() const override { return "sqlite:"; }

  std::string Place(const std::string& url) const override { return url.substr(scheme().size()); }
  void Prepare(const std::string& where, const OpenOptions& options) const override;
  std::unique_ptr<Connection> Connect(const std::string& where, Use use) const override;

  std::vector<std::string_view> Begin(Use use) const override {
    return {use == Use::kWrite ? "begin immediate" : "begin"};
  }
  std::string_view DataVersion() const override { return "pragma data_version"; }
  bool InTransaction(const Connection& connection) const override {
    return sqlite_raw::InTransaction(Handle(connection));
  }

  // SOCI's own way takes twice as long for a row of the register.
  bool TakesRows() const override { return true; }
  void TakeRow(Prepared& prepared) const override {
    void* row =
        static_cast<soci::sqlite3_statement_backend*>(prepared.statement.get_backend())->stmt_;
    int column = 0;
    for (Cell& cell : prepared.outs) {
      if (cell.is_text) {
        sqlite_raw::Text(row, column, cell.text);
      } else {
        cell.number = sqlite_raw::Number(row, column);
      }
      ++column;
    }
  }
  // A statement of SOCI's without bound cells believes that it has one row at most.
  bool NextRow(Prepared& prepared) const override {
    return prepared.statement.get_backend()->fetch(1) ==
           soci::details::statement_backend::ef_success;
  }

  void Throw(Connection& connection, std::string_view sql) const override {
    int code = sqlite_raw::ErrorCode(Handle(connection));
    std::string numbered = " (SQLite " + std::to_string(code) + ")";
    if (code == 19) {
      throw Conflict("Expected a row that fits, but: " + sqlite_raw::ErrorText(Handle(connection)) +
                     numbered + ".");
    }
    std::string text = "Expected the record to answer, but " + InWords(code) + numbered;
    if (code == 1) text += ": " + sqlite_raw::ErrorText(Handle(connection));
    text += " in « " + std::string(sql) + " ».";
    const std::string mend = HowToMend(code, sqlite_raw::FileOf(Handle(connection)));
    throw Trouble(mend.empty() ? text : text + " " + mend);
  }

  bool DropsFailedLater() const override { return false; }  // an open cursor would pin the log

  std::string_view WriteMark() const override { return ""; }
  std::string_view FindMark() const override { return ""; }

  void Backup(const std::string& where, Connection& connection,
              const std::string& path) const override;

  engine::Outcome<std::string> Restore(const std::string& where, const std::string& file,
                                       const RestoreOptions& options,
                                       const LookOver& look_over) const override {
    return RestoreFile(where, file, options, look_over);
  }
  std::string Damage(Connection& connection) const override {
    return sqlite_raw::Check(Handle(connection));
  }

  std::string Schema(std::string statement) const override { return statement; }
  std::string_view Groundwork() const override { return ""; }
  std::string_view HasTable() const override {
    return "select count(*) from sqlite_master where type = 'table' and name = :name";
  }

  std::string_view MatchPredicate() const override {
    return "p.id in (select rowid from project_text where project_text match :match)";
  }
  std::string_view OpenPredicate() const override {
    return "p.id in (select rowid from project_text"
           " where project_text match '{title} : (' || :match || ')')";
  }
  // Each word is quoted, so that nothing in it is an operator; the last one may be unfinished.
  std::string MatchValue(const std::vector<std::string>& words) const override {
    std::string value;
    for (const std::string& word : words) {
      value += (value.empty() ? "\"" : " \"") + word + "\"";
    }
    return value + "*";
  }
  std::string MatchPhrase(const std::string& phrase) const override { return "\"" + phrase + "\""; }
  std::string_view Newest(bool open) const override {
    return open ? "select rowid from project_text where project_text match '{title} : ' || :match"
                  " and rowid <> :but order by rowid desc limit :limit"
                : "select rowid from project_text where project_text match :match"
                  " and rowid <> :but order by rowid desc limit :limit";
  }
  std::string_view ForgetText() const override {
    return "delete from project_text where rowid = :project";
  }
  std::string_view InsertText() const override {
    return "insert into project_text (rowid, title, body) values (:project, :open, :body)";
  }
  std::string Searchable(const std::string& text) const override { return text; }
};

void Pragma(Connection& connection, const std::string& setting) {
  connection.sql << "pragma " + setting;
}

// The change to WAL does not wait for the busy timeout when two processes make it at once.
void TurnToWal(Connection& connection) {
  for (int attempt = 0;; ++attempt) {
    try {
      return Pragma(connection, "journal_mode = wal");
    } catch (const soci::soci_error&) {
      if (attempt == 200 || sqlite_raw::ErrorCode(Handle(connection)) != 5) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

void SqliteDialect::Prepare(const std::string& where, const OpenOptions& options) const {
  std::error_code error;
  if (std::filesystem::exists(where, error)) return;
  if (!options.create) throw Trouble("Expected a record in " + where + ", but there is none.");
  auto folder = std::filesystem::path(where).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  sqlite_raw::CreatePrivately(where);
}

void SqliteDialect::Backup(const std::string& where, Connection& connection,
                           const std::string& path) const {
  std::error_code error;
  if (std::filesystem::equivalent(path, where, error)) {
    throw Trouble("Expected another name than the record's own for its copy.");
  }
  sqlite_raw::Backup(Handle(connection), path);
}

std::unique_ptr<Connection> SqliteDialect::Connect(const std::string& where, Use use) const {
  if (where.find_first_of("\"'\n") != std::string::npos) {
    throw Trouble("Expected a path without quotes for the record, but got « " + where + " ».");
  }
  sqlite_raw::Configure();
  std::unique_ptr<Connection> connection;
  try {
    connection = std::make_unique<Connection>(soci::sqlite3, "db=\"" + where + "\" timeout=10");
  } catch (const soci::soci_error&) {
    throw Trouble("Expected to open the record in " + where + ", but it cannot be opened.");
  }
  try {
    Pragma(*connection, "busy_timeout = 10000");
    Pragma(*connection, "foreign_keys = on");
    Pragma(*connection, "synchronous = full");  // a decision of the State survives a power cut
    Pragma(*connection, "temp_store = memory");
    if (use == Use::kRead) {
      Pragma(*connection, "query_only = on");
    } else {
      TurnToWal(*connection);
      Pragma(*connection, "journal_size_limit = 67108864");
      // 16 MB of log: pages that many acts touch are copied into the file a fourth as often.
      Pragma(*connection, "wal_autocheckpoint = 4000");
      // The upper pages of a large record's indexes: 2 MB, the default, would read them again.
      Pragma(*connection, "cache_size = -49152");
    }
  } catch (const soci::soci_error&) {
    Throw(*connection, "pragma");
  }
  return connection;
}

}  // namespace

const Dialect& Sqlite() {
  static const SqliteDialect kDialect;
  return kDialect;
}

}  // namespace aiguillage::storage
