// Where databases differ; nobody else knows which one runs. SQLite here, PostgreSQL as a second
// one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aiguillage::storage {

class Session;
struct Connection;

enum class Use { kWrite, kRead };

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name() const = 0;  // as in migrations/0002_search.NAME.sql

  // Opens a connection with everything set that must be set on each one. Throws Trouble.
  virtual std::unique_ptr<Connection> Connect(const std::string& where, Use use) const = 0;

  virtual std::string_view BeginWrite() const = 0;
  virtual std::string_view BeginRead() const = 0;
  virtual bool InTransaction(const Connection& connection) const = 0;

  // After an error of the connection: Trouble or Conflict, in words without bound values.
  [[noreturn]] virtual void Throw(Connection& connection, std::string_view sql) const = 0;

  virtual void Backup(Connection& connection, const std::string& path) const = 0;

  // The migrations' common text in this database's words.
  virtual std::string Schema(std::string statement) const = 0;
  virtual std::string_view HasTable() const = 0;  // select a count for :name

  // Full text: the predicate on project p, its :match for some words, and the two statements that
  // feed it (:project, :title, :body).
  virtual std::string_view MatchPredicate() const = 0;
  virtual std::string MatchValue(const std::vector<std::string>& words) const = 0;
  virtual std::string_view ForgetText() const = 0;
  virtual std::string_view InsertText() const = 0;
};

const Dialect& Sqlite();

// What a person typed, as words to look for; empty when nothing can be looked for.
std::vector<std::string> SearchWords(std::string_view text);

}  // namespace aiguillage::storage
