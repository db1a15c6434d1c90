#include "connectors/md5.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace aiguillage::connectors {
namespace {

// RFC 1321: the constants are the first 32 bits of |sin(i + 1)|.
const std::array<std::uint32_t, 64> kSines = [] {
  std::array<std::uint32_t, 64> sines{};
  for (std::size_t i = 0; i < 64; ++i) {
    sines[i] = static_cast<std::uint32_t>(
        std::floor(std::abs(std::sin(static_cast<double>(i + 1))) * 4294967296.0));
  }
  return sines;
}();
constexpr int kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

std::uint32_t Word(const unsigned char* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

std::string Base64Of(const unsigned char* bytes, std::size_t size) {
  static const char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < size; i += 3) {
    const std::uint32_t b = i + 1 < size ? bytes[i + 1] : 0U, c = i + 2 < size ? bytes[i + 2] : 0U;
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16 | b << 8 | c;
    text += kDigits[group >> 18 & 63];
    text += kDigits[group >> 12 & 63];
    text += i + 1 < size ? kDigits[group >> 6 & 63] : '=';
    text += i + 2 < size ? kDigits[group & 63] : '=';
  }
  return text;
}

}  // namespace

void Md5::Block(const unsigned char* bytes) {
  auto [a, b, c, d] = state_;
  for (std::uint32_t i = 0; i < 64; ++i) {
    std::uint32_t mix = 0, word = 0;
    switch (i / 16) {
      case 0:
        mix = (b & c) | (~b & d);
        word = i;
        break;
      case 1:
        mix = (d & b) | (~d & c);
        word = (5 * i + 1) % 16;
        break;
      case 2:
        mix = b ^ c ^ d;
        word = (3 * i + 5) % 16;
        break;
      default:
        mix = c ^ (b | ~d);
        word = 7 * i % 16;
        break;
    }
    const std::uint32_t sum = a + mix + kSines[i] + Word(bytes + 4 * word);
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kShifts[i / 16][i % 4]);
  }
  state_ = {state_[0] + a, state_[1] + b, state_[2] + c, state_[3] + d};
}

void Md5::Add(std::string_view bytes) {
  length_ += bytes.size();
  while (!bytes.empty()) {
    const std::size_t taken = std::min(bytes.size(), pending_.size() - pending_size_);
    std::memcpy(pending_.data() + pending_size_, bytes.data(), taken);
    pending_size_ += taken;
    bytes.remove_prefix(taken);
    if (pending_size_ == pending_.size()) {
      Block(pending_.data());
      pending_size_ = 0;
    }
  }
}

std::string Md5::Base64() {
  const std::uint64_t bits = length_ * 8;
  Add(std::string_view("\x80", 1));
  while (pending_size_ != 56) Add(std::string_view("\0", 1));
  unsigned char tail[8];
  for (unsigned i = 0; i < 8; ++i) tail[i] = static_cast<unsigned char>(bits >> (8 * i));
  Add(std::string_view(reinterpret_cast<const char*>(tail), sizeof tail));
  unsigned char digest[16];
  for (unsigned i = 0; i < 16; ++i) {
    digest[i] = static_cast<unsigned char>(state_[i / 4] >> (8 * (i % 4)));
  }
  return Base64Of(digest, sizeof digest);
}

}  // namespace aiguillage::connectors
