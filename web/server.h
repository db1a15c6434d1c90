// The front door: bytes of HTTP in, our own values through the pipeline, bytes out. The only place
// that knows Poco's HTTP.
//
//   Server server(services, "127.0.0.1", 0);   // templates read: a broken one throws here
//   server.Start();                            // server.Port() tells which port was free
//
// A connection owns a thread of Poco's, so visitors can take them all. Those who watch the machine
// have a second door with two threads of its own: the same answers, on `watch_port`.
#pragma once

#include <memory>
#include <string>

#include "web/services.h"

namespace aiguillage::web {

struct ServerLimits {
  int threads = 64;  // one a connection: as many browsers as we expect at once
  int queued = 128;
  int timeout_s = 10;    // of one read
  int keep_alive_s = 3;  // an idle connection owns a thread for that long
  int body_s = 120;      // of a whole body
  int drain_s = 8;       // what answers under way get when the server stops
};

class Server {
 public:
  // Throws when templates or assets are missing or wrong.
  Server(Services& services, const std::string& address, int port, const ServerLimits& limits = {});
  void WatchOn(int port);  // opens the second door, on the same address; before Start
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void Start();  // throws when the port is taken: says so
  int Port() const;
  int WatchPort() const;
  void PutDownVisits();  // tells the record who was seen since the last call
  // Nobody new, idle connections ended; answers under way have `drain_s`, then are cut.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aiguillage::web
