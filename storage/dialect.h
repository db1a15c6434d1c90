// Where databases differ; nobody else knows which one runs. SQLite is in sqlite.cpp, PostgreSQL in
// postgresql.cpp.
//
//   const Dialect& dialect = DialectFor("sqlite:data/a.db");    // Trouble for a scheme unknown
//   here auto connection = dialect.Connect(dialect.Place("sqlite:data/a.db"), Use::kRead);
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/restore.h"

namespace aiguillage::storage {

class Session;
struct Connection;
struct Prepared;

enum class Use { kWrite, kRead };

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name() const = 0;  // as in migrations/0002_search.NAME.sql
  virtual std::string_view scheme() const = 0;

  // What Connect wants of a URL of this scheme.
  virtual std::string Place(const std::string& url) const = 0;
  // Makes the record's place, where the program can; Trouble when it is missing and may not be
  // made.
  virtual void Prepare(const std::string& where, const OpenOptions& options) const = 0;
  // Opens a connection with everything set that must be set on each one. Throws Trouble.
  virtual std::unique_ptr<Connection> Connect(const std::string& where, Use use) const = 0;

  // Statements that begin a transaction. A writing one is the only one of the whole record, however
  // many processes write: what it reads is what it changes.
  virtual std::vector<std::string_view> Begin(Use use) const = 0;
  virtual bool InTransaction(const Connection& connection) const = 0;
  // Asks for a number that another one replaces when somebody else has written since this
  // connection asked; "" where the database does not tell.
  virtual std::string_view DataVersion() const = 0;

  // True: TakeRow fills the cells of the row that a statement stands on and NextRow goes on to the
  // next, where that is quicker than to bind the cells to SOCI.
  virtual bool TakesRows() const { return false; }
  virtual void TakeRow(Prepared&) const {}
  virtual bool NextRow(Prepared&) const { return false; }

  // After an error of the connection, from inside its catch: Interrupted, Trouble or Conflict, in
  // words without bound values.
  [[noreturn]] virtual void Throw(Connection& connection, std::string_view sql) const = 0;
  // Whether a statement that failed is dropped at once, or when its transaction is over.
  virtual bool DropsFailedLater() const = 0;

  // A COMMIT whose answer never came leaves a doubt, unless the database dies with the process.
  // Then the transaction writes :mark for :writer, and the next one reads it. "" where no doubt is.
  virtual std::string_view WriteMark() const = 0;
  virtual std::string_view FindMark() const = 0;

  virtual void Backup(const std::string& where, Connection& connection,
                      const std::string& path) const = 0;
  virtual engine::Outcome<std::string> Restore(const std::string& where, const std::string& file,
                                               const RestoreOptions& options,
                                               const LookOver& look_over) const = 0;
  // "" when the database finds its own files sound, else what is damaged, in its own words.
  virtual std::string Damage(Connection& connection) const = 0;

  // The migrations' common text in this database's words, and what they lean on.
  virtual std::string Schema(std::string statement) const = 0;
  virtual std::string_view Groundwork() const = 0;
  virtual std::string_view HasTable() const = 0;  // select a count for :name

  // Full text: the predicate on project p, its :match for some words, and the two statements that
  // feed it (:project, :open, :body), the texts as Searchable makes them. OpenPredicate: among the
  // open words only.
  virtual std::string_view MatchPredicate() const = 0;
  virtual std::string_view OpenPredicate() const = 0;
  virtual std::string MatchValue(const std::vector<std::string>& words) const = 0;
  // :match for one phrase whose words are cut already, and the newest rows that have it (:but,
  // :limit); with `open`, among the open words only.
  virtual std::string MatchPhrase(const std::string& phrase) const = 0;
  virtual std::string_view Newest(bool open) const = 0;
  virtual std::string_view ForgetText() const = 0;
  virtual std::string_view InsertText() const = 0;
  virtual std::string Searchable(const std::string& text) const = 0;
};

const Dialect& Sqlite();
const Dialect& Postgresql();
const Dialect& DialectFor(const std::string& url);

// What a person typed, as words to look for; empty when nothing can be looked for.
std::vector<std::string> SearchWords(std::string_view text);

}  // namespace aiguillage::storage
