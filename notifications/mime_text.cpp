#include "notifications/mime_text.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace aiguillage::notifications {
namespace {

constexpr std::size_t kEncodedLineMax = 76;
constexpr std::size_t kEncodedWordMax = 75;  // RFC 2047, 2
constexpr char kHex[] = "0123456789ABCDEF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string HexByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return {'=', kHex[byte >> 4], kHex[byte & 15]};
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Length of the well-formed character at the start, 0 when there is none (RFC 3629).
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;   // overlong
  if (first == 0xED && byte(1) >= 0xA0) return 0;  // surrogates
  if (first == 0xF0 && byte(1) < 0x90) return 0;   // overlong
  if (first == 0xF4 && byte(1) >= 0x90) return 0;  // beyond U+10FFFF
  return length;
}

// Controls of C1, marks of direction, invisible joiners, line and paragraph separators.
bool IsUnwanted(std::string_view character) {
  if (character.size() == 1) {
    const char c = character[0];
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
  }
  if (character.size() == 2) return character[0] == '\xC2' && character[1] < '\xA0';
  static const std::vector<std::string> kUnwanted = {
      "\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B",
      "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF"};
  return std::find(kUnwanted.begin(), kUnwanted.end(), character) != kUnwanted.end();
}

// How far it is made of characters that nobody minds: nearly all of a mail.
std::size_t PlainLength(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(),
                                [](char c) { return (c < 0x20 || c == 0x7F) && c != '\n'; });
  return static_cast<std::size_t>(end - text.begin());
}

bool IsPlainInQ(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!*+-/").find(c) != std::string_view::npos;
}

std::string InQ(std::string_view character) {
  std::string out;
  for (char c : character) {
    if (c == ' ') {
      out += '_';
    } else if (IsPlainInQ(c)) {
      out += c;
    } else {
      out += HexByte(c);
    }
  }
  return out;
}

// Splits at characters so that each word, encoded, fits; the first shares its line with the name.
std::string EncodedWords(std::string_view text, std::size_t used, bool q) {
  const std::string head = q ? "=?UTF-8?Q?" : "=?UTF-8?B?";
  const std::size_t room = kEncodedWordMax - head.size() - 2;
  std::string out, word;
  std::size_t left = std::min(room, kEncodedLineMax - used - head.size() - 2);
  const auto flush = [&] {
    out += (out.empty() ? "" : "\r\n ") + head + (q ? word : Base64(word)) + "?=";
    word.clear();
    left = room;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::max<std::size_t>(1, CharacterLength(text.substr(at)));
    const std::string_view character = text.substr(at, length);
    const std::string piece = q ? InQ(character) : std::string(character);
    const std::size_t size = q ? word.size() + piece.size() : (word.size() + length + 2) / 3 * 4;
    if (size > left && !word.empty()) flush();
    word += piece;
    at += length;
  }
  flush();
  return out;
}

std::string Encoded(std::string_view text, std::size_t used) {
  std::string q = EncodedWords(text, used, true);
  std::string b = EncodedWords(text, used, false);
  return q.size() <= b.size() ? q : b;
}

bool IsPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

std::string CleanText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = PlainLength(text.substr(at));
    out += text.substr(at, plain);
    at += plain;
    if (at == text.size()) break;
    if (text[at] == '\r') {
      if (at + 1 == text.size() || text[at + 1] != '\n') out += '\n';
      ++at;
      continue;
    }
    const std::size_t length = CharacterLength(text.substr(at));
    const std::string_view character = text.substr(at, std::max<std::size_t>(1, length));
    if (length == 0) {
      out += kReplacement;
    } else if (!IsUnwanted(character)) {
      out += character;
    }
    at += character.size();
  }
  return out;
}

std::string CleanLine(std::string_view text, std::size_t characters_max) {
  std::string line;
  bool blank = false;
  for (char c : CleanText(text)) {
    if (c == ' ' || c == '\n' || c == '\t') {
      blank = !line.empty();
      continue;
    }
    if (blank) line += ' ';
    blank = false;
    line += c;
  }
  std::size_t characters = 0, cut = line.size();
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (IsContinuation(line[at])) continue;
    if (++characters == characters_max) cut = at;
  }
  if (characters > characters_max) line = line.substr(0, cut) + "…";
  return line;
}

std::string QuotedPrintable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  std::size_t column = 0;
  const auto make_room = [&](std::size_t size, bool last) {
    // A line that goes on keeps one column for its `=`.
    if (column + size > kEncodedLineMax - (last ? 0 : 1)) {
      out += "=\r\n";
      column = 0;
    }
    column += size;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool last = at + 1 == text.size() || text[at + 1] == '\n';
    if (c == '\n') {
      out += "\r\n";
      column = 0;
    } else if (c == '=' || c == '\r' || static_cast<unsigned char>(c) >= 0x7F ||
               (static_cast<unsigned char>(c) < 0x20 && c != '\t') ||
               ((c == ' ' || c == '\t') && last) ||  // servers drop blanks at the end of a line
               (column == 0 && (c == '.' || text.substr(at, 5) == "From "))) {  // dots, mbox
      make_room(3, last);
      out += HexByte(c);
    } else {
      make_room(1, last);
      out += c;
    }
  }
  return out;
}

std::string Base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= count ? kDigits[group >> (18 - 6 * i) & 63] : '=';
    }
  }
  return out;
}

std::string Base64Lines(std::string_view bytes) {
  const std::string all = Base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += kEncodedLineMax)
    out += all.substr(at, kEncodedLineMax) + "\r\n";
  return out;
}

std::string HeaderText(std::string_view text, std::size_t used) {
  const bool looks_encoded = text.find("=?") != std::string_view::npos;
  if (IsPrintableAscii(text) && !looks_encoded && used + text.size() <= kEncodedLineMax) {
    return std::string(text);
  }
  return Encoded(text, used);
}

std::string HeaderPhrase(std::string_view text, std::size_t used) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == ' ' || c == '-';
  });
  return plain && used + text.size() <= kEncodedLineMax ? std::string(text) : Encoded(text, used);
}

}  // namespace aiguillage::notifications
