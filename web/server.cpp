#include "web/server.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "web/assets.h"
#include "web/drawings.h"
#include "web/health.h"
#include "web/page.h"
#include "web/pipeline.h"
#include "web/session.h"
#include "web/turns.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kDrainBytesMax = 256 * 1024;

// The body as it comes, with one deadline for all of it: a byte a second must not hold a thread.
class WireBody : public BodySource {
 public:
  WireBody(Poco::Net::HTTPServerRequest& request, int seconds)
      : request_(request), deadline_(Clock::now() + std::chrono::seconds(seconds)) {}

  std::size_t Read(char* into, std::size_t size) override {
    if (Clock::now() > deadline_) throw HttpError(408, "L’envoi a pris trop de temps.");
    try {
      std::istream& stream = request_.stream();
      stream.read(into, static_cast<std::streamsize>(size));
      const auto got = static_cast<std::size_t>(stream.gcount());
      if (got == 0) ended_ = true;
      return got;
    } catch (const Poco::Exception&) {
      throw HttpError(400, "L’envoi s’est interrompu.");
    }
  }

  // Reads what is left, up to a bound. False: there was more, or it broke; close the connection.
  bool Drain() {
    char chunk[16 * 1024];
    std::size_t total = 0;
    try {
      while (!ended_ && total <= kDrainBytesMax) total += Read(chunk, sizeof chunk);
    } catch (const HttpError&) {
      return false;
    }
    return ended_;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Poco::Net::HTTPServerRequest& request_;
  Clock::time_point deadline_;
  bool ended_ = false;
};

RequestHead HeadOf(const Poco::Net::HTTPServerRequest& request) {
  RequestHead head{
      request.getMethod(), request.getURI(), {}, request.clientAddress().host().toString()};
  for (const auto& [name, value] : request) head.headers.emplace_back(name, value);
  return head;
}

void SendFile(Poco::Net::HTTPServerResponse& wire, const std::string& path, bool with_body) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("Expected a stored file on disk, but it is not there");
  wire.setContentLength64(static_cast<Poco::Int64>(std::filesystem::file_size(path)));
  std::ostream& out = wire.send();
  if (with_body) out << file.rdbuf();
}

void Send(Poco::Net::HTTPServerResponse& wire, const Response& response, bool with_body) {
  wire.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status),
                          ReasonOf(response.status));
  for (const auto& [name, value] : response.headers) {
    if (name != "Connection") wire.set(name, value);
  }
  for (const auto& cookie : response.cookies) wire.add("Set-Cookie", cookie);
  if (response.status != 304) wire.setContentType(response.type);
  if (response.file) {
    SendFile(wire, *response.file, with_body);
    return;
  }
  wire.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
  std::ostream& out = wire.send();
  if (with_body && response.status != 304) {
    out.write(response.body.data(), static_cast<std::streamsize>(response.body.size()));
  }
}

// The answers being made. What is still to be read of a request is not one yet.
class UnderWay {
 public:
  void Begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void End() {
    {
      const std::lock_guard lock(mutex_);
      --count_;
    }
    ended_.notify_all();
  }
  void WaitForNone(std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, patience, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  int count_ = 0;
};

class FrontDoor : public Poco::Net::HTTPRequestHandler {
 public:
  FrontDoor(House& house, UnderWay& under_way, Turns& turns, int body_s)
      : house_(house), under_way_(under_way), turns_(turns), body_s_(body_s) {}

  // Poco answers nothing at all to what is not a Poco::Exception: everything is caught here.
  void handleRequest(Poco::Net::HTTPServerRequest& request,
                     Poco::Net::HTTPServerResponse& wire) override {
    under_way_.Begin();
    AnswerCaught(request, wire);
    under_way_.End();
  }

 private:
  void AnswerCaught(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& wire) {
    try {
      WireBody body(request, body_s_);
      const Response response = [&] {
        // A page is work of the processor; what is sent to us waits for its sender and for the
        // disk.
        const bool page = request.getMethod() == "GET" || request.getMethod() == "HEAD";
        const auto turn = page ? turns_.Take() : Turns::Turn(nullptr);
        return Answer(house_, HeadOf(request), body);
      }();
      const std::string* connection = response.FindHeader("Connection");
      // An unread body would be taken for the next request.
      if (connection != nullptr || !body.Drain()) wire.setKeepAlive(false);
      Send(wire, response, request.getMethod() != "HEAD");
    } catch (const std::exception& error) {
      GiveUp(wire, DescribeFailure(error));
    } catch (...) {
      GiveUp(wire, {{"kind", "not an exception"}});
    }
  }

