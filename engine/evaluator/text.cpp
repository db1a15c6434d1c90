#include "engine/evaluator/text.h"

#include <algorithm>
#include <cmath>

namespace aiguillage::engine::evaluator {

namespace {

bool IsHigh(char32_t c) { return c >= 0xD800 && c < 0xDC00; }
bool IsLow(char32_t c) { return c >= 0xDC00 && c < 0xE000; }

// Three bytes ED A0..BF xx: a surrogate.
bool SurrogateAt(std::string_view text, std::size_t i) {
  return i + 2 < text.size() && static_cast<unsigned char>(text[i]) == 0xED &&
         static_cast<unsigned char>(text[i + 1]) >= 0xA0;
}

}  // namespace

char32_t Next(std::string_view text, std::size_t& i) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const unsigned first = byte(i);
  const auto tail = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
  if (first < 0x80) return ++i, first;
  if (first >= 0xC2 && first < 0xE0 && tail(i + 1)) {
    i += 2;
    return (first & 0x1FU) << 6 | (byte(i - 1) & 0x3FU);
  }
  if (first >= 0xE0 && first < 0xF0 && tail(i + 1) && tail(i + 2)) {
    i += 3;
    return (first & 0x0FU) << 12 | (byte(i - 2) & 0x3FU) << 6 | (byte(i - 1) & 0x3FU);
  }
  if (first >= 0xF0 && first < 0xF5 && tail(i + 1) && tail(i + 2) && tail(i + 3)) {
    i += 4;
    return (first & 0x07U) << 18 | (byte(i - 3) & 0x3FU) << 12 | (byte(i - 2) & 0x3FU) << 6 |
           (byte(i - 1) & 0x3FU);
  }
  return ++i, 0xFFFD;
}

void Append(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::u16string ToUtf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = Next(text, i);
    if (c < 0x10000) {
      units.push_back(static_cast<char16_t>(c));
    } else {
      units.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
    }
  }
  return units;
}

std::string FromUtf16(std::u16string_view units) {
  std::string text;
  text.reserve(units.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t c = units[i];
    if (IsHigh(c) && i + 1 < units.size() && IsLow(units[i + 1])) {
      c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00U);
    }
    Append(text, c);
  }
  return text;
}

bool HasLoneSurrogate(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (SurrogateAt(text, i)) return true;
  }
  return false;
}

std::string Mended(const std::string& text) {
  if (IsAscii(text)) return text;
  std::string mended;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = Next(text, i);
    Append(mended, IsHigh(c) || IsLow(c) ? 0xFFFD : c);
  }
  return mended;
}

std::size_t Length(std::string_view text) {
  return IsAscii(text) ? text.size() : ToUtf16(text).size();
}

std::string Slice(std::string_view text, std::size_t from, std::size_t to) {
  if (from >= to) return {};
  if (IsAscii(text)) {
    return from < text.size() ? std::string(text.substr(from, to - from)) : std::string();
  }
  const std::u16string units = ToUtf16(text);
  if (from >= units.size()) return {};
  return FromUtf16(std::u16string_view(units).substr(from, to - from));
}

int Compare(std::string_view a, std::string_view b) {
  if (IsAscii(a) && IsAscii(b)) return a.compare(b);
  return ToUtf16(a).compare(ToUtf16(b));
}

bool IsSpace(char16_t c) {
  return (c >= 9 && c <= 13) || c == 0x20 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

std::string_view Trimmed(std::string_view text, bool start, bool end) {
  const auto space = [&](std::size_t at, std::size_t& next) {
    next = at;
    const char32_t c = Next(text, next);
    return c < 0x10000 && IsSpace(static_cast<char16_t>(c));
  };
  std::size_t from = 0, next = 0;
  while (start && from < text.size() && space(from, next)) from = next;
  std::size_t to = text.size();
  while (end && to > from) {
    std::size_t last = to - 1;
    while (last > from && (static_cast<unsigned char>(text[last]) & 0xC0U) == 0x80U) --last;
    if (!space(last, next) || next != to) break;
    to = last;
  }
  return text.substr(from, to - from);
}

}  // namespace aiguillage::engine::evaluator
