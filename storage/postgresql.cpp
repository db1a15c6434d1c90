// PostgreSQL: several processes, one writing transaction at a time by an advisory lock that lives
// as long as the transaction (docs/decisions/0004-postgresql.md says why not a lock per row).
#include <soci/postgresql/soci-postgresql.h>

#include <map>
#include <regex>

#include "storage/connection.h"
#include "storage/database.h"
#include "storage/dialect.h"
#include "storage/error.h"
#include "storage/text_words.h"

namespace aiguillage::storage {
namespace {

// One tsvector holds no position above this; what comes later in a text is not searched.
constexpr int kPositionsMax = 16'000;

PGconn* Server(const Connection& connection) {
  auto* backend = const_cast<soci::session&>(connection.sql).get_backend();
  return static_cast<soci::postgresql_session_backend*>(backend)->conn_;
}

// The SQLSTATE of the error being handled, "" for one of SOCI's own.
std::string StateOfError() {
  try {
    throw;
  } catch (const soci::postgresql_soci_error& error) {
    return error.sqlstate();
  } catch (const soci::soci_error&) {
    return "";
  }
}

// What running the whole unit of work again may mend: the server stopped, closed this connection or
// chose this transaction to end a deadlock.
bool IsInterruption(const std::string& state, PGconn* server) {
  if (PQstatus(server) == CONNECTION_BAD || state.starts_with("08")) return true;
  if (state == "     ") return true;  // not the server's answer: libpq's, which got none
  for (const char* passing : {"57P01", "57P02", "57P03", "57P05", "25P03", "40001", "40P01"}) {
    if (state == passing) return true;
  }
  return false;
}

std::string StateInWords(const std::string& state) {
  if (state == "55P03") return "another process holds it";
  if (state == "25006") return "it may only be read";
  if (state == "53100") return "the disk is full";
  if (state == "58030") return "the disk failed";
  if (state == "53300") return "too many connections are open";
  return "the database refused";
}

// « ERROR:  duplicate key value violates unique constraint "person_email_key" »: terse, so that no
// value is told; asked only for classes of errors whose first line names none.
std::string ServersWords(PGconn* server) {
  std::string text = PQerrorMessage(server);
  if (const auto severity = text.find(":  "); severity != std::string::npos) {
    text.erase(0, severity + 3);
  }
  return text.substr(0, text.find('\n'));
}

std::string Quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

class PostgresqlDialect final : public Dialect {
 public:
  std::string_view name() const override { return "postgresql"; }
  std::string_view scheme() const override { return "postgresql://"; }

  std::string Place(const std::string& url) const override;
  void Prepare(const std::string&, const OpenOptions&) const override {}  // createdb's work
  std::unique_ptr<Connection> Connect(const std::string& where, Use use) const override;

  // The number is ours alone; advisory locks belong to one database.
  std::vector<std::string_view> Begin(Use use) const override {
    if (use == Use::kRead) return {"begin isolation level repeatable read read only"};
    return {"begin isolation level read committed read write",
            "select pg_advisory_xact_lock(4147202604)"};
  }
  std::string_view DataVersion() const override { return ""; }
  bool InTransaction(const Connection& connection) const override {
    const auto status = PQtransactionStatus(Server(connection));
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
  }

  void Throw(Connection& connection, std::string_view sql) const override;
  // Inside a failed transaction the server would refuse to drop it, and keep it for ever.
  bool DropsFailedLater() const override { return true; }

  std::string_view WriteMark() const override {
    return "with gone as (delete from writer_mark where at < cast(extract(epoch from now()) as"
           " bigint) - 86400) insert into writer_mark (writer, mark, at)"
           " values (:writer, :mark, cast(extract(epoch from now()) as bigint))"
           " on conflict (writer) do update set mark = excluded.mark, at = excluded.at";
  }
  std::string_view FindMark() const override {
    return "select mark from writer_mark where writer = :writer";
  }

  void Backup(const std::string& where, Connection& connection,
              const std::string& path) const override;

  engine::Outcome<std::string> Restore(const std::string&, const std::string& file,
                                       const RestoreOptions&, const LookOver&) const override;
  std::string Damage(Connection&) const override { return ""; }  // pg_amcheck's work

