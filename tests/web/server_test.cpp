// The front door on a real socket: what the pipeline cannot see, requests one behind the other.
#include "web/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/web/counter.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

int OpenWire(int port) {
  const int wire = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  setsockopt(wire, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(wire, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return wire;
  close(wire);
  return -1;
}

// Sends the bytes on one connection, says no more, and reads until the other end closes.
std::string Exchange(int port, const std::string& bytes) {
  const int wire = OpenWire(port);
  if (wire < 0) return "";
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t now = send(wire, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) break;
    sent += static_cast<std::size_t>(now);
  }
  shutdown(wire, SHUT_WR);
  std::string answer;
  char chunk[4096];
  for (ssize_t got = 0; (got = recv(wire, chunk, sizeof chunk, 0)) > 0;) {
    answer.append(chunk, static_cast<std::size_t>(got));
  }
  close(wire);
  return answer;
}

int Answers(const std::string& text) {
  int count = 0;
  for (std::size_t at = text.find("HTTP/1.1 "); at != std::string::npos;
       at = text.find("HTTP/1.1 ", at + 1)) {
    ++count;
  }
  return count;
}

class OnTheWire : public ::testing::Test {
 protected:
  OnTheWire() {
    counter_.services().log = [](const LogEvent&) {};
    server_ =
        std::make_unique<Server>(counter_.services(), "127.0.0.1", 0, ServerLimits{8, 16, 5, 1, 5});
    server_->Start();
  }
  std::string Send(const std::string& bytes) { return Exchange(server_->Port(), bytes); }

  Counter counter_;
  std::unique_ptr<Server> server_;
};

const std::string kSmuggled = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_F(OnTheWire, AnswersWithItsHeadersAndReason) {
  const auto answer = Send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff"));
  EXPECT_THAT(Send("GET /nulle-part HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 404 Not Found\r\n"));
}

TEST_F(OnTheWire, AHeadHasNoBody) {
  const auto answer = Send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(answer.substr(answer.find("\r\n\r\n")), "\r\n\r\n");
}

// A body nobody read must not be taken for the next request.
TEST_F(OnTheWire, AnUnreadBodyIsNoRequest) {
  for (const char* path : {"/nulle-part", "/projets", "/taches", "/deconnexion"}) {
    const auto answer =
        Send("POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
             std::to_string(kSmuggled.size()) + "\r\nContent-Type: text/plain\r\n\r\n" + kSmuggled);
    EXPECT_EQ(Answers(answer), 1) << path << "\n" << answer;
    EXPECT_THAT(answer, Not(HasSubstr("alive"))) << path;
  }
}

TEST_F(OnTheWire, ABodyTooLongToDrainClosesTheConnection) {
  const std::string body = std::string(2 * 1024 * 1024, 'x') + kSmuggled;
  const auto answer = Send("POST /nulle-part HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_LE(Answers(answer), 1);
  EXPECT_THAT(answer, Not(HasSubstr("alive")));
}

TEST_F(OnTheWire, AmbiguousFramingIsRefusedAndTheConnectionClosed) {
  const std::string chunked = "0\r\n\r\n" + kSmuggled;
  for (const std::string headers :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 60\r\n", "Content-Length: -1\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: identity\r\n"}) {
    const auto answer =
        Send("POST /connexion HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + chunked);
    EXPECT_EQ(Answers(answer), 1) << headers << answer;
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << headers;
    EXPECT_THAT(answer, HasSubstr("Connection: Close")) << headers;
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy")) << headers;
    EXPECT_THAT(answer, Not(HasSubstr("alive"))) << headers;
  }
}

TEST_F(OnTheWire, ATruncatedUploadIsRefused) {
  const auto answer = Send("POST /projets/" + counter_.number(1) +
                           "/actions/admissibility.reject HTTP/1.1\r\nHost: a\r\nCookie: "
                           "__Host-session=token-officer\r\nContent-Type: multipart/form-data; "
                           "boundary=B\r\nContent-Length: 5000\r\n\r\n--B\r\nContent-Disposition: "
                           "form-data; name=\"csrf\"\r\n\r\ncsrf-off");
  EXPECT_EQ(Answers(answer), 1) << answer;
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << answer;
}

TEST_F(OnTheWire, TwoRequestsOnOneConnectionGetTheirOwnAnswers) {
  const auto answer = Send(
      "GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /nulle-part HTTP/1.1\r\nHost: a\r\nConnection: "
      "close\r\n\r\n");
  EXPECT_EQ(Answers(answer), 2);
}

// Connections that never say what they want, opened until every thread of the pages is taken.
class SilentVisitors {
 public:
  SilentVisitors(int port, int count) {
    for (int i = 0; i < count; ++i) wires_.push_back(OpenWire(port));
    for (const int wire : wires_) send(wire, "GET / HT", 8, MSG_NOSIGNAL);
  }
  ~SilentVisitors() {
    for (const int wire : wires_) close(wire);
  }

 private:
  std::vector<int> wires_;
};

TEST_F(OnTheWire, TheSecondDoorAnswersWhileVisitorsHoldEveryThread) {
  server_.reset();
  Server server(counter_.services(), "127.0.0.1", 0, ServerLimits{4, 8, 5, 1, 5});
  server.WatchOn(0);
  server.Start();
  const SilentVisitors visitors(server.Port(), 12);
  const auto started = std::chrono::steady_clock::now();
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Exchange(server.WatchPort(), kSmuggled), HasSubstr("\"ready\":true"));
    EXPECT_THAT(Exchange(server.WatchPort(), "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"),
                HasSubstr("aiguillage_ready 1"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(2));
}

TEST_F(OnTheWire, AStopWaitsForNobodyWhoSaysNothing) {
  const SilentVisitors visitors(server_->Port(), 12);
  const auto started = std::chrono::steady_clock::now();
  server_->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(2));
}

// An answer under way is given whole; a body that trickles in is cut when its time is over.
TEST_F(OnTheWire, AStopGivesAnswersUnderWayTheirTimeAndNoMore) {
  server_.reset();
  ServerLimits limits{8, 16, 5, 1, 30};
  limits.drain_s = 1;
  std::atomic<bool> held{false};
  auto& services = counter_.services();
  const auto clock = services.clock;
  services.clock = [&held, clock] {  // the first thing every answer asks
    if (held.exchange(false)) std::this_thread::sleep_for(std::chrono::milliseconds(400));
    return clock();
  };
  Server server(services, "127.0.0.1", 0, limits);
  server.Start();
  held = true;
  std::string slow;
  std::thread visitor(
      [&] { slow = Exchange(server.Port(), "GET /accessibilite HTTP/1.1\r\nHost: a\r\n\r\n"); });
  while (held) std::this_thread::yield();  // it is being answered
  const int wire = OpenWire(server.Port());
  const std::string head =
      "POST /connexion HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: 500\r\n\r\nemail=a";
  send(wire, head.data(), head.size(), MSG_NOSIGNAL);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto started = std::chrono::steady_clock::now();
  server.Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(3));
  visitor.join();
  close(wire);
  services.clock = clock;
  EXPECT_THAT(slow, StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(OnTheWire, ATakenPortIsSaidInWords) {
  try {
    Server second(counter_.services(), "127.0.0.1", server_->Port());
    second.Start();
    FAIL() << "two servers on one port";
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("déjà prise"));
  }
}

}  // namespace aiguillage::web
