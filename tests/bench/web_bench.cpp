// ./run bench web: how fast the server gives its list pages, beside a fixed page of 20 kB.
//
//   web_bench [--check] [--projects N] [--seconds S] [--folder FOLDER]
//
// 100,000 projects unless said, made by the desk; in FOLDER they are kept and found again. The
// server is the one that `serve` starts, with its 64 threads and its log; who asks is wrk, with 64
// connections, in turn for the fixed page and each list: ratios are of neighbours in time. The
// fixed page is a style sheet of 20,000 bytes among the server's assets; beside it, for comparison,
// the same bytes from a handler of Poco's that does nothing else.
#include <Poco/DeflatingStream.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "storage/people.h"
#include "storage/purge.h"
#include "tests/bench/course.h"
#include "tests/bench/floor.h"
#include "tests/bench/goals.h"
#include "tests/bench/measure.h"
#include "tests/support/stand_in_npm.h"
#include "tests/support/temp_directory.h"
#include "web/assets.h"
#include "web/server.h"
#include "web/session.h"

namespace aiguillage::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFixedBytes = 20'000;
constexpr int kPeopleAtOnce = 64;  // a whole group of the desk's writer
constexpr int kRounds = 3;

struct Options {
  std::string folder;
  std::int64_t projects = 100'000;
  int seconds = 3;
  bool check = false;
};

// What wrk said of one round.
struct WrkRound {
  double rate = 0, p50 = 0, p99 = 0, kilobytes = 0;
  double micros = 0;  // of the processor, that the server took for one page
};

double ProcessorMicros() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto micros = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return micros(used.ru_utime) + micros(used.ru_stime);
}

WrkRound Ask(int port, const std::string& uri, const std::string& token, int seconds) {
  const std::string command = "wrk -t 1 -c 64 -d " + std::to_string(seconds) +
                              " -s '" AIGUILLAGE_SOURCE_DIR
                              "/tests/bench/wrk.lua' -H 'Cookie: "
                              "__Host-session=" +
                              token + "' 'http://127.0.0.1:" + std::to_string(port) + uri + "'";
  const double before = ProcessorMicros();
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("Expected to run wrk");
  std::string said;
  std::array<char, 512> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) said += buffer.data();
  const int status = pclose(pipe);
  const double taken = ProcessorMicros() - before;
  const auto at = said.find("measured ");
  if (status != 0 || at == std::string::npos) {
    throw std::runtime_error("Expected wrk to measure " + uri + ", but it said: " + said);
  }
  std::istringstream words(said.substr(at + 9));
  double requests = 0, duration = 0, bytes = 0, failures = 0;
  WrkRound round;
  words >> requests >> duration >> bytes >> round.p50 >> round.p99 >> failures;
  if (!words || requests == 0 || failures > 0) {
    throw std::runtime_error("Expected every answer of " + uri + " to be one of 200: " + said);
  }
  round.rate = requests / duration;
  round.micros = taken / requests;
  round.kilobytes = bytes / requests / 1000;
  return round;
}

std::string Fetch(int port, const std::string& uri, const std::string& token) {
  Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(port));
  Poco::Net::HTTPRequest request("GET", uri, "HTTP/1.1");
  request.set("Cookie", "__Host-session=" + token);
  session.sendRequest(request);
  Poco::Net::HTTPResponse response;
  std::string body;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
  if (response.getStatus() != 200) {
    throw std::runtime_error("Expected " + uri + ", but got " +
                             std::to_string(response.getStatus()));
  }
  return body;
}

std::string Compressed(const std::string& body) {
  std::ostringstream out;
  Poco::DeflatingOutputStream gzip(out, Poco::DeflatingStreamBuf::STREAM_GZIP, 6);
  gzip << body;
  gzip.close();
  return out.str();
}

