#include "storage/hash.h"

#include <sodium.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace aiguillage::storage {
namespace {

// sodium_init may be called by every thread; only the first call does something.
void Ready() {
  if (sodium_init() < 0) throw std::runtime_error("Expected libsodium to start, but it did not.");
}

std::string Hex(const unsigned char* bytes, std::size_t size) {
  std::string text(size * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes, size);
  text.pop_back();
  return text;
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct Sha256Stream::State {
  crypto_hash_sha256_state hash;
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  Ready();
  crypto_hash_sha256_init(&state_->hash);
}
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Add(std::string_view bytes) {
  crypto_hash_sha256_update(&state_->hash, Bytes(bytes), bytes.size());
}

std::string Sha256Stream::Hex() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state_->hash, digest.data());
  return storage::Hex(digest.data(), digest.size());
}

std::string Sha256(std::string_view bytes) {
  Sha256Stream stream;
  stream.Add(bytes);
  return stream.Hex();
}

std::string RandomHex(std::size_t bytes) {
  Ready();
  std::vector<unsigned char> buffer(bytes);
  randombytes_buf(buffer.data(), buffer.size());
  return Hex(buffer.data(), buffer.size());
}

bool SameSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace aiguillage::storage
