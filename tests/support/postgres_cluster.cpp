#include "tests/support/postgres_cluster.h"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <vector>

namespace aiguillage::test {
namespace {

namespace fs = std::filesystem;

// The newest version that Debian installed; its programs are not in the PATH.
std::string Programs() {
  std::string newest;
  std::error_code ignored;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const std::string folder = version.path() / "bin";
    if (fs::exists(folder + "/initdb")) newest = std::max(newest, folder);
  }
  return newest;
}

const passwd* Servant() { return geteuid() == 0 ? getpwnam("postgres") : nullptr; }

// A child that is nobody special and dies with us.
pid_t Begin(const std::vector<std::string>& words, const std::string& log) {
  const passwd* servant = Servant();
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  if (servant && (setgroups(0, nullptr) != 0 || setgid(servant->pw_gid) != 0 ||
                  setuid(servant->pw_uid) != 0)) {
    _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(out, 1);
  dup2(out, 2);
  execv(arguments[0], arguments.data());
  _exit(127);
}

std::string NameIn(const std::string& url) {
  const auto from = url.rfind("@/") + 2;
  return url.substr(from, url.find('?') - from);
}

struct Closer {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};

}  // namespace

// In memory where there is room: a crash of the server loses nothing there either, and hundreds of
// databases and restarts do not wait for a disk that compilers keep busy.
fs::path PostgresCluster::Room() {
  std::error_code none;
  const fs::path memory = "/dev/shm";
  const auto space = fs::space(memory, none);
  const bool roomy = !none && space.available > 1'000'000'000U && access(memory.c_str(), W_OK) == 0;
  return roomy ? memory : fs::temp_directory_path();
}

std::string PostgresCluster::Missing() {
  if (Programs().empty()) return "PostgreSQL is not installed: no initdb in /usr/lib/postgresql";
  if (geteuid() == 0 && Servant() == nullptr) return "root has no user « postgres » to give way to";
  return "";
}

std::string PostgresCluster::Program(const std::string& name) { return Programs() + "/" + name; }

PostgresCluster& PostgresCluster::Shared() {
  static PostgresCluster cluster(/*fsync=*/false);
  return cluster;
}

PostgresCluster::PostgresCluster(bool fsync, const fs::path& under)
    : directory_(under), fsync_(fsync), owner_(getpid()) {
  if (const passwd* servant = Servant()) {
    if (chown(directory_.path().c_str(), servant->pw_uid, servant->pw_gid) != 0) {
      throw std::runtime_error("Expected to give the folder away");
    }
  }
  const pid_t child =
      Begin({Program("initdb"), "--pgdata=" + directory_ / "data", "--username=master",
             "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"},
            directory_ / "log");
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) {
    throw std::runtime_error("Expected initdb to make a cluster");
  }
  Start();
  Ask("create role plain login");
}

PostgresCluster::~PostgresCluster() {
  if (getpid() == owner_) StopAtOnce();
}

void PostgresCluster::Start() {
  server_ = Begin(
      {Program("postgres"), "-D", directory_ / "data", "-c", "listen_addresses=", "-c",
       "unix_socket_directories=" + directory_.path().string(), "-c",
       std::string("fsync=") + (fsync_ ? "on" : "off"), "-c", "shared_buffers=64MB", "-c",
       "max_connections=120", "-c", "autovacuum=off", "-c", "dynamic_shared_memory_type=mmap"},
      directory_ / "log");
  for (int i = 0; i < 600; ++i) {
    if (PQping(UrlOf("master", "postgres").c_str()) == PQPING_OK) return;
    usleep(20'000);
  }
  throw std::runtime_error("Expected PostgreSQL to start within twelve seconds");
}

void PostgresCluster::StopAtOnce() {
  if (server_ <= 0) return;
  kill(server_, SIGQUIT);
  waitpid(server_, nullptr, 0);
  server_ = -1;
}

std::string PostgresCluster::UrlOf(const std::string& role, const std::string& database) const {
  return "postgresql://" + role + "@/" + database + "?host=" + directory_.path().string();
}

std::string PostgresCluster::Ask(const std::string& sql, const std::string& database) {
  const std::unique_ptr<PGconn, Closer> connection(PQconnectdb(UrlOf("master", database).c_str()));
  const std::unique_ptr<PGresult, Closer> result(PQexec(connection.get(), sql.c_str()));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
  }
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string PostgresCluster::NewDatabase() {
  const std::string name = "record_" + std::to_string(++databases_);
  Ask("create database " + name + " owner plain template template0");
  return UrlOf("plain", name);
}

std::string PostgresCluster::CopyOf(const std::string& url) {
  const std::string name = "record_" + std::to_string(++databases_);
  Ask("create database " + name + " owner plain template " + NameIn(url));
  return UrlOf("plain", name);
}

void PostgresCluster::Drop(const std::string& url) {
  Ask("drop database " + NameIn(url) + " with (force)");
}

std::string PostgresCluster::TakeRecord(const std::function<void(const std::string& url)>& fill) {
  if (!free_.empty()) {
    const std::string url = free_.back();
    free_.pop_back();
    return url;
  }
  const std::string url = NewDatabase();
  fill(url);
  return url;
}

// All rows go but the schema's own, without regard to who refers to whom. A test that made the
// schema look newer has spoilt its database.
void PostgresCluster::GiveBack(const std::string& url) {
  const std::string sound = Ask(
      "set session_replication_role = replica; do 'declare t text; begin for t in select tablename"
      " from pg_tables where schemaname = ''public'' and tablename <> ''schema_version'' loop"
      " execute ''delete from '' || quote_ident(t); end loop; end';"
      " select max(version) = count(*) from schema_version",
      NameIn(url));
  if (sound != "t") return Drop(url);
  free_.push_back(url);
}

}  // namespace aiguillage::test
