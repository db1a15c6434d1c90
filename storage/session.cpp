#include "storage/session.h"

#include "storage/connection.h"
#include "storage/dialect.h"
#include "storage/statements.h"

namespace aiguillage::storage {

Session::Session(const Dialect& dialect, std::unique_ptr<Connection> connection,
                 RandomSource random)
    : dialect_(dialect), connection_(std::move(connection)), random_(std::move(random)) {}

Session::~Session() = default;

void Session::Execute(std::string_view sql) {
  Query query(*this, sql);
  query.Run();
}

void Session::Begin(Use use) {
  connection_->failed.clear();
  if (use == Use::kWrite) memo_.Forget();
  for (std::string_view statement : dialect_.Begin(use)) Execute(statement);
  if (use == Use::kRead) ForgetUnlessUnchanged();
}

// A reader writes nothing itself: what it read stays true until somebody else commits.
void Session::ForgetUnlessUnchanged() {
  std::int64_t version = 0;
  if (const auto asked = dialect_.DataVersion(); !asked.empty()) {
    Query query(*this, asked);
    query.Out(version).One();
  }
  if (version == 0 || version != data_version_) memo_.Forget();
  data_version_ = version;
}

bool Session::InTransaction() const { return dialect_.InTransaction(*connection_); }

void Session::RollbackIfAny() noexcept {
  try {
    if (InTransaction()) Execute("rollback");
  } catch (...) {
    // A connection that cannot even roll back is dropped by its owner, who asks InTransaction().
  }
}

std::vector<std::string> StatementsOf(const Session& session) {
  std::vector<std::string> all;
  for (const auto& [sql, prepared] : session.connection().idle) all.push_back(sql);
  return all;
}

std::unique_ptr<Session> OpenSession(const Dialect& dialect, const std::string& where, Use use,
                                     RandomSource random) {
  return std::make_unique<Session>(dialect, dialect.Connect(where, use), std::move(random));
}

}  // namespace aiguillage::storage
