#include "web/secrets.h"

#include <Poco/DigestEngine.h>
#include <Poco/SHA2Engine.h>
#include <sys/random.h>

#include <stdexcept>
#include <vector>

namespace aiguillage::web {

std::string RandomToken(std::size_t bytes) {
  std::vector<unsigned char> noise(bytes);
  std::size_t have = 0;
  while (have < bytes) {
    const ssize_t got = getrandom(noise.data() + have, bytes - have, 0);
    if (got <= 0) throw std::runtime_error("Expected randomness from the system, but got none");
    have += static_cast<std::size_t>(got);
  }
  static const char* kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string token;
  unsigned bits = 0;
  int count = 0;
  for (const unsigned char byte : noise) {
    bits = (bits << 8U) | byte;
    count += 8;
    while (count >= 6) {
      count -= 6;
      token += kAlphabet[(bits >> static_cast<unsigned>(count)) & 63U];
    }
  }
  if (count > 0) token += kAlphabet[(bits << static_cast<unsigned>(6 - count)) & 63U];
  return token;
}

std::string Sha256Hex(std::string_view text) {
  Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
  engine.update(text.data(), text.size());
  return Poco::DigestEngine::digestToHex(engine.digest());
}

bool SameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace aiguillage::web
