// The program on a disk that fails: « aiguillage serve » as it is installed, and strace that makes
// the system's calls fail under it. The page says what to do, the log says what, where and how to
// mend; once strace lets go, the same process serves on.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/hash.h"
#include "storage/people.h"
#include "tests/support/desk_world.h"
#include "workflows/verify.h"

namespace aiguillage::web {

namespace {

using test::DeskWorld;
using ::testing::HasSubstr;
using ::testing::StartsWith;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int FreePort() {
  const int wire = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  const bool bound = bind(wire, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     getsockname(wire, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(wire);
  return bound ? ntohs(address.sin_port) : 0;
}

// "" when nobody listens.
std::string AskOnce(int port, const std::string& bytes) {
  const int wire = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  std::string answer;
  if (connect(wire, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(wire, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size())) {
    char chunk[4096];
    for (ssize_t got = 0; (got = recv(wire, chunk, sizeof chunk, 0)) > 0;) {
      answer.append(chunk, static_cast<std::size_t>(got));
    }
  }
  close(wire);
  return answer;
}

// A program of ours or Debian's that dies with us; what it says goes to `log`.
pid_t BeginProgram(const std::vector<std::string>& words, const std::string& log) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(out, 1);
  dup2(out, 2);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

void EndProgram(pid_t& child) {
  if (child <= 0) return;
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
  child = -1;
}

std::string TextIn(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class FailingDisk : public testing::Test {
 protected:
  void SetUp() override {
    ONLY_ON_SQLITE("PostgreSQL has its own disk");
    if (std::system("strace -o /dev/null true 2>/dev/null") != 0) {
      GTEST_SKIP() << "no strace here, or it may trace nothing";
    }
    // The server has no clock but the wall's: sessions and deadlines are of today.
    world_.now = std::chrono::duration_cast<std::chrono::milliseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count();
    number_ = world_.Intake("Accueil");
    world_.database().Write([&](storage::Session& session) {
      storage::InsertWebSession(session, {storage::Sha256("jeton"), world_.Person("olga"), "test",
                                          "csrf-olga", world_.now, world_.now});
    });
    world_.record().Close();
    port_ = FreePort();
    std::ofstream(folder_ / "a.conf")
        << "data.dir = " << folder_.path().string() << "\ndatabase.url = " << world_.record().url()
        << "\nhttp.port = " << port_ << "\nworkflows.dir = " << Rails() << "\n";
    server_ =
        BeginProgram({AIGUILLAGE_BINARY, "--config", folder_ / "a.conf", "serve"}, folder_ / "log");
    for (int i = 0; i < 500 && AskOnce(port_, "GET /health HTTP/1.0\r\n\r\n").empty(); ++i) {
      usleep(20'000);
    }
    ASSERT_EQ(waitpid(server_, nullptr, WNOHANG), 0) << TextIn(folder_ / "log");
  }
  void TearDown() override {
    EndProgram(strace_);
    EndProgram(server_);
  }

  // The small rails; `serve` wants each mail as a page too.
  std::string Rails() const {
    namespace fs = std::filesystem;
    const std::string rails = folder_ / "rails", mail = rails + "/demo/mails/late";
    fs::copy(AIGUILLAGE_SOURCE_DIR "/tests/workflows/rails", rails, fs::copy_options::recursive);
    fs::copy_file(mail + ".txt.mustache", mail + ".html.mustache");
    return rails;
  }

  std::string Ask(const std::string& method, const std::string& path, const std::string& body) {
    return AskOnce(port_,
                   method + " " + path +
                       " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                       "Cookie: __Host-session=jeton\r\n"
                       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  // A note on the project: an act without a form.
  std::string Note(const std::string& key) {
    return Ask(
        "POST", "/projets/" + number_ + "/actions/check.note",
        "do=act&csrf=csrf-olga&cle=" + key + "&tache=&tache_version=&projet_version=&lignes=");
  }

  // From now on, in every thread of the server.
  void Inject(const std::string& fault) {
    const std::string trace = folder_ / "trace";
    strace_ = BeginProgram(
        {"strace", "-f", "-o", trace, "-e", "inject=" + fault, "-p", std::to_string(server_)},
        folder_ / "strace.log");
    for (int i = 0; i < 500 && TextIn(folder_ / "strace.log").find("attached") == std::string::npos;
         ++i) {
      usleep(10'000);
    }
  }
  void LetGo() {
    EndProgram(strace_);
    std::filesystem::remove(folder_ / "strace.log");
  }

  // One act that is done, one while the disk fails, and the same again when it works.
  void FailAndMend(const std::string& fault, const std::string& words, const std::string& mend) {
    EXPECT_THAT(Note("before"), StartsWith("HTTP/1.1 303"));
    Inject(fault);
    const std::string page = Note("during");
    EXPECT_THAT(page, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(page, HasSubstr("n’est pas confirmée"));
    EXPECT_THAT(page, HasSubstr("envoyez-la de nouveau"));
    EXPECT_THAT(Ask("GET", "/projets/" + number_, ""), StartsWith("HTTP/1.1 200"))
        << "reading goes on";
    LetGo();
    EXPECT_THAT(Note("during"), StartsWith("HTTP/1.1 303"));
    EXPECT_THAT(Note("after"), StartsWith("HTTP/1.1 303"));
    EXPECT_EQ(waitpid(server_, nullptr, WNOHANG), 0) << "the same process all along";
    const std::string log = TextIn(folder_ / "log");
    EXPECT_THAT(log, HasSubstr(words));
    EXPECT_THAT(log, HasSubstr(world_.record().path()));
    EXPECT_THAT(log, HasSubstr(mend));
    EndProgram(server_);
    world_.record().Reopen();
    const auto report = workflows::Verify(*world_.record(), world_.catalog(), "");
    EXPECT_EQ(report.broken, std::vector<std::string>{});
    EXPECT_EQ(report.journal, 4) << "intake, before, during, after";
  }

  test::TempDirectory folder_;
  DeskWorld world_;
  std::string number_;
  int port_ = 0;
  pid_t server_ = -1, strace_ = -1;
};

TEST_F(FailingDisk, ThatDoesNotSync) {
  FailAndMend("fdatasync:error=EIO", "the disk failed (SQLite 10)", "dmesg");
}

TEST_F(FailingDisk, ThatDoesNotWrite) {
  FailAndMend("pwrite64:error=EIO", "the disk failed (SQLite 10)", "dmesg");
}

TEST_F(FailingDisk, ThatFailsFromTheThirdWriteOn) {
  FailAndMend("pwrite64:error=EIO:when=3+", "the disk failed (SQLite 10)", "dmesg");
}

TEST_F(FailingDisk, ThatIsFull) {
  FailAndMend("pwrite64:error=ENOSPC", "the disk is full (SQLite 13)", "libérer de la place");
}

TEST_F(FailingDisk, ThatBecameReadOnly) {
  FailAndMend("pwrite64:error=EROFS", "the disk failed (SQLite 10)", "dmesg");
}

}  // namespace
}  // namespace aiguillage::web
