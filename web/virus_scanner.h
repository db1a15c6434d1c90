// Whether a file is safe to hand on: asked of clamd, over TCP or a Unix socket.
//
//   auto clamd = MakeClamd("127.0.0.1:3310");           // or "/run/clamav/clamd.ctl"
//   clamd->Scan(path).kind                              // kClean | kInfected | kUnknown
//
// The bytes are sent (INSTREAM), never a path: clamd need not read our folder. An answer that did
// not come, came in part or too late is no answer: the file waits.
#pragma once

#include <memory>
#include <string>

namespace aiguillage::web {

struct ScanVerdict {
  enum class Kind { kClean, kInfected, kUnknown } kind = Kind::kUnknown;
  std::string words;  // the virus's name, or why nobody knows
};

class VirusScanner {
 public:
  virtual ~VirusScanner() = default;
  // Never throws: what goes wrong is kUnknown. Used by several threads at once.
  virtual ScanVerdict Scan(const std::string& path) const = 0;
};

inline constexpr int kClamdTimeoutMs = 20'000;  // for one file, from connecting to the answer

std::unique_ptr<VirusScanner> MakeClamd(const std::string& address,
                                        int timeout_ms = kClamdTimeoutMs);
// "host:port", "[::1]:port" or the absolute path of a socket.
bool IsClamdAddress(const std::string& address);

}  // namespace aiguillage::web
