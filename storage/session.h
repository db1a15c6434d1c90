// A connection of the record and its prepared statements. Private to storage/: other rooms hold a
// Session& that they cannot use. One thread at a time; SOCI stays behind connection.h.
//
//   Person person;
//   Query query(session, "select id, name from person where email = :email");
//   query.In("email", email).Out(person.id).Out(person.name);
//   if (query.One()) …                                // person is filled
//
// Statements are prepared once a session and used again. Every parameter has a name; values are
// copied, so a temporary may be given; null reads as 0 or "". Errors come out as Trouble/Conflict.
// On PostgreSQL a Conflict spoils the transaction: expect one only where the work then ends.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "storage/hash.h"
#include "storage/json_text.h"
#include "storage/memo.h"

namespace aiguillage::storage {

class Dialect;
enum class Use;
struct Connection;
struct Prepared;

// What due_at holds when nothing is due: it sorts last by its index. 0 in C++.
inline constexpr std::int64_t kNever = 253402300799999;

class Session {
 public:
  Session(const Dialect& dialect, std::unique_ptr<Connection> connection, RandomSource random);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Execute(std::string_view sql);  // without parameters; rows are thrown away
  void Begin(Use use);
  bool InTransaction() const;
  void RollbackIfAny() noexcept;

  const Dialect& dialect() const { return dialect_; }
  Connection& connection() { return *connection_; }
  const Connection& connection() const { return *connection_; }
  std::string Random(std::size_t bytes) const { return random_(bytes); }
  // Of the transaction under way, and of a reader's earlier ones where the record is the same.
  Memo& memo() { return memo_; }

 private:
  void ForgetUnlessUnchanged();

  const Dialect& dialect_;
  std::unique_ptr<Connection> connection_;
  RandomSource random_;
  Memo memo_;
  std::int64_t data_version_ = 0;  // that `memo_` was read from, 0 when that is not known
};

std::unique_ptr<Session> OpenSession(const Dialect& dialect, const std::string& where, Use use,
                                     RandomSource random);

class Query {
 public:
  Query(Session& session, std::string_view sql);
  ~Query();  // one that ended well goes back to its session
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  template <typename T>
  Query& In(std::string_view name, const T& value) {
    if constexpr (std::is_same_v<T, nlohmann::json>) {
      return InText(name, JsonText(value));
    } else if constexpr (std::is_integral_v<T>) {
      return InNumber(name, static_cast<std::int64_t>(value), false);
    } else {
      return InText(name, value);
    }
  }
  Query& Ref(std::string_view name, std::int64_t id) { return InNumber(name, id, id == 0); }
  Query& Ref(std::string_view name, std::string_view id) { return InText(name, id, id.empty()); }
  Query& Due(std::string_view name, std::int64_t at) {
    return InNumber(name, at == 0 ? kNever : at, false);
  }

  Query& Out(std::int64_t& target);
  Query& Out(int& target);
  Query& Out(bool& target);
  Query& Out(std::string& target);
  Query& Out(nlohmann::json& target);  // null column -> null
  Query& OutDue(std::int64_t& target);

  bool One();          // false without a row; expects at most one
  std::int64_t Run();  // rows inserted, changed or deleted
  void Each(const std::function<void()>& row);
  template <typename T>
  std::vector<T> All(T& row) {  // `row` is what the Outs point into
    std::vector<T> rows;
    Each([&] { rows.push_back(std::move(row)); });  // each Out is filled anew
    return rows;
  }

 private:
  struct Target {
    enum Kind { kLong, kInt, kBool, kDue, kText, kJson } kind;
    void* place;
  };
  Query& InNumber(std::string_view name, std::int64_t value, bool null);
  Query& InText(std::string_view name, std::string_view value, bool null = false);
  Query& Add(Target target);
  bool Start();  // runs the statement; true when a first row is there
  bool Next();
  void Take();  // copies the current row into the targets
  template <typename Work>
  auto Guard(Work&& work);

  Session& session_;
  std::unique_ptr<Prepared> prepared_;
  std::vector<Target> targets_;
  std::size_t ins_ = 0;
  bool clean_ = false;
};

}  // namespace aiguillage::storage
