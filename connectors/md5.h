// MD5, only because Démarches Simplifiées announces the content of a file by it: a check against a
// broken transfer, never a proof of origin. Our own names of files are SHA-256 (storage/hash.h).
//
//   Md5 sum; sum.Add("abc"); sum.Base64() -> "kAFQmDzST7DWlj99KOF/cg=="
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aiguillage::connectors {

class Md5 {
 public:
  void Add(std::string_view bytes);
  std::string Base64();  // ends it

 private:
  void Block(const unsigned char* bytes);

  std::array<std::uint32_t, 4> state_{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::array<unsigned char, 64> pending_{};
  std::size_t pending_size_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace aiguillage::connectors