  void GiveUp(Poco::Net::HTTPServerResponse& wire, nlohmann::json why) {
    house_.services.log({LogLevel::kWarning, "unsent", std::move(why)});
    wire.setKeepAlive(false);
    if (wire.sent()) return;
    Response response = Text(500, "Une erreur inattendue s’est produite.\n");
    Secure(response, house_.services.options.https());
    try {
      Send(wire, response, true);
    } catch (...) {  // the other end is gone
    }
  }

  House& house_;
  UnderWay& under_way_;
  Turns& turns_;
  int body_s_;
};

// Two a processor: one may wait for the record while the other is made.
int PagesAtOnce() { return std::max(4, 2 * static_cast<int>(std::thread::hardware_concurrency())); }

class Doorman : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Doorman(House& house, UnderWay& under_way, int body_s)
      : house_(house), under_way_(under_way), body_s_(body_s) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    // Never null: Poco would answer a bare 501.
    return new FrontDoor(house_, under_way_, turns_, body_s_);
  }

 private:
  House& house_;
  UnderWay& under_way_;
  Turns turns_{PagesAtOnce(), std::chrono::milliseconds(200)};
  int body_s_;
};

Poco::Net::ServerSocket Listen(const std::string& address, int port) {
  try {
    Poco::Net::ServerSocket socket;
    // Never shared: a second server on the port must hear that it is taken.
    socket.bind(Poco::Net::SocketAddress(address, static_cast<Poco::UInt16>(port)), true, false);
    socket.listen(64);
    return socket;
  } catch (const Poco::Exception&) {
    throw std::runtime_error("L’adresse " + address + ":" + std::to_string(port) +
                             " est déjà prise ou interdite : choisir un autre http.port.");
  }
}

// A port and the threads that serve it.
struct Door {
  Door(House& house, UnderWay& under_way, const std::string& address, int port,
       const ServerLimits& limits)
      : pool("web", 2, limits.threads, 60), socket(Listen(address, port)) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(limits.threads);
    params->setMaxQueued(limits.queued);
    params->setTimeout(Poco::Timespan(limits.timeout_s, 0));
    params->setKeepAliveTimeout(Poco::Timespan(limits.keep_alive_s, 0));
    params->setMaxKeepAliveRequests(100);
    http = std::make_unique<Poco::Net::HTTPServer>(new Doorman(house, under_way, limits.body_s),
                                                   pool, socket, params);
  }

  // Ends every connection, then waits for the threads: a read that waited fails at once.
  void Cut() {
    http->stopAll(true);
    pool.joinAll();
  }

  Poco::ThreadPool pool;
  Poco::Net::ServerSocket socket;
  std::unique_ptr<Poco::Net::HTTPServer> http;
};

}  // namespace

struct Server::Impl {
  Impl(Services& services, std::string the_address, int port, const ServerLimits& the_limits)
      : assets(services.options.assets_dir, services.options.npm_dir),
        pages(services.options.templates_dir),
        drawings(services.options.drawings_dir),
        health([&services] { services.database.SchemaVersion(); }),
        house{services, pages, attendance, health, assets, drawings},
        address(std::move(the_address)),
        limits(the_limits),
        door(std::make_unique<Door>(house, under_way, address, port, limits)) {
    pages.SetStrict(services.options.strict_templates);
  }

  Assets assets;
  Pages pages;
  Attendance attendance;
  Drawings drawings;
  Health health;
  House house;
  std::string address;
  ServerLimits limits;
  UnderWay under_way;
  std::unique_ptr<Door> door, watch;
  bool running = false;
};

Server::Server(Services& services, const std::string& address, int port, const ServerLimits& limits)
    : impl_(std::make_unique<Impl>(services, address, port, limits)) {}

Server::~Server() { Stop(); }

void Server::WatchOn(int port) {
  ServerLimits few = impl_->limits;
  few.threads = 2;
  few.queued = 16;
  few.timeout_s = few.body_s = few.keep_alive_s = 2;
  impl_->watch = std::make_unique<Door>(impl_->house, impl_->under_way, impl_->address, port, few);
}

void Server::Start() {
  impl_->door->http->start();
  if (impl_->watch) impl_->watch->http->start();
  impl_->running = true;
}

int Server::Port() const { return impl_->door->socket.address().port(); }

int Server::WatchPort() const { return impl_->watch ? impl_->watch->socket.address().port() : 0; }

void Server::PutDownVisits() { PutDown(impl_->house.services.database, impl_->attendance); }

void Server::Stop() {
  if (!impl_->running) return;
  impl_->running = false;
  impl_->health.Stopping();
  impl_->door->http->stop();
  impl_->under_way.WaitForNone(std::chrono::seconds(impl_->limits.drain_s));
  impl_->door->Cut();
  if (impl_->watch) {
    impl_->watch->http->stop();
    impl_->watch->Cut();
  }
}

}  // namespace aiguillage::web