  std::string Schema(std::string statement) const override;
  std::string_view Groundwork() const override;
  std::string_view HasTable() const override {
    return "select count(*) from (select to_regclass(:name) as place) t where place is not null";
  }

  std::string_view MatchPredicate() const override {
    return "p.id in (select rowid from project_text where words @@ cast(:match as tsquery))";
  }
  std::string_view OpenPredicate() const override {
    return "p.id in (select rowid from project_text where open @@ cast(:match as tsquery))";
  }
  std::string MatchValue(const std::vector<std::string>& words) const override;
  std::string MatchPhrase(const std::string& phrase) const override;
  std::string_view Newest(bool open) const override {
    return open ? "select rowid from project_text where open @@ cast(:match as tsquery)"
                  " and rowid <> :but order by rowid desc limit :limit"
                : "select rowid from project_text where words @@ cast(:match as tsquery)"
                  " and rowid <> :but order by rowid desc limit :limit";
  }
  std::string_view ForgetText() const override {
    return "delete from project_text where rowid = :project";
  }
  // Between the two stands a word that no search can hold, so that no phrase crosses.
  std::string_view InsertText() const override {
    return "with told as (select cast(:open as tsvector) as open)"
           " insert into project_text (rowid, open, words) select :project, open,"
           " open || cast('''.'':1' as tsvector) || cast(:body as tsvector) from told";
  }
  std::string Searchable(const std::string& text) const override;
};

// libpq reads the URL; SOCI wants « key='value' », and would take a URL apart.
std::string PostgresqlDialect::Place(const std::string& url) const {
  PQconninfoOption* options = PQconninfoParse(url.c_str(), nullptr);
  if (options == nullptr) {
    throw Trouble(
        "Expected postgresql://USER@HOST/DATABASE for the record, but it cannot be read.");
  }
  std::map<std::string, std::string> all = {{"connect_timeout", "5"},
                                            {"application_name", "aiguillage"},
                                            {"keepalives_idle", "30"},
                                            {"keepalives_interval", "10"},
                                            {"keepalives_count", "3"}};
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) all[option->keyword] = option->val;
  }
  PQconninfoFree(options);
  std::string where;
  for (const auto& [key, value] : all) {
    where += (where.empty() ? "" : " ") + key + "=" + Quoted(value);
  }
  return where;
}

std::unique_ptr<Connection> PostgresqlDialect::Connect(const std::string& where, Use use) const {
  std::unique_ptr<Connection> connection;
  try {
    connection = std::make_unique<Connection>(soci::postgresql, where);
  } catch (const soci::soci_error& error) {
    std::string text = error.what();  // libpq's words: host, user and database, no password
    text = text.substr(text.find('\n') + 1);
    throw Interrupted("Expected PostgreSQL to open the record, but: " +
                      text.substr(0, text.find('\n')));
  }
  PQsetErrorVerbosity(Server(*connection), PQERRORS_TERSE);
  PQsetNoticeProcessor(
      Server(*connection), [](void*, const char*) {}, nullptr);
  std::string encoding;
  try {
    // A decision of the State survives a power cut; a process that hangs or whose machine is gone
    // does not hold the others up for ever; a reader never waits for the disk.
    connection->sql << "select set_config('client_encoding', 'UTF8', false),"
                       " set_config('synchronous_commit', case setting when 'off' then 'on'"
                       " else setting end, false),"
                       " set_config('lock_timeout', '10s', false),"
                       " set_config('idle_in_transaction_session_timeout', '60s', false),"
                       " set_config('jit', 'off', false)"
                       " from (select current_setting('synchronous_commit') as setting) s";
    connection->sql << "show server_encoding", soci::into(encoding);
  } catch (const soci::soci_error&) {
    Throw(*connection, use == Use::kRead ? "settings for reading" : "settings for writing");
  }
  if (encoding != "UTF8") {
    throw Trouble("Expected a database in UTF8 for the record, but its encoding is " + encoding);
  }
  return connection;
}

