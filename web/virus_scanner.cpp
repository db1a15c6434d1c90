#include "web/virus_scanner.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace aiguillage::web {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kAnswerBytesMax = 4096;

// One conversation, given a time to be over. Poco's own limits are a call's, so that a peer who
// says one byte now and then would keep us for ever.
class Conversation {
 public:
  Conversation(const Poco::Net::SocketAddress& address, int timeout_ms)
      : end_(Clock::now() + std::chrono::milliseconds(timeout_ms)) {
    socket_.connect(address, Left());
  }

  void Say(const void* bytes, std::size_t size) {
    const char* at = static_cast<const char*>(bytes);
    while (size > 0) {
      socket_.setSendTimeout(Left());
      const int sent = socket_.sendBytes(at, static_cast<int>(size), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the connection ended");
      at += sent;
      size -= static_cast<std::size_t>(sent);
    }
  }

  // Up to the NUL that ends an answer to a command beginning with z.
  std::string Hear() {
    std::string answer;
    std::array<char, 512> part{};
    while (answer.size() < kAnswerBytesMax) {
      socket_.setReceiveTimeout(Left());
      const int got = socket_.receiveBytes(part.data(), static_cast<int>(part.size()));
      if (got <= 0) throw std::runtime_error("the answer broke off");
      answer.append(part.data(), static_cast<std::size_t>(got));
      const auto end = answer.find('\0');
      if (end != std::string::npos) return answer.substr(0, end);
    }
    throw std::runtime_error("the answer does not end");
  }

 private:
  Poco::Timespan Left() const {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(end_ - Clock::now()).count();
    if (left <= 0) throw std::runtime_error("no answer in time");
    return Poco::Timespan(left);
  }

  Poco::Net::StreamSocket socket_;
  Clock::time_point end_;
};

void SayChunk(Conversation& clamd, const char* bytes, std::size_t size) {
  const auto length = static_cast<std::uint32_t>(size);
  const std::array<unsigned char, 4> prefix = {
      static_cast<unsigned char>(length >> 24U), static_cast<unsigned char>(length >> 16U),
      static_cast<unsigned char>(length >> 8U), static_cast<unsigned char>(length)};
  clamd.Say(prefix.data(), prefix.size());
  clamd.Say(bytes, size);
}

// "stream: OK", "stream: Eicar-Signature FOUND", "INSTREAM size limit exceeded. ERROR".
ScanVerdict VerdictOf(const std::string& answer) {
  constexpr std::string_view kStream = "stream: ";
  constexpr std::string_view kFound = " FOUND";
  if (answer == "stream: OK") return {ScanVerdict::Kind::kClean, ""};
  if (answer.starts_with(kStream) && answer.ends_with(kFound) &&
      answer.size() > kStream.size() + kFound.size()) {
    return {ScanVerdict::Kind::kInfected,
            answer.substr(kStream.size(), answer.size() - kStream.size() - kFound.size())};
  }
  return {ScanVerdict::Kind::kUnknown, "clamd said: " + answer.substr(0, 200)};
}

class Clamd : public VirusScanner {
 public:
  Clamd(std::string address, int timeout_ms)
      : address_(std::move(address)), timeout_ms_(timeout_ms) {}

  ScanVerdict Scan(const std::string& path) const override {
    try {
      return Ask(path);
    } catch (const Poco::Exception& trouble) {
      return {ScanVerdict::Kind::kUnknown, "clamd: " + trouble.displayText()};
    } catch (const std::exception& trouble) {
      return {ScanVerdict::Kind::kUnknown, std::string("clamd: ") + trouble.what()};
    }
  }

 private:
  ScanVerdict Ask(const std::string& path) const {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("the file is not there");
    // By name at each call: clamd may have moved since.
    Conversation clamd(Poco::Net::SocketAddress(address_), timeout_ms_);
    constexpr std::string_view kCommand("zINSTREAM\0", 10);
    clamd.Say(kCommand.data(), kCommand.size());
    std::array<char, kChunkBytes> chunk{};
    while (file.read(chunk.data(), chunk.size()), file.gcount() > 0) {
      SayChunk(clamd, chunk.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) throw std::runtime_error("the file could not be read to its end");
    SayChunk(clamd, "", 0);
    return VerdictOf(clamd.Hear());
  }

  std::string address_;
  int timeout_ms_;
};

}  // namespace

std::unique_ptr<VirusScanner> MakeClamd(const std::string& address, int timeout_ms) {
  return std::make_unique<Clamd>(address, timeout_ms);
}

bool IsClamdAddress(const std::string& address) {
  if (address.starts_with('/')) return address.size() > 1 && address.size() < 108;
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const std::string port = address.substr(colon + 1);
  return !port.empty() && port.size() <= 5 &&
         port.find_first_not_of("0123456789") == std::string::npos && std::stoi(port) > 0 &&
         std::stoi(port) <= 65535;
}

}  // namespace aiguillage::web
