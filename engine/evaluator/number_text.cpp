// Numbers as text and back, as ECMAScript writes them (ECMA-262 §6.1.6.1.20 and §7.1.4.1).
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

int RadixOf(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return 0;
  switch (text[1] | 0x20) {
    case 'x':
      return 16;
    case 'o':
      return 8;
    case 'b':
      return 2;
    default:
      return 0;
  }
}

}  // namespace

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

// For powers of two rounded once; for the others in pieces that fit into 32 bits, as V8 does, where
// ECMA-262 leaves the digits beyond the twentieth to the engine.
double InRadix(std::string_view digits, int radix) {
  const auto base = static_cast<std::uint64_t>(radix);
  const bool power = (base & (base - 1)) == 0;
  double number = 0;
  std::uint64_t part = 0, scale = 1;
  int shift = 0;
  for (const char c : digits) {
    const auto digit = static_cast<std::uint64_t>(DigitOf(c));
    if (power && part >> 58 != 0) {
      shift += std::countr_zero(base);
      part |= digit != 0;  // a sticky bit: it tells which way to round
      continue;
    }
    if (!power && scale * base > 0xFFFFFFFFU / 36) {
      number = number * static_cast<double>(scale) + static_cast<double>(part);
      part = 0;
      scale = 1;
    }
    part = part * base + digit;
    scale *= base;
  }
  if (power) return std::ldexp(static_cast<double>(part), shift);
  return number * static_cast<double>(scale) + static_cast<double>(part);
}

double ToNumber(std::string_view text) {
  text = Trimmed(text);
  if (text.empty()) return 0;
  if (const int radix = RadixOf(text)) {
    text.remove_prefix(2);
    const bool well =
        std::all_of(text.begin(), text.end(), [&](char c) { return DigitOf(c) < radix; });
    return text.empty() || !well ? std::nan("") : InRadix(text, radix);
  }
  double sign = 1;
  if (text[0] == '+' || text[0] == '-') {
    sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  if (text == "Infinity") return sign * HUGE_VAL;
  // from_chars also reads "inf", "nan" and a second sign: only digits and a point may begin.
  if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '.')) {
    return std::nan("");
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return std::nan("");
  if (error == std::errc::result_out_of_range) number = std::strtod(std::string(text).c_str(), {});
  return sign * number;
}

std::string ShortestDigits(double number, int& exponent) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number),
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = shortest.find('e');
  exponent = std::stoi(std::string(shortest.substr(e + 1)));
  std::string digits(shortest.substr(0, e));
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  return digits;
}

std::string FromNumber(double number) {
  if (std::isnan(number)) return "NaN";
  if (number == 0) return "0";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (std::trunc(number) == number && std::fabs(number) < 1e15) {
    return std::to_string(static_cast<long long>(number));
  }
  int exponent = 0;
  const std::string digits = ShortestDigits(number, exponent);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;
  std::string out = number < 0 ? "-" : "";
  if (count <= point && point <= 21) {
    return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
  }
  if (0 < point && point <= 21) {
    const auto at = static_cast<std::size_t>(point);
    return out + digits.substr(0, at) + "." + digits.substr(at);
  }
  if (-6 < point && point <= 0) {
    return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  }
  const std::string power = (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
  return out + digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + power;
}

// As many digits as tell the number from its neighbours, the last rounded half to even: ECMA-262
// leaves the digits to the engine, and this is the choice of V8.
std::string FromNumber(double number, int radix) {
  if (radix == 10 || !std::isfinite(number)) return FromNumber(number);
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  const auto digit_of = [&](double digit) { return kDigits[static_cast<std::size_t>(digit)]; };
  double whole = std::floor(std::fabs(number)), rest = std::fabs(number) - whole;
  const double next = std::nextafter(std::fabs(number), HUGE_VAL);
  double delta = std::max(0.5 * (next - std::fabs(number)), std::nextafter(0.0, 1.0));
  std::string after;
  while (rest >= delta) {
    rest *= radix;
    delta *= radix;
    const double digit = std::floor(rest);
    after.push_back(digit_of(digit));
    rest -= digit;
    const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(digit, 2) != 0);
    if (!up || rest + delta <= 1) continue;
    while (!after.empty() && DigitOf(after.back()) + 1 == radix) after.pop_back();
    if (after.empty()) {
      whole += 1;
    } else {
      after.back() = digit_of(DigitOf(after.back()) + 1);
    }
    break;
  }
  std::string out;
  for (; whole / radix >= 9007199254740992.0; whole /= radix) out.push_back('0');
  do {
    const double digit = std::fmod(whole, radix);
    out.push_back(digit_of(digit));
    whole = (whole - digit) / radix;
  } while (whole > 0);
  if (number < 0) out.push_back('-');
  std::reverse(out.begin(), out.end());
  return after.empty() ? out : out + "." + after;
}

}  // namespace aiguillage::engine::evaluator
