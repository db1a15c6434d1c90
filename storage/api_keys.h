// Keys by which a program reads in somebody's name, known by the digest of their secret only.
//
//   InsertApiKey(session, {0, 17, "Tableau de bord", Sha256(secret), now})
//   FindApiKey(session, Sha256(secret))->person     17, until the key is ended
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct ApiKey {
  std::int64_t id = 0;
  std::int64_t person = 0;
  std::string label;       // what its owner calls it
  std::string token_hash;  // hex SHA-256
  std::int64_t made_at = 0;
  std::int64_t used_at = 0;  // 0 before the first time
};
std::int64_t InsertApiKey(Session&, const ApiKey&);
// Those that open, the oldest first.
std::optional<ApiKey> FindApiKey(Session&, const std::string& token_hash);
std::vector<ApiKey> ApiKeysOf(Session&, std::int64_t person);
void TouchApiKey(Session&, const std::string& token_hash, std::int64_t now);  // never back
// False when it is not one of theirs, or has ended already.
bool EndApiKey(Session&, std::int64_t id, std::int64_t person, std::int64_t now);

}  // namespace aiguillage::storage
