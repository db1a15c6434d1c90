// The independent stand-in for DS that executes the real schema, when the machine has it: a folder
// named by DS_PEER_DIR, and Node 20 or newer. It is copied to the build folder, never committed.
//
//   auto peer = DsPeer::Start({"--dossiers", "250"});
//   if (!peer) GTEST_SKIP() << DsPeer::Why();
//   peer->endpoint();  peer->Admin("POST", "faults", {{"kind", "reset"}});
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/http_client.h"

namespace aiguillage::test {

class DsPeer {
 public:
  static std::unique_ptr<DsPeer> Start(const std::vector<std::string>& options);
  static std::string Why();  // there is none
  ~DsPeer();

  const std::string& endpoint() const { return endpoint_; }
  const std::string& token() const { return token_; }
  std::int64_t demarche() const { return demarche_; }
  nlohmann::json Admin(const std::string& method, const std::string& path,
                       const nlohmann::json& body = nlohmann::json::object());

 private:
  DsPeer() = default;
  pid_t process_ = 0;
  std::string base_, endpoint_, token_;
  std::int64_t demarche_ = 0;
  std::unique_ptr<connectors::HttpClient> http_ = connectors::MakeCurlHttpClient();
};

}  // namespace aiguillage::test