// The same bytes from Poco alone, with the limits of our own server.
class BareServer {
 public:
  explicit BareServer(std::string page)
      : pool_("bare", 2, web::ServerLimits{}.threads, 60), socket_(Address()) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(web::ServerLimits{}.threads);
    params->setMaxQueued(web::ServerLimits{}.queued);
    params->setMaxKeepAliveRequests(100);
    http_ =
        std::make_unique<Poco::Net::HTTPServer>(new Maker(std::move(page)), pool_, socket_, params);
    http_->start();
  }
  ~BareServer() {
    http_->stopAll(true);
    pool_.joinAll();
  }
  int Port() const { return socket_.address().port(); }

 private:
  static Poco::Net::SocketAddress Address() { return {"127.0.0.1", 0}; }

  struct Giver : Poco::Net::HTTPRequestHandler {
    explicit Giver(const std::string& the_page) : page(the_page) {}
    void handleRequest(Poco::Net::HTTPServerRequest&,
                       Poco::Net::HTTPServerResponse& wire) override {
      wire.setContentType("text/html; charset=utf-8");
      wire.setContentLength64(static_cast<Poco::Int64>(page.size()));
      wire.send().write(page.data(), static_cast<std::streamsize>(page.size()));
    }
    const std::string& page;
  };
  struct Maker : Poco::Net::HTTPRequestHandlerFactory {
    explicit Maker(std::string the_page) : page(std::move(the_page)) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
      return new Giver(page);
    }
    std::string page;
  };

  Poco::ThreadPool pool_;
  Poco::Net::ServerSocket socket_;
  std::unique_ptr<Poco::Net::HTTPServer> http_;
};

void Fill(const Options& options) {
  sqlite::Listen();
  sqlite::SkipSync(true);
  Course course("sqlite:" + options.folder + "/aiguillage.db", 61);
  const std::int64_t done = course.database().Read(
      [](storage::Session& session) { return storage::CountRecord(session).projects; });
  if (done >= options.projects) return;
  std::fprintf(stderr, "%lld projects are made\n", static_cast<long long>(options.projects - done));
  course.ImportTogether(done + 1, options.projects + 1, kPeopleAtOnce);
}

// By another process: what skips fsync and counts statements shall not be there when pages are
// made.
void FillApart(const Options& options) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      Fill(options);
      _exit(0);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      _exit(2);
    }
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) {
    throw std::runtime_error("Expected the projects to be made");
  }
}

// The server's own log goes to a file meanwhile, as systemd's journal would take it.
class LogAside {
 public:
  explicit LogAside(const std::string& path) : kept_(dup(2)) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(file, 2);
    close(file);
  }
  ~LogAside() {
    dup2(kept_, 2);
    close(kept_);
  }
  LogAside(const LogAside&) = delete;
  LogAside& operator=(const LogAside&) = delete;

 private:
  int kept_;
};

// A list page and who opens it.
struct ListPage {
  std::string what, uri, who;
  bool goal = true;  // has the goals; the others are said
};

const std::vector<ListPage>& ListPages() {
  static const std::vector<ListPage> pages = {
      {"register, the pilot's", "/projets", "pilote"},
      {"register of a collection, its lead's", "/projets?collection=numerique", "chef.numerique"},
      {"register, a holder's", "/projets", "porteur7"},
      {"worklist of a lead, 200 tasks", "/taches", "chef.numerique", false}};
  return pages;
}

class Bench {
 public:
  Bench(const Options& options, Goals& goals)
      : options_(options),
        goals_(goals),
        course_("sqlite:" + options.folder + "/aiguillage.db", 62),
        services_{course_.database(), course_.desk(), course_.catalog(), meters_, {}},
        bare_(std::string(kFixedBytes, 'x')) {
    auto& its = services_.options;
    its.templates_dir = AIGUILLAGE_SOURCE_DIR "/web/templates";
    its.assets_dir = AIGUILLAGE_SOURCE_DIR "/web/assets";
    its.npm_dir = test::StandInNpm(scratch_, std::string(kFixedBytes, 'x'));
    its.files_dir = its.drawings_dir = scratch_.path();
    fixed_uri_ = web::Assets(its.assets_dir, its.npm_dir).Address("bootstrap.min.css");
    services_.clock = [] { return kNow; };
    services_.log = web::LogToStderr("info");
    server_ = std::make_unique<web::Server>(services_, "127.0.0.1", 0);
    server_->Start();
  }
  ~Bench() { server_->Stop(); }  // before the log comes back to the terminal

