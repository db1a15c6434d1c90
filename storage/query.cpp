#include <stdexcept>

#include "storage/connection.h"
#include "storage/dialect.h"
#include "storage/session.h"
#include "storage/text_words.h"

namespace aiguillage::storage {
namespace {

// Lists build their SQL from a filter: more shapes than this are not worth keeping.
constexpr std::size_t kIdleMax = 300;

std::unique_ptr<Prepared> Borrow(Connection& connection, std::string_view sql) {
  auto found = connection.idle.find(std::string(sql));
  if (found == connection.idle.end()) return std::make_unique<Prepared>(connection.sql, sql);
  auto prepared = std::move(found->second);
  connection.idle.erase(found);
  return prepared;
}

void GiveBack(Connection& connection, std::unique_ptr<Prepared> prepared) {
  if (connection.idle.size() >= kIdleMax) connection.idle.clear();
  std::string sql = prepared->sql;
  connection.idle[std::move(sql)] = std::move(prepared);
}

Cell& InCell(Prepared& prepared, std::size_t index, std::string_view name, bool is_text) {
  if (!prepared.ready) {
    Cell& cell = prepared.ins.emplace_back();
    cell.name = name;
    cell.is_text = is_text;
    return cell;
  }
  Cell& cell = prepared.ins.at(index);
  if (cell.name != name || cell.is_text != is_text) {
    throw std::logic_error("Expected the parameters of « " + prepared.sql + " » in one order.");
  }
  return cell;
}

}  // namespace

// Every call into SOCI passes here: what it throws carries bound values and is replaced.
template <typename Work>
auto Query::Guard(Work&& work) {
  try {
    return work();
  } catch (const soci::soci_error&) {
    clean_ = false;
    session_.dialect().Throw(session_.connection(), prepared_ ? prepared_->sql : "");
    throw;  // never reached: Throw() does
  }
}

Query::Query(Session& session, std::string_view sql) : session_(session) {
  prepared_ = Guard([&] { return Borrow(session.connection(), sql); });
}

Query::~Query() {
  if (!prepared_->ready) return;
  if (clean_) {
    GiveBack(session_.connection(), std::move(prepared_));
  } else if (session_.dialect().DropsFailedLater()) {
    session_.connection().failed.push_back(std::move(prepared_));
  }
}

Query& Query::InNumber(std::string_view name, std::int64_t value, bool null) {
  Cell& cell = InCell(*prepared_, ins_++, name, false);
  cell.number = value;
  cell.indicator = null ? soci::i_null : soci::i_ok;
  return *this;
}

Query& Query::InText(std::string_view name, std::string_view value, bool null) {
  // SQLite would keep it, PostgreSQL would cut the text there: neither is what was meant.
  if (value.find('\0') != std::string_view::npos) {
    throw std::invalid_argument("Expected text without NUL for :" + std::string(name) + ".");
  }
  if (!IsUtf8(value)) {  // PostgreSQL would refuse it
    throw std::invalid_argument("Expected text in UTF-8 for :" + std::string(name) + ".");
  }
  Cell& cell = InCell(*prepared_, ins_++, name, true);
  cell.text = value;
  cell.indicator = null ? soci::i_null : soci::i_ok;
  return *this;
}

Query& Query::Out(std::int64_t& target) { return Add({Target::kLong, &target}); }
Query& Query::Out(int& target) { return Add({Target::kInt, &target}); }
Query& Query::Out(bool& target) { return Add({Target::kBool, &target}); }
Query& Query::Out(std::string& target) { return Add({Target::kText, &target}); }
Query& Query::Out(nlohmann::json& target) { return Add({Target::kJson, &target}); }
Query& Query::OutDue(std::int64_t& target) { return Add({Target::kDue, &target}); }

Query& Query::Add(Target target) {
  bool is_text = target.kind == Target::kText || target.kind == Target::kJson;
  if (!prepared_->ready) {
    prepared_->outs.emplace_back().is_text = is_text;
  } else if (prepared_->outs.at(targets_.size()).is_text != is_text) {
    throw std::logic_error("Expected the columns of « " + prepared_->sql + " » in one order.");
  }
  targets_.push_back(target);
  return *this;
}

bool Query::Start() {
  return Guard([&] {
    Prepared& prepared = *prepared_;
    clean_ = false;
    if (!prepared.ready) {
      for (Cell& cell : prepared.ins) {
        cell.is_text
            ? prepared.statement.exchange(soci::use(cell.text, cell.indicator, cell.name))
            : prepared.statement.exchange(soci::use(cell.number, cell.indicator, cell.name));
      }
      for (Cell& cell : prepared.outs) {
        if (session_.dialect().TakesRows()) break;
        cell.is_text ? prepared.statement.exchange(soci::into(cell.text, cell.indicator))
                     : prepared.statement.exchange(soci::into(cell.number, cell.indicator));
      }
      prepared.statement.alloc();
      prepared.statement.prepare(prepared.sql);
      prepared.statement.define_and_bind();
      prepared.ready = true;
    }
    bool row = prepared.statement.execute(true);
    clean_ = !row;
    return row;
  });
}

bool Query::Next() {
  return Guard([&] {
    const Dialect& dialect = session_.dialect();
    bool row = dialect.TakesRows() ? dialect.NextRow(*prepared_) : prepared_->statement.fetch();
    clean_ = !row;
    return row;
  });
}

// A null counts as 0 and "".
void Query::Take() {
  session_.dialect().TakeRow(*prepared_);
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    Cell& cell = prepared_->outs[i];
    bool null = cell.indicator == soci::i_null;
    std::int64_t number = null ? 0 : cell.number;
    void* place = targets_[i].place;
    switch (targets_[i].kind) {
      case Target::kLong:
        *static_cast<std::int64_t*>(place) = number;
        break;
      case Target::kInt:
        *static_cast<int*>(place) = static_cast<int>(number);
        break;
      case Target::kBool:
        *static_cast<bool*>(place) = number != 0;
        break;
      case Target::kDue:
        *static_cast<std::int64_t*>(place) = number == kNever ? 0 : number;
        break;
      case Target::kText:
        if (null) cell.text.clear();
        static_cast<std::string*>(place)->swap(cell.text);  // it is filled anew for the next row
        break;
      case Target::kJson:
        *static_cast<nlohmann::json*>(place) =
            null || cell.text.empty() ? nlohmann::json() : nlohmann::json::parse(cell.text);
        break;
    }
  }
}

// Fetches to the end: an open cursor would pin the write-ahead log.
bool Query::One() {
  if (!Start()) return false;
  Take();
  while (Next()) {
  }
  return true;
}

std::int64_t Query::Run() {
  if (Start()) {
    while (Next()) {
    }
  }
  return Guard([&] { return static_cast<std::int64_t>(prepared_->statement.get_affected_rows()); });
}

void Query::Each(const std::function<void()>& row) {
  for (bool more = Start(); more; more = Next()) {
    Take();
    row();
  }
}

}  // namespace aiguillage::storage