void PostgresqlDialect::Throw(Connection& connection, std::string_view sql) const {
  PGconn* server = Server(connection);
  const std::string state = StateOfError();
  const bool has_number = state.find_first_not_of(' ') != std::string::npos;
  const std::string numbered = has_number ? " (PostgreSQL " + state + ")" : "";
  const std::string place = " in « " + std::string(sql) + " ».";
  if (IsInterruption(state, server)) {
    throw Interrupted("Expected the record to answer, but PostgreSQL broke off" + numbered + place);
  }
  if (state.starts_with("23")) {
    throw Conflict("Expected a row that fits, but: " + ServersWords(server) + numbered + ".");
  }
  std::string text = "Expected the record to answer, but " + StateInWords(state) + numbered;
  if (state.starts_with("42")) text += ": " + ServersWords(server);
  throw Trouble(text + place);
}

void PostgresqlDialect::Backup(const std::string&, Connection&, const std::string& path) const {
  throw Trouble(
      "PostgreSQL fait lui-même la copie, pendant que tout sert : « pg_dump "
      "--format=custom --file=" +
      path +
      " ADRESSE », où ADRESSE est la valeur de database.url ; la reprise dans une base "
      "vide : « pg_restore --no-owner --dbname=ADRESSE " +
      path + " ». Les fichiers joints sont dans data.dir/files.");
}

engine::Outcome<std::string> PostgresqlDialect::Restore(const std::string&, const std::string& file,
                                                        const RestoreOptions&,
                                                        const LookOver&) const {
  return engine::Refusal{
      "use_pg_restore",
      "PostgreSQL reprend lui-même sa copie, dans une base neuve et vide : « pg_restore "
      "--exit-on-error --no-owner --dbname=ADRESSE " +
          file +
          " », puis « aiguillage verify » avec database.url = ADRESSE avant de servir. Les "
          "fichiers "
          "joints se remettent dans data.dir/files.",
      {}};
}

// bigint, texts compared byte by byte whatever the server's language, and ids that have no holes:
// the next one after the greatest, as SQLite gives them.
std::string PostgresqlDialect::Schema(std::string statement) const {
  static const std::regex table(R"(create\s+table\s+(\w+)\s*\()"),
      id(R"(\bid integer primary key)"), integer(R"(\binteger\b)"), text(R"(\btext\b)"),
      strict(R"(\)\s*strict\s*$)");
  std::smatch found;
  if (std::regex_search(statement, found, table)) {
    const std::string own = "id bigint primary key default next_id('" + found[1].str() + "')";
    statement = std::regex_replace(statement, id, own);
  }
  statement = std::regex_replace(statement, integer, "bigint");
  statement = std::regex_replace(statement, text, "text collate \"C\"");
  return std::regex_replace(statement, strict, ")");
}

std::string_view PostgresqlDialect::Groundwork() const {
  return "create or replace function next_id(of_table text) returns bigint language plpgsql as '"
         "declare found bigint;"
         " begin"
         " execute ''select coalesce(max(id), 0) + 1 from '' || quote_ident(of_table) into found;"
         " return found;"
         " end'";
}

// A word of several parts is a phrase.
std::string Phrases(const std::vector<std::string>& words, const char* between) {
  std::string value;
  for (const std::string& word : words) {
    std::string phrase;
    for (const std::string& part : TextWords(word)) {
      phrase += (phrase.empty() ? "'" : " <-> '") + part + "'";
    }
    if (!phrase.empty()) value += (value.empty() ? "" : between) + phrase;
  }
  return value.empty() ? "'|'" : value;  // « | » is no word: nothing is found
}

// As FTS5 reads it: all words, the last one perhaps unfinished.
std::string PostgresqlDialect::MatchValue(const std::vector<std::string>& words) const {
  const std::string value = Phrases(words, " & ");
  return value == "'|'" ? value : value + ":*";
}

std::string PostgresqlDialect::MatchPhrase(const std::string& phrase) const {
  return Phrases({phrase}, " | ");
}

std::string PostgresqlDialect::Searchable(const std::string& text) const {
  std::map<std::string, std::string> places;  // 'word' -> 3,17
  int place = 0;
  for (const std::string& word : TextWords(text)) {
    if (++place > kPositionsMax) break;
    std::string& list = places[word];
    list += (list.empty() ? "" : ",") + std::to_string(place);
  }
  std::string vector;
  for (const auto& [word, list] : places) {
    vector += (vector.empty() ? "'" : " '") + word + "':" + list;
  }
  return vector;
}

}  // namespace

const Dialect& Postgresql() {
  static const PostgresqlDialect kDialect;
  return kDialect;
}

}  // namespace aiguillage::storage