  void Run() {
    for (const auto& page : ListPages()) LogIn(page.who);
    std::vector<double> fixed, slowest, bare;
    for (int round = 0; round < kRounds; ++round) {
      const auto asked = AskFixed();
      fixed.push_back(asked.rate);
      slowest.push_back(asked.p99);
      bare.push_back(Ask(bare_.Port(), "/", "", options_.seconds).rate);
    }
    goals_.Said("fixed page of " + std::to_string(kFixedBytes) + " bytes", Middle(fixed), "pages/s",
                "Poco alone: " + Round(Middle(bare)));
    goals_.Said("  99 of 100 within, 64 at once", Middle(slowest), "ms");
    for (const auto& page : ListPages()) Measure(page);
  }

 private:
  static constexpr std::int64_t kNow = 1'797'000'000'000;  // after the course's acts

  void LogIn(const std::string& who) {
    const std::int64_t person = course_.Person(who + "@exemple.invalid");
    course_.database().Write([&](storage::Session& session) {
      storage::EndWebSession(session, storage::Sha256("token-" + who));
      storage::InsertWebSession(
          session, {storage::Sha256("token-" + who), person, "test", "csrf", kNow, kNow});
    });
  }

  WrkRound AskFixed() const { return Ask(server_->Port(), fixed_uri_, "", options_.seconds); }

  void Measure(const ListPage& page) {
    const std::string token = "token-" + page.who;
    const std::string body = Fetch(server_->Port(), page.uri, token);
    std::vector<double> ratios, micros, fixed_micros, rates, slowest, sent;
    for (int round = 0; round < kRounds; ++round) {
      const auto fixed = AskFixed();
      const auto list = Ask(server_->Port(), page.uri, token, options_.seconds);
      ratios.push_back(list.rate / fixed.rate);
      micros.push_back(list.micros);
      fixed_micros.push_back(fixed.micros);
      rates.push_back(list.rate);
      slowest.push_back(list.p99);
      sent.push_back(list.kilobytes);
    }
    const std::string note = Round(Middle(rates)) + " pages/s; processor " + Round(Middle(micros)) +
                             " us a page, fixed " + Round(Middle(fixed_micros));
    const double zipped = static_cast<double>(Compressed(body).size()) / 1000;
    const std::string size = "as sent: " + Round(Middle(sent)) + " kB, not compressed";
    if (page.goal) {
      goals_.AtLeast(page.what, Middle(ratios), 0.25, "x fixed", note);
      goals_.AtMost("  99 of 100 within, 64 at once", Middle(slowest), 30, "ms");
      goals_.AtMost("  compressed", zipped, 60, "kB", size);
    } else {
      goals_.Said(page.what, Middle(ratios), "x fixed", note);
      goals_.Said("  99 of 100 within, 64 at once", Middle(slowest), "ms");
      goals_.Said("  compressed", zipped, "kB", size);
    }
  }

  static double Middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

  const Options& options_;
  Goals& goals_;
  test::TempDirectory scratch_;
  LogAside aside_{scratch_ / "log"};
  Course course_;
  web::Meters meters_;
  web::Services services_;
  std::string fixed_uri_;
  std::unique_ptr<web::Server> server_;
  BareServer bare_;
};

Options Read(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool more = i + 1 < arguments.size();
    if (arguments[i] == "--check") {
      options.check = true;
    } else if (arguments[i] == "--projects" && more) {
      options.projects = std::stoll(arguments[++i]);
    } else if (arguments[i] == "--seconds" && more) {
      options.seconds = std::stoi(arguments[++i]);
    } else if (arguments[i] == "--folder" && more) {
      options.folder = arguments[++i];
    } else {
      throw std::runtime_error(
          "Expected --check, --projects N, --seconds S or --folder FOLDER, but got " +
          arguments[i]);
    }
  }
  return options;
}

}  // namespace
}  // namespace aiguillage::bench

int main(int argc, char** argv) {
  using namespace aiguillage;  // NOLINT: a program of one page
  try {
    auto options = bench::Read({argv + 1, argv + argc});
    std::optional<test::TempDirectory> folder;
    if (options.folder.empty()) options.folder = folder.emplace().path();
    std::filesystem::create_directories(options.folder);
    std::signal(SIGPIPE, SIG_IGN);  // as `serve` does
    bench::FillApart(options);
    bench::Goals goals;
    bench::Bench(options, goals).Run();
    return options.check && !goals.met() ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
