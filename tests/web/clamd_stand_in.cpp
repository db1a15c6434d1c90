#include "tests/web/clamd_stand_in.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <sys/socket.h>

#include <stdexcept>

namespace aiguillage::web {

namespace {

std::string ReadExactly(Poco::Net::StreamSocket& peer, std::size_t size) {
  std::string bytes(size, ' ');
  for (std::size_t at = 0; at < size;) {
    const int got = peer.receiveBytes(bytes.data() + at, static_cast<int>(size - at));
    if (got <= 0) throw std::runtime_error("the client broke off");
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

void Say(Poco::Net::StreamSocket& peer, const std::string& bytes) {
  peer.sendBytes(bytes.data(), static_cast<int>(bytes.size()), MSG_NOSIGNAL);
}

}  // namespace

ClamdStandIn::ClamdStandIn(Manner manner, const std::string& unix_path)
    : unix_path_(unix_path), manner_(manner) {
  using Poco::Net::SocketAddress;
  if (unix_path.empty()) {
    socket_.bind(SocketAddress("127.0.0.1", 0));
  } else {
    socket_.bind(SocketAddress(SocketAddress::UNIX_LOCAL, unix_path));
  }
  socket_.listen(8);
  thread_ = std::thread([this] { Serve(); });
}

ClamdStandIn::~ClamdStandIn() {
  over_ = true;
  thread_.join();
}

std::string ClamdStandIn::address() const {
  return unix_path_.empty() ? socket_.address().toString() : unix_path_;
}

std::string ClamdStandIn::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

void ClamdStandIn::Serve() {
  while (!over_) {
    if (!socket_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
    Poco::Net::StreamSocket peer = socket_.acceptConnection();
    try {
      Converse(peer);
    } catch (const std::exception&) {  // the client went away: its own verdict tells
    }
  }
}

void ClamdStandIn::Converse(Poco::Net::StreamSocket& peer) {
  const std::string command("zINSTREAM\0", 10);
  if (ReadExactly(peer, command.size()) != command) return Say(peer, std::string("UNKNOWN\0", 8));
  std::string bytes;
  for (;;) {
    const std::string prefix = ReadExactly(peer, 4);
    std::size_t size = 0;
    for (const char c : prefix) size = size * 256 + static_cast<unsigned char>(c);
    if (size == 0) break;
    if (manner_ == kHangsUp) return;
    bytes += ReadExactly(peer, size);
  }
  {
    const std::lock_guard lock(mutex_);
    received_ = bytes;
  }
  const auto until_over = [&](const std::string& drop) {
    while (!over_ && !peer.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) {
      if (!drop.empty()) Say(peer, drop);
    }
  };
  switch (manner_.load()) {
    case kOk:
      return Say(peer, std::string("stream: OK\0", 11));
    case kFound:
      return Say(peer, std::string("stream: Eicar-Test-Signature FOUND\0", 35));
    case kError:
      return Say(peer, std::string("INSTREAM size limit exceeded. ERROR\0", 36));
    case kHalf:
      return Say(peer, "stream: O");
    case kMute:
      return until_over("");
    case kDripping:
      return until_over("s");
    case kHangsUp:
      return;
  }
}

}  // namespace aiguillage::web
