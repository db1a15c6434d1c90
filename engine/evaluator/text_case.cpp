// Upper and lower case as Unicode has them. The mappings of one character to one are the C
// library's, in its locale C.UTF-8, which is part of Debian's base; those to several are few.
#include <locale.h>
#include <wctype.h>

#include <stdexcept>

#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

constexpr char32_t kSigma = 0x3A3, kFinalSigma = 0x3C2;

locale_t Unicode() {
  static const locale_t locale = [] {
    const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (made == nullptr) throw std::runtime_error("Expected the locale C.UTF-8, but it is missing");
    return made;
  }();
  return locale;
}

char32_t Upper(char32_t c) { return towupper_l(c, Unicode()); }
char32_t Lower(char32_t c) { return towlower_l(c, Unicode()); }

// Each word: a character, then what it is in upper case (SpecialCasing.txt, without conditions).
constexpr std::u16string_view kUpper =
    u" \u00DFSS \u0149\u02BCN \u01F0J\u030C \u0390\u0399\u0308\u0301 \u03B0\u03A5\u0308\u0301"
    u" \u0587\u0535\u0552 \u1E96H\u0331 \u1E97T\u0308 \u1E98W\u030A \u1E99Y\u030A \u1E9AA\u02BE"
    u" \u1F50\u03A5\u0313 \u1F52\u03A5\u0313\u0300 \u1F54\u03A5\u0313\u0301"
    u" \u1F56\u03A5\u0313\u0342 \u1FB2\u1FBA\u0399 \u1FB3\u0391\u0399 \u1FB4\u0386\u0399"
    u" \u1FB6\u0391\u0342 \u1FB7\u0391\u0342\u0399 \u1FBC\u0391\u0399 \u1FC2\u1FCA\u0399"
    u" \u1FC3\u0397\u0399 \u1FC4\u0389\u0399 \u1FC6\u0397\u0342 \u1FC7\u0397\u0342\u0399"
    u" \u1FCC\u0397\u0399 \u1FD2\u0399\u0308\u0300 \u1FD3\u0399\u0308\u0301 \u1FD6\u0399\u0342"
    u" \u1FD7\u0399\u0308\u0342 \u1FE2\u03A5\u0308\u0300 \u1FE3\u03A5\u0308\u0301"
    u" \u1FE4\u03A1\u0313 \u1FE6\u03A5\u0342 \u1FE7\u03A5\u0308\u0342 \u1FF2\u1FFA\u0399"
    u" \u1FF3\u03A9\u0399 \u1FF4\u038F\u0399 \u1FF6\u03A9\u0342 \u1FF7\u03A9\u0342\u0399"
    u" \u1FFC\u03A9\u0399 \uFB00FF \uFB01FI \uFB02FL \uFB03FFI \uFB04FFL \uFB05ST \uFB06ST"
    u" \uFB13\u0544\u0546 \uFB14\u0544\u0535 \uFB15\u0544\u053B \uFB16\u054E\u0546"
    u" \uFB17\u0544\u053D ";

// What lies between a letter and its neighbours without parting them (Case_Ignorable): of the
// scripts that sigma is written with.
bool IsIgnorable(char32_t c) {
  return std::u32string_view(
             U"'.:^`\u00A8\u00AD\u00AF\u00B4\u00B7\u00B8\u0374\u0375\u037A\u0384"
             U"\u0385\u0387\u2018\u2019\u2024\u2027")
                 .find(c) != std::u32string_view::npos ||
         (c >= 0x2B0 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E);
}

bool IsCased(char32_t c) {
  return Upper(c) != c || Lower(c) != c || c == 0xAA || c == 0xBA || c == 0x138 || c == 0x149;
}

// A sigma ends a word when a letter is before it and none after it.
bool EndsWord(std::u32string_view text, std::size_t at) {
  std::size_t before = at, after = at + 1;
  while (before > 0 && IsIgnorable(text[before - 1])) --before;
  while (after < text.size() && IsIgnorable(text[after])) ++after;
  return before > 0 && IsCased(text[before - 1]) && (after == text.size() || !IsCased(text[after]));
}

std::u32string Characters(std::string_view text) {
  std::u32string all;
  for (std::size_t i = 0; i < text.size();) all.push_back(Next(text, i));
  return all;
}

void AppendUpper(std::string& out, char32_t c) {
  if (c >= 0x1F80 && c <= 0x1FAF) {  // Greek vowels with an iota below
    const char32_t row = (c - 0x1F80) / 16;
    Append(out, (row == 0 ? 0x1F08 : row == 1 ? 0x1F28 : 0x1F68) + (c & 7));
    return Append(out, 0x399);
  }
  const char16_t word[] = {u' ', static_cast<char16_t>(c), u'\0'};
  const std::size_t at = c < 0x10000 && c >= 0x80 ? kUpper.find(word) : std::u16string_view::npos;
  if (at == std::u16string_view::npos) return Append(out, Upper(c));
  out += FromUtf16(kUpper.substr(at + 2, kUpper.find(u' ', at + 2) - at - 2));
}

}  // namespace

std::string ToUpper(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) AppendUpper(out, Next(text, i));
  return out;
}

std::string ToLower(std::string_view text) {
  std::string out;
  const std::u32string all = Characters(text);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == kSigma && EndsWord(all, i)) {
      Append(out, kFinalSigma);
    } else if (all[i] == 0x130) {
      out += "i\u0307";
    } else {
      Append(out, Lower(all[i]));
    }
  }
  return out;
}

}  // namespace aiguillage::engine::evaluator
