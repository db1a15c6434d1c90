// Digests and randomness of the record, here because libsodium lives in this room only.
//
//   Sha256("abc")            -> "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
//   RandomHex(16)            -> 32 hex digits from the system's generator: act ids, tokens
//   SameSecret(a, b)         compares without telling by its time where they differ
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace aiguillage::storage {

std::string Sha256(std::string_view bytes);  // lower-case hex

// The same, fed piece by piece: files need not be in memory.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void Add(std::string_view bytes);
  std::string Hex();  // ends the stream

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string RandomHex(std::size_t bytes);
bool SameSecret(std::string_view a, std::string_view b);

// Gives hex text of `bytes` random bytes. RandomHex in production, a seeded one in tests
// (OpenOptions::random), so that two records made from one seed are equal byte for byte.
using RandomSource = std::function<std::string(std::size_t bytes)>;

}  // namespace aiguillage::storage
